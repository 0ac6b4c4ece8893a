"""`/quiz`: solo, one item at a time; review, cards that are due; live, with everybody in a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import BadInput
from bot.domain.questions import Difficulty
from bot.services.live_view import Wish
from bot.services.quizzes import ENDED, Quiz
from bot.ui import places
from bot.ui.quiz import result_page, round_page, running_page, verdict_page
from bot.ui.review import desk_page
from bot.ui.router import turn
from cogs.live import open_lobby, stop_here

if TYPE_CHECKING:
    from bot.app import PracticeBot

OPTIONS = {
    "topic": "All topics if left out",
    "questions": "How many, 1 to 20; 5 if left out",
    "difficulty": "Any if left out",
}
LEVELS = [app_commands.Choice(name=level.value, value=level.value) for level in Difficulty]


@app_commands.guild_only()
class QuizCog(commands.GroupCog, name="quiz", description="Multiple choice on the bank's questions"):
    """Solo quizzes; the rounds live in the database, so buttons work after a restart."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on("quiz", "pick", self.pick)
        bot.router.on("quiz", "next", self.next)
        bot.router.on("quiz", "again", self.again)
        bot.router.on("quiz", "fresh", self.fresh)

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
        guild_id, _ = places.where(interaction)
        running = await self.bot.quizzes.running(guild_id, interaction.user.id)
        number = self.bot.pack.topic_number(places.topic_title(self.bot.pack, topic))
        if running is not None and running.waiting is not None:
            await turn(interaction, running_page(running, f"{number}:{questions}:{difficulty or 'any'}"))
        else:
            await self._show(interaction, await self._start(interaction, number, questions, difficulty))

    @app_commands.command(description="Go over what you missed, when it is due")
    async def review(self, interaction: discord.Interaction) -> None:
        """Shows the first card that is due; its buttons live in `cogs.review`."""
        guild_id, _ = places.where(interaction)
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
        title = places.topic_title(self.bot.pack, topic)
        await open_lobby(self.bot, interaction, Wish(title, level, questions, seconds))

    @app_commands.command(description="Stop the live quiz of this channel")
    async def stop(self, interaction: discord.Interaction) -> None:
        """Ends it; its host and managers may."""
        await stop_here(self.bot, interaction)

    @live.autocomplete("topic")
    @solo.autocomplete("topic")
    async def _topics(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return places.topic_choices(self.bot.pack, typed)

    async def _start(
        self, interaction: discord.Interaction, topic: int, count: int, difficulty: str | None
    ) -> Quiz:
        guild_id, _ = places.where(interaction)
        return await self.bot.quizzes.start(
            guild_id,
            interaction.user.id,
            interaction.user.display_name,
            self.bot.clock(),
            topic=self.bot.pack.topic_title(topic),
            count=count,
            difficulty=Difficulty(difficulty) if difficulty in list(Difficulty) else None,
        )

    async def _show(self, interaction: discord.Interaction, quiz: Quiz) -> None:
        """The round that waits, or the result with the cards that are due; a quiz stays in its private message."""
        waiting = quiz.waiting
        if waiting is not None:
            await turn(interaction, round_page(waiting))
            return
        guild_id, _ = places.where(interaction)
        desk = await self.bot.cards.look(guild_id, interaction.user.id, self.bot.clock())
        await turn(interaction, result_page(quiz, self.bot.pack, desk.left))

    async def pick(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A press on A, B, C or D."""
        quiz_id, position, choice = map(int, words)
        guild_id, _ = places.where(interaction)
        quiz, answered, points = await self.bot.quizzes.choose(
            quiz_id, position, choice, guild_id, interaction.user.id, self.bot.clock()
        )
        await turn(interaction, verdict_page(quiz, answered, points))

    async def next(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The next round, or the result."""
        guild_id, _ = places.where(interaction)
        quiz = await self.bot.quizzes.get(int(words[0]), guild_id, interaction.user.id)
        if quiz.waiting is not None and not quiz.running:
            raise BadInput(ENDED)
        await self._show(interaction, quiz)

    async def again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A quiz of the kind that the button names, unless one is running of which something would be lost."""
        guild_id, _ = places.where(interaction)
        running = await self.bot.quizzes.running(guild_id, interaction.user.id)
        if running is not None and running.waiting is not None and running.begun:
            await turn(interaction, running_page(running, ":".join(words)))
        else:
            await self.fresh(interaction, words)

    async def fresh(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The same in place of the running one."""
        count = min(max(int(words[1]), 1), 20)
        await self._show(interaction, await self._start(interaction, int(words[0]), count, words[2]))


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(QuizCog(bot))
