"""Tells a server's log channel what its managers have changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import discord

from bot.delivery.channels import Outgoing
from bot.delivery.guard import report
from bot.delivery.outbox import Outbox
from bot.domain.tracks import Track
from bot.services.tracks import ChangedTrack, owner
from bot.ui.kit.languages import speaking_in_public
from bot.ui.tracks import change_logged, changed_lines


@dataclass(eq=False, repr=False)
class TrackLog:
    """Writes to log channels."""

    _outbox: Outbox

    async def changed(self, interaction: discord.Interaction, done: ChangedTrack) -> None:
        """Says who changed what from what to what; a log channel that is taken away or set is told so, too."""
        before, track = done.before, done.track
        if before is not None:
            await self.note(interaction, track, lambda: changed_lines(before, track), also=before.log_channel_id)

    async def note(
        self,
        interaction: discord.Interaction,
        track: Track,
        lines: Callable[[], Sequence[str]],
        also: int | None = None,
    ) -> None:
        """Writes what somebody has changed into a track's log channel, and into another one.

        Args:
            lines: says it in the language that is spoken; nothing is written where there are none.
        """
        with speaking_in_public(interaction):
            if told := lines():
                await self._write(interaction, track, told, also)

    async def _write(
        self, interaction: discord.Interaction, track: Track, lines: Sequence[str], also: int | None
    ) -> None:
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
