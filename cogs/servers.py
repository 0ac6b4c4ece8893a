"""The first words in a server, and what is remembered when the bot goes."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.ui import tracks

if TYPE_CHECKING:
    from bot.app import PracticeBot


class ServersCog(commands.Cog):
    """Follows the bot's own coming and going."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greets once, where somebody reads it."""
        await self.bot.servers.joined(guild.id)
        for channel in filter(None, (guild.system_channel, *guild.text_channels)):
            held = channel.permissions_for(guild.me)
            if held.view_channel and held.send_messages:
                if await self.bot.servers.greet(guild.id, self.bot.clock()):
                    with contextlib.suppress(discord.HTTPException):
                        await channel.send(view=tracks.greeting_page())
                return

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Remembers since when the bot is gone."""
        await self.bot.servers.left(guild.id, self.bot.clock())


async def setup(bot: PracticeBot) -> None:
    """Adds the listeners."""
    await bot.add_cog(ServersCog(bot))
