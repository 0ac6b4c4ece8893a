"""The clock that rings every five seconds; the database decides what is due."""

from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]

SECONDS = 5
log = structlog.get_logger()


class Heartbeat:
    """Calls `beat` every five seconds, never two at a time, and survives its errors."""

    def __init__(self, beat: Callable[[], Awaitable[None]]) -> None:
        self._beat = beat
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    async def _safely(self) -> None:
        try:
            await self._beat()
        except Exception:
            log.exception("heartbeat.failed")

    def start(self) -> None:
        """Starts ringing."""
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            self._safely, "interval", seconds=SECONDS, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Stops ringing; safe when it never rang."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
