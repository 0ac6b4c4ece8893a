"""Use cases of what an interview comes to: what its member sees of it, and ticks on its scorecard."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.bank import Bank, Banks, Question
from bot.domain.errors import Refusal
from bot.domain.hints import Hint, HintReader
from bot.domain.interviews import SCORED, Interview, InterviewQuestion, InterviewScore, InterviewState, score
from bot.domain.schedule import local_date
from bot.services.interviews import asked_question, begin, load, own_interview
from bot.services.key_points import store_ticks
from bot.services.spoilers import check, hidden
from bot.services.use_cases import Service
from bot.storage import interview_parts, interviews, key_points, members, sent_messages, servers
from bot.storage.database import Database
from bot.storage.interview_parts import text_of
from bot.storage.interviews import owner
from bot.storage.sent_messages import SentMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewView:
    """Everything that decides what a member sees of an interview.

    Attributes:
        day: when it began, in the server's zone.
        written: what has come for the open question so far.
        ticks: the key points ticked, by the position of their question.
        last: the score of the interview before it.
        posts: the bot's messages in its thread, by key.
        version: which of the versions that the thread shows this one is.
        kept_back: questions that are open and that the member has not answered there.
        hints: what answers on the scorecard mention, by the position of their question; empty where that is off.
    """

    interview: Interview
    name: str
    day: date
    written: str
    ticks: Mapping[int, Sequence[int]]
    score: InterviewScore
    last: InterviewScore | None
    posts: Mapping[str, SentMessage]
    version: int
    kept_back: frozenset[str]
    hints: Mapping[int, Hint]


@dataclass(frozen=True, slots=True)
class InterviewTicks:
    """What the form of a question's key points starts from.

    Attributes:
        ticked: by the member before, or by the hint where they are `guessed`.
    """

    interview: Interview
    asked: InterviewQuestion
    question: Question
    ticked: Sequence[int]
    guessed: bool


def tick_reference(interview_id: int, position: int) -> str:
    """What the ticks of an interview's question are filed under."""
    return f"interview:{interview_id}:{position}"


def ticks_of(conn: Connection, interview: Interview) -> dict[int, list[int]]:
    """The key points ticked, by the position of their question; questions without a choice are not in it."""
    positions = {tick_reference(interview.id, asked.position): asked.position for asked in interview.asked}
    ticked = key_points.of_all(conn, interview.guild_id, interview.member_id, list(positions))
    return {positions[reference]: points for reference, points in ticked.items()}


def view(conn: Connection, banks: Banks, reader: HintReader, interview_id: int) -> InterviewView:
    """What an interview's member sees of it."""
    interview = load(conn, interview_id)
    bank, zone = banks.of(interview.guild_id), servers.server_zone(conn, interview.guild_id)
    names = members.names(conn, interview.guild_id, [interview.member_id])
    current = interview.current
    parts = [] if current is None else interview_parts.of_question(conn, current.id)
    last = interviews.before(conn, interview)
    ticks = ticks_of(conn, interview)
    kept_back = hidden(conn, interview.guild_id, interview.member_id)
    return InterviewView(
        interview=interview,
        name=names.get(interview.member_id, ""),
        day=local_date(interview.started_at, zone),
        written=text_of(parts),
        ticks=ticks,
        score=_score(bank, interview, ticks, zone),
        last=None if last is None else _score(bank, last, ticks_of(conn, last), zone),
        posts=sent_messages.of_owner(conn, owner(interview)),
        version=interviews.delivery(conn, interview.id).version,
        kept_back=kept_back,
        hints=_hints(bank, reader, interview, kept_back),
    )


def _hints(bank: Bank, reader: HintReader, interview: Interview, kept_back: Container[str]) -> dict[int, Hint]:
    """What answers to scored questions mention, by position; nothing about a question that is kept back."""
    if interview.state not in SCORED:
        return {}
    rows = ((asked, bank.asked(asked.question_id, interview.started_at)) for asked in interview.scored)
    shown = ((asked, question) for asked, question in rows if question and question.id not in kept_back)
    found = {asked.position: _hint(reader, interview, asked, question) for asked, question in shown}
    return {position: hint for position, hint in found.items() if hint is not None}


def _hint(reader: HintReader, interview: Interview, asked: InterviewQuestion, question: Question) -> Hint | None:
    """What was said to a question mentions; None where nobody wants to know, or nothing was said."""
    said = interview.said(asked)
    return reader.of(question, said) if interview.hints and question.key_points and said else None


def _score(bank: Bank, interview: Interview, ticks: Mapping[int, Sequence[int]], zone: str) -> InterviewScore:
    asked = (bank.asked(one.question_id, interview.started_at) for one in interview.asked)
    counts = {question.id: len(question.key_points) for question in asked if question is not None}
    return score(interview, ticks, counts, local_date(interview.started_at, zone))


def scored_question(banks: Banks, interview: Interview, position: int) -> tuple[InterviewQuestion, Question]:
    """A question on the scorecard, with the bank's.

    Raises:
        Refusal: `interviews.taken_out`.
    """
    found = _on_card(banks, interview, position)
    if found is None:
        raise Refusal("interviews.taken_out")
    return found


def _on_card(banks: Banks, interview: Interview, position: int) -> tuple[InterviewQuestion, Question] | None:
    asked = next((found for found in interview.scored if found.position == position), None)
    question = None if asked is None else asked_question(banks, interview, asked)
    return None if asked is None or question is None else (asked, question)


def tick_form(
    conn: Connection,
    banks: Banks,
    reader: HintReader,
    interview_id: int,
    position: int,
    member_id: int,
    now: datetime,
) -> InterviewTicks:
    """What the form of a question's key points starts from: what was ticked before, else what was spotted.

    Raises:
        Refusal: `interviews.not_yours`, `interviews.taken_out`, or `spoilers.open`.
    """
    interview = own_interview(conn, interview_id, member_id)
    asked, question = scored_question(banks, interview, position)
    check(conn, question, interview.guild_id, member_id, now)
    ticked = ticks_of(conn, interview).get(position)
    if ticked is not None:
        return InterviewTicks(interview, asked, question, ticked, guessed=False)
    hint = _hint(reader, interview, asked, question)
    spotted = hint.mentioned if hint else []
    return InterviewTicks(interview, asked, question, spotted, guessed=bool(spotted))


def tick(
    conn: Connection,
    banks: Banks,
    interview_id: int,
    position: int,
    member_id: int,
    points: Sequence[int],
    now: datetime,
) -> list[int]:
    """Stores which key points of a scored question the member had; returns those that were missing.

    Raises:
        Refusal: `interviews.not_yours`, or `interviews.not_scored` for a question that is not on the scorecard.
    """
    interview = own_interview(conn, interview_id, member_id)
    found = _on_card(banks, interview, position)
    if found is None or interview.state is InterviewState.RUNNING:
        raise Refusal("interviews.not_scored")
    interviews.mark_changed(conn, interview_id)
    reference = tick_reference(interview_id, position)
    return store_ticks(conn, interview.guild_id, member_id, found[1], reference, points, now)


class ScorecardService(Service):
    """Shows interviews to their members, and keeps what they tick."""

    def __init__(self, database: Database, banks: Banks, reader: HintReader) -> None:
        super().__init__(database)
        self._banks = banks
        self._reader = reader

    def scored_question(self, interview: Interview, position: int) -> tuple[InterviewQuestion, Question]:
        """A question on the scorecard, with the bank's; raises Refusal: `interviews.taken_out`."""
        return scored_question(self._banks, interview, position)

    async def view(self, interview_id: int) -> InterviewView:
        """What an interview's member sees of it."""
        return await self.read(view, self._banks, self._reader, interview_id)

    async def begin(self, interview: Interview, at: datetime) -> InterviewView:
        """What its member sees from an instant on; the time of a question that was not asked yet runs from then."""
        if interview.current is not None and interview.current.asked_at is None:
            await self.write(begin, interview.id, at)
        return await self.view(interview.id)

    async def tick_form(self, interview_id: int, position: int, member_id: int, now: datetime) -> InterviewTicks:
        """What the form of a question on the scorecard starts from; raises Refusal as `tick_form` says."""
        return await self.read(tick_form, self._banks, self._reader, interview_id, position, member_id, now)

    async def tick(
        self, interview_id: int, position: int, member_id: int, points: Sequence[int], now: datetime
    ) -> list[int]:
        """Stores which key points the member had, and returns those that were missing; see `tick`."""
        return await self.write(tick, self._banks, interview_id, position, member_id, points, now)
