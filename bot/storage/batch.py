"""Many small writes in few transactions."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database

T = TypeVar("T")
R = TypeVar("R")


class Batch(Generic[T, R]):
    """Stores what comes in at once together: while one transaction is written, the next writes gather.

    Two hundred people press within a second, and each commit waits for the disk. `work` gives a result for each
    item, in order; it must not raise for what one person did wrong, since that would undo the writes of the others.
    """

    def __init__(self, database: Database, work: Callable[[AsyncConnection, list[T]], Awaitable[list[R]]]) -> None:
        self._db = database
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def do(self, item: T) -> R:
        """Stores one write and returns its result once it is committed."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            try:
                items = [item for item, _ in taken]
                results = await self._db.write(lambda conn, items=items: self._work(conn, items))
                for (_, future), result in zip(taken, results, strict=True):
                    if not future.done():
                        future.set_result(result)
            except Exception as error:
                for _, future in taken:
                    if not future.done():
                        future.set_exception(error)
            finally:
                for _, future in taken:
                    future.cancel()
