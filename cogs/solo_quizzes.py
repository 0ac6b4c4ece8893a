"""The buttons of solo quizzes, and what `/quiz solo` does."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks, Difficulty
from bot.domain.errors import Refusal
from bot.services.quizzes import NewQuiz, Quiz, QuizService
from bot.services.reviews import ReviewService
from bot.ui.kit import options
from bot.ui.kit.custom_ids import LETTER, NUMBER, QUIZ, TEXT
from bot.ui.kit.responses import edit
from bot.ui.kit.router import handles
from bot.ui.quizzes import result_page, round_page, running_page, verdict_page


@dataclass(eq=False, repr=False)
class SoloQuizzesCog(commands.Cog):
    """Solo quizzes; the rounds live in the database, so buttons work after a restart."""

    _clock: Clock
    _banks: Banks
    _quizzes: QuizService
    _reviews: ReviewService

    async def open(self, interaction: discord.Interaction, topic: int, count: int, difficulty: str) -> None:
        """Asks what to do with a running quiz, or starts one."""
        guild_id, _ = options.where(interaction)
        running = await self._quizzes.running(guild_id, interaction.user.id)
        if running is not None and running.waiting is not None:
            await edit(interaction, running_page(running, f"{topic}:{count}:{difficulty}"))
        else:
            await self._start(interaction, topic, count, difficulty)

    async def _start(self, interaction: discord.Interaction, topic: int, count: int, difficulty: str) -> None:
        guild_id, _ = options.where(interaction)
        level = Difficulty(difficulty) if difficulty in list(Difficulty) else None
        wish = NewQuiz(options.bank(interaction, self._banks).topic_title(topic), count, level)
        user = interaction.user
        quiz = await self._quizzes.start(guild_id, user.id, user.display_name, wish, self._clock())
        await self._show(interaction, quiz)

    async def _show(self, interaction: discord.Interaction, quiz: Quiz) -> None:
        """The round that waits, or the result with the cards that are due; a quiz stays in its private message."""
        waiting = quiz.waiting
        if waiting is not None:
            await edit(interaction, round_page(waiting))
            return
        guild_id, _ = options.where(interaction)
        queue = await self._reviews.look(guild_id, interaction.user.id, self._clock())
        await edit(interaction, result_page(quiz, options.bank(interaction, self._banks), queue.left))

    @handles("quiz", "pick", QUIZ, NUMBER, LETTER)
    async def pick(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A press on A, B, C or D."""
        quiz_id, position, choice = map(int, words)
        guild_id, _ = options.where(interaction)
        chosen = await self._quizzes.choose(quiz_id, position, choice, guild_id, interaction.user.id, self._clock())
        await edit(interaction, verdict_page(chosen.quiz, chosen.round, chosen.points))

    @handles("quiz", "next", QUIZ)
    async def next(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The next round, or the result."""
        guild_id, _ = options.where(interaction)
        quiz = await self._quizzes.get(int(words[0]), guild_id, interaction.user.id)
        if quiz.waiting is not None and not quiz.running:
            raise Refusal("quizzes.ended")
        await self._show(interaction, quiz)

    @handles("quiz", "again", NUMBER, NUMBER, TEXT)
    async def again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A quiz of the kind that the button names, unless one is running of which something would be lost."""
        guild_id, _ = options.where(interaction)
        running = await self._quizzes.running(guild_id, interaction.user.id)
        if running is not None and running.waiting is not None and running.begun:
            await edit(interaction, running_page(running, ":".join(words)))
        else:
            await self.fresh(interaction, words)

    @handles("quiz", "fresh", NUMBER, NUMBER, TEXT)
    async def fresh(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The same in place of the running one."""
        count = min(max(int(words[1]), 1), 20)
        await self._start(interaction, int(words[0]), count, words[2])
