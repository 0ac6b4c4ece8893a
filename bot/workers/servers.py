"""Has servers read up in which something may have been missed, in whatever way they come back."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.delivery.absence import Absence
from bot.delivery.jobs import KeyedLocks


@dataclass
class Attendance:
    """Knows which shards listen, and what is owed to their servers.

    Args:
        missed: is told at once that a server's history is not known any more.
        catch_up: reads what happened.
    """

    caught_up: set[int] = field(default_factory=set[int], init=False)
    """The shards whose servers have been read up at least once."""
    _missed: Callable[[int], None]
    _catch_up: Callable[[Absence], Awaitable[None]]
    _listening: set[int] = field(default_factory=set[int], init=False)
    _owed: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict[int, set[int]](set), init=False)
    _locks: KeyedLocks = field(default_factory=KeyedLocks, init=False)

    async def new_session(self, shard_id: int, guild_ids: frozenset[int]) -> None:
        """A shard listens, after a gap of which Discord tells nothing."""
        self._listening.add(shard_id)
        self._owed.pop(shard_id, None)
        await self._catch_up(Absence(shard_id, guild_ids, new_session=True))
        self.caught_up.add(shard_id)

    async def resumed(self, shard_id: int) -> None:
        """A shard listens again, and Discord has told what happened in the gap."""
        self._listening.add(shard_id)
        for guild_id in list(self._owed[shard_id]):
            await self._read(shard_id, guild_id)

    def disconnected(self, shard_id: int) -> None:
        """A shard listens no more."""
        self._listening.discard(shard_id)

    def missed(self, guild_id: int) -> None:
        """From now on Discord tells nothing of a server."""
        self._missed(guild_id)

    async def access_changed(self, shard_id: int, guild_id: int) -> None:
        """A server has come back, or what the bot may see there has changed: things may have been missed."""
        self._missed(guild_id)
        self._owed[shard_id].add(guild_id)
        if shard_id in self._listening:
            await self._read(shard_id, guild_id)

    async def _read(self, shard_id: int, guild_id: int) -> None:
        """Reads a server; several changes that come while it is being read are made up for together."""
        async with self._locks.of(guild_id):
            if guild_id in self._owed[shard_id]:
                self._owed[shard_id].discard(guild_id)
                await self._catch_up(Absence(shard_id, frozenset({guild_id})))
