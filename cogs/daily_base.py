"""What all of `/daily` shares: finding the track, and answering in private."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.tracks import Track
from bot.ui import tracks
from bot.ui.kit import options
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.router import reply, require_manager

if TYPE_CHECKING:
    from bot.app import PracticeBot


class DailyBase(commands.Cog):
    """The managers' desk. Discord guards the commands; buttons are checked here."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot

    async def track(self, interaction: discord.Interaction, channel: options.Channel | None) -> Track:
        """The track that a command means."""
        return await self.bot.tracks.find(*options.where(interaction, channel), named=channel is not None)

    async def button_track(self, interaction: discord.Interaction, track_id: str) -> Track:
        """The track that a manager's button names; raises NotAllowed for anybody else."""
        require_manager(interaction)
        return await self.bot.tracks.get(int(track_id), options.where(interaction)[0])

    async def reply(
        self, interaction: discord.Interaction, track: Track, *texts: str, buttons: list[Button] | None = None
    ) -> None:
        """Answers in private; a track that runs out of questions says so."""
        left, total = await self.bot.drills.left(await self.bot.tracks.get(track.id, track.guild_id))
        note = tracks.few_left(left, total)
        page = Page(*texts, *([note] if note else []), buttons=buttons or [])
        await reply(interaction, page)
