"""Sends the reminders that the database says are due, in direct messages."""

import asyncio
from collections.abc import Callable

import discord
import structlog

from bot.clock import Clock
from bot.domain.questions import Pack
from bot.services.drills import DrillService
from bot.services.reminders import Due, ReminderService
from bot.ui.reminders import reminder_page
from bot.workers.posts import digest

REFUSED = (50007, 50278)
"""Direct messages are closed, or there is no server any more that both are in."""

log = structlog.get_logger()


class Reminders:
    """Reminds each member at most once a question: it is taken on before it is sent."""

    def __init__(
        self,
        client: discord.Client,
        service: ReminderService,
        drills: DrillService,
        pack: Callable[[], Pack],
        clock: Clock,
    ) -> None:
        self._client = client
        self._service = service
        self._drills = drills
        self._pack = pack
        self._clock = clock
        self._ticking = asyncio.Lock()

    async def tick(self) -> None:
        """Sends what is due; one refused message never stops another."""
        async with self._ticking:
            for due in await self._service.take_due(self._clock()):
                await self._send(due)

    async def _send(self, due: Due) -> None:
        question = self._pack().find(due.drill.question_id or "")
        if question is None:
            return
        page = reminder_page(due.drill, question, await self._drills.closing(due.drill, self._clock()))
        try:
            place = await self._client.create_dm(discord.Object(due.member_id))
            await place.send(view=page, nonce=digest(f"remind:{due.drill.id}:{due.member_id}"))
        except (discord.HTTPException, OSError) as error:
            code = error.code if isinstance(error, discord.HTTPException) else 0
            log.warning("reminder.failed", drill=due.drill.id, code=code)
            if code in REFUSED:
                await self._service.refused(due.member_id, self._clock())
            elif not isinstance(error, discord.HTTPException) or error.status >= 500 or error.status == 429:
                await self._service.failed(due, self._clock())
