"""Who is reminded when: once a question, never of what is answered, over, away from or not wanted."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.backoff import FIRST
from bot.domain.drills import LIFETIME, DrillState
from bot.services.reminders import DueReminder, ReminderService, plan
from bot.storage import drills as drill_storage
from bot.storage import members, servers, tracks
from bot.storage.database import Database
from bot.storage.schema import answers, aways, drills, reminded
from bot.storage.schema import members as member_rows
from bot.storage.schema import servers as server_rows
from bot.storage.schema import tracks as track_rows
from tests.services.rows import CHANNEL, DAY, GUILD, NINE, add_drill, add_track

ANNA, BEN = 5, 6
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
USUAL = NINE + 0.8 * DAY


class Practice:
    """A practice channel whose question is open since nine and closes a day later, when the next one comes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.service = ReminderService(database)

    async def make(self, *, guild_id: int = GUILD, channel_id: int = CHANNEL, zone: str = "UTC") -> int:
        """Makes the channel with its open question, and returns the question's drill."""

        def work(conn: Connection) -> int:
            servers.ensure(conn, guild_id)
            track_id = add_track(conn, guild_id=guild_id, channel_id=channel_id, zone=zone, next_due_utc=NINE + DAY)
            message_id = channel_id + 100
            drill = add_drill(
                conn,
                track_id,
                guild_id=guild_id,
                channel_id=channel_id,
                zone=zone,
                message_id=message_id,
                thread_id=message_id,
            )
            return drill.id

        return await self.database.write(work)

    async def want(
        self, member_id: int = ANNA, hour: int | None = None, at: datetime = NINE, guild_id: int | None = GUILD
    ) -> bool:
        return await self.service.turn_on(guild_id, member_id, f"m{member_id}", hour, at)

    async def plan(self, now: datetime = NINE, track_id: int = 1) -> None:
        """Plans the reminders of the channel's open question."""

        def work(conn: Connection) -> None:
            track, drill = tracks.get(conn, track_id), drill_storage.current(conn, track_id)
            assert track is not None and drill is not None
            plan(conn, track, drill, now)

        await self.database.write(work)

    async def next_comes(self, at: datetime, now: datetime) -> None:
        """The next question is to come at another instant, which closes this one."""
        moved = track_rows.update().values(next_due_utc=at)
        await self.database.write(lambda conn: conn.execute(moved).rowcount)
        await self.plan(now)

    async def due(self, at: datetime) -> list[DueReminder]:
        return await self.service.due(at)

    async def who(self, at: datetime) -> list[int]:
        return [due.member_id for due in await self.due(at)]

    async def when(self) -> dict[int, datetime]:
        """When each planned reminder is due, by member."""
        query = reminded.select().where(reminded.c.at.is_(None))
        return {
            row.member_id: row.due_at for row in await self.database.read(lambda conn: list(conn.execute(query)))
        }

    async def answer(self, drill_id: int, member_id: int, counted_at: datetime | None) -> None:
        row = answers.insert().values(
            guild_id=GUILD, track_id=1, drill_id=drill_id, member_id=member_id, status="x", counted_at=counted_at
        )
        await self.database.write(lambda conn: conn.execute(row).rowcount)

    async def away(self, first: date, last: date, member_id: int = ANNA) -> None:
        row = aways.insert().values(guild_id=GUILD, member_id=member_id, first=first, last=last, made_at=NINE)
        await self.database.write(lambda conn: conn.execute(row).rowcount)


@pytest.fixture
def practice(database: Database) -> Practice:
    return Practice(database)


async def test_it_is_due_at_80_percent_of_the_time(practice: Practice):
    drill_id = await practice.make()
    assert await practice.want()
    assert await practice.when() == {ANNA: USUAL}
    assert await practice.due(USUAL - MINUTE) == []
    (due,) = await practice.due(USUAL)
    assert (due.drill.id, due.member_id, due.attempts) == (drill_id, ANNA, 0)


async def test_an_hour_is_that_of_the_channel_s_zone(practice: Practice):
    await practice.make(zone="Asia/Tokyo")
    await practice.want(hour=20)
    assert await practice.when() == {ANNA: NINE + 2 * HOUR}
    await practice.want(hour=17)  # it opened at 18:00 in Tokyo, so tomorrow
    assert await practice.when() == {ANNA: NINE + 23 * HOUR}
    await practice.want(hour=None)
    assert await practice.when() == {ANNA: USUAL}


async def test_a_question_that_closes_before_the_hour_has_the_usual_time(practice: Practice):
    await practice.make()
    await practice.next_comes(NINE + 2 * HOUR, NINE)
    await practice.want(hour=18)
    assert await practice.when() == {ANNA: NINE + 1.6 * HOUR}


async def test_a_new_question_is_planned_for_all_who_want_it_and_are_there(practice: Practice):
    for member_id, hour in ((ANNA, None), (BEN, 18), (7, None), (8, None)):
        await practice.want(member_id, hour)
    await practice.want(9, guild_id=None)  # no server knows them
    await practice.service.turn_off(7)
    left = member_rows.update().where(member_rows.c.member_id == 8).values(gone_at=NINE)
    await practice.database.write(lambda conn: conn.execute(left).rowcount)
    await practice.make()
    await practice.plan()
    assert await practice.when() == {ANNA: USUAL, BEN: NINE + 9 * HOUR}


async def test_each_is_sent_once(practice: Practice):
    await practice.make()
    await practice.want()
    (due,) = await practice.due(USUAL)
    assert await practice.service.book_try(due)
    await practice.service.finish(due, USUAL)
    assert not await practice.service.book_try(due)
    assert await practice.due(USUAL) == []
    await practice.plan(NINE)  # planned anew, it stays sent
    await practice.want()
    assert await practice.due(USUAL + HOUR) == []


async def test_one_whose_sending_is_not_recorded_is_due_still_and_may_have_been_sent(practice: Practice):
    await practice.make()
    await practice.want()
    (due,) = await practice.due(USUAL)
    assert await practice.service.book_try(due)
    (again,) = await practice.due(USUAL)
    assert again.attempts == 1


async def test_one_that_failed_is_due_again_in_a_while_and_may_have_been_sent(practice: Practice):
    await practice.make()
    await practice.want()
    (due,) = await practice.due(USUAL)
    await practice.service.book_try(due)
    await practice.service.failed(due, USUAL)
    assert await practice.due(USUAL + FIRST / 2) == []
    (again,) = await practice.due(USUAL + FIRST)
    assert again.attempts == 1
    await practice.service.book_try(again)
    await practice.service.failed(again, USUAL)
    assert await practice.due(USUAL + FIRST) == []
    assert await practice.due(USUAL + 2 * FIRST) != []


async def test_whoever_has_answered_is_left_alone_and_a_short_answer_is_none(practice: Practice):
    drill_id = await practice.make()
    await practice.want(ANNA)
    await practice.want(BEN)
    await practice.answer(drill_id, ANNA, NINE + HOUR)
    await practice.answer(drill_id, BEN, None)
    assert await practice.who(USUAL) == [BEN]


@pytest.mark.parametrize(
    ("first", "last", "reminded_of"),
    [(-1, 1, False), (0, 0, False), (1, 2, True), (-2, -1, True)],
)
async def test_on_an_away_day_nobody_is_reminded_of_its_question(
    practice: Practice, first: int, last: int, reminded_of: bool
):
    await practice.make()
    await practice.want()
    await practice.away(NINE.date() + first * DAY, NINE.date() + last * DAY)
    assert bool(await practice.due(USUAL)) is reminded_of


@pytest.mark.parametrize("end", ["closed", "over", "track", "server"])
async def test_what_is_over_is_called_off(practice: Practice, end: str):
    await practice.make()
    await practice.want()
    changes = {
        "closed": drills.update().values(state=DrillState.CLOSED),
        "over": drills.update().values(closes_at=USUAL),
        "track": track_rows.update().values(active=False),
        "server": server_rows.update().values(removed_at=NINE),
    }
    await practice.database.write(lambda conn: conn.execute(changes[end]).rowcount)
    assert await practice.due(USUAL) == [] and await practice.when() == {}
    # Should it be wanted again, it is not made up for.
    back = drills.update().values(state=DrillState.OPEN, closes_at=NINE + LIFETIME)
    for change in (back, track_rows.update().values(active=True), server_rows.update().values(removed_at=None)):
        await practice.database.write(lambda conn, change=change: conn.execute(change).rowcount)
    assert await practice.due(USUAL) == []


async def test_what_is_past_is_not_made_up_for(practice: Practice):
    await practice.make()
    await practice.want(at=USUAL + MINUTE)
    assert await practice.when() == {}
    await practice.want(hour=18, at=NINE)
    await practice.want(hour=18, at=NINE + 10 * HOUR)  # asked for again after its hour
    assert await practice.when() == {}


async def test_a_closing_that_moves_moves_what_is_planned(practice: Practice):
    await practice.make()
    await practice.want()
    await practice.next_comes(NINE + 2 * DAY, NINE + HOUR)
    assert await practice.when() == {ANNA: NINE + 1.6 * DAY}
    await practice.next_comes(NINE + HOUR, NINE + 0.95 * HOUR)  # planned, it comes at once
    assert await practice.who(NINE + 0.95 * HOUR) == [ANNA]


async def test_what_was_not_planned_is_not_planned_for_the_past(practice: Practice):
    await practice.make()
    await practice.want(at=USUAL + MINUTE)
    await practice.plan(USUAL + 2 * MINUTE)
    assert await practice.when() == {}


async def test_a_question_never_lasts_longer_than_its_lifetime(practice: Practice):
    await practice.make()
    await practice.next_comes(NINE + 30 * DAY, NINE)
    await practice.want()
    assert await practice.when() == {ANNA: NINE + 0.8 * LIFETIME}


async def test_switched_off_nothing_is_planned(practice: Practice):
    await practice.make()
    await practice.make(channel_id=CHANNEL + 1)
    await practice.want()
    assert len(await practice.due(USUAL)) == 2
    assert await practice.service.turn_off(ANNA)
    assert await practice.when() == {} and await practice.due(USUAL) == []
    assert not await practice.service.turn_off(ANNA)
    await practice.plan()
    assert await practice.when() == {}


async def test_a_stranger_is_told_that_no_server_knows_them(practice: Practice):
    await practice.make()
    assert not await practice.want(guild_id=None)
    assert await practice.when() == {}
    await practice.database.write(lambda conn: members.record(conn, GUILD, ANNA, "Anna", NINE))
    assert await practice.want(guild_id=None)
    assert await practice.when() == {ANNA: USUAL}


async def test_refused_by_discord_they_are_off_and_told_of_once(practice: Practice):
    await practice.make()
    await practice.want()
    assert not await practice.service.tell_refusal(ANNA)
    await practice.service.refused(ANNA, USUAL)
    assert await practice.when() == {} and not await practice.service.turn_off(ANNA)
    assert await practice.service.tell_refusal(ANNA)
    assert not await practice.service.tell_refusal(ANNA)
    await practice.service.refused(ANNA, USUAL)
    await practice.want()
    assert not await practice.service.tell_refusal(ANNA)


async def test_what_needs_no_change_opens_no_transaction_for_writing(practice: Practice, writes: list[object]):
    await practice.make()
    await practice.want()
    assert writes
    writes.clear()
    await practice.due(NINE)
    await practice.due(USUAL)
    await practice.service.turn_off(BEN)
    await practice.service.tell_refusal(ANNA)
    assert not writes
