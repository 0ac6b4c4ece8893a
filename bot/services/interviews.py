"""Use cases of an interview's course: start, go on, give up, end. Each is one transaction."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.backoff import pause
from bot.domain.bank import Bank, Banks, Question
from bot.domain.errors import Refusal
from bot.domain.interviews import (
    EXPIRES,
    Interview,
    InterviewQuestion,
    InterviewState,
    InterviewWay,
    QuestionEnd,
    closing,
    pick,
    pick_follow_up,
)
from bot.services.spoilers import hidden
from bot.services.use_cases import Service, reads, writes
from bot.storage import interview_parts, interviews, members, servers
from bot.storage.database import Database
from bot.storage.interview_parts import text_of
from bot.storage.interviews import InterviewDelivery

MOST_TRIES = 100
"""About a day of them; after that the thread of an interview that is over stays as it is."""


@dataclass(frozen=True, slots=True)
class NewInterview:
    """What a member asks for: `topic` is a title, or None for all."""

    topic: str | None
    count: int
    minutes: int


@dataclass(frozen=True, slots=True)
class InterviewTurn:
    """An interview after a press of its member; `done` is false where the press came too late to do anything."""

    interview: Interview
    done: bool


@dataclass(frozen=True, slots=True)
class PendingInterview:
    """An interview whose thread shows an old state, and how far it shows what has happened."""

    interview: Interview
    delivery: InterviewDelivery


@dataclass(frozen=True, slots=True)
class InterviewAgenda:
    """What interviews need now, by their ids.

    Attributes:
        time_up: their open question's time is up.
        expired: nobody brought them to their end within a day.
        pending: their thread shows an old state and may be tried now.
    """

    time_up: list[int]
    expired: list[int]
    pending: list[int]

    @property
    def ends_something(self) -> bool:
        """Whether a question or an interview has to end, which changes what threads should show."""
        return bool(self.time_up or self.expired)


def own_interview(conn: Connection, interview_id: int, member_id: int) -> Interview:
    """A member's own interview.

    Raises:
        Refusal: `interviews.not_yours` for somebody else's or one that is gone.
    """
    found = interviews.get(conn, interview_id)
    if found is None or found.member_id != member_id:
        raise Refusal("interviews.not_yours")
    return found


def load(conn: Connection, interview_id: int) -> Interview:
    """An interview that exists."""
    found = interviews.get(conn, interview_id)
    assert found is not None
    return found


def asked_question(banks: Banks, interview: Interview, asked: InterviewQuestion) -> Question | None:
    """The bank's question behind one of an interview, as it stood when that began; None when it was taken out."""
    return banks.of(interview.guild_id).asked(asked.question_id, interview.started_at)


def start(
    conn: Connection,
    bank: Bank,
    chance: random.Random,
    wish: NewInterview,
    guild_id: int,
    channel_id: int,
    member_id: int,
    name: str,
    way: InterviewWay,
    now: datetime,
) -> Interview:
    """Begins an interview, or gives the one that runs already.

    Raises:
        Refusal: `interviews.no_questions` where the topic holds none.
    """
    known = interviews.running(conn, guild_id, member_id)
    if known is not None:
        return known
    kept_back = hidden(conn, guild_id, member_id)
    fitting = [q for q in bank.questions if wish.topic in (None, q.topic) and q.id not in kept_back]
    if not fitting:
        raise Refusal("interviews.no_questions")
    asked_before = interviews.last_asked(conn, guild_id, member_id)
    servers.ensure(conn, guild_id)
    members.record(conn, guild_id, member_id, name, now)
    interview_id = interviews.add(
        conn,
        guild_id=guild_id,
        channel_id=channel_id,
        member_id=member_id,
        way=way,
        topic=wish.topic,
        minutes=wish.minutes,
        question_ids=[question.id for question in pick(fitting, asked_before, wish.count, chance)],
        started_at=now,
    )
    interviews.mark_changed(conn, interview_id)
    return load(conn, interview_id)


def begin(conn: Connection, interview_id: int, at: datetime, position: int | None = None) -> None:
    """The question that comes next was shown at an instant: its time runs from then.

    Args:
        position: begins nothing unless it is the question at this position that comes next.
    """
    interview = load(conn, interview_id)
    current = interview.current
    if current is not None and current.asked_at is None and position in (None, current.position):
        interviews.begin_question(conn, current, at, interview.deadline(current, at))


def close(
    conn: Connection,
    banks: Banks,
    chance: random.Random,
    interview: Interview,
    now: datetime,
    ended: QuestionEnd,
    wording: str | None,
) -> None:
    """Closes the open question: what came becomes its text, and the next one, a follow-up, or the end comes.

    Args:
        wording: what a model asks next in place of a prepared follow-up.
    """
    current = interview.current
    left = [asked for asked in interview.asked if asked.closed_at is None and asked != current]
    follows = False
    if current is not None:
        answered = _close_question(conn, interview, current, now, ended)
        question = asked_question(banks, interview, current)
        if question is not None and current.follow_up is None:
            follow_up = 0 if answered and wording else pick_follow_up(question, answered, chance)
            follows = follow_up is not None
            if follows:
                place = (interview.guild_id, interview.id, current.position + 1)
                interviews.add_question(conn, *place, question.id, follow_up, wording)
    if not left and not follows:
        interviews.finish(conn, interview.id, InterviewState.DONE, now)
    interviews.mark_changed(conn, interview.id)


def end(conn: Connection, interview: Interview, now: datetime, over: InterviewState) -> None:
    """Ends a running interview, and the open question with it."""
    current = interview.current
    if current is not None:
        _close_question(conn, interview, current, now, QuestionEnd.STOP)
    interviews.finish(conn, interview.id, over, now)
    interviews.mark_changed(conn, interview.id)


def _close_question(
    conn: Connection, interview: Interview, current: InterviewQuestion, now: datetime, ended: QuestionEnd
) -> bool:
    """Closes a question, unless it was not asked yet; returns whether it was answered."""
    interviews.stop_clock(conn, interview.id)
    if current.asked_at is None:
        return False
    at, how = closing(current.asked_at, interview.deadline(current, now) - current.asked_at, now, ended)
    parts = interview_parts.of_question(conn, current.id)
    answered = any(part.is_answer for part in parts)
    interviews.close_question(conn, current, at=at, how=how, answered=answered, text=text_of(parts))
    return answered


def go_on(
    conn: Connection,
    banks: Banks,
    chance: random.Random,
    interview_id: int,
    position: int,
    member_id: int,
    now: datetime,
    wording: str | None = None,
) -> InterviewTurn:
    """Ends the question at a position by its member's wish, if it is the open one.

    Args:
        wording: what a model asks next in place of a prepared follow-up.

    Raises:
        Refusal: `interviews.not_yours`.
    """
    interview = own_interview(conn, interview_id, member_id)
    current = interview.current
    if current is None or current.position != position or current.asked_at is None:
        return InterviewTurn(interview, done=False)
    close(conn, banks, chance, interview, now, QuestionEnd.NEXT, wording)
    return InterviewTurn(load(conn, interview_id), done=True)


def _is_time_up(interview: Interview, now: datetime) -> bool:
    current = interview.current
    return current is not None and interview.deadline(current, now) <= now


def end_if_time_up(
    conn: Connection,
    banks: Banks,
    chance: random.Random,
    interview_id: int,
    now: datetime,
    wording: str | None = None,
) -> Interview:
    """Ends the open question if its time is up, and returns the interview as it is then.

    Args:
        wording: what a model asks next in place of a prepared follow-up.
    """
    interview = load(conn, interview_id)
    if not _is_time_up(interview, now):
        return interview
    close(conn, banks, chance, interview, now, QuestionEnd.TIME, wording)
    return load(conn, interview_id)


def give_up(conn: Connection, interview_id: int, member_id: int, now: datetime) -> InterviewTurn:
    """Ends an interview by its member's wish, if it runs.

    Raises:
        Refusal: `interviews.not_yours`.
    """
    interview = own_interview(conn, interview_id, member_id)
    if interview.state is not InterviewState.RUNNING:
        return InterviewTurn(interview, done=False)
    end(conn, interview, now, InterviewState.STOPPED)
    return InterviewTurn(load(conn, interview_id), done=True)


def end_unseen(conn: Connection, interview_ids: Sequence[int], now: datetime) -> None:
    """Ends those of these interviews that run, without a word. What was answered stays stored."""
    for interview_id in interview_ids:
        if load(conn, interview_id).state is InterviewState.RUNNING:
            end_with_thread(conn, interview_id, now)


def end_with_thread(conn: Connection, interview_id: int, now: datetime) -> None:
    """Ends an interview whose thread is no more, and shows nothing of it any more; it may be over already."""
    interview = load(conn, interview_id)
    if interview.state is InterviewState.RUNNING:
        end(conn, interview, now, InterviewState.GONE)
    interviews.stop_showing(conn, interview_id)


def expire(conn: Connection, now: datetime) -> None:
    """Gives up interviews that nobody brought to their end within a day; what was answered is scored."""
    for interview_id in interviews.running_since(conn, now - EXPIRES):
        end(conn, load(conn, interview_id), now, InterviewState.STOPPED)


def agenda(conn: Connection, now: datetime) -> InterviewAgenda:
    """What interviews need now."""
    return InterviewAgenda(
        interviews.time_up(conn, now),
        interviews.running_since(conn, now - EXPIRES),
        interviews.pending(conn, now),
    )


def pending(conn: Connection, interview_id: int) -> PendingInterview | None:
    """The interview, if its thread shows an old state."""
    interview = interviews.get(conn, interview_id)
    if interview is None:
        return None
    delivery = interviews.delivery(conn, interview_id)
    return PendingInterview(interview, delivery) if delivery.is_pending else None


class InterviewService(Service):
    """Leads members through their interviews.

    Args:
        chance: draws questions and follow-ups.
    """

    running = reads(interviews.running)
    own = reads(own_interview)
    get = reads(interviews.get)
    give_up = writes(give_up)
    expire = writes(expire)
    thread_ended = writes(end_with_thread)
    in_thread = reads(interviews.by_thread)
    in_threads = reads(interviews.running_in_threads)
    agenda = reads(agenda)
    pending = reads(pending)
    mark_tried = writes(interviews.mark_tried)
    mark_shown = writes(interviews.mark_shown)
    opened = writes(interviews.set_thread)
    use_forms = writes(interviews.use_forms)

    def __init__(self, database: Database, banks: Banks, chance: random.Random | None = None) -> None:
        super().__init__(database)
        self._banks = banks
        self._chance = chance or random.Random()

    def question(self, interview: Interview, asked: InterviewQuestion) -> Question | None:
        """The bank's question behind one of an interview; None when it was taken out."""
        return asked_question(self._banks, interview, asked)

    async def start(
        self,
        guild_id: int,
        channel_id: int,
        member_id: int,
        name: str,
        way: InterviewWay,
        wish: NewInterview,
        now: datetime,
    ) -> Interview:
        """Begins an interview, or gives the one that runs already; see `start`."""
        bank = self._banks.of(guild_id)
        return await self.write(start, bank, self._chance, wish, guild_id, channel_id, member_id, name, way, now)

    async def present(self, interview_id: int, member_id: int, now: datetime) -> Interview:
        """A member's own interview as it stands now.

        Without a thread the time is looked at with each press of the member: a question whose time is up ends.

        Raises:
            Refusal: `interviews.not_yours`.
        """
        interview = await self.own(interview_id, member_id)
        if interview.way is InterviewWay.FORMS and _is_time_up(interview, now):
            return await self.time_up(interview_id, now)
        return interview

    async def go_on(
        self, interview_id: int, position: int, member_id: int, now: datetime, wording: str | None = None
    ) -> InterviewTurn:
        """Ends the question at a position by its member's wish, if it is the open one; see `go_on`."""
        return await self.write(go_on, self._banks, self._chance, interview_id, position, member_id, now, wording)

    async def time_up(self, interview_id: int, now: datetime, wording: str | None = None) -> Interview:
        """Ends the open question if its time is up, and returns the interview as it is then."""
        return await self.write(end_if_time_up, self._banks, self._chance, interview_id, now, wording)

    async def end_in_thread(self, thread_id: int, now: datetime, member_id: int | None = None) -> None:
        """The running interview of a thread ends without a word: the thread was deleted, or its member left it.

        Args:
            member_id: who left; an interview of somebody else goes on.
        """
        found = await self.read(interviews.by_thread, thread_id)
        if found is not None and member_id in (None, found.member_id):
            await self._end_unseen([found.id], now)

    async def end_in_channel(self, channel_id: int, now: datetime) -> None:
        """The interviews in a deleted channel's threads end; those in private messages go on elsewhere."""
        await self._end_unseen(await self.read(interviews.running_in_channel, channel_id), now)

    async def end_in_server(self, guild_id: int, now: datetime) -> None:
        """All running interviews in a server end, because the bot was removed from it."""
        await self._end_unseen(await self.read(interviews.running_in_server, guild_id), now)

    async def _end_unseen(self, interview_ids: Sequence[int], now: datetime) -> None:
        if interview_ids:
            await self.write(end_unseen, interview_ids, now)

    async def asked_in(self, interview: Interview, asked: InterviewQuestion) -> int | None:
        """The message in which a question was asked; None before."""
        return await self.read(interviews.asked_in, interview, asked.position)

    async def failed(self, failed: PendingInterview, now: datetime) -> datetime | None:
        """Puts the next try off, twice as long each time, and returns when it comes.

        What is over is not tried for ever: None where this was the last try.
        """
        interview, attempts = failed.interview, failed.delivery.attempts
        if interview.state is not InterviewState.RUNNING and attempts >= MOST_TRIES:
            await self.thread_ended(interview.id, now)
            return None
        until = now + pause(attempts)
        await self.write(interviews.put_off, interview.id, until)
        return until

    async def forget(self, before: datetime) -> int:
        """Erases texts older than the operator keeps them; returns how many. Ticks and times stay."""
        if not await self.read(interviews.any_older, before):
            return 0
        return await self.write(interviews.erase_older, before)
