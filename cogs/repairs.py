"""The Repair button of `/streak`: the missed question by form, then three items, one try."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.answers import counts
from bot.domain.errors import BadInput
from bot.services.answers import SubmittedForm
from bot.services.quizzes import Quiz
from bot.ui.kit import options
from bot.ui.kit.forms import fields
from bot.ui.kit.layouts import Page
from bot.ui.quizzes import round_page, verdict_page
from bot.ui.repairs import FEATURE, begun_note, ending_page, repair_form

if TYPE_CHECKING:
    from bot.app import PracticeBot


class RepairsCog(commands.Cog):
    """Leads through a repair; every step is stored, so buttons work after a restart."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on(FEATURE, "open", self.open)
        bot.router.on(FEATURE, "form", self.take_form)
        bot.router.on(FEATURE, "pick", self.pick)
        bot.router.on(FEATURE, "next", self.next)

    async def open(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button: the form at first, then the item that waits."""
        who = options.where(interaction)[0], interaction.user.id
        offer = await self.bot.repairs.look(*who, int(words[0]), self.bot.clock())
        if offer.quiz_id is None:
            form = repair_form(offer.drill.id, self.bot.repairs.question(offer.drill))
            await interaction.response.send_modal(form)
            return
        page = await self._page(interaction, await self.bot.repairs.quiz(offer.quiz_id, *who))
        await interaction.response.send_message(view=page, ephemeral=True)

    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The submitted answer: stored as a late one where the drill still takes it, then the first item."""
        drill_id, text = int(words[0]), fields(interaction)["text"]
        guild_id, user = options.where(interaction)[0], interaction.user
        least, most = self.bot.answers.rules.min_words, self.bot.answers.rules.min_chars
        if not counts(text, False, least, most):
            raise BadInput(
                f"An answer counts from {least} words or {most} characters on. Nothing is lost: press **Repair** "
                f"again. Your text:\n{text}"
            )
        await self.bot.repairs.look(guild_id, user.id, drill_id, interaction.created_at)
        stored = await self.bot.answers.submit(
            SubmittedForm(drill_id, user.id, user.display_name, text, interaction.created_at)
        )
        quiz_id = await self.bot.repairs.begin(guild_id, user.id, drill_id, interaction.created_at)
        quiz = await self.bot.repairs.quiz(quiz_id, guild_id, user.id)
        note = begun_note(quiz, late=stored is not None and stored.credited)
        await interaction.response.send_message(view=await self._page(interaction, quiz, note), ephemeral=True)
        if stored is not None:
            await self.bot.presenter.show(stored.view)

    async def _page(self, interaction: discord.Interaction, quiz: Quiz, note: str = "") -> Page:
        """The item that waits, or how it ended."""
        if quiz.waiting is not None:
            return round_page(quiz.waiting, note, feature=FEATURE)
        who = options.where(interaction)[0], interaction.user.id
        return ending_page(await self.bot.repairs.ending(quiz.id, *who, self.bot.clock()), quiz)

    async def pick(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A press on A, B, C or D."""
        quiz_id, position, choice = map(int, words)
        guild_id, _ = options.where(interaction)
        quiz, answered = await self.bot.repairs.choose(
            quiz_id, position, choice, guild_id, interaction.user.id, self.bot.clock()
        )
        await interaction.response.edit_message(view=verdict_page(quiz, answered, 0, feature=FEATURE))

    async def next(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The next item, or how it ended."""
        guild_id, _ = options.where(interaction)
        quiz = await self.bot.repairs.quiz(int(words[0]), guild_id, interaction.user.id)
        await interaction.response.edit_message(view=await self._page(interaction, quiz))


async def setup(bot: PracticeBot) -> None:
    """Adds the buttons and the form."""
    await bot.add_cog(RepairsCog(bot))
