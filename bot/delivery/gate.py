"""The one way on which all requests go to Discord: limited, counted, and repeated only where that is safe."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import discord.http

from bot.delivery.breaker import Breaker
from bot.delivery.guard import Trouble, trouble
from bot.delivery.limiter import Limiter, Rank
from bot.delivery.outage import Outage

EXEMPT = ("/interactions/", "/webhooks/")
FORUM_POST = ("POST", "/channels/{channel_id}/threads")
"""No nonce goes with it: repeated after an error, there could be two posts."""
REPEATED = frozenset({500, 502, 504, 524})
TRIES = 5


def _rank(path: str) -> Rank:
    if "/reactions" in path:
        return Rank.REACTION
    return Rank.THREAD if path.endswith("/threads") else Rank.USUAL


class Gate:
    """Lets a client's requests pass, each try in its turn.

    Discord counts each try. discord.py repeats failed requests by itself, below every limit, so that is left to the
    gate: the same errors, as often, after the same pauses.

    Args:
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        limiter: Limiter,
        breaker: Breaker,
        outage: Outage,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._limiter = limiter
        self._breaker = breaker
        self._outage = outage
        self._sleep = sleep

    async def _hear(self, response: aiohttp.ClientResponse) -> None:
        """Takes note of an answer before discord.py acts on it; raises where that would repeat the request."""
        self._breaker.heard(response.status, response.headers)
        if response.status >= 500:
            response.close()
            raise discord.DiscordServerError(response, None)

    def guard(self, http: discord.http.HTTPClient) -> None:
        """Makes every request of a client go through."""
        send: Callable[..., Awaitable[Any]] = http.request

        async def request(route: discord.http.Route, **options: Any) -> Any:
            counted = not route.path.startswith(EXEMPT)
            rank = _rank(route.path)
            last = 1 if (route.method, route.path) == FORUM_POST else TRIES
            for number in range(1, last + 1):
                if counted:
                    await self._limiter.turn(rank)
                    self._breaker.check()
                try:
                    answer = await send(route, **options, raise_for_status=self._hear)
                except Exception as error:
                    if trouble(error) is Trouble.PASSING:
                        self._outage.failed()
                    again = isinstance(error, discord.DiscordServerError) and error.status in REPEATED
                    if number == last or not again:
                        raise
                    for file in options.get("files") or ():
                        file.reset()
                    await self._sleep(2 * number - 1)
                else:
                    self._outage.answered()
                    return answer

        http.request = request  # pyright: ignore[reportAttributeAccessIssue]
