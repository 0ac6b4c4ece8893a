"""`/quiz`: solo, one item at a time; review, cards that are due; live, with everybody in a channel."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks, Difficulty
from bot.services.live_quizzes import NewLiveQuiz
from bot.services.reviews import ReviewService
from bot.ui.kit import options
from bot.ui.kit.responses import reply
from bot.ui.reviews import review_page
from cogs.live_quizzes import LiveQuizzesCog
from cogs.solo_quizzes import SoloQuizzesCog

OPTIONS = {
    "topic": "All topics if left out",
    "questions": "How many, 1 to 20; 5 if left out",
    "difficulty": "Any if left out",
}
LEVELS = options.fixed_choices(Difficulty)


@app_commands.guild_only()
@dataclass(eq=False, repr=False)
class QuizzesCog(commands.GroupCog, name="quiz", description="Multiple choice on the bank's questions"):
    """The commands; buttons are answered in `cogs.solo_quizzes`, `cogs.reviews` and `cogs.live_quizzes`."""

    _clock: Clock
    _banks: Banks
    _reviews: ReviewService
    _solo: SoloQuizzesCog
    _live: LiveQuizzesCog

    @app_commands.command(description="Take a quiz on your own")
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
        number = options.bank(interaction, self._banks).topic_number(
            options.topic_title(options.bank(interaction, self._banks), topic)
        )
        await self._solo.open(interaction, number, questions, difficulty or "any")

    @app_commands.command(description="Go over what you missed, when it's due")
    async def review(self, interaction: discord.Interaction) -> None:
        """Shows the first card that is due."""
        guild_id, _ = options.where(interaction)
        queue = await self._reviews.look(guild_id, interaction.user.id, self._clock())
        await reply(interaction, review_page(queue))

    @app_commands.command(description="Start a quiz for everybody in this channel")
    @app_commands.describe(
        **OPTIONS,
        seconds="For each round, 10 to 90; if left out, as long as its question needs",
        sums="Include questions that need a calculation; without them if left out",
    )
    @app_commands.choices(difficulty=LEVELS)
    async def live(
        self,
        interaction: discord.Interaction,
        topic: str | None = None,
        questions: app_commands.Range[int, 1, 20] = 5,
        difficulty: str | None = None,
        seconds: app_commands.Range[int, 10, 90] | None = None,
        sums: bool = False,
    ) -> None:
        """Opens the lobby of a live quiz."""
        level = Difficulty(difficulty) if difficulty else None
        title = options.topic_title(options.bank(interaction, self._banks), topic)
        await self._live.open_lobby(interaction, NewLiveQuiz(title, level, questions, seconds, sums))

    @app_commands.command(description="Stop the live quiz in this channel")
    async def stop(self, interaction: discord.Interaction) -> None:
        """Ends it; its host and managers may."""
        await self._live.stop_here(interaction)

    @live.autocomplete("topic")
    @solo.autocomplete("topic")
    async def _topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.topic_choices(options.bank(interaction, self._banks), typed)
