"""The Repair button of `/streak`: the missed question by form, then three items, one try."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.answers import counts
from bot.domain.errors import Refusal
from bot.services.answers import AnswerService, SubmittedForm
from bot.services.quizzes import Quiz
from bot.services.repairs import RepairService
from bot.ui.kit import options
from bot.ui.kit.custom_ids import DRILL, LETTER, NUMBER, QUIZ
from bot.ui.kit.forms import fields
from bot.ui.kit.layouts import Page
from bot.ui.kit.responses import edit, open_form, reply
from bot.ui.kit.router import handles
from bot.ui.quizzes import round_page, verdict_page
from bot.ui.repairs import FEATURE, begun_note, ending_page, repair_form
from bot.workers.answer_marks import AnswerPresenter


@dataclass(eq=False, repr=False)
class RepairsCog(commands.Cog):
    """Leads through a repair; every step is stored, so buttons work after a restart."""

    _clock: Clock
    _repairs: RepairService
    _answers: AnswerService
    _presenter: AnswerPresenter

    @handles(FEATURE, "open", DRILL)
    async def open(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button: the form at first, then the item that waits."""
        who = options.where(interaction)[0], interaction.user.id
        offer = await self._repairs.look(*who, int(words[0]), self._clock())
        if offer.quiz_id is None:
            form = repair_form(offer.drill.id, self._repairs.question(offer.drill))
            await open_form(interaction, form)
            return
        page = await self._page(interaction, await self._repairs.quiz(offer.quiz_id, *who))
        await reply(interaction, page)

    @handles(FEATURE, "form", DRILL, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The submitted answer: stored as a late one where the drill still takes it, then the first item."""
        drill_id, text = int(words[0]), fields(interaction)["text"]
        guild_id, user = options.where(interaction)[0], interaction.user
        least, most = self._answers.rules.min_words, self._answers.rules.min_chars
        if not counts(text, False, least, most):
            raise Refusal("repairs.too_short", words=least, chars=most)
        await self._repairs.look(guild_id, user.id, drill_id, interaction.created_at)
        stored = await self._answers.submit(
            SubmittedForm(drill_id, user.id, user.display_name, text, interaction.created_at)
        )
        quiz_id = await self._repairs.begin(guild_id, user.id, drill_id, interaction.created_at)
        quiz = await self._repairs.quiz(quiz_id, guild_id, user.id)
        note = begun_note(quiz, late=stored is not None and stored.credited)
        await reply(interaction, await self._page(interaction, quiz, note))
        if stored is not None:
            await self._presenter.show(stored.view)

    async def _page(self, interaction: discord.Interaction, quiz: Quiz, note: str = "") -> Page:
        """The item that waits, or how it ended."""
        if quiz.waiting is not None:
            return round_page(quiz.waiting, note, feature=FEATURE)
        who = options.where(interaction)[0], interaction.user.id
        return ending_page(await self._repairs.ending(quiz.id, *who, self._clock()), quiz)

    @handles(FEATURE, "pick", QUIZ, NUMBER, LETTER)
    async def pick(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A press on A, B, C or D."""
        quiz_id, position, choice = map(int, words)
        guild_id, _ = options.where(interaction)
        quiz, answered = await self._repairs.choose(
            quiz_id, position, choice, guild_id, interaction.user.id, self._clock()
        )
        await edit(interaction, verdict_page(quiz, answered, 0, feature=FEATURE))

    @handles(FEATURE, "next", QUIZ)
    async def next(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The next item, or how it ended."""
        guild_id, _ = options.where(interaction)
        quiz = await self._repairs.quiz(int(words[0]), guild_id, interaction.user.id)
        await edit(interaction, await self._page(interaction, quiz))
