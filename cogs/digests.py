"""The weekly digest: the form that plans it, and the button under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.digests import parse_digest
from bot.domain.points import Period, period_key
from bot.domain.schedule import local_date
from bot.ui.boards import board_page
from bot.ui.digests import digest_form, planned_page
from bot.ui.kit import options
from bot.ui.kit.forms import fields
from bot.ui.kit.router import require_manager

if TYPE_CHECKING:
    from bot.app import PracticeBot


class DigestsCog(commands.Cog):
    """Managers plan the digest from the settings that `/setup` shows."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on("digest", "open", self.open_form)
        bot.router.on("digest", "form", self.take_form)
        bot.router.on("digest", "board", self.board)

    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Weekly digest”."""
        require_manager(interaction)
        track = await self.bot.tracks.get(int(words[0]), options.where(interaction)[0])
        await interaction.response.send_modal(digest_form(track))

    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The form behind it."""
        require_manager(interaction)
        track = await self.bot.tracks.get(int(words[0]), options.where(interaction)[0])
        sent = fields(interaction)
        when = parse_digest(sent["day"], sent["hour"])
        planned = await self.bot.digest_plans.plan(track, when, self.bot.clock())
        await interaction.response.send_message(view=planned_page(planned), ephemeral=True)

    async def board(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The digest's button “Leaderboard”: its week's board for one reader; after weeks the present one."""
        track = await self.bot.tracks.get(int(words[0]), options.where(interaction)[0])
        now = self.bot.clock()
        is_last = period_key(Period.LAST_WEEK, local_date(now, track.zone)) == words[1]
        period = Period.LAST_WEEK if is_last else Period.THIS_WEEK
        board = await self.bot.boards.members(track.guild_id, track.id, period, interaction.user.id, now)
        await interaction.response.send_message(view=board_page(board, track.channel_id), ephemeral=True)


async def setup(bot: PracticeBot) -> None:
    """Adds the buttons."""
    await bot.add_cog(DigestsCog(bot))
