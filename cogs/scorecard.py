"""An interview's scorecard: ticking key points. And what happens in interviews' threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.errors import BadInput
from bot.domain.interview import Asked, Interview, Way
from bot.domain.questions import Question
from bot.ui.interview import TAKEN_OUT
from bot.ui.router import say
from bot.ui.scorecard import card_pages, compared, stored_text, tick_form
from bot.ui.ticking import ticked_points

if TYPE_CHECKING:
    from bot.app import PracticeBot


class Scorecard(commands.Cog):
    """Takes the ticks, and tells the interviewer what Discord reports."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on("interview", "tick", self.open_form)
        bot.router.on("interview", "ticked", self.take_form)

    def _question(self, interview: Interview, position: int) -> tuple[Asked, Question]:
        asked = next((found for found in interview.scored if found.position == position), None)
        question = None if asked is None else self.bot.interviews.question(asked)
        if asked is None or question is None:
            raise BadInput(TAKEN_OUT)
        return asked, question

    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Tick the key points you had”."""
        interview_id, position = map(int, words)
        interview, ticked = await self.bot.interviews.ticked(interview_id, position, interaction.user.id)
        await interaction.response.send_modal(tick_form(interview, *self._question(interview, position), ticked))

    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted form of key points."""
        interview_id, position = map(int, words)
        interview = await self.bot.interviews.own(interview_id, interaction.user.id)
        asked, question = self._question(interview, position)
        lacking = await self.bot.interviews.tick(
            interview_id, position, interaction.user.id, ticked_points(interaction), self.bot.clock()
        )
        sheet = await self.bot.interviews.sheet(interview_id)
        if interview.way is Way.FORMS:
            await interaction.response.edit_message(view=card_pages(sheet, asked, question)[-1])
        await say(interaction, stored_text(question, lacking), compared(sheet.score, sheet.last))
        await self.bot.interviewer.bring(interview_id)

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
        await self.bot.interviews.gone(self.bot.clock(), thread_id=event.thread_id)

    @commands.Cog.listener()
    async def on_raw_thread_member_remove(self, event: discord.RawThreadMembersUpdate) -> None:
        """Somebody left a thread, where Discord tells."""
        for member_id in event.data.get("removed_member_ids", []):
            await self.bot.interviews.gone(self.bot.clock(), thread_id=event.thread_id, member_id=int(member_id))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The interviews in a deleted channel's threads are over; those in private messages go on elsewhere."""
        await self.bot.interviews.gone(self.bot.clock(), channel_id=channel.id, way=Way.THREAD)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self.bot.interviews.gone(self.bot.clock(), guild_id=guild.id)


async def setup(bot: PracticeBot) -> None:
    """Adds the buttons and the listeners."""
    await bot.add_cog(Scorecard(bot))
