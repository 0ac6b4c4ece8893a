"""Stops asking Discord before it bans the address: 10,000 refusals (401, 403, 429) in ten minutes are too many."""

import json
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

MOST, WINDOW_SECONDS = 8000, 600.0
COUNTED = frozenset({401, 403, 429})
MANY = 100
"""Fewer than these are nothing that another process has to know."""
STEP_SECONDS = 10
EDGE_SECONDS = 60.0
"""How long to wait where Discord's edge does not say it."""


class Paused(ConnectionError):
    """Nothing is asked of Discord for a while; trying again later is all that helps."""


class Breaker:
    """Counts answers that Discord holds against the whole process, and pauses all requests before it does.

    Args:
        most: how many such answers in ten minutes are let through; Discord bans at 10,000.
        clock: says seconds that never go back.
    """

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._bad: deque[float] = deque()
        self._closed_until = 0.0
        self._is_news = False
        self._others: list[tuple[float, int]] = []

    def _forget(self, now: float) -> None:
        while self._bad and self._bad[0] <= now - WINDOW_SECONDS:
            self._bad.popleft()

    def news(self, at: datetime) -> str | None:
        """What the next process has to know if this one ends now; None where it is nothing, or was told before.

        Args:
            at: the present instant: the next process has no part of this one's clock.
        """
        now = self._clock()
        self._forget(now)
        if not self._is_news or (len(self._bad) < MANY and self._closed_until <= now):
            return None
        self._is_news = False
        ages = Counter(int(now - bad) // STEP_SECONDS * STEP_SECONDS for bad in self._bad)
        closed = max(0, round(self._closed_until - now))
        return json.dumps([at.isoformat(), sorted(ages.items(), reverse=True), closed])

    def recall(self, kept: str, at: datetime) -> None:
        """Counts what an earlier process has told with `news`."""
        for heard, count in self._read(kept, at):
            self._bad.extend([heard] * count)

    def hear_others(self, kept: Sequence[str], at: datetime) -> None:
        """Counts what other processes have told last with `news`, in place of what they told before."""
        self._others = [heard for told in kept for heard in self._read(told, at)]

    def _read(self, kept: str, at: datetime) -> list[tuple[float, int]]:
        """When how many answers were heard, by the own clock, as `news` has told it."""
        then, ages, closed = json.loads(kept)
        passed = max(timedelta(0), at - datetime.fromisoformat(then)).total_seconds()
        now = self._clock()
        self._closed_until = max(self._closed_until, now + closed - passed)
        return [(now - age - passed, count) for age, count in ages]

    def check(self) -> None:
        """Raises Paused while nothing may be asked."""
        now = self._clock()
        self._forget(now)
        others = sum(count for heard, count in self._others if heard > now - WINDOW_SECONDS)
        if len(self._bad) + others >= self._most:
            raise Paused("refusals")
        if now < self._closed_until:
            raise Paused("edge")

    def heard(self, status: int, headers: Mapping[str, str]) -> None:
        """Takes note of an answer. A limit shared with other bots counts for nothing.

        A 429 without `Via` comes from Discord's edge: it refuses the address, and each further request prolongs it.
        """
        if status not in COUNTED or headers.get("X-RateLimit-Scope") == "shared":
            return
        self._bad.append(self._clock())
        self._is_news = True
        if status == 429 and "Via" not in headers:
            try:
                seconds = float(headers.get("Retry-After", EDGE_SECONDS))
            except ValueError:
                seconds = EDGE_SECONDS
            self._closed_until = max(self._closed_until, self._clock() + seconds)
