"""`/leaderboard` and its Share button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import BadInput
from bot.domain.points import Period
from bot.services.boards import WHOLE_SERVER
from bot.ui import places
from bot.ui.boards import board_page
from bot.ui.layouts import Page

if TYPE_CHECKING:
    from bot.app import PracticeBot

PERIODS = [app_commands.Choice(name=period.value, value=period.value) for period in Period]


@app_commands.guild_only()
class Leaderboard(commands.GroupCog, name="leaderboard", description="Who has how many points"):
    """Boards; private until shared."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on("share", "board", self.share_board)

    @app_commands.command(description="The members with the most points")
    @app_commands.describe(
        period="This week if left out", channel="One channel's board; the whole server if left out"
    )
    @app_commands.choices(period=PERIODS)
    async def members(
        self,
        interaction: discord.Interaction,
        period: str = Period.THIS_WEEK,
        channel: places.Channel | None = None,
    ) -> None:
        """Shows the ten best and the asking member's own rank."""
        page = await self._board(interaction, Period(period), channel.id if channel else None, shared=False)
        await interaction.response.send_message(view=page, ephemeral=True)

    async def _board(
        self, interaction: discord.Interaction, period: Period, channel_id: int | None, *, shared: bool
    ) -> Page:
        guild_id, _ = places.where(interaction)
        track_id = WHOLE_SERVER
        if channel_id is not None:
            track_id = (await self.bot.tracks.find(guild_id, channel_id, named=True)).id
        board = await self.bot.boards.members(guild_id, track_id, period, interaction.user.id, self.bot.clock())
        return board_page(board, channel_id, shared=shared)

    async def share_board(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Posts the board where it was asked for."""
        if words[0] not in list(Period):
            raise BadInput("This button belongs to an older version. Use `/leaderboard members` again.")
        page = await self._board(interaction, Period(words[0]), int(words[1]) or None, shared=True)
        await interaction.response.send_message(view=page)


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(Leaderboard(bot))
