"""Reading in channels and threads that may be hidden, gone, or slow to answer; what cannot be read waits."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import structlog

from bot.delivery.absence import may_read
from bot.delivery.codes import UNKNOWN_CHANNEL
from bot.domain.backoff import has_rested, pause
from bot.services.drill_places import DrillPlaceService
from bot.services.interview_answers import InterviewAnswerService

LONGEST = timedelta(minutes=5)
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)

log = structlog.get_logger()


@dataclass(slots=True)
class UnreadShard:
    """What a shard has not looked at yet, and when it is tried again: later each time."""

    attempts: int = 0
    failed_at: datetime = BEGINNING

    def put_off(self, now: datetime) -> None:
        """Waits before the next try, twice as long each time."""
        self.failed_at, self.attempts = now, self.attempts + 1

    def has_rested(self, now: datetime) -> bool:
        """Whether the next try may come."""
        return self.attempts == 0 or has_rested(self.failed_at, now, pause(self.attempts - 1, LONGEST))

    def retry_now(self) -> None:
        """The next try may come at once."""
        self.failed_at = BEGINNING


@dataclass(frozen=True, repr=False)
class PlaceReader:
    """Reads in channels and threads, and tells what has to be tried again."""

    _client: discord.AutoShardedClient
    _drills: DrillPlaceService
    _interviews: InterviewAnswerService

    async def look_in(
        self, guild_id: int, channel_id: int, place_id: int, work: Callable[[], Awaitable[None]]
    ) -> bool:
        """Reads in a channel, or in a thread of it; returns False where that has to be tried again."""
        if not may_read(self._client.get_guild(guild_id), channel_id):
            return False
        try:
            await work()
        except discord.NotFound as error:
            gone = await self._is_gone(guild_id, channel_id)
            if gone and error.code == UNKNOWN_CHANNEL and place_id != channel_id:
                await self._deleted_meanwhile(guild_id, channel_id, place_id)
            return gone
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("history.unread", server=guild_id, channel=place_id, error=type(error).__name__)
            return False
        except Exception:
            log.exception("history.unread", server=guild_id, channel=place_id)
            return False
        return True

    async def _deleted_meanwhile(self, guild_id: int, channel_id: int, thread_id: int) -> None:
        """A thread that Discord does not know, in a channel that the bot sees, was deleted with its messages."""
        guild = self._client.get_guild(guild_id)
        if guild is not None and guild.get_channel(channel_id) is not None:
            await self._drills.thread_deleted(thread_id)
            await self._interviews.thread_deleted(thread_id)

    async def _is_gone(self, guild_id: int, channel_id: int) -> bool:
        """Whether a place that Discord does not know was deleted, and is not hidden with its channel."""
        guild = self._client.get_guild(guild_id)
        if guild is not None and guild.get_channel(channel_id) is not None:
            return may_read(guild, channel_id)
        try:
            await self._client.fetch_channel(channel_id)
        except discord.NotFound:
            return True
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            return False
        return True
