"""An interview's course: time, follow-ups, giving up, expiring, scores, and what its thread still has to show."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.backoff import LONGEST
from bot.domain.bank import Banks, Difficulty, FollowUp, KeyPoint, Pack, Question, Topic
from bot.domain.errors import Refusal
from bot.domain.interviews import EXPIRES, Interview, InterviewState, InterviewWay, QuestionEnd
from bot.services.answers import IncomingMessage
from bot.services.interview_answers import InterviewAnswerService, MessageVerdict
from bot.services.interviews import MOST_TRIES, InterviewService, NewInterview, begin
from bot.services.scorecards import ScorecardService
from bot.storage import interviews, sent_messages
from bot.storage.bank_files import shipped_hints
from bot.storage.database import Database
from bot.storage.schema import cards, interview_parts
from bot.storage.schema import interviews as stored

GUILD, CHANNEL, THREAD, ANNA, BEN = 1, 10, 20, 5, 6
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
MINE = "Layers learn features of features."
LIMIT = 4000


def question(number: int, follow_ups: int = 1) -> Question:
    return Question(
        id=f"q-{number}",
        number=number,
        module=1,
        topic="Depth",
        difficulty=Difficulty.EASY,
        prompt=f"Question {number}?",
        answer="An answer.",
        key_points=(KeyPoint("One", ()), KeyPoint("Two", ())),
        follow_ups=tuple(FollowUp(f"And {n}?", "Because.") for n in range(follow_ups)),
    )


PACK = Pack("p", "Pack", (), (Topic(1, "Depth", 1),), (question(1), question(2), question(3)))


class Room:
    """Anna's interview, and what is said and pressed in it.

    The number of a message is its second since the start.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.banks = Banks(PACK)
        self.service = InterviewService(database, self.banks, random.Random(1))
        self.scorecards = ScorecardService(database, self.banks, shipped_hints())
        self.answers = InterviewAnswerService(database)

    async def start(
        self,
        count: int = 2,
        *,
        way: InterviewWay = InterviewWay.THREAD,
        member_id: int = ANNA,
        at: datetime = START,
    ) -> Interview:
        wish = NewInterview("Depth", count, 2)
        interview = await self.service.start(GUILD, CHANNEL, member_id, "Anna", way, wish, at)
        if way is InterviewWay.THREAD:
            await self.service.opened(interview.id, THREAD + interview.id)
        return await self.now(interview.id)

    async def now(self, interview_id: int = 1) -> Interview:
        found = await self.service.get(interview_id)
        assert found is not None
        return found

    async def ask(self, at: datetime, interview_id: int = 1) -> None:
        """Shows the question that comes next in the thread."""
        interview = await self.now(interview_id)
        current = interview.current
        assert current is not None
        message_id = int((at - START).total_seconds())

        def work(conn: Connection) -> None:
            sent_messages.record(
                conn,
                interviews.owner(interview),
                f"ask:{current.position}",
                channel_id=interview.thread_id or 0,
                message_id=message_id,
                fingerprint="open",
            )
            begin(conn, interview.id, at, current.position)

        await self.database.write(work)

    async def say(self, at: datetime, text: str = MINE, *, who: int = ANNA) -> MessageVerdict | None:
        """A message in the thread of the newest interview."""
        second = int((at - START).total_seconds())
        message = IncomingMessage(second, THREAD + 1, None, who, "Anna", text, False, False, at)
        return await self.answers.collect(message)

    async def press_next(self, position: int, at: datetime) -> bool:
        return (await self.service.go_on(1, position, ANNA, at)).done

    async def shown(self, interview_id: int = 1) -> bool:
        """Whether the thread shows all that has happened."""
        return await self.service.pending(interview_id) is None


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


async def test_one_runs_at_a_time_and_each_asks_what_was_not_asked_before(room: Room):
    first = await room.start()
    assert await room.start(count=1) == first and await room.service.running(GUILD, ANNA) == first
    assert await room.service.running(GUILD, BEN) is None
    await room.ask(START)
    await room.press_next(0, START + MINUTE)
    await room.service.give_up(first.id, ANNA, START + MINUTE)
    second = await room.start(count=2, at=START + timedelta(days=1))
    asked = first.asked[0].question_id
    assert second.id != first.id and asked not in [found.question_id for found in second.asked]


async def test_a_topic_without_questions_is_refused(room: Room):
    room.banks.share(replace(PACK, questions=()))
    with pytest.raises(Refusal, match="no_questions"):
        await room.start()


async def test_after_an_answer_comes_the_follow_up_with_half_the_time(room: Room):
    await room.start()
    await room.ask(START)
    assert await room.say(START + 30 * SECOND) is MessageVerdict.COUNTED
    assert await room.press_next(0, START + MINUTE)
    interview = await room.now()
    first, follow_up, second = interview.asked
    assert (first.ended, first.answered, first.text, first.used) == (QuestionEnd.NEXT, True, MINE, MINUTE)
    assert (follow_up.position, follow_up.follow_up, follow_up.question_id) == (1, 0, first.question_id)
    assert interview.current == follow_up and second.position == 2
    await room.ask(START + 2 * MINUTE)
    follow_up = (await room.now()).asked[1]
    assert interview.deadline(follow_up, START) == START + 3 * MINUTE


async def test_without_an_answer_there_is_no_follow_up(room: Room):
    await room.start()
    await room.ask(START)
    assert await room.say(START + SECOND, who=BEN) is None
    assert await room.press_next(0, START + MINUTE)
    assert [found.position for found in (await room.now()).asked] == [0, 2]


async def test_a_question_that_left_the_bank_has_no_follow_up(room: Room):
    await room.start()
    await room.ask(START)
    await room.say(START + SECOND)
    room.banks.share(replace(PACK, questions=()))
    assert await room.press_next(0, START + MINUTE)
    assert [found.position for found in (await room.now()).asked] == [0, 2]


async def test_the_second_press_of_next_does_nothing(room: Room):
    await room.start()
    assert not await room.press_next(0, START)  # it was not asked yet
    await room.ask(START)
    assert await room.press_next(0, START + MINUTE)
    assert not await room.press_next(0, START + MINUTE)
    assert not await room.press_next(2, START + MINUTE)
    with pytest.raises(Refusal, match="not_yours"):
        await room.service.go_on(1, 2, BEN, START)
    with pytest.raises(Refusal, match="not_yours"):
        await room.service.own(99, ANNA)


async def test_after_the_last_question_it_is_done(room: Room):
    await room.start(count=1)
    await room.ask(START)
    await room.press_next(0, START + MINUTE)
    interview = await room.now()
    assert (interview.state, interview.finished_at) == (InterviewState.DONE, START + MINUTE)
    assert interview.current is None and interview.next_at is None


async def test_when_time_is_up_the_question_ends_at_its_deadline(room: Room):
    await room.start()
    await room.ask(START)
    assert (await room.service.agenda(START + 2 * MINUTE - SECOND)).time_up == []
    agenda = await room.service.agenda(START + 5 * MINUTE)
    assert agenda.time_up == [1] and agenda.ends_something
    await room.service.time_up(1, START + 2 * MINUTE - SECOND)
    assert (await room.now()).asked[0].closed_at is None
    interview = await room.service.time_up(1, START + 5 * MINUTE)
    first = interview.asked[0]
    assert (first.ended, first.answered, first.used) == (QuestionEnd.TIME, False, 2 * MINUTE)
    assert interview.state is InterviewState.RUNNING and interview.next_at is None
    assert not (await room.service.agenda(START + 5 * MINUTE)).time_up  # the next one was not shown yet


async def test_next_after_the_time_counts_as_time_up(room: Room):
    await room.start()
    await room.ask(START)
    assert await room.press_next(0, START + 3 * MINUTE)
    assert (await room.now()).asked[0].ended is QuestionEnd.TIME


async def test_words_count_from_the_asking_until_the_time_is_up_and_once(room: Room):
    await room.start()
    assert await room.say(START + SECOND) is None  # nothing was asked
    await room.ask(START + 10 * SECOND)
    assert await room.say(START + 5 * SECOND) is None
    assert await room.say(START + 20 * SECOND) is MessageVerdict.COUNTED
    assert await room.say(START + 20 * SECOND) is None
    assert await room.say(START + 30 * SECOND, " ") is None
    assert await room.say(START + 130 * SECOND) is MessageVerdict.TOO_LATE
    await room.press_next(0, START + 2 * MINUTE)
    assert (await room.now()).asked[0].text == MINE
    assert await room.say(START + 121 * SECOND) is MessageVerdict.TOO_LATE  # the follow-up was not shown yet


async def test_edits_and_deletions_are_followed_whenever_they_come(room: Room):
    await room.start()
    await room.ask(START)
    for second, text in ((1, "First"), (2, "Second"), (3, "Third")):
        await room.say(START + second * SECOND, text)
    await room.answers.edited(2, "Edited", False)
    await room.answers.deleted([1, 77])
    await room.answers.edited(1, "Back again", False)
    await room.press_next(0, START + MINUTE)
    before = (await room.now()).asked[0]
    assert before.text == "Edited\n\nThird"
    await room.answers.edited(3, "Edited later", False)
    await room.answers.edited(1, "Back again", False)
    await room.answers.deleted([2])
    after = (await room.now()).asked[0]
    assert after == replace(before, text="Edited later") and after.answered
    await room.answers.edited(3, "", False)
    assert (await room.now()).asked[0].answered


async def test_when_everything_was_deleted_there_is_no_answer(room: Room):
    await room.start()
    await room.ask(START)
    await room.say(START + SECOND)
    await room.answers.deleted([1])
    await room.press_next(0, START + MINUTE)
    first, *rest = (await room.now()).asked
    assert not first.answered and [found.position for found in rest] == [2]


async def test_a_form_holds_what_was_written_and_takes_its_place(room: Room):
    await room.start()
    await room.ask(START)
    await room.say(START + SECOND, "By message")
    form = await room.answers.open_form(1, 0, ANNA, LIMIT, START + 2 * SECOND)
    assert (form.earlier, form.open) == ("By message", True)
    await room.say(START + 3 * SECOND, "Meanwhile")
    assert await room.answers.submit(1, 0, form.upto, ANNA, "Anna", "By form", START + 4 * SECOND)
    again = await room.answers.open_form(1, 0, ANNA, len("By form"), START + 5 * SECOND)
    assert (again.earlier, again.upto) == ("By form", 0)  # all of it is too long for the form
    assert not await room.answers.submit(1, 0, 0, ANNA, "Anna", "Late", START + 2 * MINUTE)
    assert not (await room.answers.open_form(1, 0, ANNA, LIMIT, START + 2 * MINUTE)).open
    assert not (await room.answers.open_form(1, 2, ANNA, LIMIT, START + MINUTE)).open
    with pytest.raises(Refusal, match="not_yours"):
        await room.answers.submit(1, 0, 0, BEN, "Ben", "Mine", START + MINUTE)
    await room.press_next(0, START + MINUTE)
    assert (await room.now()).asked[0].text == "Meanwhile\n\nBy form"


async def test_given_up_it_scores_what_was_answered(room: Room):
    await room.start()
    await room.ask(START)
    await room.say(START + SECOND)
    await room.press_next(0, START + MINUTE)
    with pytest.raises(Refusal, match="not_yours"):
        await room.service.give_up(1, BEN, START + MINUTE)
    turn = await room.service.give_up(1, ANNA, START + 2 * MINUTE)
    assert turn.done and turn.interview.state is InterviewState.STOPPED
    assert [found.position for found in turn.interview.scored] == [0]
    assert not (await room.service.give_up(1, ANNA, START + 2 * MINUTE)).done


async def test_after_a_day_it_is_given_up(room: Room):
    await room.start()
    await room.ask(START)
    await room.say(START + SECOND)
    assert (await room.service.agenda(START + EXPIRES)).expired == []
    assert (await room.service.agenda(START + EXPIRES + SECOND)).expired == [1]
    await room.service.expire(START + EXPIRES + SECOND)
    interview = await room.now()
    assert interview.state is InterviewState.STOPPED and interview.asked[0].text == MINE
    assert interview.asked[0].used == 2 * MINUTE


async def test_without_a_thread_time_is_looked_at_when_the_member_comes(room: Room, writes: list[object]):
    await room.start(way=InterviewWay.FORMS)
    interview = await room.now()
    view = await room.scorecards.begin(interview, START)
    assert view.interview.asked[0].asked_at == START
    assert (await room.service.agenda(START + 5 * MINUTE)).time_up == []
    writes.clear()
    assert (await room.service.present(1, ANNA, START + MINUTE)).asked[0].closed_at is None
    assert (await room.scorecards.begin(view.interview, START + MINUTE)).interview.asked[0].asked_at == START
    assert not writes
    assert (await room.service.present(1, ANNA, START + 5 * MINUTE)).asked[0].ended is QuestionEnd.TIME


async def test_it_ends_with_its_thread_its_member_its_channel_and_the_bot_in_the_server(room: Room):
    await room.start()
    await room.service.end_in_thread(THREAD + 1, START, BEN)
    assert (await room.now()).state is InterviewState.RUNNING  # somebody else left
    await room.service.end_in_thread(THREAD + 1, START, ANNA)
    assert (await room.now()).state is InterviewState.GONE and await room.shown()
    for number, end in enumerate(
        (
            lambda: room.service.end_in_thread(THREAD + 2, START),
            lambda: room.service.end_in_channel(CHANNEL, START),
            lambda: room.service.end_in_server(GUILD, START),
            lambda: room.service.thread_ended(5, START),
        ),
        start=2,
    ):
        interview = await room.start()
        assert interview.id == number
        await end()
        assert (await room.now(number)).state is InterviewState.GONE and await room.shown(number)


async def test_without_a_thread_it_outlives_its_channel(room: Room):
    await room.start(way=InterviewWay.FORMS)
    await room.service.end_in_channel(CHANNEL, START)
    assert (await room.now()).state is InterviewState.RUNNING


async def test_what_was_answered_stays_when_it_ends_without_a_word(room: Room):
    await room.start()
    await room.ask(START)
    await room.say(START + SECOND)
    await room.service.end_in_server(GUILD, START + MINUTE)
    assert (await room.now()).asked[0].text == MINE
    assert await room.service.forget(START + MINUTE + SECOND) == 1
    await room.answers.edited(1, "What was erased for its age", False)
    assert (await room.now()).asked[0].text == ""
    assert await room.database.read(lambda conn: list(conn.execute(interview_parts.select()))) == []


async def test_what_is_nothing_of_ours_opens_no_transaction_for_writing(room: Room, writes: list[object]):
    await room.start()
    await room.ask(START)
    assert writes
    writes.clear()
    await room.say(START + SECOND, who=BEN)
    await room.answers.collect(IncomingMessage(1, 999, None, ANNA, "Anna", MINE, False, False, START + SECOND))
    await room.answers.edited(77, "Other words", False)
    await room.answers.deleted([77, 78])
    await room.service.end_in_thread(999, START)
    await room.service.end_in_thread(THREAD + 1, START, BEN)
    await room.service.end_in_channel(999, START)
    await room.service.end_in_server(999, START)
    await room.service.agenda(START)
    await room.service.forget(START)
    assert not writes


async def test_key_points_are_ticked_and_compared_with_the_last_interview(room: Room):
    for day in (0, 1):
        at = START + timedelta(days=day)
        interview = await room.start(count=1, at=at)
        with pytest.raises(Refusal, match="not_scored"):
            await room.scorecards.tick(interview.id, 0, ANNA, [0], at)
        await room.ask(at, interview.id)
        await room.answers.submit(interview.id, 0, 0, ANNA, "Anna", MINE, at + SECOND)
        await room.service.go_on(interview.id, 0, ANNA, at + MINUTE)
        await room.service.give_up(interview.id, ANNA, at + MINUTE)
        assert (await room.scorecards.view(interview.id)).score.ticked is None
        if not day:
            assert (await room.scorecards.view(1)).last is None
            assert await room.scorecards.tick(1, 0, ANNA, [0], at) == [1]
            assert (await room.scorecards.tick_form(1, 0, ANNA, START)).ticked == [0]
    view = await room.scorecards.view(2)
    assert view.last is not None and (view.last.ticked, view.last.of, view.last.used) == (1, 2, MINUTE)
    assert view.last.day == START.date()
    with pytest.raises(Refusal, match="not_scored"):
        await room.scorecards.tick(2, 4, ANNA, [0], START)
    with pytest.raises(Refusal, match="not_yours"):
        await room.scorecards.tick(2, 0, BEN, [0], START)
    assert await room.scorecards.tick(2, 0, ANNA, [0, 1], START) == []
    assert (await room.scorecards.view(2)).score.ticked == 2
    assert len(await room.database.read(lambda conn: list(conn.execute(cards.select())))) == 1


async def test_an_interview_without_an_answer_is_not_compared_with(room: Room):
    await room.start(count=1)
    await room.ask(START)
    await room.press_next(0, START + MINUTE)
    await room.start(count=1, at=START + MINUTE)
    assert (await room.scorecards.view(2)).last is None


async def test_what_its_thread_has_to_show_stays_pending_until_it_is_shown(room: Room):
    await room.start()
    assert (await room.service.agenda(START)).pending == [1]
    pending = await room.service.pending(1)
    assert pending is not None and pending.delivery.attempts == 0
    await room.service.mark_tried(1)
    tried = await room.service.pending(1)
    assert tried is not None and tried.delivery.attempts == 1
    view = await room.scorecards.view(1)
    await room.ask(START)
    await room.press_next(0, START + MINUTE)  # something happens while it is shown
    await room.service.mark_shown(1, view.version)
    assert (await room.service.agenda(START)).pending == [1]
    await room.service.mark_shown(1, (await room.scorecards.view(1)).version)
    assert (await room.service.agenda(START)).pending == [] and await room.shown()


async def test_what_fails_is_tried_again_later_each_time_and_a_change_makes_it_try_at_once(room: Room):
    await room.start()
    await room.ask(START)
    pauses: list[timedelta] = []
    for _ in range(10):
        pending = await room.service.pending(1)
        assert pending is not None
        await room.service.mark_tried(1)
        await room.service.failed(pending, START)
        row = await room.database.read(lambda conn: conn.execute(stored.select()).one())
        assert (await room.service.agenda(row.retry_at - SECOND)).pending == []
        assert (await room.service.agenda(row.retry_at)).pending == [1]
        pauses.append(row.retry_at - START)
    assert pauses[:3] == [5 * SECOND, 10 * SECOND, 20 * SECOND] and pauses[-1] == LONGEST
    await room.press_next(0, START + MINUTE)
    assert (await room.service.agenda(START)).pending == [1]


async def test_a_thread_of_an_interview_that_is_over_is_not_tried_for_ever(room: Room):
    await room.start(count=1)
    await room.service.give_up(1, ANNA, START)
    for attempts, left in ((MOST_TRIES - 1, True), (MOST_TRIES, False)):
        tries = stored.update().values(attempts=attempts)
        await room.database.write(lambda conn, tries=tries: conn.execute(tries).rowcount)
        pending = await room.service.pending(1)
        assert pending is not None
        await room.service.failed(pending, START)
        assert await room.shown() is not left


async def test_where_there_can_be_no_thread_it_goes_on_in_forms(room: Room):
    interview = await room.start()
    await room.service.use_forms(interview.id)
    assert (await room.now()).way is InterviewWay.FORMS and await room.shown()
    await room.scorecards.begin(await room.now(), START)
    await room.service.go_on(1, 0, ANNA, START + MINUTE)
    assert (await room.service.agenda(START)).pending == []


async def test_texts_are_erased_when_the_operator_keeps_them_no_longer(room: Room):
    await room.start(count=1)
    await room.ask(START)
    await room.say(START + SECOND)
    await room.press_next(0, START + MINUTE)
    assert await room.service.forget(START + MINUTE) == 0
    assert await room.service.forget(START + MINUTE + SECOND) == 1
    first = (await room.now()).asked[0]
    assert first.answered and first.text == "" and first.used == MINUTE
