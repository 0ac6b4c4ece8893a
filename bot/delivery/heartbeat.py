"""The clock that rings every five seconds; the database decides what is due."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]

SECONDS = 5
GRACE_SECONDS = 4.0
log = structlog.get_logger()


class Heartbeat:
    """Calls `beat` every five seconds, never two at a time, and survives its errors.

    The scheduler's own intervals look at the wall clock: set back by two hours, they would not ring for two hours.
    So the event loop counts the seconds, and hands the scheduler a job for now each time.
    """

    def __init__(self, beat: Callable[[], Awaitable[None]]) -> None:
        self._beat = beat
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._timer: asyncio.TimerHandle | None = None
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

    def _ring(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(SECONDS, self._ring)
        if self._idle.is_set():
            self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
                self._safely, id="beat", replace_existing=True, misfire_grace_time=None
            )

    def start(self) -> None:
        """Starts ringing."""
        self._scheduler.start()
        self._timer = asyncio.get_running_loop().call_later(SECONDS, self._ring)

    async def stop(self) -> None:
        """Stops ringing, and gives a beat that is under way a few seconds to end; safe when it never rang."""
        if self._timer is None:
            return
        self._timer.cancel()
        self._timer = None
        # The scheduler's own shutdown would cancel the beat in the middle of a delivery.
        self._scheduler.pause()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), GRACE_SECONDS)
        self._scheduler.shutdown(wait=False)
