"""The button with which a member takes back what they sent by form."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.services.answers import AnswerService
from bot.ui.answers import take_back_page, taken_back_page
from bot.ui.kit.custom_ids import DRILL
from bot.ui.kit.responses import edit, reply
from bot.ui.kit.router import handles
from bot.workers.answer_marks import AnswerPresenter


@dataclass(eq=False, repr=False)
class AnswerTextsCog(commands.Cog):
    """Erases texts of forms for those who wrote them; messages they delete themselves."""

    _answers: AnswerService
    _presenter: AnswerPresenter

    @handles("drill", "unsay", DRILL)
    async def ask(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Take it back button asks first, where there is still something to take back."""
        drill_id = int(words[0])
        await self._answers.sent_by_form(drill_id, interaction.user.id)
        await reply(interaction, take_back_page(drill_id))

    @handles("drill", "unsaid", DRILL)
    async def take_back(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Erases the text, and then the bot's copy of it."""
        view = await self._answers.take_back(int(words[0]), interaction.user.id)
        await edit(interaction, taken_back_page())
        await self._presenter.show(view)
