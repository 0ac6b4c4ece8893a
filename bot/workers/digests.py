"""Brings weekly digests to their channels, each exactly once, on the same path as drills."""

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
from bot.services.digests import Digest, DigestService, PendingDigest, mark_sent, owner
from bot.ui.charts.cards import Imprint
from bot.ui.charts.digests import digest_picture
from bot.ui.charts.rendering import Pictures
from bot.ui.digests import PICTURE, digest_key, digest_name, digest_page, week_dates
from bot.ui.kit.languages import speaking_to_server

AT_ONCE = 20
"""Digests under way at a time: each reads a whole week, and everybody else waits for the database meanwhile."""
log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class DigestPublisher(Worker):
    """Claims what is due and delivers what is owed; one bad track never stops another."""

    _client: discord.Client
    _service: DigestService
    _outbox: Outbox
    _pictures: Pictures
    _clock: Clock

    def is_due(self, agenda: Agenda) -> bool:
        """Whether there are digests to claim, to send or to give up."""
        return agenda.digests

    async def step(self) -> None:
        """Delivers what was claimed before, and claims and delivers what is due, some at a time."""
        agenda = await self._service.agenda(self._clock())
        if agenda.too_late:
            await self._service.give_up(self._clock())
            agenda = await self._service.agenda(self._clock())
        works = [*map(self._guard, agenda.pending), *map(self._claim, agenda.due)]
        await some_at_a_time(works, AT_ONCE)

    async def _claim(self, track_id: int) -> None:
        try:
            claimed = await self._service.claim(track_id, self._clock())
        except Exception as error:
            report("digest.not_claimed", error, track=track_id, next_try_seconds=SECONDS)
            return
        if claimed is not None:
            await self._guard(claimed)

    async def _guard(self, pending: PendingDigest) -> None:
        try:
            with speaking_to_server(self._client, pending.track.guild_id):
                await self._bring(pending)
        except Exception as error:
            until = await self._service.failed(pending, self._clock(), problem_of(error, "digest_failed"))
            report("digest.failed", error, **of("track", pending.track, until), week=pending.delivery.week)

    async def _bring(self, pending: PendingDigest) -> None:
        track = pending.track
        channel = await practice_channel(self._client, track.guild_id, track.channel_id, opening=True)
        told = await self._service.gather(pending, self._clock())
        files = await self._attached(channel, told)
        await self._service.mark_tried(pending)
        out = Outgoing(
            to=target_of(channel),
            key="digest",
            page=digest_page(told, pending, picture=bool(files)),
            marker=digest_key(pending),
            files=tuple(files),
            title=digest_name(pending),
            since=pending.delivery.since,
        )
        look = pending.delivery.since if pending.delivery.attempts else None
        await self._outbox.send(
            owner(pending), out, look=look, after=lambda conn, post: mark_sent(conn, pending, post.message.id)
        )
        log.info("digest.posted", **of("track", track), week=pending.delivery.week)

    async def _attached(self, channel: discord.abc.GuildChannel, told: Digest) -> list[discord.File]:
        """The picture of the week's answers, where there are any and the bot may attach it."""
        if not sum(told.answers) or not channel.permissions_for(channel.guild.me).attach_files:
            return []
        imprint = Imprint.of(channel.guild, channel.id, local_date(self._clock(), told.track.zone))
        return [await self._pictures.file(PICTURE, digest_picture, told, week_dates(told.week), imprint)]
