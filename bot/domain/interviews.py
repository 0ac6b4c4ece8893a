"""An interview: open questions one at a time, each with its time and its follow-up, and what they sum up to."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.answers import join
from bot.domain.bank import Question

EXPIRES = timedelta(days=1)
"""An interview that nobody brought to its end is given up after this long."""


class InterviewWay(StrEnum):
    """Where an interview happens: in a private thread, or in private forms where there can be no thread."""

    THREAD = "thread"
    FORMS = "forms"


class InterviewState(StrEnum):
    """How an interview stands: running, through, given up, or gone with its thread or its member."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    GONE = "gone"


SCORED = (InterviewState.DONE, InterviewState.STOPPED)
"""Ends that have a scorecard."""


class QuestionEnd(StrEnum):
    """How a question ended: the member went on, time was up, or the interview was over."""

    NEXT = "next"
    TIME = "time"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewQuestion:
    """One question of an interview, or the follow-up to one (`follow_up` is its number).

    `wording` is what a model asks in place of the prepared follow-up, empty once it is erased; None for all others.
    """

    id: int
    guild_id: int
    interview_id: int
    position: int
    question_id: str
    follow_up: int | None
    asked_at: datetime | None
    closed_at: datetime | None
    ended: QuestionEnd | None
    answered: bool
    text: str
    wording: str | None = None

    @property
    def number(self) -> int:
        """The question's number in the interview, from 1; its follow-up shares it."""
        return self.position // 2 + 1

    @property
    def used(self) -> timedelta:
        """The time between asking and closing."""
        if self.asked_at is None or self.closed_at is None:
            return timedelta()
        return self.closed_at - self.asked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """A member's interview, with what it has asked and will ask.

    `hints`: what its answers mention may be told; a practice channel can switch that off.
    """

    id: int
    guild_id: int
    member_id: int
    channel_id: int
    thread_id: int | None
    way: InterviewWay
    state: InterviewState
    topic: str | None
    minutes: int
    next_at: datetime | None
    started_at: datetime
    finished_at: datetime | None
    hints: bool
    asked: tuple[InterviewQuestion, ...]

    @property
    def current(self) -> InterviewQuestion | None:
        """The question that is open or comes next; None when the interview is over."""
        if self.state is not InterviewState.RUNNING:
            return None
        return next((asked for asked in self.asked if asked.closed_at is None), None)

    @property
    def count(self) -> int:
        """How many questions it has; follow-ups belong to their question."""
        return sum(asked.follow_up is None for asked in self.asked)

    def deadline(self, asked: InterviewQuestion, now: datetime) -> datetime:
        """When a question's time is up; one that is not asked yet would be asked now."""
        return (asked.asked_at or now) + allowed(self.minutes, asked.follow_up is not None)

    def takes(self, asked: InterviewQuestion, at: datetime) -> bool:
        """Whether words of this instant belong to the answer to a question."""
        return asked.asked_at is not None and asked.asked_at <= at < self.deadline(asked, at)

    @property
    def scored(self) -> tuple[InterviewQuestion, ...]:
        """The questions on the scorecard: all that were asked, or those answered where the member gave up."""
        through = self.state is InterviewState.DONE
        return tuple(
            asked
            for asked in self.asked
            if asked.follow_up is None and asked.asked_at is not None and (through or asked.answered)
        )

    def said(self, asked: InterviewQuestion) -> str:
        """What was said to a question and to its follow-up."""
        return join([one.text for one in self.asked if one.number == asked.number])

    @property
    def used(self) -> timedelta:
        """The time used for all questions together."""
        return sum((asked.used for asked in self.asked), timedelta())


@dataclass(frozen=True, slots=True)
class InterviewScore:
    """What an interview comes to: key points ticked (None: not asked yet), of how many, and the time used."""

    day: date
    ticked: int | None
    of: int
    used: timedelta


def question_key(position: int) -> str:
    """The key of the message that asks the question at a position."""
    return f"ask:{position}"


def allowed(minutes: int, follow_up: bool) -> timedelta:
    """The time for a question; a follow-up has half of it."""
    return timedelta(minutes=minutes) / (2 if follow_up else 1)


def closing(asked_at: datetime, time: timedelta, now: datetime, ended: QuestionEnd) -> tuple[datetime, QuestionEnd]:
    """When and how a question ends that somebody ends now: never later than its time is up."""
    deadline = asked_at + time
    return (deadline, QuestionEnd.TIME) if now >= deadline else (max(now, asked_at), ended)


def pick(
    questions: Sequence[Question], last_asked: Mapping[str, datetime], count: int, chance: random.Random
) -> list[Question]:
    """Questions at random: never asked before those asked, the longest ago first; model answers before none."""
    pool = list(questions)
    chance.shuffle(pool)
    asked = {question_id: at.timestamp() for question_id, at in last_asked.items()}
    pool.sort(key=lambda question: (asked.get(question.id, 0.0), question.model_answer is None))
    return pool[:count]


def pick_follow_up(question: Question, answered: bool, chance: random.Random) -> int | None:
    """The number of the follow-up to ask next; none after a question that was not answered."""
    if not answered or not question.follow_ups:
        return None
    return chance.randrange(len(question.follow_ups))


def score(
    interview: Interview, ticks: Mapping[int, Sequence[int]], key_points: Mapping[str, int], day: date
) -> InterviewScore:
    """Sums an interview up.

    Args:
        ticks: the key points ticked, by the position of their question.
        key_points: how many key points each question of the bank has, by its id.
    """
    rows = [(ticks.get(asked.position, ()), key_points.get(asked.question_id, 0)) for asked in interview.scored]
    ticked = sum(len({point for point in points if point < of}) for points, of in rows)
    of = sum(of for _, of in rows)
    return InterviewScore(day, ticked if ticks or not of else None, of, interview.used)
