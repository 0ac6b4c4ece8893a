"""What happens to interviews' threads, as Discord reports it; their messages come by `cogs.answer_events`."""

from dataclasses import dataclass
from functools import partial

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.services.interview_answers import InterviewAnswerService
from bot.services.interviews import InterviewService
from bot.workers.events import Events


@dataclass(eq=False, repr=False)
class InterviewEventsCog(commands.Cog):
    """Ends interviews whose place or member is gone; their messages come by way of `cogs.answer_events`."""

    _clock: Clock
    _events: Events
    _interviews: InterviewService
    _answers: InterviewAnswerService

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """An interview without its thread is over, and what was written in it is erased."""
        ended = partial(self._interviews.end_in_thread, event.thread_id, self._clock())
        await self._events.follow([event.thread_id], ended)
        await self._events.follow([event.thread_id], partial(self._answers.thread_deleted, event.thread_id))

    @commands.Cog.listener()
    async def on_raw_thread_member_remove(self, event: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a thread, where Discord tells."""
        for member_id in event.data.get("removed_member_ids", []):
            ended = partial(self._interviews.end_in_thread, event.thread_id, self._clock(), int(member_id))
            await self._events.follow([event.thread_id], ended)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The interviews in a deleted channel's threads are over; those in private messages go on elsewhere."""
        ended = partial(self._interviews.end_in_channel, channel.id, self._clock())
        await self._events.follow([channel.id], ended)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self._events.follow([guild.id], partial(self._interviews.end_in_server, guild.id, self._clock()))
