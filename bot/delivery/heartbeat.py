"""The clock that rings every five seconds; the database decides what is due."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]

SECONDS = 5
GRACE_SECONDS = 5.0
log = structlog.get_logger()


class Heartbeat:
    """Calls `beat` every five seconds, never two at a time, and survives its errors."""

    def __init__(self, beat: Callable[[], Awaitable[None]]) -> None:
        self._beat = beat
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._idle = asyncio.Event()
        self._idle.set()

    async def _safely(self) -> None:
        self._idle.clear()
        try:
            await self._beat()
        except Exception:
            log.exception("heartbeat.failed")
        finally:
            self._idle.set()

    def start(self) -> None:
        """Starts ringing."""
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            self._safely, "interval", seconds=SECONDS, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Stops ringing, and gives a beat that is under way a few seconds to end; safe when it never rang."""
        if not self._scheduler.running:
            return
        # The scheduler's own shutdown would cancel the beat in the middle of a delivery.
        self._scheduler.pause()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), GRACE_SECONDS)
        self._scheduler.shutdown(wait=False)
