"""`/daily status`: how a track stands."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.ui import places, tracks
from bot.ui.permissions import warnings
from cogs.desk import Desk


class Status(Desk):
    """Shows managers what they need to know of a track."""

    @app_commands.command(description="How the daily question stands")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def status(self, interaction: discord.Interaction, channel: places.Channel | None = None) -> None:
        """Shows the next post, the open question, what is missing, and the settings."""
        track = await self.track(interaction, channel)
        place = self.bot.get_channel(track.channel_id)
        drill = await self.bot.drills.current(track.id)
        left, total = await self.bot.drills.left(track)
        standing = tracks.Standing(
            track=track,
            drill=drill,
            question=self.bot.pack.find(drill.question_id or "") if drill else None,
            answered=await self.bot.drills.answered(drill) if drill else 0,
            closing=await self.bot.drills.closing(drill, self.bot.clock()) if drill else None,
            left=left,
            total=total,
            skipped=await self.bot.tracks.skipped(track, self.bot.clock()),
            queued=await self.bot.tracks.queued(track),
            warnings=warnings(track.channel_id, place),
            gone=place is None,
            reports=await self.bot.reports.unsettled(track.guild_id),
        )
        await interaction.response.send_message(view=tracks.status_page(standing, self.bot.pack), ephemeral=True)
