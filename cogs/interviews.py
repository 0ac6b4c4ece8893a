"""`/interview start`: begins an interview, or goes on with the one that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import BadInput
from bot.domain.interviews import Interview, InterviewState, InterviewWay
from bot.services.interviews import NewInterview
from bot.ui.interviews import FOR_PRACTICE, NO_THREADS, intro_text, running_page
from bot.ui.kit import options
from bot.ui.kit.layouts import Page
from bot.ui.kit.permissions import may_open_private_threads
from bot.ui.kit.router import say
from bot.ui.private_interview import show

if TYPE_CHECKING:
    from bot.app import PracticeBot

NO_THREAD_YET = (
    "I cannot open your thread just now. I keep trying and add you to it; `/interview start` says how it stands."
)
MOST_QUESTIONS, MOST_MINUTES = 5, 10


@app_commands.guild_only()
class InterviewsCog(commands.GroupCog, name="interview", description="A mock interview for yourself"):
    """Leads a member through an interview: in a private thread, else in private messages of a command."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on("interview", "again", self.again)
        bot.router.on("interview", "go", self.go_on)

    @app_commands.command(description="A mock interview: open questions with a timer, and a scorecard")
    @app_commands.describe(
        topic="All topics if left out",
        questions="How many, 1 to 5; 3 if left out",
        minutes="For each question, 1 to 10; 5 if left out",
    )
    async def start(
        self,
        interaction: discord.Interaction,
        topic: str | None = None,
        questions: app_commands.Range[int, 1, MOST_QUESTIONS] = 3,
        minutes: app_commands.Range[int, 1, MOST_MINUTES] = 5,
    ) -> None:
        """Begins an interview, or asks what to do with the one that runs."""
        await self._start(interaction, NewInterview(options.topic_title(self.bot.bank, topic), questions, minutes))

    @start.autocomplete("topic")
    async def _topics(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.topic_choices(self.bot.bank, typed)

    async def again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Another interview”."""
        topic, count, minutes = map(int, words)
        count, minutes = min(max(count, 1), MOST_QUESTIONS), min(max(minutes, 1), MOST_MINUTES)
        await self._start(interaction, NewInterview(self.bot.bank.topic_title(topic), count, minutes))

    async def _start(self, interaction: discord.Interaction, wish: NewInterview) -> None:
        guild_id, channel_id = options.where(interaction)
        known = await self.bot.interviews.running(guild_id, interaction.user.id)
        if known is not None:
            await interaction.response.send_message(view=running_page(known), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        threads = may_open_private_threads(self.bot.get_channel(channel_id))
        interview = await self.bot.interviews.start(
            guild_id,
            channel_id,
            interaction.user.id,
            interaction.user.display_name,
            InterviewWay.THREAD if threads else InterviewWay.FORMS,
            wish,
            self.bot.clock(),
        )
        await self.bot.interviewer.bring(interview.id)
        interview = await self.bot.interviews.own(interview.id, interaction.user.id)
        intro = intro_text(interview, wish.count)
        if interview.way is InterviewWay.FORMS:
            await self._show(interaction, interview, f"{intro}\n{NO_THREADS}\n{FOR_PRACTICE}")
        elif interview.thread_id is None:
            await say(interaction, intro, NO_THREAD_YET)
        else:
            there = f"It is in your private thread: <#{interview.thread_id}>. Your time is running."
            await say(interaction, intro, there)

    async def go_on(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Back to the open question; who has left the thread is added again."""
        interview = await self.bot.interviews.present(int(words[0]), interaction.user.id, self.bot.clock())
        if interview.way is InterviewWay.THREAD and interview.state is InterviewState.RUNNING:
            await interaction.response.defer()
            await self.bot.interviewer.invite(interview)
            interview = await self.bot.interviews.own(interview.id, interaction.user.id)
        if interview.way is InterviewWay.FORMS:
            await self._show(interaction, interview)
        elif interview.state is not InterviewState.RUNNING:
            raise BadInput("This interview is over. `/interview start` begins a new one.")
        elif interview.thread_id is None:
            raise BadInput(NO_THREAD_YET)
        else:
            page = Page(f"It goes on in your private thread: <#{interview.thread_id}>.")
            await interaction.edit_original_response(view=page)

    async def _show(self, interaction: discord.Interaction, interview: Interview, *notes: str) -> None:
        await show(interaction, self.bot.interviews, self.bot.bank, interview, self.bot.clock(), *notes)


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(InterviewsCog(bot))
