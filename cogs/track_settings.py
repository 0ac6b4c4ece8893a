"""The settings panel that `/setup` shows without options: each setting is changed where it stands."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.tracks import PlanChange, Track
from bot.services.tracks import ChangedTrack, TrackService
from bot.ui import track_settings as panel
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, TEXT, TRACK
from bot.ui.kit.forms import picked
from bot.ui.kit.permissions import as_practice_channel
from bot.ui.kit.responses import edit, open_form, reply, think
from bot.ui.kit.router import handles, require_manager
from bot.ui.refusals import explain
from bot.ui.track_schedules import TypedSchedule, sent_typed
from bot.ui.tracks import changed_lines, set_up_page
from bot.workers.drills import DrillPublisher
from bot.workers.track_log import TrackLog
from cogs.track_panel import TrackPanel


@dataclass(eq=False, repr=False)
class TrackSettingsCog(commands.Cog):
    """Answers the panel's buttons and forms, and tells the log channel what was changed."""

    _client: discord.Client
    _clock: Clock
    _banks: Banks
    _tracks: TrackService
    _panel: TrackPanel
    _publisher: DrillPublisher
    _log: TrackLog

    async def _track(self, interaction: discord.Interaction, track_id: str) -> Track:
        require_manager(interaction)
        return await self._tracks.get(int(track_id), options.where(interaction)[0])

    @handles("panel", "pick")
    async def pick(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The menu of the server's practice channels."""
        chosen = picked(interaction)
        if len(chosen) != 1 or not NUMBER.fits(chosen[0]):
            raise Refusal("commands.outdated")
        await edit(interaction, await self._panel.page(await self._track(interaction, chosen[0])))

    @handles("panel", "show", TRACK)
    async def show(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Settings” of `/daily status`."""
        await reply(interaction, await self._panel.page(await self._track(interaction, words[0])))

    @handles("panel", "open", TRACK, panel.SETTING)
    async def open(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A setting's button: opens its form, filled with what is set now."""
        track = await self._track(interaction, words[0])
        bank = options.bank(interaction, self._banks)
        await open_form(interaction, panel.setting_form(words[1], track, bank, self._clock()))

    @handles("panel", "again", TRACK, NUMBER, TEXT, TEXT)
    async def again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Try again”: the form of the schedule with what was typed."""
        track = await self._track(interaction, words[0])
        typed = TypedSchedule.parse(words[1:])
        await open_form(interaction, panel.schedule_form(track, typed, self._clock()))

    @handles("panel", "form", TRACK, panel.SETTING, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A form that was sent."""
        track = await self._track(interaction, words[0])
        if words[1] == panel.MOVE:
            await self._move(interaction, track, panel.sent_channel(interaction))
            return
        try:
            change = panel.sent_setting(words[1], interaction, options.bank(interaction, self._banks))
        except Refusal as refusal:
            if words[1] != panel.SCHEDULE:
                raise
            await reply(interaction, panel.again_page(explain(refusal), track, sent_typed(interaction)))
            return
        await self._change(interaction, track, change)

    @handles("panel", "set", TRACK, panel.SWITCH)
    async def switch(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A toggle."""
        await self._change(interaction, await self._track(interaction, words[0]), panel.SWITCHES[words[1]])

    @handles("panel", "ping", TRACK)
    async def ping(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The menu of roles under a new track."""
        track = await self._track(interaction, words[0])
        change = panel.role_change(track.guild_id, picked(interaction))
        done = await self._tracks.change(track, change, self._clock(), forums=(), by=interaction.user.id)
        await edit(interaction, set_up_page(done, self._panel.warnings(done.track), self._clock()))
        await self._log.changed(interaction, done)

    async def _move(self, interaction: discord.Interaction, track: Track, channel_id: int) -> None:
        channel = as_practice_channel(channel_id, self._client.get_channel(channel_id))
        forums = {forum.id for forum in channel.guild.forums}
        by = interaction.user.id
        await self._show(
            interaction, await self._tracks.move(track, channel.id, self._clock(), forums=forums, by=by)
        )

    async def _change(self, interaction: discord.Interaction, track: Track, change: PlanChange) -> None:
        if change.zone not in (None, track.zone):
            await think(interaction)  # weeks may begin anew, which takes a while where there are many points
        forums = {forum.id for forum in interaction.guild.forums} if interaction.guild else set[int]()
        by = interaction.user.id
        await self._show(interaction, await self._tracks.change(track, change, self._clock(), forums=forums, by=by))

    async def _show(self, interaction: discord.Interaction, done: ChangedTrack) -> None:
        self._publisher.replan()
        lines = [] if done.before is None else changed_lines(done.before, done.track)
        await edit(
            interaction, await self._panel.page(done.track, "\n".join(lines) or panel.nothing_changed_text())
        )
        await self._log.changed(interaction, done)
