"""Ticking the key points that an answer had; the buttons work on reveals of any age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Bank, Question
from bot.domain.errors import BadInput
from bot.services.key_points import KeyPointForm, KeyPointService
from bot.ui.key_points import tick_form, ticked_page, ticked_points
from bot.ui.kit.router import Router

if TYPE_CHECKING:
    from bot.app import PracticeBot

NOT_ANSWERED = "Only those who answered this question tick its key points. The next question is yours to answer."
GONE = "I do not know this question any more. `/quiz review` shows what waits for you."
NO_POINTS = "This question has no key points any more. `/question show` shows what there is."


@dataclass(eq=False, repr=False)
class KeyPointsCog(commands.Cog):
    """Takes what members say their answers had."""

    _router: Router
    _clock: Clock
    _bank: Bank
    _key_points: KeyPointService

    def __post_init__(self) -> None:
        self._router.on("tick", "open", self.open_form)
        self._router.on("tick", "form", self.take_form)

    async def _sheet(self, interaction: discord.Interaction, words: list[str]) -> tuple[KeyPointForm, Question]:
        """The drill that a reveal's button names; raises BadInput for those who did not answer it."""
        sheet = await self._key_points.sheet(
            interaction.channel_id or 0,
            int(words[0]),
            date.fromisoformat(words[1]),
            words[2],
            interaction.user.id,
        )
        question = self._bank.find(words[2])
        if sheet is None or question is None:
            raise BadInput(GONE)
        if not sheet.answered:
            raise BadInput(NOT_ANSWERED)
        if not question.key_points:
            raise BadInput(NO_POINTS)
        return sheet, question

    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Tick your key points” of a reveal of any age."""
        sheet, question = await self._sheet(interaction, words)
        await interaction.response.send_modal(tick_form(question, ":".join(words), sheet.ticked))

    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted form."""
        sheet, question = await self._sheet(interaction, words)
        lacking = await self._key_points.keep(
            sheet.drill, interaction.user.id, question, ticked_points(interaction), self._clock()
        )
        await interaction.response.send_message(view=ticked_page(question, lacking), ephemeral=True)


async def setup(bot: PracticeBot) -> None:
    """Adds the buttons."""
    await bot.add_cog(KeyPointsCog(bot.router, bot.clock, bot.bank, bot.services.key_points))
