"""Use cases of interviews: start, go on, give up, score. Each is one transaction."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.domain.answers import join
from bot.domain.bank import Bank, Question
from bot.domain.errors import BadInput
from bot.domain.interviews import (
    EXPIRES,
    Interview,
    InterviewQuestion,
    InterviewScore,
    InterviewState,
    InterviewWay,
    QuestionEnd,
    closing,
    pick,
    pick_follow_up,
    score,
)
from bot.domain.schedule import local_date
from bot.domain.text import NOBODY
from bot.services.key_points import keep_ticks
from bot.services.reviews import ReviewService
from bot.storage import interviews, members, sent_messages, servers
from bot.storage.database import Database
from bot.storage.interviews import InterviewPart, owner
from bot.storage.sent_messages import SentMessage

RETRY_FIRST = timedelta(seconds=5)
RETRY_MOST = timedelta(minutes=15)
MOST_TRIES = 100
"""About a day of them; after that the thread of an interview that is over stays as it is."""
NOT_YOURS = "This interview is not yours. `/interview start` begins your own."


@dataclass(frozen=True, slots=True)
class NewInterview:
    """What a member asks for: `topic` is a title, or None for all."""

    topic: str | None
    count: int
    minutes: int


@dataclass(frozen=True, slots=True)
class InterviewView:
    """Everything that decides what a member sees of an interview."""

    interview: Interview
    name: str
    day: date
    written: str
    ticks: Mapping[int, Sequence[int]]
    score: InterviewScore
    last: InterviewScore | None
    posts: Mapping[str, SentMessage]


def own_interview(conn: Connection, interview_id: int, member_id: int) -> Interview:
    """A member's own interview; raises BadInput for somebody else's or one that is gone."""
    found = interviews.get(conn, interview_id)
    if found is None or found.member_id != member_id:
        raise BadInput(NOT_YOURS)
    return found


def _is_answer(part: InterviewPart) -> bool:
    return not part.gone and (bool(part.text.strip()) or part.has_file or part.withheld)


class InterviewService:
    """Leads members through their interviews.

    Args:
        chance: draws questions and follow-ups.
    """

    def __init__(
        self,
        database: Database,
        bank: Bank,
        cards: ReviewService,
        chance: random.Random | None = None,
    ) -> None:
        self._db = database
        self._bank = bank
        self._cards = cards
        self._chance = chance or random.Random()

    async def running(self, guild_id: int, member_id: int) -> Interview | None:
        """The member's running interview in a server."""
        return await self._db.read(lambda conn: interviews.running(conn, guild_id, member_id))

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
        """Begins an interview, or gives the one that runs already.

        Raises:
            BadInput: the topic holds no question.
        """

        def work(conn: Connection) -> Interview:
            known = interviews.running(conn, guild_id, member_id)
            if known is not None:
                return known
            fitting = self._bank.of_topic(wish.topic)
            if not fitting:
                raise BadInput("There is no question in this topic yet. Leave the topic out, or name another.")
            asked_before = interviews.last_asked(conn, guild_id, member_id)
            servers.ensure(conn, guild_id)
            members.record(conn, guild_id, member_id, name, now)
            interview_id = interviews.add(
                conn,
                {
                    "guild_id": guild_id,
                    "channel_id": channel_id,
                    "member_id": member_id,
                    "way": way,
                    "state": InterviewState.RUNNING,
                    "topic": wish.topic,
                    "minutes": wish.minutes,
                    "started_at": now,
                },
                [question.id for question in pick(fitting, asked_before, wish.count, self._chance)],
            )
            interviews.touch(conn, interview_id)
            return self._get(conn, interview_id)

        return await self._db.write(work)

    def _get(self, conn: Connection, interview_id: int) -> Interview:
        found = interviews.get(conn, interview_id)
        assert found is not None
        return found

    async def own(self, interview_id: int, member_id: int) -> Interview:
        """A member's own interview; raises BadInput for somebody else's or one that is gone."""
        return await self._db.read(lambda conn: own_interview(conn, interview_id, member_id))

    async def get(self, interview_id: int) -> Interview | None:
        """The interview with this id."""
        return await self._db.read(lambda conn: interviews.get(conn, interview_id))

    async def sheet(self, interview_id: int) -> InterviewView:
        """What an interview's member sees of it."""

        def work(conn: Connection) -> InterviewView:
            interview = self._get(conn, interview_id)
            zone = servers.server_zone(conn, interview.guild_id)
            names = members.names(conn, interview.guild_id, [interview.member_id])
            current = interview.current
            parts = [] if current is None else interviews.parts_of(conn, current.id)
            ticks = interviews.ticks_of(conn, interview)
            before = interviews.before(conn, interview)
            return InterviewView(
                interview,
                names.get(interview.member_id, NOBODY),
                local_date(interview.started_at, zone),
                join([part.text for part in parts if not part.gone]),
                ticks,
                self._score(interview, ticks, zone),
                self._score(before, interviews.ticks_of(conn, before), zone) if before else None,
                sent_messages.of_owner(conn, owner(interview)),
            )

        return await self._db.read(work)

    def _score(self, interview: Interview, ticks: Mapping[int, Sequence[int]], zone: str) -> InterviewScore:
        key_points = {question.id: len(question.key_points) for question in self._bank.questions}
        return score(interview, ticks, key_points, local_date(interview.started_at, zone))

    def question(self, asked: InterviewQuestion) -> Question | None:
        """The bank's question behind one of an interview; None when it was taken out."""
        return self._bank.find(asked.question_id)

    async def opened(self, interview: Interview, thread_id: int) -> None:
        """Records an interview's thread."""
        await self._db.write(lambda conn: interviews.change(conn, interview.id, thread_id=thread_id))

    async def use_forms(self, interview: Interview) -> None:
        """Goes on without a thread, because there can be none."""
        await self._db.write(
            lambda conn: interviews.change(
                conn, interview.id, way=InterviewWay.FORMS, shown_version=interview.version, retry_at=None
            )
        )

    async def asked(self, interview: Interview, at: datetime) -> Interview:
        """Notes that the question that comes next was shown at an instant; its time runs from then."""

        def work(conn: Connection) -> Interview:
            fresh = self._get(conn, interview.id)
            if fresh.current is not None and fresh.current.asked_at is None:
                self._ask(conn, fresh, fresh.current, at)
            return self._get(conn, interview.id)

        return await self._db.write(work)

    def _ask(self, conn: Connection, interview: Interview, asked: InterviewQuestion, at: datetime) -> None:
        interviews.change_question(conn, asked.id, asked_at=at)
        interviews.change(conn, interview.id, next_at=interview.deadline(asked, at))

    def mark_asked(self, conn: Connection, interview_id: int, position: int, at: datetime) -> None:
        """Records that a question stands in the thread: its time begins, if it is the one that comes next."""
        interview = self._get(conn, interview_id)
        current = interview.current
        if current is not None and current.position == position and current.asked_at is None:
            self._ask(conn, interview, current, at)

    def _close(
        self,
        conn: Connection,
        interview: Interview,
        now: datetime,
        ended: QuestionEnd,
        over: InterviewState | None,
    ) -> None:
        """Closes the open question: what came becomes its text, and the next one, a follow-up, or the end comes.

        Args:
            over: how the whole interview ends with it; None goes on while there are questions.
        """
        current = interview.current
        if current is not None and current.asked_at is not None:
            time = interview.deadline(current, now) - current.asked_at
            at, how = closing(current.asked_at, time, now, ended)
            parts = interviews.parts_of(conn, current.id)
            answered = any(map(_is_answer, parts))
            text = join([part.text for part in parts if not part.gone])
            interviews.drop_parts(conn, current.id)
            interviews.change_question(conn, current.id, closed_at=at, ended=how, answered=answered, text=text)
            question = self.question(current)
            if over is None and question is not None and current.follow_up is None:
                follow_up = pick_follow_up(question, answered, self._chance)
                if follow_up is not None:
                    place = (interview.guild_id, interview.id, current.position + 1)
                    interviews.add_question(conn, *place, question.id, follow_up)
        interviews.change(conn, interview.id, next_at=None)
        if over is None and self._get(conn, interview.id).current is None:
            over = InterviewState.DONE
        if over is not None:
            interviews.change(conn, interview.id, state=over, finished_at=now)
        interviews.touch(conn, interview.id)

    async def go_on(self, interview_id: int, position: int, member_id: int, now: datetime) -> bool:
        """Ends the question at a position by its member's wish; False when it is not the open one."""

        def work(conn: Connection) -> bool:
            interview = own_interview(conn, interview_id, member_id)
            current = interview.current
            if current is None or current.position != position or current.asked_at is None:
                return False
            self._close(conn, interview, now, QuestionEnd.NEXT, None)
            return True

        return await self._db.write(work)

    async def time_up(self, interview_id: int, now: datetime) -> None:
        """Ends the open question if its time is up."""

        def work(conn: Connection) -> None:
            interview = interviews.get(conn, interview_id)
            current = None if interview is None else interview.current
            if interview is None or current is None or interview.deadline(current, now) > now:
                return
            self._close(conn, interview, now, QuestionEnd.TIME, None)

        await self._db.write(work)

    async def present(self, interview_id: int, member_id: int, now: datetime) -> Interview:
        """A member's own interview as it stands now.

        Without a thread the time is looked at with each press of the member: a question whose time is up ends.
        """
        interview = await self.own(interview_id, member_id)
        if interview.way is InterviewWay.FORMS:
            await self.time_up(interview_id, now)
            interview = await self.own(interview_id, member_id)
        return interview

    async def give_up(self, interview_id: int, member_id: int, now: datetime) -> bool:
        """Ends an interview by its member's wish; False when it was over already."""

        def work(conn: Connection) -> bool:
            interview = own_interview(conn, interview_id, member_id)
            if interview.state is not InterviewState.RUNNING:
                return False
            self._close(conn, interview, now, QuestionEnd.STOP, InterviewState.STOPPED)
            return True

        return await self._db.write(work)

    def _vanish(self, conn: Connection, interview_id: int, now: datetime) -> None:
        interview = self._get(conn, interview_id)
        self._close(conn, interview, now, QuestionEnd.STOP, InterviewState.GONE)
        fresh = self._get(conn, interview_id)
        interviews.change(conn, interview_id, shown_version=fresh.version)

    async def gone(self, now: datetime, **where: Any) -> None:
        """Ends the running interviews of a server, channel, thread or member without a word.

        What was answered stays stored.
        """

        def work(conn: Connection) -> None:
            for interview_id in interviews.running_where(conn, **where):
                self._vanish(conn, interview_id, now)

        await self._db.write(work)

    async def lost(self, interview: Interview, now: datetime) -> None:
        """Ends an interview whose thread is no more, or stops showing one that is over."""

        def work(conn: Connection) -> None:
            fresh = self._get(conn, interview.id)
            if fresh.state is InterviewState.RUNNING:
                self._vanish(conn, fresh.id, now)
            else:
                interviews.change(conn, fresh.id, shown_version=fresh.version)

        await self._db.write(work)

    async def expire(self, now: datetime) -> None:
        """Gives up interviews that nobody brought to their end within a day; what was answered is scored."""

        def work(conn: Connection) -> None:
            for interview_id in interviews.running_since(conn, now - EXPIRES):
                self._close(conn, self._get(conn, interview_id), now, QuestionEnd.STOP, InterviewState.STOPPED)

        if await self._db.read(lambda conn: interviews.running_since(conn, now - EXPIRES)):
            await self._db.write(work)

    async def asked_in(self, interview: Interview, asked: InterviewQuestion) -> int | None:
        """The message in which a question was asked; None before."""
        return await self._db.read(lambda conn: interviews.asked_in(conn, interview, asked.position))

    async def in_thread(self, thread_id: int) -> Interview | None:
        """The running interview of a thread."""
        return await self._db.read(lambda conn: interviews.by_thread(conn, thread_id))

    async def in_threads(self) -> list[Interview]:
        """All running interviews that have a thread."""

        def work(conn: Connection) -> list[Interview]:
            found = [self._get(conn, one) for one in interviews.running_where(conn, way=InterviewWay.THREAD)]
            return [interview for interview in found if interview.thread_id is not None]

        return await self._db.read(work)

    async def ticked(self, interview_id: int, position: int, member_id: int) -> tuple[Interview, Sequence[int]]:
        """(interview, key points ticked before) for the form of a question on the scorecard."""

        def work(conn: Connection) -> tuple[Interview, Sequence[int]]:
            interview = own_interview(conn, interview_id, member_id)
            return interview, interviews.ticks_of(conn, interview).get(position, [])

        return await self._db.read(work)

    async def tick(
        self, interview_id: int, position: int, member_id: int, points: Sequence[int], now: datetime
    ) -> list[int]:
        """Stores which key points of a scored question the member had; returns those that were missing."""

        def work(conn: Connection) -> list[int]:
            interview = own_interview(conn, interview_id, member_id)
            asked = next((found for found in interview.scored if found.position == position), None)
            question = None if asked is None else self.question(asked)
            if question is None or interview.state is InterviewState.RUNNING:
                raise BadInput("This question is not on the scorecard.")
            interviews.touch(conn, interview_id)
            reference = interviews.tick_reference(interview_id, position)
            return keep_ticks(conn, self._cards, interview.guild_id, member_id, question, reference, points, now)

        return await self._db.write(work)

    async def due(self, now: datetime) -> list[int]:
        """Interviews in threads whose open question's time is up."""
        return await self._db.read(lambda conn: interviews.due(conn, now))

    async def owed(self, now: datetime) -> list[int]:
        """Interviews whose thread shows an old state."""
        return await self._db.read(lambda conn: interviews.owed(conn, now))

    async def trying(self, interview: Interview) -> None:
        """Records before anything is sent that it may have happened: the next try looks first."""
        await self._db.write(lambda conn: interviews.change(conn, interview.id, attempts=interview.attempts + 1))

    async def shown(self, interview: Interview) -> None:
        """Records that the thread shows this version."""
        await self._db.write(
            lambda conn: interviews.change(
                conn, interview.id, shown_version=interview.version, attempts=0, retry_at=None
            )
        )

    async def failed(self, interview: Interview, now: datetime) -> None:
        """Puts the next try off, twice as long each time; what is over is not tried for ever."""
        if interview.state is not InterviewState.RUNNING and interview.attempts >= MOST_TRIES:
            await self.lost(interview, now)
            return
        pause = min(RETRY_FIRST * 2 ** min(interview.attempts, 10), RETRY_MOST)
        await self._db.write(lambda conn: interviews.change(conn, interview.id, retry_at=now + pause))

    async def forget(self, before: datetime) -> int:
        """Erases texts older than the operator keeps them; returns how many. Ticks and times stay."""
        return await self._db.write(lambda conn: interviews.erase_older(conn, before))
