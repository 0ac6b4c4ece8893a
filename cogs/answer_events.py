"""What people write in threads and channels, and what happens to messages and threads there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.services.drills import DrillService
from bot.workers.answer_reader import AnswerIngest

if TYPE_CHECKING:
    from bot.app import PracticeBot


@dataclass(eq=False, repr=False)
class AnswerEventsCog(commands.Cog):
    """Hands the gateway's events to the collector."""

    _drills: DrillService
    _ingest: AnswerIngest

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Collects answers."""
        await self._ingest.message(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follows edits."""
        await self._ingest.edit(event.message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Follows deletions."""
        await self._ingest.delete([event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Follows deletions of many messages at once."""
        await self._ingest.delete(event.message_ids)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A drill without its thread goes on."""
        await self._drills.thread_gone(event.thread_id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """A forum post that is unlocked gets what it is owed."""
        if not event.data["thread_metadata"].get("locked", False):
            await self._drills.unlocked(event.thread_id)

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """A thread opened by hand on a drill's message becomes its thread."""
        await self._drills.thread_made(thread.id)


async def setup(bot: PracticeBot) -> None:
    """Adds the listeners."""
    await bot.add_cog(AnswerEventsCog(bot.services.drills, bot.workers.answer_reader))
