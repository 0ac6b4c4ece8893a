"""What happens in interviews' threads and around them, as Discord reports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.services.interview_answers import InterviewAnswerService
from bot.services.interviews import InterviewService
from bot.workers.interviews import InterviewRunner

if TYPE_CHECKING:
    from bot.app import PracticeBot


@dataclass(eq=False, repr=False)
class InterviewEventsCog(commands.Cog):
    """Hands the gateway's events to the runner of interviews."""

    _clock: Clock
    _interview_answers: InterviewAnswerService
    _interviews: InterviewService
    _runner: InterviewRunner

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Takes answers."""
        await self._runner.message(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follows edits."""
        await self._runner.edit(event.message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Follows deletions."""
        await self._interview_answers.deleted([event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Follows deletions of many messages at once."""
        await self._interview_answers.deleted(list(event.message_ids))

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """An interview without its thread is over."""
        await self._interviews.end_in_thread(event.thread_id, self._clock())

    @commands.Cog.listener()
    async def on_raw_thread_member_remove(self, event: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a thread, where Discord tells."""
        for member_id in event.data.get("removed_member_ids", []):
            await self._interviews.end_in_thread(event.thread_id, self._clock(), int(member_id))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The interviews in a deleted channel's threads are over; those in private messages go on elsewhere."""
        await self._interviews.end_in_channel(channel.id, self._clock())

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self._interviews.end_in_server(guild.id, self._clock())


async def setup(bot: PracticeBot) -> None:
    """Adds the listeners."""
    services = bot.services
    await bot.add_cog(
        InterviewEventsCog(bot.clock, services.interview_answers, services.interviews, bot.workers.interviews)
    )
