"""Erases what people wrote once it is older than the operator's setting allows."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.worker import Worker
from bot.services.answers import AnswerService
from bot.services.interviews import InterviewService

EVERY = timedelta(minutes=1)


class TextRetention(Worker):
    """Looks for old texts once a minute.

    Args:
        keep: how long a text stays stored.
    """

    def __init__(self, answers: AnswerService, interviews: InterviewService, keep: timedelta, clock: Clock) -> None:
        super().__init__()
        self._answers = answers
        self._interviews = interviews
        self._keep = keep
        self._clock = clock
        self._looked_at: datetime | None = None

    async def step(self) -> None:
        """Erases old texts of answers and interviews."""
        now = self._clock()
        if self._looked_at is not None and now - self._looked_at < EVERY:
            return
        await self._answers.forget(now - self._keep)
        await self._interviews.forget(now - self._keep)
        self._looked_at = now
