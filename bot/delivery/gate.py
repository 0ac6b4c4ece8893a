"""The one way on which all requests go to Discord: limited, counted, and repeated only where that is safe."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any

import aiohttp
import discord
import discord.http

from bot.delivery.breaker import Breaker, Paused
from bot.delivery.guard import Trouble, trouble
from bot.delivery.limiter import Limiter, Rank
from bot.delivery.outage import Outage

EXEMPT = ("/interactions/", "/webhooks/")
_Sent = aiohttp.TraceRequestHeadersSentParams | aiohttp.TraceRequestChunkSentParams
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
        self.hear_date: Callable[[str | None], None] = lambda _: None
        """Is given the header `Date` of each answer."""
        self.may_send: Callable[[], bool] | None = None
        """Says whether nobody else can be sending the same; asked as each request that changes anything leaves.
        None where nobody ever can: requests that are not watched take a tenth less of the processor."""
        self.hear_result: Callable[[str, str, str, float], None] = lambda method, path, result, seconds: None
        """Is told of each answer, or that there is none: method, path, result, seconds since the start."""
        self._send: Callable[..., Awaitable[Any]]

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return self._limiter.waiting

    async def _hear(self, route: discord.http.Route, began: float, response: aiohttp.ClientResponse) -> None:
        """Takes note of an answer before discord.py acts on it; raises where that would repeat the request."""
        self.hear_result(route.method, route.path, str(response.status), time.monotonic() - began)
        self._breaker.heard(response.status, response.headers)
        self.hear_date(response.headers.get("Date"))
        if response.status >= 500:
            response.close()
            raise discord.DiscordServerError(response, None)

    def guard(self, http: discord.http.HTTPClient) -> None:
        """Makes every request of a client go through; it must not have logged in yet."""
        self._send = http.request
        http.request = self._request  # pyright: ignore[reportAttributeAccessIssue]
        if self.may_send is not None:
            http.http_trace = aiohttp.TraceConfig()
            http.http_trace.on_request_headers_sent.append(self._leave)
            http.http_trace.on_request_chunk_sent.append(self._leave)

    async def _leave(self, session: aiohttp.ClientSession, context: object, sent: _Sent) -> None:
        """Keeps what nobody may send any more from leaving.

        On the way here a request waits for others of its route, for a connection, and for as long as a 429 says;
        the process may have been frozen meanwhile. aiohttp calls this just before it writes.
        """
        changes = sent.method != "GET" and not any(part in sent.url.path for part in EXEMPT)
        if changes and self.may_send is not None and not self.may_send():
            raise Paused("lease")

    async def ask(self) -> None:
        """Asks Discord something small, in one try, to see whether it is there."""
        with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, OSError), self._noting():
            await self._try(discord.http.Route("GET", "/users/@me"), {})

    async def _request(self, route: discord.http.Route, **options: Any) -> Any:
        with self._noting():
            return await self._repeat(route, options)

    @contextlib.contextmanager
    def _noting(self) -> Generator[None]:
        """Tells whether Discord is there, as a request has found it; a refusal is an answer too."""
        try:
            yield
        except Exception as error:
            kind = trouble(error)
            if kind is Trouble.PASSING:
                self._outage.failed()
            elif kind is Trouble.REFUSED:
                self._outage.answered()
            raise
        self._outage.answered()

    async def _repeat(self, route: discord.http.Route, options: dict[str, Any]) -> Any:
        last = 1 if (route.method, route.path) == FORUM_POST else TRIES
        for number in range(1, last + 1):
            try:
                return await self._try(route, options)
            except discord.DiscordServerError as error:
                if number == last or error.status not in REPEATED:
                    raise
            for file in options.get("files") or ():
                file.reset()
            await self._sleep(2 * number - 1)

    async def _try(self, route: discord.http.Route, options: dict[str, Any]) -> Any:
        if not route.path.startswith(EXEMPT):
            await self._limiter.turn(_rank(route.path))
        began = time.monotonic()
        try:
            if not route.path.startswith(EXEMPT):
                self._breaker.check()
            return await self._send(route, **options, raise_for_status=partial(self._hear, route, began))
        except (aiohttp.ClientError, OSError) as error:
            # aiohttp wraps what is raised as a request leaves.
            paused = next((one for one in (error, error.__cause__) if isinstance(one, Paused)), None)
            result = "unreachable" if paused is None else "paused"
            self.hear_result(route.method, route.path, result, time.monotonic() - began)
            if paused is None:
                raise
            raise Paused(*paused.args) from None
