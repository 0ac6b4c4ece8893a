"""`/daily status`: how a track stands."""

from dataclasses import dataclass

import discord
from discord import app_commands

from bot.domain.drills import DrillState
from bot.domain.schedule import local_date
from bot.domain.tracks import Track
from bot.services.agenda import AgendaService
from bot.services.digests import DigestService
from bot.services.milestones import MilestoneService
from bot.services.mistakes import MistakeService
from bot.services.participation import ParticipationService
from bot.ui.charts.cards import Imprint
from bot.ui.charts.participation import FILE_NAME, participation_picture
from bot.ui.charts.rendering import Pictures
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, TRACK, maybe
from bot.ui.kit.layouts import Page
from bot.ui.kit.permissions import warnings, wished
from bot.ui.kit.responses import edit, reply
from bot.ui.kit.router import handles
from bot.ui.milestones import role_problems
from bot.ui.mistakes import waiting_page
from bot.ui.participation import quiet_page
from bot.ui.track_status import TrackStatus, status_page
from bot.workers.drills import DrillPublisher
from cogs.daily_base import DailyBase


@dataclass(eq=False, repr=False)
class DailyStatusCog(DailyBase):
    """Shows managers what they need to know of a track."""

    _client: discord.Client
    _publisher: DrillPublisher
    _digests: DigestService
    _milestones: MilestoneService
    _mistakes: MistakeService
    _participation: ParticipationService
    _agenda: AgendaService
    _pictures: Pictures

    @app_commands.command(description="See how the daily question is going")
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def status(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Shows the next post, the open question, what is missing, and the settings."""
        guild_id, _ = options.where(interaction)
        reports = await self._mistakes.open_reports(guild_id)
        if reports.reports and not await self._tracks.of_server(guild_id):
            await reply(interaction, waiting_page(reports))
            return
        await reply(interaction, *await self._page(interaction, await self.track(interaction, channel)))

    async def _page(self, interaction: discord.Interaction, track: Track) -> tuple[Page, list[discord.File]]:
        guild_id, reports = track.guild_id, await self._mistakes.open_reports(track.guild_id)
        place = self._client.get_channel(track.channel_id)
        drill = await self._drills.current(track.id)
        now = await self._drills.standing(drill, self._clock()) if drill else None
        left, total = await self._drills.left(track)
        last = await self._drills.last(track)
        is_owed = last is not None and last.drill.state is DrillState.CLAIMED
        today = local_date(self._clock(), track.zone)
        standing = TrackStatus(
            track=track,
            owed=last if is_owed else None,
            posted=last is not None and last.drill.date == today and last.drill.message_id is not None,
            drill=drill,
            question=self._banks.of(guild_id).asked(drill.question_id, drill.claimed_at) if drill else None,
            answered=now.answered if now else 0,
            closing=now.closing if now else None,
            left=left,
            total=total,
            participation=await self._participation.of(track, self._clock()),
            skipped=await self._tracks.skipped(track, self._clock()),
            queued=await self._tracks.queued(track.id),
            warnings=warnings(track.channel_id, place, track.ping_role_id),
            wished=wished(place),
            gone=place is None,
            missed_digest=await self._digests.given_up(track),
            reports=reports,
            held_up=await self._drills.held_up(track.id),
            roles=await self._role_problems(interaction),
            storage=self._agenda.trouble,
        )
        found, bank = standing.participation, options.bank(interaction, self._banks)
        if not (found.now.answers + found.before.answers and interaction.app_permissions.attach_files):
            return status_page(standing, bank), []
        imprint = Imprint.of(interaction.guild, track.channel_id, today)
        async with self._pictures.turn:
            file = await self._pictures.file(FILE_NAME, participation_picture, found, imprint)
        return status_page(standing, bank, drawn=True), [file]

    @handles("daily", "pause", TRACK)
    async def pause_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Pause”, until somebody resumes it."""
        track = await self.button_track(interaction, words[0])
        if not track.paused:
            track = await self._tracks.pause(track, None, self._clock())
        await edit(interaction, *await self._page(interaction, track))

    @handles("daily", "resume", TRACK)
    async def resume_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Resume”."""
        track = await self.button_track(interaction, words[0])
        if track.paused:
            track = await self._tracks.resume(track, self._clock())
            self._publisher.replan()
        await edit(interaction, *await self._page(interaction, track))

    async def _role_problems(self, interaction: discord.Interaction) -> list[str]:
        guild = interaction.guild
        return [] if guild is None else role_problems(await self._milestones.roles(guild.id), guild)

    @handles("daily", "quiet", TRACK, maybe(NUMBER))
    async def quiet(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Who has been quiet” opens the list; Next and Back turn its pages."""
        track = await self.button_track(interaction, words[0])
        at = int(words[1]) if len(words) > 1 else 0
        page = quiet_page(await self._participation.quiet(track, self._clock(), at), track.id, track.channel_id)
        if len(words) > 1:
            await edit(interaction, page)
        else:
            await reply(interaction, page)
