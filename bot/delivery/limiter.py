"""One limit for everything the bot sends, below Discord's 50 requests a second for a whole bot."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import Any

import aiohttp
import discord
import discord.http

from bot.delivery.backoff import Outage
from bot.delivery.guard import Trouble, trouble

PER_SECOND = 45
EXEMPT = ("/interactions/", "/webhooks/")
FORUM_POST = ("POST", "/channels/{channel_id}/threads")


class Rank(IntEnum):
    """Who goes first when requests have to wait."""

    USUAL = 0
    REACTION = 1


async def _give_up(response: aiohttp.ClientResponse) -> None:
    """Keeps discord.py from sending a request again whose effect is unknown."""
    if response.status >= 500:
        response.close()
        raise discord.DiscordServerError(response, None)


class Limiter:
    """Lets at most `per_second` requests start in any second; reactions wait longest.

    Answers to interactions are not counted by Discord and never wait.
    """

    def __init__(self, per_second: int = PER_SECOND, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1 / per_second
        self._clock = clock
        self._next = 0.0
        self._waiting: list[tuple[Rank, int, asyncio.Future[None]]] = []
        self._number = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, rank: Rank) -> None:
        """Waits until this request may start."""
        if not self._waiting and self._delay() == 0:
            self._next = self._clock() + self._gap
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._number), future))
        self._ring()
        await future

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
                self._next = self._clock() + self._gap
                future.set_result(None)
                break
        self._ring()

    def guard(self, http: discord.http.HTTPClient, outage: Outage) -> None:
        """Makes every request of a client wait for its turn, and tells how Discord took it."""
        send: Callable[..., Awaitable[Any]] = http.request

        async def request(route: discord.http.Route, **options: Any) -> Any:
            if not route.path.startswith(EXEMPT):
                await self.turn(Rank.REACTION if "/reactions" in route.path else Rank.USUAL)
            if (route.method, route.path) == FORUM_POST:
                # No nonce goes with it: repeated by discord.py after an error, there could be two.
                options["raise_for_status"] = _give_up
            try:
                answer = await send(route, **options)
            except Exception as error:
                if trouble(error) is Trouble.PASSING:
                    outage.failed()
                raise
            outage.answered()
            return answer

        http.request = request  # pyright: ignore[reportAttributeAccessIssue]
