"""Three ways to answer, one result, nothing counted twice."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.answers import AnswerStatus
from bot.domain.drills import Drill
from bot.domain.points import Period, period_key
from bot.domain.streaks import StreakState
from bot.services.answers import AnswerService, Collected, IncomingMessage, SubmittedForm
from bot.services.audit import report
from bot.services.drills import DrillService
from bot.services.streaks import StreakService
from bot.storage import boards, drills, ledger
from bot.storage.boards import BoardKey
from bot.storage.database import Database
from bot.ui.audit import disagreement
from tests.builders import posted
from tests.counting import counting
from tests.storage.test_drills import MONDAY, make_track

NINE = MONDAY + timedelta(hours=1)
LONG = "The point first and then the mechanism"
ANNA = 7


def message(number: int, words: str = LONG, **changes: object) -> IncomingMessage:
    base = IncomingMessage(
        1000 + number, 500, None, ANNA, "Anna", words, False, False, NINE + timedelta(minutes=number)
    )
    return replace(base, **changes)  # pyright: ignore[reportArgumentType]


@pytest.fixture
async def drill(database: Database, service: DrillService) -> Drill:
    await make_track(database)
    claimed = await service.claim_due(1, NINE)
    assert claimed is not None
    await posted(database, claimed.drill, 500, NINE)
    await database.write(lambda conn: drills.set_thread(conn, claimed.drill.id, 500))
    opened = await database.read(lambda conn: drills.get(conn, claimed.drill.id))
    assert opened is not None
    return opened


async def points(database: Database) -> list[tuple[int, int]]:
    key = period_key(Period.THIS_WEEK, NINE.date())
    found = await database.read(lambda conn: boards.page(conn, BoardKey(1, ledger.WHOLE_SERVER, key), 10))
    return [(row.member_id, row.points) for row in found.rows]


def collected(result: object) -> Collected:
    assert isinstance(result, Collected)
    return result


async def test_the_same_message_twice_counts_once(database: Database, collecting: AnswerService, drill: Drill):
    assert collected(await collecting.collect(message(1))).credited
    assert not collected(await collecting.collect(message(1))).credited
    assert not collected(await collecting.collect(message(2))).credited
    assert await points(database) == [(ANNA, 10)]
    assert (await report(database)).disagreements == []


async def test_short_messages_add_up_and_the_one_that_completes_gives_the_time(
    collecting: AnswerService, drill: Drill
):
    first = collected(await collecting.collect(message(1, "only three words")))
    assert first.answer.status is AnswerStatus.SHORT
    second = collected(await collecting.collect(message(2, "and two")))
    assert second.credited and second.answer.counted_at == NINE + timedelta(minutes=2)
    assert [part.text for part in second.parts] == ["only three words", "and two"]


async def test_edits_and_deletions_change_the_text_never_the_credit(
    database: Database, collecting: AnswerService, drill: Drill
):
    await collecting.collect(message(1, "short"))
    edited = collected(await collecting.follow_edit(1001, LONG, False, NINE + timedelta(hours=2)))
    assert edited.credited and edited.answer.counted_at == NINE + timedelta(hours=2)
    await collecting.erase(1001)
    assert await points(database) == [(ANNA, 10)]
    assert (await report(database)).disagreements == []


async def test_all_ways_make_one_answer_and_the_form_replaces_itself(
    database: Database, collecting: AnswerService, drill: Drill
):
    await collecting.submit(SubmittedForm(drill.id, ANNA, "Anna", "first words of mine in the form", NINE))
    await collecting.collect(message(1, replies_to=500, channel_id=10))
    again = collected(
        await collecting.submit(SubmittedForm(drill.id, ANNA, "Anna", LONG, NINE + timedelta(minutes=5)))
    )
    assert sorted(part.source for part in again.parts) == ["form", "reply"]
    opening = await collecting.open_newest(drill.track_id, ANNA, NINE + timedelta(minutes=6))
    assert opening is not None and opening.open and opening.earlier == LONG
    assert await points(database) == [(ANNA, 10)]


async def test_late_answers_are_stored_for_seven_days_and_do_not_save_the_streak(
    database: Database, service: DrillService, collecting: AnswerService, drill: Drill
):
    await service.close(drill.id, NINE + timedelta(hours=3))
    late = collected(await collecting.collect(message(0, sent_at=NINE + timedelta(days=2))))
    assert late.answer.status is AnswerStatus.LATE and await points(database) == [(ANNA, 5)]
    assert await collecting.collect(message(1, sent_at=NINE + timedelta(days=2))) is None
    too_late = message(2, member_id=8, sent_at=NINE + timedelta(days=8))
    assert await collecting.collect(too_late) is None
    assert await collecting.submit(SubmittedForm(drill.id, 8, "Ben", LONG, NINE + timedelta(days=8))) is None
    assert (await StreakService(database).of(1, ANNA)).state is StreakState.NEW


async def test_few_answers_are_counted_for_each_receipt_and_those_of_a_rush_once_a_second(
    database: Database, collecting: AnswerService, drill: Drill
):
    async def answered(member_id: int, at: datetime) -> int | None:
        form = SubmittedForm(drill.id, member_id, "M", LONG, at)
        news = collected(await collecting.submit(form, telling=True)).news
        return None if news is None or news.turnout is None else news.turnout.answered

    assert [await answered(number, NINE) for number in range(1, 51)] == list(range(1, 51))
    with counting(database) as count:
        moment = [await answered(number, NINE + timedelta(milliseconds=10 * number)) for number in range(51, 61)]
    assert moment == [50] * 10
    assert not [statement for work in count.transactions for statement in work if "count(" in statement.lower()]
    assert await answered(61, NINE + timedelta(seconds=2)) == 61


async def test_what_was_sent_before_the_closing_is_on_time_when_read_afterwards(
    service: DrillService, collecting: AnswerService, drill: Drill
):
    await service.close(drill.id, NINE + timedelta(hours=3))
    read_later = collected(await collecting.collect(message(1)))
    assert read_later.answer.status is AnswerStatus.ON_TIME


async def test_withheld_text_counts_as_participation(collecting: AnswerService, drill: Drill):
    assert collected(await collecting.collect(message(1, "", withheld=True))).credited


async def test_verify_notices_what_was_tampered_with(database: Database, collecting: AnswerService, drill: Drill):
    await collecting.collect(message(1))
    await database.write(lambda conn: conn.execute(text("UPDATE standings SET points=99 WHERE period='all'")))
    assert any("is 99" in disagreement(found) for found in (await report(database)).disagreements)
    await database.write(ledger.rebuild)
    assert (await report(database)).disagreements == []
    await database.write(lambda conn: conn.execute(text("DELETE FROM ledger")))
    assert any("worth 10" in disagreement(found) for found in (await report(database)).disagreements)


async def test_stored_messages_of_several_servers_are_told_apart(
    database: Database, collecting: AnswerService, service: DrillService, drill: Drill
):
    await make_track(database, guild_id=2, channel_id=20)
    claimed = await service.claim_due(2, NINE)
    assert claimed is not None
    await posted(database, claimed.drill, 600, NINE)
    await database.write(lambda conn: drills.set_thread(conn, claimed.drill.id, 600))
    for number, place_id in enumerate((500, 600, 500), start=1):
        assert collected(await collecting.collect(message(number, channel_id=place_id))).answer
    known = {(k.guild_id, k.place_id): k.message_ids for k in await collecting.known_messages([1, 2], MONDAY)}
    assert known == {(1, 500): [1001, 1003], (2, 600): [1002]}
    assert [k.guild_id for k in await collecting.known_messages([2], MONDAY)] == [2]
