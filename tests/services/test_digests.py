"""When a digest is due, claimed, too late or given up, and what it tells of its week."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.digests import DigestWeek
from bot.domain.drills import DrillState
from bot.domain.errors import Problem
from bot.domain.points import Reason
from bot.domain.tracks import Track
from bot.services.digests import DigestAgenda, DigestService, PendingDigest, mark_sent, replan
from bot.storage import ledger, members, servers, tracks
from bot.storage.database import Database
from bot.storage.schema import answers, digests, rounds, votes
from bot.storage.schema import quizzes as quiz_rows
from bot.storage.schema import tracks as track_rows
from tests.builders import bank, banks
from tests.services.rows import CHANNEL, DAY, GUILD, add_drill, add_track

ANNA, BEN = 5, 6
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=UTC)
MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=7)
LATE = timedelta(hours=6)
BANK = bank()
PROBLEM = Problem("discord", {"said": "no"})


class Weekly:
    """A practice channel with a digest each Friday at 17:00, as it is at 08:00 on a Monday."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.service = DigestService(database, banks(), LATE)

    async def make(self, channel_id: int = CHANNEL) -> Track:
        def work(conn: Connection) -> int:
            servers.ensure(conn, GUILD)
            return add_track(conn, channel_id=channel_id)

        track_id = await self.database.write(work)
        return await self.service.plan(await self.track(track_id), (4, 17), MONDAY)

    async def track(self, track_id: int = 1) -> Track:
        found = await self.database.read(lambda conn: tracks.get(conn, track_id))
        assert found is not None
        return found

    async def change(self, track_id: int = 1, **values: object) -> None:
        update = track_rows.update().where(track_rows.c.id == track_id).values(**values)
        await self.database.write(lambda conn: conn.execute(update).rowcount)

    async def claim(self, now: datetime, track_id: int = 1) -> None:
        await self.service.claim(track_id, now)

    async def pending(self, now: datetime) -> list[PendingDigest]:
        return (await self.service.agenda(now)).pending

    async def only(self, now: datetime) -> PendingDigest:
        (found,) = await self.pending(now)
        return found

    async def send(self, pending: PendingDigest, message_id: int = 100) -> None:
        await self.database.write(lambda conn: mark_sent(conn, pending, message_id))

    async def states(self) -> list[tuple[str, str]]:
        rows = await self.database.read(lambda conn: list(conn.execute(digests.select().order_by(digests.c.id))))
        return [(row.week, row.state) for row in rows]


@pytest.fixture
def weekly(database: Database) -> Weekly:
    return Weekly(database)


async def test_turned_on_it_is_due_at_its_hour_and_turned_off_never(weekly: Weekly):
    track = await weekly.make()
    assert track.digest_due_utc == FRIDAY == (await weekly.track()).digest_due_utc
    assert (await weekly.service.agenda(FRIDAY - MINUTE)).due == []
    assert (await weekly.service.agenda(FRIDAY)).due == [track.id]
    off = await weekly.service.plan(track, None, MONDAY)
    assert off.digest_day is None and (await weekly.track()).digest_due_utc is None
    assert (await weekly.service.agenda(FRIDAY)).due == []


async def test_the_most_overdue_comes_first_and_a_removed_track_has_none(weekly: Weekly):
    first, second = await weekly.make(), await weekly.make(CHANNEL + 1)
    await weekly.change(first.id, digest_due_utc=FRIDAY + HOUR)
    assert (await weekly.service.agenda(FRIDAY + HOUR)).due == [second.id, first.id]
    await weekly.change(second.id, active=False)
    assert (await weekly.service.agenda(FRIDAY + HOUR)).due == [first.id]


async def test_it_is_claimed_once_and_the_plan_moves_on(weekly: Weekly):
    await weekly.make()
    await weekly.claim(FRIDAY - MINUTE)
    assert await weekly.states() == []
    for _ in range(2):
        await weekly.claim(FRIDAY)
    assert await weekly.states() == [("2026-W48", "owed")]
    assert (await weekly.track()).digest_due_utc == FRIDAY + WEEK
    pending = await weekly.only(FRIDAY)
    assert pending.week == DigestWeek(date(2026, 11, 23), "UTC") and pending.key == "2026-W48"
    assert pending.delivery.since == FRIDAY and pending.delivery.attempts == 0


async def test_one_that_is_claimed_late_may_have_been_sent_before(weekly: Weekly):
    await weekly.make()
    await weekly.claim(FRIDAY + 2 * MINUTE)
    assert (await weekly.only(FRIDAY + 2 * MINUTE)).delivery.attempts == 1  # so it is looked for first


async def test_after_an_outage_it_comes_within_six_hours_and_not_later(weekly: Weekly):
    await weekly.make()
    await weekly.claim(FRIDAY + LATE + MINUTE)
    assert await weekly.states() == [] and (await weekly.track()).digest_due_utc == FRIDAY + WEEK
    await weekly.claim(FRIDAY + WEEK + LATE - MINUTE)
    assert await weekly.states() == [("2026-W49", "owed")]


async def test_after_weeks_only_the_newest_comes(weekly: Weekly):
    await weekly.make()
    await weekly.claim(FRIDAY + 3 * WEEK + HOUR)
    assert await weekly.states() == [("2026-W51", "owed")]
    assert (await weekly.track()).digest_due_utc == FRIDAY + 4 * WEEK


async def test_before_thursday_it_tells_of_the_week_that_is_over(weekly: Weekly):
    track = await weekly.make()
    await weekly.service.plan(track, (2, 9), MONDAY)
    await weekly.claim(datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert await weekly.states() == [("2026-W47", "owed")]


async def test_a_pause_without_a_question_in_the_week_has_no_digest(weekly: Weekly):
    await weekly.make()
    await weekly.change(paused=True)
    await weekly.claim(FRIDAY)
    assert await weekly.states() == [] and (await weekly.track()).digest_due_utc == FRIDAY + WEEK
    await weekly.database.write(lambda conn: add_drill(conn, 1, day=9).id)
    await weekly.claim(FRIDAY + WEEK)
    assert await weekly.states() == [("2026-W49", "owed")]


async def test_once_sent_it_is_not_pending_and_the_problem_is_over(weekly: Weekly):
    await weekly.make()
    await weekly.claim(FRIDAY)
    await weekly.service.failed(await weekly.only(FRIDAY), FRIDAY, PROBLEM)
    assert (await weekly.track()).problem == PROBLEM
    await weekly.send(await weekly.only(FRIDAY + HOUR))
    assert await weekly.pending(FRIDAY + HOUR) == [] and await weekly.states() == [("2026-W48", "sent")]
    assert (await weekly.track()).problem is None


async def test_what_fails_is_tried_again_later_each_time(weekly: Weekly):
    await weekly.make()
    await weekly.claim(FRIDAY)
    pauses: list[timedelta] = []
    for attempts in range(1, 11):
        pending = await weekly.only(FRIDAY + HOUR)
        await weekly.service.mark_tried(pending)
        await weekly.service.failed(pending, FRIDAY, PROBLEM)
        row = await weekly.database.read(lambda conn: conn.execute(digests.select()).one())
        assert row.attempts == attempts
        assert await weekly.pending(row.retry_at - timedelta(seconds=1)) == []
        assert len(await weekly.pending(row.retry_at)) == 1
        pauses.append(row.retry_at - FRIDAY)
    assert [pause.total_seconds() for pause in pauses[:3]] == [5, 10, 20] and pauses[-1] == 15 * MINUTE


async def test_what_could_not_be_sent_in_six_hours_is_given_up_and_named_until_the_next_has_come(weekly: Weekly):
    await weekly.make()
    await weekly.claim(FRIDAY)
    assert not (await weekly.service.agenda(FRIDAY + LATE)).too_late
    await weekly.service.give_up(FRIDAY + LATE)
    assert await weekly.states() == [("2026-W48", "owed")]
    assert (await weekly.service.agenda(FRIDAY + LATE + MINUTE)).too_late
    await weekly.service.give_up(FRIDAY + LATE + MINUTE)
    agenda = await weekly.service.agenda(FRIDAY + LATE + MINUTE)
    assert agenda.pending == [] and not agenda.too_late
    missed = DigestWeek(date(2026, 11, 23), "UTC")
    assert await weekly.service.given_up(await weekly.track()) == missed
    await weekly.claim(FRIDAY + WEEK)
    assert await weekly.service.given_up(await weekly.track()) is None
    await weekly.send(await weekly.only(FRIDAY + WEEK))
    assert await weekly.states() == [("2026-W48", "missed"), ("2026-W49", "sent")]


async def test_turned_off_nothing_is_pending_and_nothing_was_missed(weekly: Weekly):
    track = await weekly.make()
    await weekly.claim(FRIDAY)
    off = await weekly.service.plan(track, None, FRIDAY)
    assert await weekly.pending(FRIDAY) == []
    await weekly.service.give_up(FRIDAY + LATE + MINUTE)
    assert await weekly.service.given_up(off) is None


async def test_a_week_that_was_told_is_not_told_again_on_another_day(weekly: Weekly):
    track = await weekly.make()
    await weekly.claim(FRIDAY)
    sunday = await weekly.service.plan(track, (6, 9), FRIDAY)
    assert sunday.digest_due_utc == datetime(2026, 12, 6, 9, tzinfo=UTC)
    wednesday = await weekly.service.plan(track, (2, 9), FRIDAY)  # it would tell of the same week
    assert wednesday.digest_due_utc == datetime(2026, 12, 9, 9, tzinfo=UTC)


async def test_a_planned_digest_stays_where_it_fits(weekly: Weekly):
    track = await weekly.make()
    assert await weekly.database.read(lambda conn: replan(conn, track, FRIDAY + HOUR)) == FRIDAY


async def test_a_heartbeat_with_nothing_due_writes_nothing(weekly: Weekly, writes: list[object]):
    await weekly.make()
    await weekly.claim(FRIDAY)
    await weekly.send(await weekly.only(FRIDAY))
    assert writes
    writes.clear()
    agenda = await weekly.service.agenda(FRIDAY + DAY)
    assert agenda == DigestAgenda(due=[], too_late=False, pending=[]) and not writes


def add_answer(conn: Connection, drill_id: int, member_id: int, at: datetime, voters: int = 0) -> None:
    row = answers.insert().values(
        guild_id=GUILD, track_id=1, drill_id=drill_id, member_id=member_id, status="on_time", counted_at=at
    )
    answer_id = conn.execute(row.returning(answers.c.id)).scalar_one()
    for voter in range(voters):
        vote = {
            "answer_id": answer_id,
            "voter_id": 100 + voter,
            "message_id": answer_id,
            "thumb": "",
            "given_at": at,
        }
        conn.execute(votes.insert().values(guild_id=GUILD, **vote))
    ledger.enter(
        conn,
        guild_id=GUILD,
        track_id=1,
        member_id=member_id,
        reason=Reason.ON_TIME,
        points=10,
        reference=f"answer:{drill_id}:{member_id}",
        at=at,
    )


def miss(conn: Connection, item_id: str, member_id: int, at: datetime) -> None:
    quiz = quiz_rows.insert().values(guild_id=GUILD, member_id=member_id, state="done", started_at=at)
    quiz_id = conn.execute(quiz.returning(quiz_rows.c.id)).scalar_one()
    one = {"quiz_id": quiz_id, "position": 0, "item_id": item_id, "question_id": "genai-001"}
    wrong = {"chosen": 1, "right": False, "answered_at": at}
    conn.execute(rounds.insert().values(guild_id=GUILD, member_id=member_id, **one, **wrong))


async def test_it_tells_of_its_week_and_of_no_other(weekly: Weekly):
    await weekly.make()
    item, other = (next(iter(question.items)) for question in BANK.questions[:2])

    def week(conn: Connection) -> None:
        for member_id, name in ((ANNA, "Anna"), (BEN, "Ben")):
            members.record(conn, GUILD, member_id, name, MONDAY)
        for day, question_id in ((-1, "genai-030"), (0, "genai-001"), (1, "genai-002"), (7, "genai-003")):
            at = MONDAY + day * DAY
            drill_id = add_drill(conn, 1, day, question_id=question_id, state=DrillState.CLOSED).id
            add_answer(conn, drill_id, ANNA, at, voters=2 if at == MONDAY else 0)
            if at == MONDAY:
                add_answer(conn, drill_id, BEN, at + HOUR, voters=1)
        for member_id in (ANNA, BEN):
            miss(conn, item.id, member_id, MONDAY)
            miss(conn, "gone-from-the-bank", member_id, MONDAY)
        miss(conn, "gone-from-the-bank", 7, MONDAY)
        for member_id in (1, 2, 3):
            miss(conn, other.id, member_id, MONDAY + WEEK)

    await weekly.database.write(week)
    await weekly.claim(FRIDAY)
    told = await weekly.service.gather(await weekly.only(FRIDAY), FRIDAY)
    assert told.answers == (2, 1, 0, 0, 0, 0, 0) and told.before == (0, 0, 0, 0, 0, 0, 1)
    assert (told.people, told.posted) == (2, 2)
    assert [(row.name, row.points) for row in told.top] == [("Anna", 20), ("Ben", 10)]
    assert told.best is not None and (told.best.name, told.best.votes) == ("Anna", 2)
    assert told.missed == (item, 2) and told.teams == []
    assert told.total == len(BANK.questions) and told.left == told.total - 4


async def test_in_a_quiet_week_it_has_nothing_to_tell(weekly: Weekly):
    await weekly.make()
    await weekly.claim(FRIDAY)
    told = await weekly.service.gather(await weekly.only(FRIDAY), FRIDAY)
    assert sum(told.answers) + sum(told.before) + told.people + told.posted == 0
    assert told.top == [] and told.best is None and told.missed is None
