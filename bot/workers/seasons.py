"""Brings the champions of months that are over to their servers, each exactly once, on the same path as digests."""

from dataclasses import dataclass

import discord
import structlog

from bot.clock import Clock
from bot.delivery.channels import Outgoing, practice_channel, target_of
from bot.delivery.guard import of, problem_of, report
from bot.delivery.heartbeat import SECONDS
from bot.delivery.jobs import some_at_a_time
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.schedule import local_date
from bot.services.agenda import Agenda
from bot.services.seasons import PendingSeason, SeasonService, SeasonStory, mark_sent, owner
from bot.ui.charts.cards import Imprint
from bot.ui.charts.rendering import Pictures
from bot.ui.charts.seasons import FILE_NAME, season_picture
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.words import month_and_year
from bot.ui.seasons import season_key, season_page

AT_ONCE = 20
"""Servers under way at a time: months turn in all of a zone's at once, and everybody else waits meanwhile."""
log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class SeasonPublisher(Worker):
    """Crowns the champions of months that have turned, and tells them; one bad server never stops another."""

    _client: discord.Client
    _service: SeasonService
    _outbox: Outbox
    _pictures: Pictures
    _clock: Clock

    def is_due(self, agenda: Agenda) -> bool:
        """Whether a month has turned somewhere, or a champion is to be told."""
        return agenda.seasons

    async def step(self) -> None:
        """Tells what is pending, and crowns and tells what is due, some at a time."""
        agenda = await self._service.agenda(self._clock())
        works = [*map(self._guard, agenda.pending), *map(self._crown, agenda.due)]
        await some_at_a_time(works, AT_ONCE)

    async def _crown(self, guild_id: int) -> None:
        try:
            crowned = await self._service.crown(guild_id, self._clock())
        except Exception as error:
            report("season.not_crowned", error, server=guild_id, next_try_seconds=SECONDS)
            return
        if crowned is not None:
            await self._guard(crowned)

    async def _guard(self, told: PendingSeason) -> None:
        try:
            with speaking_to_server(self._client, told.track.guild_id):
                await self._tell(told)
        except Exception as error:
            until = await self._service.failed(told, self._clock(), problem_of(error, "season_failed"))
            report("season.failed", error, **of("track", told.track, until), month=told.month.key)

    async def _tell(self, told: PendingSeason) -> None:
        track, since = told.track, told.delivery.since
        channel = await practice_channel(self._client, track.guild_id, track.channel_id, opening=True)
        story = await self._service.gather(told)
        files = await self._attached(channel, story)
        await self._service.mark_tried(told)
        out = Outgoing(
            to=target_of(channel),
            key="season",
            page=season_page(story, told, picture=bool(files)),
            marker=season_key(told),
            files=tuple(files),
            title=month_and_year(told.month.first),
            since=since,
        )
        look = since if told.delivery.attempts else None
        await self._outbox.send(
            owner(told), out, look=look, after=lambda conn, post: mark_sent(conn, told, post.message.id)
        )
        log.info("season.posted", **of("track", track), month=told.month.key)

    async def _attached(self, channel: discord.abc.GuildChannel, story: SeasonStory) -> list[discord.File]:
        """The picture of who won, where the bot may attach it."""
        if not channel.permissions_for(channel.guild.me).attach_files:
            return []
        members = [won.member_id or 0 for won in story.champions] + [row.member_id for row in story.others]
        faces = self._pictures.portraits.of(members)
        imprint = Imprint(channel.guild.name, local_date(self._clock(), story.month.zone))
        month = month_and_year(story.month.first)
        return [await self._pictures.file(FILE_NAME, season_picture, story, month, imprint, faces)]
