"""Brings weekly digests to their channels, each exactly once, on the same path as drills."""

import asyncio
from io import BytesIO

import discord
import structlog

from bot.clock import Clock
from bot.delivery.channels import CannotPost, practice_channel, venue_of
from bot.delivery.worker import Worker
from bot.services.digests import Digest, DigestService, OwedDigest
from bot.ui.charts.digests import draw_week
from bot.ui.digests import PICTURE, digest_key, digest_name, digest_page
from bot.ui.kit.layouts import custom_ids

log = structlog.get_logger()


class DigestPublisher(Worker):
    """Claims what is due and delivers what is owed; one bad track never stops another."""

    def __init__(self, client: discord.Client, service: DigestService, clock: Clock) -> None:
        super().__init__()
        self._client = client
        self._service = service
        self._clock = clock

    async def step(self) -> None:
        """Claims, then delivers."""
        for track_id in await self._service.due(self._clock()):
            await self._service.claim(track_id, self._clock())
        await asyncio.gather(*(self._guard(owed) for owed in await self._service.owed(self._clock())))

    async def _guard(self, owed: OwedDigest) -> None:
        try:
            await self._bring(owed)
        except CannotPost as reason:
            await self._service.failed(owed, self._clock(), str(reason))
        except discord.HTTPException as error:
            log.warning("digest.failed", digest=owed.id, status=error.status, code=error.code)
            said = error.text or f"error {error.status}"
            await self._service.failed(owed, self._clock(), f"Discord answered: {said}.")
        except Exception as error:
            log.error("digest.failed", digest=owed.id, error=type(error).__name__, exc_info=error)
            problem = "The weekly digest failed on our side; it is tried again."
            await self._service.failed(owed, self._clock(), problem)

    async def _bring(self, owed: OwedDigest) -> None:
        track = owed.track
        channel = await practice_channel(self._client, track.guild_id, track.channel_id, opening=True)
        venue, key = venue_of(channel), digest_key(owed)
        if owed.attempts:
            async for posted in venue.own(owed.week.span[0], owed.since):
                if key in custom_ids(posted.message.components):
                    await self._service.sent(owed, posted.message.id)
                    return
        told = await self._service.tell(owed, self._clock())
        files = await self._pictures(channel, told)
        await self._service.trying(owed)
        page = digest_page(told, owed, picture=bool(files))
        posted = await venue.send(digest_name(owed), page, key, discord.AllowedMentions.none(), files)
        await self._service.sent(owed, posted.message.id)

    async def _pictures(self, channel: discord.abc.GuildChannel, told: Digest) -> list[discord.File]:
        """The picture of the week's answers, where there are any and the bot may attach it."""
        if not sum(told.answers) or not channel.permissions_for(channel.guild.me).attach_files:
            return []
        drawn = await asyncio.to_thread(draw_week, told.week.dates, told.answers, told.before)
        return [discord.File(BytesIO(drawn), PICTURE)]
