"""Asks Discord whether those who have not been seen for long are still there.

Without the Members intent, which is not asked for, Discord tells nobody who leaves.
"""

import asyncio
from dataclasses import dataclass, field

import discord
import structlog

from bot.clock import Clock
from bot.delivery.codes import UNKNOWN_MEMBER
from bot.delivery.worker import Worker
from bot.services.agenda import Agenda
from bot.services.departures import DepartureService, MemberKey

log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class DepartureWatch(Worker):
    """Looks after some silent members at each beat, and notes who has left."""

    _client: discord.Client
    _service: DepartureService
    _clock: Clock
    _ticking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def is_due(self, agenda: Agenda) -> bool:
        """Whether there is anybody to ask about."""
        return agenda.departures

    async def step(self) -> None:
        """Asks about those whose turn it is. What Discord refuses or fails to say is asked again in a week."""
        async with self._ticking:
            asked_at = self._clock()
            left = [person for person in await self._service.claim(asked_at) if await self._has_left(person)]
            if left:
                gone = await self._service.mark_left(left, asked_at)
                log.info("presence.gone", members=len(gone))

    async def _has_left(self, person: MemberKey) -> bool:
        guild = self._client.get_guild(person.guild_id)
        if guild is None or guild.unavailable:
            return False
        try:
            await guild.fetch_member(person.member_id)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_MEMBER:
                return True
            log.warning("presence.not_said", server=guild.id, status=error.status, code=error.code)
        except Exception as error:
            log.error("presence.failed", server=guild.id, error=type(error).__name__, exc_info=error)
        return False

    async def not_found(self, guild_id: int, member_id: int, error: discord.HTTPException) -> None:
        """Notes a member as gone where Discord said so in passing; other errors say nothing."""
        if error.code == UNKNOWN_MEMBER:
            await self._service.mark_left([MemberKey(guild_id, member_id)], self._clock())
