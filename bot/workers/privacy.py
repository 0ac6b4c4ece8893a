"""Deletes the bot's messages about people who had their data deleted; what Discord refuses stays owed."""

from dataclasses import dataclass
from datetime import timedelta

import discord

from bot.clock import Clock
from bot.delivery.codes import UNKNOWN_CHANNEL
from bot.delivery.guard import Trouble, report
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.backoff import pause
from bot.services.agenda import Agenda
from bot.services.privacy import OwedErasure, PrivacyService

AT_ONCE = 20
REFUSED_PAUSE = timedelta(days=1)
MOST_UNKNOWN = 30
"""Discord does not know places either that it hides from the bot: after about a month one counts as deleted."""


@dataclass(eq=False, repr=False)
class PostEraser(Worker):
    """Deletes some messages at each beat."""

    _client: discord.Client
    _service: PrivacyService
    _outbox: Outbox
    _clock: Clock

    def is_due(self, agenda: Agenda) -> bool:
        """Whether a message has to go."""
        return agenda.erasures

    async def step(self) -> None:
        """Deletes what may be tried now; one that cannot be deleted never stops another."""
        for owed in await self._service.owed(self._clock(), AT_ONCE):
            try:
                await self._outbox.erase(owed.guild_id, owed.channel_id, owed.message_id)
            except Exception as error:
                await self._failed(owed, error)
            else:
                await self._service.erased(owed.id)

    async def _failed(self, owed: OwedErasure, error: Exception) -> None:
        kind = report("erasure.failed", error, server=owed.guild_id, channel=owed.channel_id)
        unknown = isinstance(error, discord.HTTPException) and error.code == UNKNOWN_CHANNEL
        if unknown and owed.attempts >= MOST_UNKNOWN and self._client.get_guild(owed.guild_id) is not None:
            await self._service.erased(owed.id)
            return
        wait = REFUSED_PAUSE if kind is Trouble.REFUSED else pause(owed.attempts)
        await self._service.put_off(owed.id, self._clock() + wait)
