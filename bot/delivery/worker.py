"""What runs by itself: the one protocol of everything that the heartbeat steps through."""

from bot.delivery.jobs import PATIENCE_SECONDS, KeyedTasks


class Worker:
    """Brings one feature up to date, step by step.

    A worker overrides `step`, or `run` where it starts several works of its own beside one another. All other
    methods do nothing until a worker has a use for them.
    """

    def __init__(self) -> None:
        self._tasks = KeyedTasks()

    async def run(self, patience: float = PATIENCE_SECONDS) -> None:
        """One step at a beat of the heartbeat; never two at a time.

        Args:
            patience: how many seconds the next worker may be kept waiting; what takes longer goes on beside it.
        """
        self._tasks.start("step", self.step)
        await self._tasks.wait(patience)

    async def step(self) -> None:
        """Does what is due now."""

    async def catch_up(self, shard_id: int) -> None:
        """Reads what happened while a shard was away; it is connected again."""

    def resumed(self, shard_id: int) -> None:
        """A shard is connected again, and Discord has sent what it missed."""

    def disconnected(self, shard_id: int) -> None:
        """A shard's connection has ended: from now on events may be missed."""

    async def stop(self) -> None:
        """Starts nothing new, and gives what is under way a few seconds to end."""
        await self._tasks.stop()
