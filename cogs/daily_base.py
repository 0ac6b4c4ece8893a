"""What all of `/daily` shares: the group itself, finding the track, and answering in private."""

from collections.abc import Iterable
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.tracks import Track
from bot.services.drills import DrillService
from bot.services.tracks import TrackService
from bot.ui import tracks
from bot.ui.kit import options
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.responses import reply
from bot.ui.kit.router import require_manager


@dataclass(eq=False, repr=False)
class DailyBase(commands.Cog):
    """Some of the managers' commands on a track. Discord guards the commands; buttons are checked here."""

    _clock: Clock
    _banks: Banks
    _tracks: TrackService
    _drills: DrillService

    async def track(self, interaction: discord.Interaction, channel: options.Channel | None) -> Track:
        """The track that a command means."""
        return await self._tracks.find(*options.where(interaction, channel), named=channel is not None)

    async def button_track(self, interaction: discord.Interaction, track_id: str) -> Track:
        """The track that a manager's button names; raises Refusal for anybody else."""
        require_manager(interaction)
        return await self._tracks.get(int(track_id), options.where(interaction)[0])

    async def reply(
        self, interaction: discord.Interaction, track: Track, *texts: str, buttons: list[Button] | None = None
    ) -> None:
        """Answers in private; a track that runs out of questions says so."""
        left, total = await self._drills.left(await self._tracks.get(track.id, track.guild_id))
        note = tracks.few_left(left, total)
        page = Page(*texts, *([note] if note else []), buttons=buttons or [])
        await reply(interaction, page)


def daily_group(parts: Iterable[DailyBase]) -> app_commands.Group:
    """`/daily` with the commands of all parts: added to the bot itself, each would bring a group of its own."""
    group = app_commands.Group(
        name="daily",
        description="The daily question: post, pause, skip, queue",
        guild_only=True,
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    for part in parts:
        for command in part.get_app_commands():
            group.add_command(command)
    return group
