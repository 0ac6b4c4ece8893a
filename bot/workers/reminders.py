"""Sends the reminders that the database says are due, in direct messages."""

import asyncio
from collections.abc import Callable

import discord
import structlog

from bot.clock import Clock
from bot.delivery.outbox import fingerprint
from bot.delivery.worker import Worker
from bot.domain.bank import Pack, Question
from bot.domain.drills import Drill
from bot.services.drills import DrillService
from bot.services.reminders import DueReminder, ReminderService
from bot.ui.reminders import reminder_page
from bot.workers.departures import DepartureWatch

REFUSED = (50007, 50278)
"""Direct messages are closed, or there is no server any more that both are in."""

log = structlog.get_logger()


class ReminderSender(Worker):
    """Reminds each member at most once a question: it is taken on before it is sent."""

    def __init__(
        self,
        client: discord.Client,
        service: ReminderService,
        drills: DrillService,
        pack: Callable[[], Pack],
        presence: DepartureWatch,
        clock: Clock,
    ) -> None:
        super().__init__()
        self._client = client
        self._service = service
        self._drills = drills
        self._pack = pack
        self._presence = presence
        self._clock = clock
        self._ticking = asyncio.Lock()

    async def step(self) -> None:
        """Sends what is due; one refused message never stops another."""
        async with self._ticking:
            for due in await self._service.due(self._clock()):
                question = self._pack().find(due.drill.question_id or "")
                if not await self._service.take(due, self._clock()) or question is None:
                    continue
                try:
                    if await self._can_read(due.member_id, due.drill):
                        await self._send(due, question)
                except discord.HTTPException as error:
                    log.warning("reminder.failed", drill=due.drill.id, status=error.status, code=error.code)
                    if error.code in REFUSED:
                        await self._service.refused(due.member_id, self._clock())
                    elif error.status >= 500 or error.status == 429:
                        await self._service.failed(due, self._clock())
                except Exception as error:
                    log.error("reminder.failed", drill=due.drill.id, error=type(error).__name__, exc_info=error)
                    await self._service.failed(due, self._clock())

    async def _can_read(self, member_id: int, drill: Drill) -> bool:
        """Whether a member is in the server still and sees the channel: a reminder carries the question's words.

        Discord tells nobody without the Members intent who leaves, so it is asked for each reminder.
        """
        guild = self._client.get_guild(drill.guild_id)
        channel = None if guild is None else guild.get_channel(drill.channel_id)
        if guild is None or channel is None:
            return False
        try:
            member = await guild.fetch_member(member_id)
        except discord.NotFound as error:
            await self._presence.not_found(guild.id, member_id, error)
            return False
        return channel.permissions_for(member).view_channel

    async def _send(self, due: DueReminder, question: Question) -> None:
        page = reminder_page(due.drill, question, await self._drills.closing(due.drill, self._clock()))
        place = await self._client.create_dm(discord.Object(due.member_id))
        await place.send(view=page, nonce=fingerprint(f"remind:{due.drill.id}:{due.member_id}"))
