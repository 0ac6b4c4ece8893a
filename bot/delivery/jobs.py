"""Work that runs beside the heartbeat, so that what is slow in one place holds up no other place."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

import structlog

from bot.ui.kit.references import referred_here

PATIENCE_SECONDS = 10.0
"""How long somebody waits for what they asked for before they are told that it goes on."""
GRACE_SECONDS = 2.0
"""How long running work may take to end when the bot stops."""

log = structlog.get_logger()


class KeyedLocks:
    """One thing at a time happens to whatever a number stands for, in the order in which it was asked for."""

    def __init__(self) -> None:
        self._locks = WeakValueDictionary[int, asyncio.Lock]()

    def of(self, key: int) -> asyncio.Lock:
        """The lock of one; it is gone when nobody holds it or waits for it."""
        return self._locks.setdefault(key, asyncio.Lock())

    @asynccontextmanager
    async def of_all(self, keys: Collection[int]) -> AsyncGenerator[None]:
        """Holds the locks of several; two who want the same ones take them in the same order."""
        async with AsyncExitStack() as held:
            for key in sorted(keys):
                await held.enter_async_context(self.of(key))
            yield


def forget_one(counted: Counter[int], key: int) -> None:
    """Counts one less, and keeps no zeros: what is counted may be many, and asked for as a whole."""
    counted[key] -= 1
    if not counted[key]:
        del counted[key]


async def some_at_a_time(works: Iterable[Awaitable[None]], slots: int) -> None:
    """Runs works side by side, of which no more than so many are under way at a time."""
    free = asyncio.Semaphore(slots)

    async def in_turn(work: Awaitable[None]) -> None:
        async with free:
            await work

    await asyncio.gather(*map(in_turn, works))


class KeyedTasks:
    """Runs works side by side, one at a time for each key."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[asyncio.Task[None], float]] = {}
        self._stopping = False

    def __len__(self) -> int:
        return len(self._running)

    def busy(self, key: str) -> bool:
        """Whether the work of this key is under way."""
        return key in self._running

    def start(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        """Starts a work, unless its key is busy or the bot stops."""
        if self._stopping or key in self._running:
            return
        task = asyncio.create_task(self._run(key, work))
        self._running[key] = (task, asyncio.get_running_loop().time())

    async def _run(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            with referred_here():
                await self._safely(key, work)
        finally:
            self._running.pop(key, None)

    async def _safely(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:
            log.exception("errand.failed", errand=key)

    async def wait(self, seconds: float) -> None:
        """Waits until every work has ended or runs longer than this: what is slow is waited for only once."""
        young = asyncio.get_running_loop().time() - seconds
        tasks = [task for task, started in self._running.values() if started > young]
        if tasks and seconds > 0:
            await asyncio.wait(tasks, timeout=seconds)

    async def stop(self) -> None:
        """Starts nothing any more, and ends what is under way after a few seconds."""
        self._stopping = True
        tasks = [task for task, _ in self._running.values()]
        if not tasks:
            return
        _, slow = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
