"""The buttons of reviews; they work on messages of any age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.reviews import Rating
from bot.ui.kit import options
from bot.ui.kit.router import turn
from bot.ui.reviews import answer_page, desk_page

if TYPE_CHECKING:
    from bot.app import PracticeBot


class ReviewsCog(commands.Cog):
    """Turns cards over and takes ratings; each step is in the database, so a restart loses nothing."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on("review", "start", self.start)
        bot.router.on("review", "show", self.show)
        bot.router.on("review", "rate", self.rate)
        bot.router.on("review", "undo", self.undo)

    async def start(self, interaction: discord.Interaction, _: list[str]) -> None:
        """A Review button: the card that comes next."""
        guild_id, _channel = options.where(interaction)
        desk = await self.bot.cards.look(guild_id, interaction.user.id, self.bot.clock())
        await turn(interaction, desk_page(desk))

    async def show(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The answer of a card, or another page of it; a card that was rated since gives way to the next."""
        guild_id, _ = options.where(interaction)
        asked = await self.bot.cards.asked(guild_id, interaction.user.id, words[0], int(words[1]), self.bot.clock())
        if asked is None:
            await self.start(interaction, [])
        else:
            await turn(interaction, answer_page(asked, int(words[2])))

    async def rate(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Again, Hard, Good or Easy; then the next card."""
        guild_id, _ = options.where(interaction)
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
        guild_id, _ = options.where(interaction)
        desk = await self.bot.cards.undo(guild_id, interaction.user.id, int(words[0]), self.bot.clock())
        await turn(interaction, desk_page(desk))


async def setup(bot: PracticeBot) -> None:
    """Adds the buttons."""
    await bot.add_cog(ReviewsCog(bot))
