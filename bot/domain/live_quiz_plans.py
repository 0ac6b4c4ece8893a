"""Live quizzes that come by themselves every week: when their lobby opens, and what leads up to it."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain import schedule
from bot.domain.errors import Refusal
from bot.domain.schedule import Plan

REMIND = timedelta(minutes=10)
"""So long before the lobby the channel is reminded."""
LATEST = timedelta(minutes=10)
"""So late a lobby still opens: nobody waits longer for a quiz."""
TOLD = timedelta(days=1)
"""After so long nobody is told that a quiz did not come."""
EVENT = timedelta(minutes=30)
"""How long Discord shows the quiz as an event."""
ASK_AGAIN = timedelta(hours=1)
"""How long the bot waits where Discord does not let it make an event."""


class Missed(StrEnum):
    """Why a planned quiz did not come."""

    AWAY = "away"
    BUSY = "busy"
    NOTHING = "nothing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class QuizWish:
    """What a manager asks for: a quiz on a weekday (0 is Monday) at a local time."""

    day: int
    at: time
    topic: str | None
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizPlan:
    """A weekly live quiz of a channel.

    Attributes:
        host_id: who planned it, and hosts it.
        zone: in which day and time are meant.
        due_utc: when its lobby opens next; None once it was stopped.
        remind_utc: when the channel is reminded of that; None where that is done.
        event_utc: when Discord's event is to be made, changed or removed; None where it stands as it should.
        event_id: Discord's event of the next quiz.
        tell_utc: when the channel is to be told that a quiz did not come; None where it was.
        missed_utc, missed: the last quiz that did not come, and why; None once one has.
        attempts: tries to remind or to tell that have failed, or may have.
    """

    id: int
    guild_id: int
    channel_id: int
    host_id: int
    zone: str
    day: int
    at: time
    topic: str | None
    questions: int
    due_utc: datetime | None = None
    remind_utc: datetime | None = None
    event_utc: datetime | None = None
    event_id: int | None = None
    tell_utc: datetime | None = None
    missed_utc: datetime | None = None
    missed: Missed | None = None
    attempts: int = 0

    @property
    def next_utc(self) -> datetime | None:
        """When there is something to do next; None where there never is."""
        instants = (self.due_utc, self.remind_utc, self.event_utc, self.tell_utc)
        return min((at for at in instants if at is not None), default=None)

    def wished(self, wish: QuizWish, zone: str, now: datetime) -> "QuizPlan":
        """The plan as somebody wants it; the next quiz is the first one after now."""
        changed = replace(
            self, day=wish.day, at=wish.at, topic=wish.topic, questions=wish.questions, zone=zone, event_utc=now
        )
        return changed._next(now)

    def _next(self, now: datetime) -> "QuizPlan":
        """The plan with its next quiz; one that comes sooner than a reminder has none."""
        _, due = schedule.next_post(Plan(self.zone, self.at, frozenset({self.day})), now)
        return replace(self, due_utc=due, remind_utc=due - REMIND if due - REMIND > now else None, attempts=0)

    def opened(self, now: datetime) -> "QuizPlan":
        """The plan once its lobby is open: the next quiz is a week later, and gets an event of its own."""
        return replace(self._next(now), event_id=None, event_utc=now, tell_utc=None, missed_utc=None, missed=None)

    def without(self, why: Missed, now: datetime) -> "QuizPlan":
        """The plan once a quiz has not come: the channel is told, unless that was long ago."""
        assert self.due_utc is not None
        told = now if now - self.due_utc <= TOLD else None
        return replace(self._next(now), event_utc=now, tell_utc=told, missed_utc=self.due_utc, missed=why)

    def stopped(self, now: datetime) -> "QuizPlan":
        """The plan once nobody wants it: all that is left is to remove the event."""
        return replace(self, due_utc=None, remind_utc=None, tell_utc=None, event_utc=now)

    def is_due(self, now: datetime) -> bool:
        """Whether its lobby is to open."""
        return self.due_utc is not None and self.due_utc <= now

    def is_too_late(self, now: datetime) -> bool:
        """Whether nobody waits for its quiz any more."""
        return self.due_utc is not None and now - self.due_utc > LATEST


def parse_quiz_day(text: str) -> int:
    """One weekday as people write it: `fri`, `Fridays`, `every friday`.

    Raises:
        Refusal: `live_quiz_plans.one_day`, or what `schedule.parse_days` refuses.
    """
    said = text.strip().lower().removeprefix("every ").removesuffix("s")
    days = schedule.parse_days(said)
    if len(days) != 1:
        raise Refusal("live_quiz_plans.one_day")
    return next(iter(days))
