"""The weekly digest: the form that plans it, and the button under it."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.digests import parse_digest
from bot.domain.points import Period, period_key
from bot.domain.schedule import local_date
from bot.services.boards import BoardService
from bot.services.digests import DigestService
from bot.services.tracks import ChangedTrack, TrackService
from bot.ui.boards import board_page
from bot.ui.digests import digest_form, planned_text
from bot.ui.kit import options
from bot.ui.kit.custom_ids import TEXT, TRACK
from bot.ui.kit.forms import fields
from bot.ui.kit.responses import edit, open_form, reply
from bot.ui.kit.router import handles, require_manager
from bot.ui.kit.typed import read
from bot.workers.track_log import TrackLog
from cogs.track_panel import TrackPanel


@dataclass(eq=False, repr=False)
class DigestsCog(commands.Cog):
    """Managers plan the digest from the settings that `/setup` shows."""

    _clock: Clock
    _tracks: TrackService
    _digests: DigestService
    _boards: BoardService
    _panel: TrackPanel
    _log: TrackLog

    @handles("digest", "open", TRACK)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Weekly digest”."""
        require_manager(interaction)
        track = await self._tracks.get(int(words[0]), options.where(interaction)[0])
        await open_form(interaction, digest_form(track))

    @handles("digest", "form", TRACK, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The form behind it."""
        require_manager(interaction)
        track = await self._tracks.get(int(words[0]), options.where(interaction)[0])
        sent = fields(interaction)
        when = read(parse_digest, sent["day"], sent["hour"])
        planned = await self._digests.plan(track, when, self._clock())
        await edit(interaction, await self._panel.page(planned, planned_text(planned)))
        await self._log.changed(interaction, ChangedTrack(track, planned))

    @handles("digest", "board", TRACK, TEXT)
    async def board(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The digest's button “Leaderboard”: its week's board for one reader; after weeks the present one."""
        track = await self._tracks.get(int(words[0]), options.where(interaction)[0])
        now = self._clock()
        is_last = period_key(Period.LAST_WEEK, local_date(now, track.zone)) == words[1]
        period = Period.LAST_WEEK if is_last else Period.THIS_WEEK
        board = await self._boards.members(track.guild_id, track.id, period, interaction.user.id, now)
        await reply(interaction, board_page(board, track.channel_id))
