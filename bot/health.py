"""Answers those who watch the process: whether it lives, and whether it does its work."""

import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.settings import BadSettings

OLD_BEAT_SECONDS = 120.0
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
STOP_SECONDS = 0.5
"""How long answers that are under way may take when the bot stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What shows how a bot is.

    Attributes:
        gateway: whether every shard's connection to Discord stands.
        beat_at: when the heartbeat rang last, in seconds of a clock that never goes back.
        trouble: why nothing can be stored, as NotStored names it.
        migrated: whether the database has been brought up to date.
        caught_up: whether everything that people wrote while the bot was away has been read.
    """

    gateway: bool = False
    beat_at: float | None = None
    trouble: str | None = None
    migrated: bool = False
    caught_up: bool = False

    def alive(self, now: float) -> dict[str, bool]:
        """What must hold so that the process need not be looked after, at an instant of the same clock."""
        beats = self.beat_at is not None and now - self.beat_at < OLD_BEAT_SECONDS
        return {"gateway": self.gateway, "heartbeat": beats, "storage": self.trouble is None}

    def ready(self) -> dict[str, bool]:
        """What must hold so that an update may go on with the next process."""
        return {"gateway": self.gateway, "migrated": self.migrated, "caught_up": self.caught_up}


@contextlib.asynccontextmanager
async def serve_health(
    host: str,
    port: int,
    signs: Callable[[], Signs],
    numbers: Callable[[], Awaitable[bytes]],
    seconds: Callable[[], float] = time.monotonic,
) -> AsyncGenerator[None]:
    """Serves `/healthz` and `/readyz`: 200 while all is well, else 503, with what is and what is not.

    `/metrics` has what is measured, whether all is well or not.

    Args:
        host: the address to listen on; it is for those who watch alone, and asks nobody who they are.
        port: 0 serves nothing.
        signs: how the bot is now.
        numbers: what is measured, as Prometheus reads it.
        seconds: the clock by which the heartbeat is counted.

    Raises:
        BadSettings: the address cannot be listened on.
    """
    if not port:
        yield
        return
    # Half of aiohttp, for which nothing else has a use.
    from aiohttp import web

    def verdict(state: Mapping[str, bool]) -> web.Response:
        return web.json_response(state, status=200 if all(state.values()) else 503)

    async def healthz(_: web.Request) -> web.Response:
        return verdict(signs().alive(seconds()))

    async def readyz(_: web.Request) -> web.Response:
        return verdict(signs().ready())

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=await numbers(), headers={"Content-Type": PROMETHEUS})

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise BadSettings(
                f"I can't listen on {host}, port {port} ({error.strerror}): choose another port in "
                "MOCKINGBIRD_HTTP_PORT (0: none), or another address of this machine in MOCKINGBIRD_HTTP_HOST."
            ) from error
        yield
    finally:
        await runner.cleanup()
