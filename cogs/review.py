"""The buttons of reviews and of ticking key points; they work on messages of any age."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.errors import BadInput
from bot.domain.questions import Question
from bot.domain.review import Rating
from bot.services.ticks import Sheet
from bot.ui import places
from bot.ui.review import answer_page, desk_page
from bot.ui.router import turn
from bot.ui.ticking import tick_form, ticked_page, ticked_points

if TYPE_CHECKING:
    from bot.app import PracticeBot

NOT_ANSWERED = "Only those who answered this question tick its key points. The next question is yours to answer."
GONE = "I do not know this question any more. `/quiz review` shows what waits for you."
NO_POINTS = "This question has no key points any more. `/question show` shows what there is."


class Review(commands.Cog):
    """Turns cards over and takes ratings; each step is in the database, so a restart loses nothing."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on("review", "start", self.start)
        bot.router.on("review", "show", self.show)
        bot.router.on("review", "rate", self.rate)
        bot.router.on("review", "undo", self.undo)
        bot.router.on("tick", "open", self.open_form)
        bot.router.on("tick", "form", self.take_form)

    async def start(self, interaction: discord.Interaction, _: list[str]) -> None:
        """A Review button: the card that comes next."""
        guild_id, _channel = places.where(interaction)
        desk = await self.bot.cards.look(guild_id, interaction.user.id, self.bot.clock())
        await turn(interaction, desk_page(desk))

    async def show(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The answer of a card, or another page of it; a card that was rated since gives way to the next."""
        guild_id, _ = places.where(interaction)
        asked = await self.bot.cards.asked(guild_id, interaction.user.id, words[0], int(words[1]), self.bot.clock())
        if asked is None:
            await self.start(interaction, [])
        else:
            await turn(interaction, answer_page(asked, int(words[2])))

    async def rate(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Again, Hard, Good or Easy; then the next card."""
        guild_id, _ = places.where(interaction)
        user = interaction.user
        desk = await self.bot.cards.rate(
            guild_id,
            user.id,
            user.display_name,
            words[0],
            int(words[1]),
            Rating(int(words[2])),
            self.bot.clock(),
        )
        await turn(interaction, desk_page(desk))

    async def undo(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Takes the last rating back."""
        guild_id, _ = places.where(interaction)
        desk = await self.bot.cards.undo(guild_id, interaction.user.id, int(words[0]), self.bot.clock())
        await turn(interaction, desk_page(desk))

    async def _sheet(self, interaction: discord.Interaction, words: list[str]) -> tuple[Sheet, Question]:
        """The drill that a reveal's button names; raises BadInput for those who did not answer it."""
        sheet = await self.bot.ticks.sheet(
            interaction.channel_id or 0,
            int(words[0]),
            date.fromisoformat(words[1]),
            words[2],
            interaction.user.id,
        )
        question = self.bot.pack.find(words[2])
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
        lacking = await self.bot.ticks.keep(
            sheet.drill, interaction.user.id, question, ticked_points(interaction), self.bot.clock()
        )
        await interaction.response.send_message(view=ticked_page(question, lacking), ephemeral=True)


async def setup(bot: PracticeBot) -> None:
    """Adds the buttons."""
    await bot.add_cog(Review(bot))
