"""`/quiz`: solo, one item at a time; review, cards that are due; live, with everybody in a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.bank import Difficulty
from bot.services.live_view import NewLiveQuiz
from bot.ui.kit import options
from bot.ui.reviews import desk_page
from cogs.live_quizzes import open_lobby, stop_here
from cogs.solo_quizzes import open_quiz

if TYPE_CHECKING:
    from bot.app import PracticeBot

OPTIONS = {
    "topic": "All topics if left out",
    "questions": "How many, 1 to 20; 5 if left out",
    "difficulty": "Any if left out",
}
LEVELS = [app_commands.Choice(name=level.value, value=level.value) for level in Difficulty]


@app_commands.guild_only()
class QuizzesCog(commands.GroupCog, name="quiz", description="Multiple choice on the bank's questions"):
    """The commands; what is pressed then is answered in `cogs.solo`, `cogs.review` and `cogs.live`."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot

    @app_commands.command(description="A quiz for yourself")
    @app_commands.describe(**OPTIONS)
    @app_commands.choices(difficulty=LEVELS)
    async def solo(
        self,
        interaction: discord.Interaction,
        topic: str | None = None,
        questions: app_commands.Range[int, 1, 20] = 5,
        difficulty: str | None = None,
    ) -> None:
        """Goes on with a running quiz, or starts one."""
        number = self.bot.bank.topic_number(options.topic_title(self.bot.bank, topic))
        await open_quiz(self.bot, interaction, number, questions, difficulty or "any")

    @app_commands.command(description="Go over what you missed, when it is due")
    async def review(self, interaction: discord.Interaction) -> None:
        """Shows the first card that is due."""
        guild_id, _ = options.where(interaction)
        desk = await self.bot.cards.look(guild_id, interaction.user.id, self.bot.clock())
        await interaction.response.send_message(view=desk_page(desk), ephemeral=True)

    @app_commands.command(description="A quiz for everybody in this channel")
    @app_commands.describe(**OPTIONS, seconds="For each round, 10 to 60; 20 if left out")
    @app_commands.choices(difficulty=LEVELS)
    async def live(
        self,
        interaction: discord.Interaction,
        topic: str | None = None,
        questions: app_commands.Range[int, 1, 20] = 5,
        difficulty: str | None = None,
        seconds: app_commands.Range[int, 10, 60] = 20,
    ) -> None:
        """Opens the lobby of a live quiz."""
        level = Difficulty(difficulty) if difficulty else None
        title = options.topic_title(self.bot.bank, topic)
        await open_lobby(self.bot, interaction, NewLiveQuiz(title, level, questions, seconds))

    @app_commands.command(description="Stop the live quiz of this channel")
    async def stop(self, interaction: discord.Interaction) -> None:
        """Ends it; its host and managers may."""
        await stop_here(self.bot, interaction)

    @live.autocomplete("topic")
    @solo.autocomplete("topic")
    async def _topics(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.topic_choices(self.bot.bank, typed)


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(QuizzesCog(bot))
