"""Follows edits and deletions of stored messages of which no event told, since the bot was away."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

import discord

from bot.clock import Clock
from bot.delivery.absence import Absence
from bot.delivery.codes import UNKNOWN_MESSAGE
from bot.delivery.jobs import KeyedLocks
from bot.delivery.worker import Worker
from bot.domain.drills import LIFETIME
from bot.services.agenda import Agenda
from bot.services.answers import AnswerService, KnownMessages
from bot.services.interview_answers import InterviewAnswerService
from bot.workers.answer_places import PlaceReader, UnreadShard
from bot.workers.answer_reader import AnswerIngest

PAGE = 100
"""How many messages Discord tells at a time."""
AT_ONCE = 200
"""Of so many servers stored messages are read together: most have none."""


@dataclass(slots=True)
class _Uncompared(UnreadShard):
    """Servers whose stored messages may have been edited or deleted, and of these the places that could not be
    looked at."""

    guild_ids: set[int] = field(default_factory=set[int])
    places: dict[int, KnownMessages] = field(default_factory=dict[int, KnownMessages])

    def begin(self, guild_ids: Collection[int]) -> None:
        """All stored messages of servers have to be looked at again, and at once."""
        self.places = {place: known for place, known in self.places.items() if known.guild_id not in guild_ids}
        self.guild_ids.update(guild_ids)
        self.attempts = 0


@dataclass(eq=False, repr=False)
class AnswerComparison(Worker):
    """Compares stored messages with what stands in their places.

    Args:
        messages: one thing at a time happens to a message.
    """

    _client: discord.AutoShardedClient
    _answers: AnswerService
    _interviews: InterviewAnswerService
    _ingest: AnswerIngest
    _places: PlaceReader
    _clock: Clock
    _messages: KeyedLocks
    _behind: defaultdict[int, _Uncompared] = field(
        default_factory=lambda: defaultdict[int, _Uncompared](_Uncompared), init=False
    )

    async def catch_up(self, absence: Absence) -> None:
        """Begins to compare the messages of servers, beside everything else."""
        self._behind[absence.shard_id].begin(absence.guild_ids)
        self._compare_soon(absence.shard_id)

    def start(self, agenda: Agenda) -> None:
        """Looks again at what could not be looked at."""
        for shard_id, behind in self._behind.items():
            if behind.has_rested(self._clock()) and (behind.guild_ids or behind.places):
                self._compare_soon(shard_id)

    def retry_now(self) -> None:
        """What could not be looked at is looked at again."""
        for behind in self._behind.values():
            behind.retry_now()

    def _compare_soon(self, shard_id: int) -> None:
        self._tasks.start(f"known:{shard_id}", partial(self._compare_all, self._behind[shard_id]))

    async def _compare_all(self, behind: _Uncompared) -> None:
        """What cannot be looked at waits."""
        for known in list(behind.places.values()):
            await self._compare(behind, known)
        waiting = sorted(behind.guild_ids)
        for start in range(0, len(waiting), AT_ONCE):
            guild_ids, since = waiting[start : start + AT_ONCE], self._clock() - LIFETIME
            places = await self._answers.known_messages(guild_ids, since)
            places += await self._interviews.known_messages(guild_ids, since)
            behind.places |= {known.place_id: known for known in places}
            behind.guild_ids.difference_update(guild_ids)
            for known in places:
                await self._compare(behind, known)
        if behind.places:
            behind.put_off(self._clock())

    async def _compare(self, behind: _Uncompared, known: KnownMessages) -> None:
        work = partial(self._look_through, known)
        if await self._places.look_in(known.guild_id, known.channel_id, known.place_id, work):
            behind.places.pop(known.place_id, None)

    async def _look_through(self, known: KnownMessages) -> None:
        """Looks again at stored messages that are missing in their place, or have been edited since."""
        place = self._client.get_partial_messageable(known.place_id, guild_id=known.guild_id)
        left = known.message_ids
        while left:
            after = discord.Object(left[0] - 1)
            page = [m async for m in place.history(limit=PAGE, after=after, oldest_first=True)]
            end = page[-1].id if len(page) == PAGE else left[-1]
            edited = {message.id: message.edited_at is not None for message in page}
            for message_id in left:
                if message_id <= end and edited.get(message_id, True):
                    async with self._messages.of(message_id):
                        await self._look_again(known.place_id, message_id)
            left = [message_id for message_id in left if message_id > end]

    async def _look_again(self, place_id: int, message_id: int) -> None:
        """Brings a stored message up to date; only where Discord itself says that it is gone it is erased."""
        try:
            message = await self._client.get_partial_messageable(place_id).fetch_message(message_id)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            await self._ingest.delete([message_id])
        else:
            await self._ingest.edit(message)
