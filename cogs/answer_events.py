"""What people write in threads and channels, and what happens to messages and threads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

if TYPE_CHECKING:
    from bot.app import PracticeBot


class AnswerEventsCog(commands.Cog):
    """Hands the gateway's events to the collector."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Collects answers."""
        await self.bot.collector.message(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follows edits."""
        await self.bot.collector.edit(event.message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Follows deletions."""
        await self.bot.collector.delete([event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Follows deletions of many messages at once."""
        await self.bot.collector.delete(event.message_ids)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A drill without its thread goes on."""
        await self.bot.drills.thread_deleted(event.thread_id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """A forum post that is unlocked gets what it is owed."""
        if not event.data["thread_metadata"].get("locked", False):
            await self.bot.drills.unlocked(event.thread_id)

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """A thread opened by hand on a drill's message becomes its thread."""
        await self.bot.drills.thread_made(thread.id)


async def setup(bot: PracticeBot) -> None:
    """Adds the listeners."""
    await bot.add_cog(AnswerEventsCog(bot))
