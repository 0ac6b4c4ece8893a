"""`/daily pause`, `resume` and `skip`: on which dates a question comes."""

from dataclasses import dataclass
from datetime import date

import discord
from discord import app_commands

from bot.domain.schedule import local_date, parse_date
from bot.domain.tracks import Track
from bot.services.tracks import SkippedDate
from bot.ui import tracks
from bot.ui.kit import options
from bot.ui.kit.custom_ids import DAY, TRACK
from bot.ui.kit.router import handles
from bot.ui.kit.typed import read
from bot.workers.drills import DrillPublisher
from cogs.daily_base import DailyBase


@dataclass(eq=False, repr=False)
class DailyCalendarCog(DailyBase):
    """Changes which dates are practiced."""

    _publisher: DrillPublisher

    @app_commands.command(description="Stop posting for a while")
    @app_commands.describe(
        until="The first date on which it posts again, such as Monday or Jan 4",
        channel="A practice channel",
    )
    async def pause(
        self,
        interaction: discord.Interaction,
        until: str | None = None,
        channel: options.Channel | None = None,
    ) -> None:
        """Pauses a track; the open question stays open."""
        track = await self.track(interaction, channel)
        track = await self._tracks.pause(track, self._day(track, until), self._clock())
        said, buttons = tracks.paused_text(track)
        await self.reply(interaction, track, said, buttons=buttons)

    @app_commands.command(description="Pick up again after a pause")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def resume(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Ends a pause."""
        track = await self._tracks.resume(await self.track(interaction, channel), self._clock())
        self._publisher.replan()
        await self.reply(interaction, track, tracks.resumed_text(track))

    @app_commands.command(description="Skip a date; the same date again takes it back")
    @app_commands.rename(day="date")
    @app_commands.describe(
        day="Such as Dec 24, tomorrow or Monday; the next date if left out", channel="A practice channel"
    )
    async def skip(
        self,
        interaction: discord.Interaction,
        day: str | None = None,
        channel: options.Channel | None = None,
    ) -> None:
        """Skips a date without using a question."""
        track = await self.track(interaction, channel)
        await self._told(interaction, await self._tracks.skip(track, self._day(track, day), self._clock()))

    @handles("daily", "skip", TRACK, DAY)
    async def skip_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Take it back”."""
        track = await self.button_track(interaction, words[0])
        day = date.fromisoformat(words[1])
        await self._told(interaction, await self._tracks.take_back_skip(track, day, self._clock()))

    def _day(self, track: Track, said: str | None) -> date | None:
        return read(parse_date, said, local_date(self._clock(), track.zone)) if said else None

    async def _told(self, interaction: discord.Interaction, done: SkippedDate) -> None:
        self._publisher.replan()
        text, back = tracks.skipped_text(done)
        await self.reply(interaction, done.track, text, buttons=back)

    @pause.autocomplete("until")
    @skip.autocomplete("day")
    async def _days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        track = await self.track(interaction, None)
        return options.date_choices(typed, local_date(self._clock(), track.zone))
