"""`/daily status`: how a track stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.ui import tracks
from bot.ui.kit import options
from bot.ui.kit.permissions import warnings, wished
from bot.ui.milestones import role_problems
from bot.ui.mistakes import waiting_page
from bot.ui.participation import quiet_page
from cogs.daily_base import DailyBase

if TYPE_CHECKING:
    from bot.app import PracticeBot


class DailyStatus(DailyBase):
    """Shows managers what they need to know of a track."""

    def __init__(self, bot: PracticeBot) -> None:
        super().__init__(bot)
        bot.router.on("daily", "quiet", self.quiet)

    @app_commands.command(description="How the daily question stands")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def status(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Shows the next post, the open question, what is missing, and the settings."""
        guild_id, _ = options.where(interaction)
        reports = await self.bot.reports.unsettled(guild_id)
        if reports.reports and not await self.bot.tracks.of_server(guild_id):
            await interaction.response.send_message(view=waiting_page(reports), ephemeral=True)
            return
        track = await self.track(interaction, channel)
        place = self.bot.get_channel(track.channel_id)
        drill = await self.bot.drills.current(track.id)
        now = await self.bot.drills.standing(drill, self.bot.clock()) if drill else None
        left, total = await self.bot.drills.left(track)
        standing = tracks.TrackStatus(
            track=track,
            drill=drill,
            question=self.bot.bank.find(drill.question_id or "") if drill else None,
            answered=now.answered if now else 0,
            closing=now.closing if now else None,
            left=left,
            total=total,
            participation=await self.bot.participation.of(track, self.bot.clock()),
            skipped=await self.bot.tracks.skipped(track, self.bot.clock()),
            queued=await self.bot.tracks.queued(track),
            warnings=warnings(track.channel_id, place),
            wished=wished(place),
            gone=place is None,
            missed_digest=await self.bot.digest_plans.given_up(track),
            reports=reports,
            held_up=await self.bot.drills.held_up(track.id),
            roles=await self._role_problems(interaction),
        )
        await interaction.response.send_message(view=tracks.status_page(standing, self.bot.bank), ephemeral=True)

    async def _role_problems(self, interaction: discord.Interaction) -> list[str]:
        guild = interaction.guild
        return [] if guild is None else role_problems(await self.bot.milestones.roles(guild.id), guild)

    async def quiet(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Who has been quiet” opens the list; Next and Back turn its pages."""
        track = await self.button_track(interaction, words[0])
        at = int(words[1]) if len(words) > 1 else 0
        page = quiet_page(
            await self.bot.participation.quiet(track, self.bot.clock(), at), track.id, track.channel_id
        )
        if len(words) > 1:
            await interaction.response.edit_message(view=page)
        else:
            await interaction.response.send_message(view=page, ephemeral=True)
