"""The first words in a server, and its coming and going: what people did meanwhile is made up for."""

from dataclasses import dataclass

import discord
import structlog
from discord.ext import commands

from bot.clock import Clock
from bot.services.servers import ServerService
from bot.workers.server_watch import ServerWatch
from bot.workers.servers import Attendance

log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class ServersCog(commands.Cog):
    """Follows the bot's own coming and going, and what changes what it may see."""

    _clock: Clock
    _servers: ServerService
    _watch: ServerWatch
    _attendance: Attendance

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greets once, where somebody reads it."""
        await self._servers.joined(guild.id)
        log.info("server.joined", server=guild.id, members=guild.member_count)
        await self._watch.greet(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Remembers since when the bot is gone."""
        self._attendance.missed(guild.id)
        await self._servers.left(guild.id, self._clock())
        log.info("server.left", server=guild.id)

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Discord has lost a server for a while."""
        log.warning("server.unavailable", server=guild.id)
        self._attendance.missed(guild.id)

    @commands.Cog.listener("on_guild_join")
    @commands.Cog.listener("on_guild_available")
    async def on_server(self, guild: discord.Guild) -> None:
        """The bot has a server, maybe again; at the start of a session it is told so of all of them."""
        await self._attendance.access_changed(guild.shard_id, guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Permissions in a channel may have changed."""
        if before.overwrites != after.overwrites:
            await self._attendance.access_changed(after.guild.shard_id, after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role's permissions may have changed, for those who have it."""
        if before.permissions != after.permissions and (after.is_default() or after in after.guild.me.roles):
            await self._attendance.access_changed(after.guild.shard_id, after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """What a role denied may be allowed now."""
        await self._attendance.access_changed(role.guild.shard_id, role.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """The bot itself got or lost a role; it is told of nobody else."""
        if after == after.guild.me and before.roles != after.roles:
            await self._attendance.access_changed(after.guild.shard_id, after.guild.id)
