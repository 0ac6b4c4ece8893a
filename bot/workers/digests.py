"""Brings weekly digests to their channels, each exactly once, on the same path as drills."""

import asyncio
from io import BytesIO
from typing import Any

import discord
import structlog

from bot.clock import Clock
from bot.services.digests import Digest, DigestService, Owed
from bot.ui.digest import PICTURE, digest_key, digest_page
from bot.ui.digest_picture import draw_week
from bot.ui.permissions import missing_to_post
from bot.workers.courier import Withheld
from bot.workers.posts import LOOK_BACK, digest

log = structlog.get_logger()


def _carries(message: discord.Message, custom_id: str) -> bool:
    """Whether one of a message's buttons has this custom_id."""
    stack: list[Any] = list(message.components)
    while stack:
        component = stack.pop()
        if getattr(component, "custom_id", None) == custom_id:
            return True
        stack += getattr(component, "children", [])
    return False


class Digests:
    """Claims what is due and delivers what is owed; one bad track never stops another."""

    def __init__(self, client: discord.Client, service: DigestService, clock: Clock) -> None:
        self._client = client
        self._service = service
        self._clock = clock

    async def tick(self) -> None:
        """Claims, then delivers."""
        for track_id in await self._service.due(self._clock()):
            await self._service.claim(track_id, self._clock())
        await asyncio.gather(*(self._guard(owed) for owed in await self._service.owed(self._clock())))

    async def _guard(self, owed: Owed) -> None:
        try:
            await self._bring(owed)
        except Withheld as reason:
            await self._service.failed(owed, self._clock(), str(reason))
        except discord.HTTPException as error:
            log.warning("digest.failed", digest=owed.id, status=error.status, code=error.code)
            said = error.text or f"error {error.status}"
            await self._service.failed(owed, self._clock(), f"Discord answered: {said}.")
        except Exception as error:
            log.error("digest.failed", digest=owed.id, error=type(error).__name__, exc_info=error)
            problem = "The weekly digest failed on our side; it is tried again."
            await self._service.failed(owed, self._clock(), problem)

    async def _bring(self, owed: Owed) -> None:
        channel = await self._channel(owed)
        key = digest_key(owed)
        if owed.attempts:
            async for message in channel.history(limit=LOOK_BACK):
                if message.author == self._client.user and _carries(message, key):
                    await self._service.sent(owed, message.id)
                    return
        told = await self._service.tell(owed)
        files = await self._pictures(channel, told)
        await self._service.trying(owed)
        page = digest_page(told, owed, picture=bool(files))
        message = await channel.send(view=page, files=files, nonce=digest(key))
        await self._service.sent(owed, message.id)

    async def _channel(self, owed: Owed) -> discord.TextChannel:
        channel = self._client.get_channel(owed.track.channel_id)
        if not isinstance(channel, discord.TextChannel):
            raise Withheld("I cannot see the channel, so its weekly digest waits.")
        lacking = missing_to_post(channel)
        if lacking:
            raise Withheld(f"Missing in <#{channel.id}>: {', '.join(lacking)}.")
        return channel

    async def _pictures(self, channel: discord.TextChannel, told: Digest) -> list[discord.File]:
        """The picture of the week's answers, where there are any and the bot may attach it."""
        if not sum(told.answers) or not channel.permissions_for(channel.guild.me).attach_files:
            return []
        drawn = await asyncio.to_thread(draw_week, told.week.dates, told.answers, told.before)
        return [discord.File(BytesIO(drawn), PICTURE)]
