"""What runs by itself: the one protocol of everything that the heartbeat steps through."""

from collections.abc import Collection
from dataclasses import dataclass, field

import discord

from bot.delivery.absence import Absence
from bot.delivery.jobs import PATIENCE_SECONDS, KeyedTasks
from bot.storage.agenda import Agenda


@dataclass(eq=False, repr=False)
class Worker:
    """Brings one feature up to date, step by step.

    A worker overrides `is_due` and `step`, or `start` where it starts several works of its own beside one another.
    All other methods do nothing until a worker has a use for them.
    """

    _tasks: KeyedTasks = field(default_factory=KeyedTasks, init=False)

    def begin(self) -> None:
        """Starts what rings by itself between the beats."""

    async def run(self, agenda: Agenda, patience: float = PATIENCE_SECONDS) -> bool:
        """Does what is due at a beat of the heartbeat.

        Args:
            agenda: what there is to do.
            patience: how many seconds the next worker may be kept waiting; what takes longer goes on beside it.

        Returns:
            Whether it was at work: then there may be other things to do for the next worker.
        """
        self.start(agenda)
        if not self._tasks:
            return False
        await self._tasks.wait(patience)
        return True

    def start(self, agenda: Agenda) -> None:
        """Starts what is due: one step, never two at a time."""
        if self.is_due(agenda):
            self._tasks.start("step", self.step)

    def is_due(self, agenda: Agenda) -> bool:
        """Whether a step has something to do."""
        return False

    async def step(self) -> None:
        """Does what is due now; it may be called between two beats as well."""

    def missed(self, guild_id: int) -> None:
        """What happens in a server may be missed, until it has been caught up with."""

    async def catch_up(self, absence: Absence) -> None:
        """Reads what happened in servers while the bot could not listen there; it listens again."""

    def resumed(self, shard_id: int) -> None:
        """A shard is connected again, and Discord has sent what it missed."""

    def disconnected(self, shard_id: int) -> None:
        """A shard's connection has ended: from now on events may be missed."""

    def retry_now(self) -> None:
        """Discord is back after it failed: what this worker itself has put off need not wait any longer."""

    async def stop(self) -> None:
        """Starts nothing new, and gives what is under way a few seconds to end."""
        await self._tasks.stop()


@dataclass(eq=False, repr=False)
class Listener(Worker):
    """A worker that follows events, and knows in which servers it has missed none, or read up what it missed."""

    _down: set[int] = field(default_factory=set[int], init=False)
    # Servers that were read up, and those of which something was missed since.
    _read: set[int] = field(default_factory=set[int], init=False)
    _owed: set[int] = field(default_factory=set[int], init=False)

    def missed(self, guild_id: int) -> None:
        """What happens in a server may be missed, until it has been caught up with."""
        self._owed.add(guild_id)

    def resumed(self, shard_id: int) -> None:
        """Discord has sent what the shard missed."""
        self._down.discard(shard_id)

    def disconnected(self, shard_id: int) -> None:
        """A shard's connection is gone: from now on events may be missed."""
        self._down.add(shard_id)

    def knows(self, guild: discord.Guild) -> bool:
        """Whether nothing that happened in a server is unknown."""
        return guild.id in self._read and guild.id not in self._owed and guild.shard_id not in self._down

    def _listens(self, absence: Absence) -> None:
        """A shard listens again, and what happened in the servers of an absence is not known yet."""
        self._down.discard(absence.shard_id)
        self._read -= absence.guild_ids

    def _begin_reading(self, guild_ids: Collection[int]) -> None:
        """What servers missed so far is being read; what they miss from now on is owed anew."""
        self._owed.difference_update(guild_ids)

    def _end_reading(self, guild_ids: Collection[int]) -> None:
        """What servers missed has been read."""
        self._read.update(guild_ids)
