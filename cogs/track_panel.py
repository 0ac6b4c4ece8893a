"""The settings panel of a track as a page, for all who show it."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.clock import Clock
from bot.domain.tracks import Track
from bot.services.milestones import MilestoneService
from bot.services.tracks import TrackService
from bot.ui.kit.layouts import Page
from bot.ui.kit.permissions import log_problem, warnings
from bot.ui.milestones import roles_text
from bot.ui.track_settings import panel_page


@dataclass(eq=False, repr=False)
class TrackPanel:
    """Puts a track's panel together, for all who show it."""

    _client: discord.Client
    _clock: Clock
    _tracks: TrackService
    _milestones: MilestoneService

    async def page(self, track: Track, notice: str | None = None) -> Page:
        """The panel of a track; `notice` says what has just been changed."""
        guild = self._client.get_guild(track.guild_id)
        roles = None if guild is None else roles_text(await self._milestones.roles(guild.id), guild)
        names = self.names(await self._tracks.of_server(track.guild_id))
        told = self.warnings(track)
        return panel_page(track, self._clock(), roles=roles, warnings=told, names=names, notice=notice)

    def names(self, tracks: Sequence[Track]) -> dict[int, str]:
        """The names of tracks' channels, by the ids of the tracks."""
        found = {track.id: self._client.get_channel(track.channel_id) for track in tracks}
        return {
            track_id: channel.name if isinstance(channel, discord.abc.GuildChannel) else "?"
            for track_id, channel in found.items()
        }

    def warnings(self, track: Track) -> list[str]:
        """What the bot lacks in a track's channel, and in its log channel."""
        channel, guild = self._client.get_channel(track.channel_id), self._client.get_guild(track.guild_id)
        told = warnings(track.channel_id, channel, track.ping_role_id)
        if guild is not None and track.log_channel_id is not None:
            problem = log_problem(guild, track.log_channel_id)
            told += [f"⚠️ {problem}"] if problem else []
        return told
