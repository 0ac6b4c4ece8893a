"""Rings at the very instant at which something is due, as the database says."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from bot.clock import Clock

GRACE_SECONDS = 2.0
REST_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 60.0
"""After this long it asks again what is due next, although nobody said that this has changed."""
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)
log = structlog.get_logger()


class Alarm:
    """Waits for the earliest due instant and rings; `moved` says that another may be the earliest now.

    The heartbeat does the same work every five seconds: the alarm only makes it punctual.

    Args:
        earliest: reads from the database when something is due next, after the instant it is given.
        ring: does what is due.
    """

    def __init__(
        self,
        earliest: Callable[[datetime], Awaitable[datetime | None]],
        ring: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._earliest = earliest
        self._ring = ring
        self._clock = clock
        self._news = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Starts waiting."""
        self._task = asyncio.create_task(self._run())

    def moved(self) -> None:
        """The earliest instant may be another one now."""
        self._news.set()

    async def stop(self) -> None:
        """Stops waiting, and gives what is being done a few seconds to end; safe when it was never started."""
        self._stopping = True
        self._news.set()
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._task), GRACE_SECONDS)
        self._task.cancel()

    async def _run(self) -> None:
        # What was rung for and is due still is out of order: the heartbeat goes on with it, the alarm with others.
        rung = BEGINNING
        while not self._stopping:
            self._news.clear()
            if rung > self._clock():  # the clock was set back
                rung = BEGINNING
            try:
                at = await self._earliest(rung)
                wait = LOOK_AGAIN_SECONDS if at is None else (at - self._clock()).total_seconds()
                if at is None or wait > 0:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), min(wait, LOOK_AGAIN_SECONDS))
                    continue
                await self._ring()
                rung = at
            except Exception:
                log.exception("alarm.failed")
                await asyncio.sleep(REST_SECONDS)
