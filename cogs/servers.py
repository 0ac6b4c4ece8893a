"""The first words in a server, and what is remembered when the bot goes."""

import contextlib
from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.services.servers import ServerService
from bot.ui import tracks


@dataclass(eq=False, repr=False)
class ServersCog(commands.Cog):
    """Follows the bot's own coming and going."""

    _clock: Clock
    _servers: ServerService

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greets once, where somebody reads it."""
        await self._servers.joined(guild.id)
        for channel in filter(None, (guild.system_channel, *guild.text_channels)):
            held = channel.permissions_for(guild.me)
            if held.view_channel and held.send_messages:
                if await self._servers.greet(guild.id, self._clock()):
                    with contextlib.suppress(discord.HTTPException):
                        await channel.send(view=tracks.greeting_page())
                return

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Remembers since when the bot is gone."""
        await self._servers.left(guild.id, self._clock())
