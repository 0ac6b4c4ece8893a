"""Sends the reminders that the database says are due, in direct messages."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import discord
import structlog

from bot.clock import Clock
from bot.delivery.channels import Outgoing
from bot.delivery.codes import DIRECT_MESSAGES_CLOSED, NO_SERVER_IN_COMMON
from bot.delivery.guard import Trouble, of, report, trouble
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.bank import Banks, Question
from bot.domain.drills import Drill
from bot.services.agenda import Agenda
from bot.services.drills import DrillService
from bot.services.reminders import DueReminder, ReminderService, mark_sent
from bot.ui.kit.languages import speaking_to_server
from bot.ui.reminders import reminder_page
from bot.workers.departures import DepartureWatch

REFUSED = (DIRECT_MESSAGES_CLOSED, NO_SERVER_IN_COMMON)
"""Direct messages are closed, or there is no server any more that both are in."""

log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class ReminderSender(Worker):
    """Reminds each member once a question."""

    _client: discord.Client
    _service: ReminderService
    _drills: DrillService
    _banks: Banks
    _presence: DepartureWatch
    _outbox: Outbox
    _clock: Clock
    _ticking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def is_due(self, agenda: Agenda) -> bool:
        """Whether there are reminders to send or to call off."""
        return agenda.reminders

    async def step(self) -> None:
        """Sends what is due; one refused message never stops another."""
        async with self._ticking:
            sent, drills = Counter[int](), dict[int, Drill]()
            for due in await self._service.due(self._clock()):
                if await self._service.book_try(due):
                    drills[due.drill.id] = due.drill
                    sent[due.drill.id] += await self._guard(due)
            for drill_id, count in (+sent).items():
                log.info("reminders.sent", **of("drill", drills[drill_id]), count=count)

    async def _guard(self, due: DueReminder) -> bool:
        """Whether a reminder was sent."""
        question = self._banks.of(due.drill.guild_id).asked(due.drill.question_id, due.drill.claimed_at)
        try:
            if question is None or not await self._can_read(due.member_id, due.drill):
                await self._service.finish(due, self._clock())
                return False
            with speaking_to_server(self._client, due.drill.guild_id):
                await self._send(due, question)
        except Exception as error:
            if trouble(error) is not Trouble.REFUSED:
                until = await self._service.failed(due, self._clock())
                report("reminder.failed", error, **of("drill", due.drill, until))
                return False
            await self._service.finish(due, self._clock())
            report("reminder.refused", error, **of("drill", due.drill))
            if isinstance(error, discord.HTTPException) and error.code in REFUSED:
                await self._service.refused(due.member_id, self._clock())
            return False
        return True

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
        out = Outgoing(to=self._outbox.to_place(place), key=f"member:{due.member_id}", page=page)
        look = due.drill.opened_at if due.attempts else None
        await self._outbox.send(
            due.owner, out, look=look, after=lambda conn, sent: mark_sent(conn, due, self._clock())
        )
