"""What happens in interviews' threads and around them, as Discord reports it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

if TYPE_CHECKING:
    from bot.app import PracticeBot


class InterviewEventsCog(commands.Cog):
    """Hands the gateway's events to the runner of interviews."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Takes answers."""
        await self.bot.interviewer.message(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follows edits."""
        await self.bot.interviewer.edit(event.message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Follows deletions."""
        await self.bot.interview_answers.deleted([event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Follows deletions of many messages at once."""
        await self.bot.interview_answers.deleted(list(event.message_ids))

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """An interview without its thread is over."""
        await self.bot.interviews.end_in_thread(event.thread_id, self.bot.clock())

    @commands.Cog.listener()
    async def on_raw_thread_member_remove(self, event: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a thread, where Discord tells."""
        for member_id in event.data.get("removed_member_ids", []):
            await self.bot.interviews.end_in_thread(event.thread_id, self.bot.clock(), int(member_id))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The interviews in a deleted channel's threads are over; those in private messages go on elsewhere."""
        await self.bot.interviews.end_in_channel(channel.id, self.bot.clock())

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self.bot.interviews.end_in_server(guild.id, self.bot.clock())


async def setup(bot: PracticeBot) -> None:
    """Adds the listeners."""
    await bot.add_cog(InterviewEventsCog(bot))
