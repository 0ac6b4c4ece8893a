"""What happens to interviews' threads, as Discord reports it; their messages come by `cogs.answer_events`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.interviews import InterviewWay

if TYPE_CHECKING:
    from bot.app import PracticeBot


class InterviewEventsCog(commands.Cog):
    """Hands the gateway's events to the runner of interviews."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """An interview without its thread is over."""
        await self.bot.interviews.gone(self.bot.clock(), thread_id=event.thread_id)

    @commands.Cog.listener()
    async def on_raw_thread_member_remove(self, event: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a thread, where Discord tells."""
        for member_id in event.data.get("removed_member_ids", []):
            await self.bot.interviews.gone(self.bot.clock(), thread_id=event.thread_id, member_id=int(member_id))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The interviews in a deleted channel's threads are over; those in private messages go on elsewhere."""
        await self.bot.interviews.gone(self.bot.clock(), channel_id=channel.id, way=InterviewWay.THREAD)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self.bot.interviews.gone(self.bot.clock(), guild_id=guild.id)


async def setup(bot: PracticeBot) -> None:
    """Adds the listeners."""
    await bot.add_cog(InterviewEventsCog(bot))
