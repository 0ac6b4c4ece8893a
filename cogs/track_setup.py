"""What the ways to set up a track share: the command, and the form behind the greeting."""

from dataclasses import dataclass

import discord

from bot.clock import Clock
from bot.domain.tracks import PlanChange
from bot.services.tracks import ChangedTrack, MoveOrAdd, TrackService
from bot.ui import tracks
from bot.ui.kit.permissions import as_practice_channel
from bot.ui.kit.responses import reply, think
from bot.ui.track_settings import choose_track_page
from bot.workers.drills import DrillPublisher
from bot.workers.track_log import TrackLog
from cogs.track_panel import TrackPanel


@dataclass(eq=False, repr=False)
class TrackSetup:
    """Sets tracks up, and shows what became of it."""

    _client: discord.Client
    _clock: Clock
    _tracks: TrackService
    _panel: TrackPanel
    _publisher: DrillPublisher
    _log: TrackLog

    async def set_up(
        self, interaction: discord.Interaction, guild_id: int, channel_id: int, change: PlanChange, *, named: bool
    ) -> None:
        """Makes or changes a channel's track, or asks whether to move the server's only one.

        Args:
            named: whether the channel was named.
        """
        if change.zone is not None:  # weeks may begin anew, which takes a while where there are many points
            await think(interaction)
        channel = as_practice_channel(channel_id, self._client.get_channel(channel_id))
        forums = {forum.id for forum in channel.guild.forums}
        by = interaction.user.id
        done = await self._tracks.set_up(
            guild_id, channel_id, change, self._clock(), named=named, forums=forums, by=by
        )
        if isinstance(done, MoveOrAdd):
            await reply(interaction, tracks.move_or_add_page(done))
        else:
            await self.show(interaction, done)

    async def show(self, interaction: discord.Interaction, done: ChangedTrack) -> None:
        """Shows a track as it was set up, and logs what was changed."""
        self._publisher.replan()
        await reply(interaction, tracks.set_up_page(done, self._panel.warnings(done.track), self._clock()))
        await self._log.changed(interaction, done)

    async def show_panel(self, interaction: discord.Interaction, guild_id: int, channel_id: int) -> None:
        """Shows the settings of a channel's track, or asks which of the server's is meant."""
        known = await self._tracks.of_server(guild_id)
        here = [track for track in known if track.channel_id == channel_id]
        if len(known) > 1 and not here:
            await reply(interaction, choose_track_page(self._panel.names(known)))
        else:
            await reply(interaction, await self._panel.page((here or known)[0]))
