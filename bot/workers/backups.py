"""Backs the database up every so many hours, where the operator wants it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.delivery.worker import Worker
from bot.domain.backoff import has_rested
from bot.services.agenda import Agenda
from bot.services.backups import BackupFailed, TriedBackup, last_made

TRY_AGAIN = timedelta(hours=1)
log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class BackupMaker(Worker):
    """Makes one backup after the other; a restart makes none before its time.

    Args:
        url: of the database.
        make: makes and checks a backup of it.
        every: from one to the next; zero for none.
    """

    _url: str
    _make: Callable[[str], Awaitable[TriedBackup]]
    _every: timedelta
    _clock: Clock
    _made_at: datetime | None = field(default=None, init=False)
    _failed_at: datetime | None = field(default=None, init=False)

    def is_due(self, agenda: Agenda) -> bool:
        """Whether the last backup is old enough, and none has failed just now."""
        now = self._clock()
        return bool(
            self._every
            and has_rested(self._made_at, now, self._every)
            and has_rested(self._failed_at, now, min(TRY_AGAIN, self._every))
        )

    async def step(self) -> None:
        """Makes a backup, unless there is one that is new enough: made before a restart, or by hand."""
        now = self._clock()
        self._made_at = self._made_at or await asyncio.to_thread(last_made, self._url)
        if not has_rested(self._made_at, now, self._every):
            return
        try:
            made = await self._make(self._url)
        except (BackupFailed, OSError) as error:
            self._failed_at = now
            wait = min(TRY_AGAIN, self._every)
            log.error("backup.failed", said=str(error), next_try_seconds=round(wait.total_seconds()))
            return
        self._made_at, self._failed_at = now, None
        if made.agrees:
            log.info("backup.made", said=made.told)
        else:
            log.warning("backup.disagrees", said=made.told)
