"""Notices where the bot may not post any more, and where it may again."""

import asyncio
from dataclasses import dataclass, field

import discord
import structlog

from bot.delivery.absence import Absence
from bot.delivery.worker import Worker
from bot.services.tracks import TrackService
from bot.ui.kit.permissions import PRACTISABLE, REQUIRED, missing_to_post

AT_ONCE = 100
"""So many channels are looked at before others get their turn: 10,000 take a tenth of a second."""
log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class AccessWatch(Worker):
    """Looks at the practice channels of a server whenever what the bot may do there has changed."""

    _client: discord.Client
    _tracks: TrackService
    _lacking: dict[int, list[str]] = field(default_factory=dict[int, list[str]], init=False)

    async def catch_up(self, absence: Absence) -> None:
        """Says once that access is lost, and once that it is back; no request is made."""
        for number, place in enumerate(await self._tracks.practiced_in(absence.guild_ids)):
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
            guild = self._client.get_guild(place.guild_id)
            if guild is None or guild.unavailable:
                continue
            channel = guild.get_channel(place.channel_id)
            seen = isinstance(channel, PRACTISABLE)
            lacking = missing_to_post(channel) if seen else [REQUIRED["view_channel"]]
            before = self._lacking.pop(place.channel_id, [])
            if lacking:
                self._lacking[place.channel_id] = lacking
            subject = {"server": place.guild_id, "channel": place.channel_id}
            if lacking and lacking != before:
                log.warning("access.lost", **subject, missing=lacking)
            elif before and not lacking:
                log.info("access.back", **subject)
