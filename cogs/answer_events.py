"""What people write in threads and channels, and what happens to messages and threads there.

One look says whose a message is: a drill's, an interview's, or nobody's.
"""

from dataclasses import dataclass
from functools import partial

import discord
from discord.ext import commands

from bot.services.drill_places import DrillPlaceService
from bot.workers.answer_reader import AnswerIngest
from bot.workers.events import Events
from bot.workers.interviews import InterviewRunner


@dataclass(eq=False, repr=False)
class AnswerEventsCog(commands.Cog):
    """Hands the gateway's events to the ingest of answers, and what is an interview's to its runner.

    One thing at a time happens to a message: a deletion that follows closely waits until the message is stored,
    also where that fails for a while.
    """

    _events: Events
    _drills: DrillPlaceService
    _ingest: AnswerIngest
    _runner: InterviewRunner

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Collects answers, to drills and in interviews."""
        late = await self._events.follow([message.id], partial(self._written, message))
        if late:  # the history is read then, message by message
            await self._runner.go_on(message.channel.id)

    async def _written(self, message: discord.Message) -> bool:
        removal = message.type is discord.MessageType.recipient_remove
        return (removal or await self._ingest.message(message)) and await self._runner.message(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follows edits."""
        await self._events.follow([event.message_id], partial(self._ingest.edit, event.message))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Follows deletions."""
        await self._events.follow([event.message_id], partial(self._ingest.delete, {event.message_id}))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Follows deletions of many messages at once."""
        await self._events.follow(event.message_ids, partial(self._ingest.delete, event.message_ids))

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A drill without its thread goes on."""
        await self._events.follow([event.thread_id], partial(self._drills.thread_deleted, event.thread_id))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """What was said in a deleted practice channel is erased."""
        await self._events.follow([channel.id], partial(self._drills.channel_deleted, channel.id))

    @commands.Cog.listener()
    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """A thread that is unlocked gets what it is owed."""
        if not event.data["thread_metadata"].get("locked", False):
            await self._events.follow([event.thread_id], partial(self._drills.unlocked, event.thread_id))

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """A thread opened by hand on a drill's message becomes its thread; the bot's own are recorded as such."""
        if thread.owner_id != thread.guild.me.id:
            await self._events.follow([thread.id], partial(self._drills.thread_made, thread.id))
