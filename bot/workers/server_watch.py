"""In which servers the bot is: what happened while it was away, its first words, and what it leaves behind."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import discord
import structlog

from bot.clock import Clock
from bot.delivery.absence import Absence
from bot.delivery.worker import Worker
from bot.domain.backoff import has_rested
from bot.services.agenda import Agenda
from bot.services.interviews import InterviewService
from bot.services.servers import ServerService
from bot.ui.kit.languages import speaking_to_server
from bot.ui.tracks import greeting_page

EVERY = timedelta(hours=1)
log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class ServerWatch(Worker):
    """Compares the servers that are known with those that Discord names, and erases those that are long gone."""

    _client: discord.AutoShardedClient
    _servers: ServerService
    _interviews: InterviewService
    _clock: Clock
    _looked_at: datetime | None = field(default=None, init=False)

    async def catch_up(self, absence: Absence) -> None:
        """Notices who has invited or removed the bot while a shard was away."""
        if not absence.new_session:
            return
        shard_id, shards = absence.shard_id, self._client.shard_count or 1
        present = {guild.id: guild for guild in self._client.guilds if guild.shard_id == shard_id}
        changes = await self._servers.compare(list(present), shard_id, shards, self._clock())
        for guild_id in changes.removed:
            log.info("server.left", server=guild_id, meanwhile=True)
            await self._interviews.end_in_server(guild_id, self._clock())
        for guild_id in changes.new:
            log.info("server.joined", server=guild_id, members=present[guild_id].member_count, meanwhile=True)
            await self.greet(present[guild_id])

    async def greet(self, guild: discord.Guild) -> None:
        """Greets a server once, where somebody reads it."""
        for channel in filter(None, (guild.system_channel, *guild.text_channels)):
            held = channel.permissions_for(guild.me)
            if held.view_channel and held.send_messages:
                if await self._servers.greet(guild.id, self._clock()):
                    with contextlib.suppress(discord.HTTPException):
                        with speaking_to_server(self._client, guild.id):
                            page = greeting_page()
                        await channel.send(view=page)
                return

    def is_due(self, agenda: Agenda) -> bool:
        """Whether an hour has passed."""
        return has_rested(self._looked_at, self._clock(), EVERY)

    async def step(self) -> None:
        """Erases the data of servers that removed the bot long ago, unless it is there after all."""
        now = self._clock()
        for guild_id in await self._servers.to_erase(now):
            if self._client.get_guild(guild_id) is None:
                log.info("server.erased", server=guild_id)
                await self._servers.erase(guild_id, now)
        self._looked_at = now
