"""One limit for everything the bot sends, below Discord's 50 requests a second for a whole bot."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from enum import IntEnum

PER_SECOND = 48
BURST = 2
"""How many turns may follow one another at once, to make up for what the event loop was late."""


class Rank(IntEnum):
    """Who goes first when requests have to wait."""

    THREAD = 0
    USUAL = 1
    REACTION = 2


class Limiter:
    """Lets at most `per_second` requests start in any second; a card's thread comes before the next card, and
    reactions wait longest.

    Answers to interactions are not counted by Discord and never come here. A process takes longer to start than the
    second for which Discord counts, so that nothing has to be handed on to the next one.
    """

    def __init__(self, per_second: float = PER_SECOND, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1 / per_second
        self._clock = clock
        self._next = 0.0
        self._waiting: list[tuple[Rank, int, asyncio.Future[None]]] = []
        self._number = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return len(self._waiting)

    async def turn(self, rank: Rank) -> None:
        """Waits until this request may start."""
        if not self._waiting and self._delay() == 0:
            self._pass()
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._number), future))
        self._ring()
        await future

    def _pass(self) -> None:
        self._next = max(self._next, self._clock() - BURST * self._gap) + self._gap

    def _delay(self) -> float:
        """Seconds until the next start; a clock that was set back must not stall everything."""
        delay = self._next - self._clock()
        return max(0.0, delay) if delay <= self._gap else 0.0

    def _ring(self) -> None:
        if self._timer is None and self._waiting:
            self._timer = asyncio.get_running_loop().call_later(self._delay(), self._release)

    def _release(self) -> None:
        self._timer = None
        while self._waiting:
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                self._pass()
                future.set_result(None)
                break
        self._ring()
