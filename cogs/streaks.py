"""`/streak` and its Share button."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.tracks import Track
from bot.services.boards import BoardService
from bot.services.streaks import StreakService
from bot.services.tracks import TrackService
from bot.ui.charts.calendar import FILE_NAME, calendar_picture
from bot.ui.kit import options
from bot.ui.kit.router import Router
from bot.ui.streaks import streak_page

if TYPE_CHECKING:
    from bot.app import PracticeBot


@dataclass(eq=False, repr=False)
class StreaksCog(commands.Cog):
    """Streaks; private until shared."""

    _router: Router
    _clock: Clock
    _tracks: TrackService
    _streaks: StreakService
    _boards: BoardService

    def __post_init__(self) -> None:
        self._router.on("streak", "mine", self.mine)
        self._router.on("share", "streak", self.share_streak)

    @app_commands.command(description="A streak in a practice channel")
    @app_commands.guild_only()
    @app_commands.describe(member="Somebody else's streak", channel="A practice channel; this one if left out")
    async def streak(
        self,
        interaction: discord.Interaction,
        member: discord.Member | None = None,
        channel: options.Channel | None = None,
    ) -> None:
        """Shows current and best streak, freezes, and the newest questions."""
        track = await self._tracks.find(*options.where(interaction, channel), named=channel is not None)
        await self._show(interaction, track, member or interaction.user)

    async def mine(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The card's button “My streak”."""
        guild_id, _ = options.where(interaction)
        await self._show(interaction, await self._tracks.get(int(words[0]), guild_id), interaction.user)

    async def _show(
        self, interaction: discord.Interaction, track: Track, member: discord.User | discord.Member
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        own = member.id == interaction.user.id
        shown = await self._shown(interaction, track, member.id, member.display_name, own=own, shared=False)
        await interaction.followup.send(**shown, ephemeral=True)

    async def _shown(
        self, interaction: discord.Interaction, track: Track, member_id: int, name: str, *, own: bool, shared: bool
    ) -> dict[str, Any]:
        """The page, with the calendar where there is a history and the bot may attach it."""
        view = await self._streaks.view(track.guild_id, track.id, member_id, self._clock(), telling=own)
        drawn = bool(view.calendar) and interaction.app_permissions.attach_files
        page = streak_page(
            view,
            name=name,
            own=own,
            channel_id=track.channel_id,
            track_id=track.id,
            member_id=member_id,
            shared=shared,
            drawn=drawn,
        )
        if not drawn:
            return {"view": page}
        png = await asyncio.to_thread(calendar_picture, view.calendar_start, view.today, view.calendar)
        return {"view": page, "file": discord.File(io.BytesIO(png), FILE_NAME)}

    async def share_streak(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Posts the streak where it was asked for."""
        guild_id, _ = options.where(interaction)
        track, member_id = await self._tracks.get(int(words[0]), guild_id), int(words[1])
        if member_id == interaction.user.id:
            name = interaction.user.display_name
        else:
            name = await self._boards.name_to_share(guild_id, member_id)
        await interaction.response.defer(thinking=True)
        await interaction.followup.send(
            **await self._shown(interaction, track, member_id, name, own=False, shared=True)
        )


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    services = bot.services
    await bot.add_cog(StreaksCog(bot.router, bot.clock, services.tracks, services.streaks, services.boards))
