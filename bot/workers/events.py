"""What Discord tells of messages: followed in order, and again where that failed, so that nothing is lost."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars

from bot.delivery.guard import Trouble, report, trouble
from bot.delivery.jobs import KeyedLocks, forget_one
from bot.delivery.worker import Worker
from bot.domain.backoff import pause
from bot.domain.errors import is_not_stored
from bot.services.agenda import Agenda

LONGEST = timedelta(minutes=1)
MOST_FAULTS = 20
"""After about a quarter of an hour an event that the bot itself cannot follow holds up nothing any more."""
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class _Event:
    ids: frozenset[int]
    follow: Callable[[], Awaitable[object]]
    faults: int = 0
    known: dict[str, Any] = field(default_factory=get_contextvars)
    """What lines of the log tell of it."""


@dataclass(eq=False, repr=False)
class Events(Worker):
    """Follows events one at a time for each message; what failed, and what came after it, is followed later.

    Args:
        messages: whoever follows what happens to a message holds its lock.
        seconds: says seconds that never go back.
    """

    messages: KeyedLocks
    _seconds: Callable[[], float]
    _failed: list[_Event] = field(default_factory=list[_Event], init=False)
    _followed: Counter[int] = field(default_factory=Counter[int], init=False)
    _attempts: int = field(default=0, init=False)
    _retry_at: float = field(default=0.0, init=False)

    @property
    def oldest(self) -> int | None:
        """The smallest id of a message of which something is still to be followed; None where all is."""
        ids = {number for event in self._failed for number in event.ids} | self._followed.keys()
        return min(ids, default=None)

    @property
    def waiting(self) -> int:
        """How many events are to be followed again."""
        return len(self._failed)

    async def follow(self, ids: Collection[int], work: Callable[[], Awaitable[T]]) -> T | None:
        """Follows an event; returns what `work` returns, or None where it has to be followed again.

        Args:
            ids: the messages, or threads, to which it happened.
            work: stores what follows from it; it must do no harm when it runs again.
        """
        event = _Event(frozenset(ids), work)
        self._followed.update(event.ids)
        try:
            async with self.messages.of_all(event.ids):
                if any(event.ids & earlier.ids for earlier in self._failed):
                    self._failed.append(event)
                    return None
                try:
                    return await work()
                except Exception as error:
                    report("event.failed", error, messages=len(event.ids))
                    self._failed.append(event)
                    return None
        finally:
            for number in event.ids:
                forget_one(self._followed, number)

    def _is_poison(self, event: _Event, error: Exception) -> bool:
        """Whether an event fails again and again by a fault of ours, which time does not end."""
        event.faults += trouble(error) is Trouble.OURS
        if event.faults < MOST_FAULTS:
            return False
        log.error("event.given_up", ids=sorted(event.ids), error=type(error).__name__)
        return True

    def start(self, agenda: Agenda) -> None:
        """Follows again what failed, later each time."""
        if self._failed and self._seconds() >= self._retry_at:
            self._tasks.start("step", self.step)

    def retry_now(self) -> None:
        """Whatever was in the way is gone."""
        self._attempts, self._retry_at = 0, 0.0

    async def step(self) -> None:
        """Follows in order what failed: behind an event that fails again, other messages have their turn."""
        stuck = set[int]()
        for event in list(self._failed):
            if event.ids & stuck:
                continue
            async with self.messages.of_all(event.ids):
                try:
                    with bound_contextvars(**event.known):
                        await event.follow()
                except Exception as error:
                    if self._is_poison(event, error):
                        self._failed.remove(event)
                        continue
                    stuck |= event.ids
                    if is_not_stored(error):
                        break
                else:
                    self._failed.remove(event)
        if not self._failed:
            self.retry_now()
            return
        wait = pause(self._attempts, LONGEST).total_seconds()
        self._retry_at, self._attempts = self._seconds() + wait, self._attempts + 1
