"""Erases what people wrote once it is older than the operator's setting allows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.worker import Worker
from bot.domain.backoff import has_rested
from bot.services.agenda import Agenda
from bot.services.answers import AnswerService
from bot.services.interviews import InterviewService
from bot.services.mistakes import MistakeService

EVERY = timedelta(minutes=1)


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
