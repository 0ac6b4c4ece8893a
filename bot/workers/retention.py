"""Erases what people wrote once it is older than it may become, also in the copies that upgrades made."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.worker import Worker
from bot.domain.backoff import has_rested
from bot.services.agenda import Agenda
from bot.services.answers import AnswerService
from bot.services.backups import end_old_copies
from bot.services.interviews import InterviewService
from bot.services.mistakes import MistakeService

EVERY = timedelta(minutes=1)
COPIES_EVERY = timedelta(hours=1)


@dataclass(eq=False, repr=False)
class TextRetention(Worker):
    """Erases old texts, once a minute at most.

    Args:
        keep: how long a text stays stored.
    """

    _answers: AnswerService
    _interviews: InterviewService
    _mistakes: MistakeService
    _keep: timedelta
    _clock: Clock
    _erased_at: datetime | None = field(default=None, init=False)

    def is_due(self, agenda: Agenda) -> bool:
        """Whether there are old texts, and the last ones were erased a minute ago."""
        return agenda.old_texts and has_rested(self._erased_at, self._clock(), EVERY)

    async def step(self) -> None:
        """Erases old texts of answers, interviews and reports of mistakes."""
        now = self._clock()
        await self._answers.forget(now - self._keep)
        await self._interviews.forget(now - self._keep)
        await self._mistakes.forget(now - self._keep)
        self._erased_at = now


@dataclass(eq=False, repr=False)
class CopyRetention(Worker):
    """Ends the copies that upgrades made of the database, once an hour.

    Args:
        url: of the database.
    """

    _url: str
    _clock: Clock
    _looked_at: datetime | None = field(default=None, init=False)

    def is_due(self, agenda: Agenda) -> bool:
        """Whether the last look is an hour ago."""
        return has_rested(self._looked_at, self._clock(), COPIES_EVERY)

    async def step(self) -> None:
        """Deletes what is too old; files can be slow, so not on the event loop."""
        self._looked_at = self._clock()
        await asyncio.to_thread(end_old_copies, self._url, self._looked_at)
