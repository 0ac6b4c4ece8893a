"""Tells a server's log channel what its managers have changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.delivery.channels import Outgoing
from bot.delivery.guard import report
from bot.delivery.outbox import Outbox
from bot.domain.tracks import Track
from bot.services.tracks import ChangedTrack, owner
from bot.ui.tracks import change_logged, changed_lines


@dataclass(eq=False, repr=False)
class TrackLog:
    """Writes to log channels."""

    _outbox: Outbox

    async def changed(self, interaction: discord.Interaction, done: ChangedTrack) -> None:
        """Says who changed what from what to what; a log channel that is taken away or set is told so, too."""
        lines = [] if done.before is None else changed_lines(done.before, done.track)
        if done.before is not None and lines:
            await self.note(interaction, done.track, lines, also=done.before.log_channel_id)

    async def note(
        self, interaction: discord.Interaction, track: Track, lines: Sequence[str], also: int | None = None
    ) -> None:
        """Writes what somebody has changed into a track's log channel, and into another one."""
        member_id = interaction.user.id
        for channel_id in filter(None, dict.fromkeys((also, track.log_channel_id))):
            out = Outgoing(
                to=self._outbox.to(track.guild_id, channel_id),
                key=f"change:{interaction.id}:{channel_id}:{member_id}",
                page=change_logged(track.channel_id, member_id, lines),
            )
            try:
                await self._outbox.send(owner(track), out, look=None, after=lambda conn, sent: None)
            except Exception as error:
                report("log_channel.failed", error, server=track.guild_id, channel=channel_id, track=track.id)
