"""Collects what people wrote while the bot could not listen, and knows how far it has read."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import discord
import structlog

from bot.clock import Clock
from bot.delivery.absence import Absence
from bot.delivery.channels import ForumTarget
from bot.delivery.guard import of
from bot.delivery.jobs import PATIENCE_SECONDS
from bot.delivery.worker import Listener
from bot.domain.backoff import has_rested
from bot.domain.drills import LIFETIME, Drill
from bot.services.agenda import Agenda
from bot.services.answers import AnswerService
from bot.services.drills import DrillService, FoundCard
from bot.ui.drills import card_words
from bot.workers.answer_places import BEGINNING, PlaceReader, UnreadShard
from bot.workers.answer_reader import AnswerIngest
from bot.workers.events import Events

SETTLED = timedelta(minutes=2)
"""Messages older than this have reached us while the connection stood: the history need not be read again."""
SAVE_EVERY = timedelta(minutes=1)

log = structlog.get_logger()


class _Unread(NamedTuple):
    """A place whose history is not read up: the practice channel that shows or hides it, and the newest message
    known there."""

    guild_id: int
    channel_id: int
    cursor: int


@dataclass(slots=True)
class _Behind(UnreadShard):
    """The places whose history a shard has not read up yet."""

    places: dict[int, _Unread] = field(default_factory=dict[int, _Unread])

    def add(self, place_id: int, unread: _Unread) -> None:
        known = self.places.get(place_id)
        if known is None or unread.cursor < known.cursor:
            self.places[place_id] = unread

    def drop(self, guild_ids: Collection[int]) -> None:
        self.places = {place: unread for place, unread in self.places.items() if unread.guild_id not in guild_ids}


@dataclass(eq=False, repr=False)
class AnswerHistory(Listener):
    """Reads up what was written where no event told of it, once each and in order."""

    _client: discord.AutoShardedClient
    _answers: AnswerService
    _drills: DrillService
    _ingest: AnswerIngest
    _places: PlaceReader
    _clock: Clock
    _events: Events
    _behind: defaultdict[int, _Behind] = field(
        default_factory=lambda: defaultdict[int, _Behind](_Behind), init=False
    )
    _locks: defaultdict[int, asyncio.Lock] = field(
        default_factory=lambda: defaultdict[int, asyncio.Lock](asyncio.Lock), init=False
    )
    _saved_at: datetime = field(default=BEGINNING, init=False)

    @property
    def unread_places(self) -> int:
        """How many channels and threads have a history that is not read up."""
        return sum(len(behind.places) for behind in self._behind.values())

    async def catch_up(self, absence: Absence) -> None:
        """Collects what people wrote where the bot could not listen, once each and in order."""
        guild_ids = absence.guild_ids
        self._listens(absence)
        async with self._locks[absence.shard_id]:
            self._begin_reading(guild_ids)
            found = await self._answers.still_collecting(guild_ids, self._clock() - LIFETIME)
            behind = self._behind[absence.shard_id]
            behind.drop(guild_ids)
            for delivery in found:
                drill = delivery.drill
                if drill.forum_post_id is not None and absence.new_session:
                    await self._find_posts(drill)
                for place_id in drill.places:
                    # Only in a new session is the last message of which Discord has told the last one there is.
                    if not absence.new_session or self._may_hold_news(place_id, delivery.cursor):
                        behind.add(place_id, _Unread(drill.guild_id, drill.channel_id, delivery.cursor))
            behind.attempts = 0
            await self._read_behind(behind)
            self._end_reading(guild_ids)
            await self.save_cursors()

    def _may_hold_news(self, place_id: int, cursor: int) -> bool:
        """Whether anything can have been said in a place since a message: the gateway told its newest."""
        newest: int | None = getattr(self._client.get_channel(place_id), "last_message_id", None)
        return newest is None or newest > cursor

    async def run(self, agenda: Agenda, patience: float = PATIENCE_SECONDS) -> bool:
        """Reads again what could not be read, and saves now and then how far the history is known."""
        at_work = await super().run(agenda, patience)
        if has_rested(self._saved_at, self._clock(), SAVE_EVERY):
            await self.save_cursors()
            self._saved_at = self._clock()
        return at_work

    def start(self, agenda: Agenda) -> None:
        """Reads again what could not be read."""
        for shard_id, behind in self._behind.items():
            if behind.places and behind.has_rested(self._clock()) and not self._locks[shard_id].locked():
                self._tasks.start(f"history:{shard_id}", partial(self._retry, shard_id))

    def retry_now(self) -> None:
        """What could not be read is read again."""
        for behind in self._behind.values():
            behind.retry_now()

    async def _retry(self, shard_id: int) -> None:
        async with self._locks[shard_id]:
            await self._read_behind(self._behind[shard_id])

    async def _read_behind(self, behind: _Behind) -> None:
        tried = set[int]()
        while (place_id := next((found for found in behind.places if found not in tried), None)) is not None:
            tried.add(place_id)
            unread = behind.places[place_id]
            if await self._read_up(place_id, unread) and behind.places.get(place_id) == unread:
                behind.places.pop(place_id)
        if behind.places:
            behind.put_off(self._clock())

    async def backfill(self, drill: Drill) -> None:
        """Collects what people wrote to a drill before the bot knew that it was posted."""
        unread = _Unread(drill.guild_id, drill.channel_id, drill.message_id or 0)
        for place_id in drill.places:
            if not self._may_hold_news(place_id, unread.cursor):
                continue
            if not await self._read_up(place_id, unread):
                guild = self._client.get_guild(drill.guild_id)
                if guild is not None:
                    self._behind[guild.shard_id].add(place_id, unread)

    async def _read_up(self, place_id: int, unread: _Unread) -> bool:
        """Collects what stands in a place that is behind; returns False where it has to be read again."""
        work = partial(self._read_after, place_id, unread.cursor)
        return await self._places.look_in(unread.guild_id, unread.channel_id, place_id, work)

    async def _read_after(self, place_id: int, cursor: int) -> None:
        place = self._client.get_channel(place_id) or await self._client.fetch_channel(place_id)
        if isinstance(place, discord.TextChannel | discord.Thread):
            history = place.history(limit=None, after=discord.Object(cursor), oldest_first=True)
            await self._ingest.read_history(history, self._take)

    async def _take(self, message: discord.Message) -> None:
        if message.author == self._client.user:
            await self._adopt(message)
        await self._ingest.message(message)
        await self._ingest.edit(message)

    async def _find_posts(self, drill: Drill) -> None:
        """Looks through a forum for questions that the database forgot, where posts have come since this one."""
        forum = self._client.get_channel(drill.channel_id)
        if isinstance(forum, discord.ForumChannel) and (forum.last_message_id or 0) > (drill.message_id or 0):
            async for post in ForumTarget(forum).own(drill.opened_at or drill.claimed_at):
                await self._adopt(post.message, post.forum_post_id)

    async def _adopt(self, message: discord.Message, forum_post_id: int | None = None) -> None:
        """Takes up a question of ours that the database forgot, since a backup was restored."""
        card = None if message.guild is None else card_words(message.components)
        if message.guild is None or card is None:
            return
        thread = message.thread
        found = FoundCard(
            guild_id=message.guild.id,
            channel_id=card.channel_id,
            date=card.date,
            question_id=card.question_id,
            message_id=message.id,
            forum_post_id=forum_post_id,
            thread_id=forum_post_id or (None if thread is None else thread.id),
            opened_at=message.created_at,
        )
        drill = await self._drills.adopt(found, self._clock())
        if drill is not None:
            log.info("drill.found", **of("drill", drill))
            behind = self._behind[message.guild.shard_id]
            for place_id in drill.places:
                behind.add(place_id, _Unread(drill.guild_id, drill.channel_id, message.id))

    async def save_cursors(self) -> None:
        """Records how far the history is known, where nothing was missed."""
        guilds = [guild.id for guild in self._client.guilds if self.knows(guild)]
        if guilds:
            to = discord.utils.time_snowflake(self._clock() - SETTLED)
            if (oldest := self._events.oldest) is not None:
                to = min(to, oldest - 1)
            unread = {place_id for behind in self._behind.values() for place_id in behind.places}
            await self._answers.save_cursors(guilds, self._clock(), to, unread)
