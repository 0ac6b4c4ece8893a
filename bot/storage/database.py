"""One SQLite connection, shared safely: every transaction is a function that runs in its own task."""

import asyncio
import contextlib
import fcntl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.domain.errors import BadInput

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "cache_size=-32768",  # at most 32 MiB: a large server's boards stay in memory
)
READ_ONLY_PRAGMAS = ("query_only=ON", "foreign_keys=ON", "busy_timeout=5000")


class DatabaseInUse(BadInput):
    """Another process writes to this database."""


class DatabaseOutOfReach(BadInput):
    """The database's folder cannot be used."""


def database_file(url: str) -> Path | None:
    """The file behind a SQLite URL, or None for an in-memory database."""
    name = make_url(url).database
    return None if not name or name == ":memory:" else Path(name)


class WriterLock:
    """A lock file beside the database: one process writes at a time.

    The operating system drops the lock with the process, so a crash leaves nothing to clean up.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file: Any = None

    def acquire(self) -> None:
        """Raises DatabaseInUse when another process holds it, DatabaseOutOfReach where nothing can be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w")
        except OSError as error:
            raise DatabaseOutOfReach(
                f"I cannot write to the folder of the database, {self._path.parent} ({error.strerror}). "
                "Mend its permissions, or name another place in MOCKINGBIRD_DATABASE_URL."
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise DatabaseInUse(
                f"Another Mockingbird writes to {self._path.with_suffix('').name}. "
                "Stop it first, or give this one another MOCKINGBIRD_DATABASE_URL."
            ) from error

    def release(self) -> None:
        """Gives the lock back; safe to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None


class Database:
    """The database as use cases see it: `read` and `write` run a function inside one transaction.

    Exactly one connection exists. A cancelled caller never cancels its transaction: it may still be committed.
    """

    def __init__(self, url: str, *, read_only: bool = False, pool_timeout: float = 10.0) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=pool_timeout,
            hide_parameters=True,  # errors are logged, and parameters hold people's answers
            connect_args={"isolation_level": None},
        )
        self._writer = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False
        file = database_file(url)
        self._lock = WriterLock(file) if file is not None and not read_only else None
        if self._lock is not None:
            self._lock.acquire()
        self._listen(READ_ONLY_PRAGMAS if read_only else PRAGMAS)

    def _listen(self, pragmas: tuple[str, ...]) -> None:
        sync = self.engine.sync_engine

        def configure(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            for pragma in pragmas:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        def begin(connection: Any) -> None:
            connection.exec_driver_sql(
                "BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED")
            )

        def keep_connection(context: Any) -> None:
            if isinstance(context.original_exception, asyncio.CancelledError):
                context.is_disconnect = False

        event.listen(sync, "connect", configure)
        event.listen(sync, "begin", begin)
        event.listen(sync, "handle_error", keep_connection)

    async def _run(self, engine: AsyncEngine, work: Work[T]) -> T:
        if asyncio.current_task() in self._tasks:
            raise RuntimeError("nested transaction: hand the connection on")
        if self._closing:
            raise RuntimeError("the database is closing")

        async def transaction() -> T:
            async with engine.begin() as connection:
                return await work(connection)

        task = asyncio.create_task(transaction())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(task)

    async def read(self, work: Work[T]) -> T:
        """Runs `work(connection)` in a deferred transaction that writes nothing."""
        return await self._run(self.engine, work)

    async def write(self, work: Work[T]) -> T:
        """Runs `work(connection)` in an immediate transaction: all of it is stored, or nothing."""
        return await self._run(self._writer, work)

    async def close(self) -> None:
        """Waits for running transactions, then closes the connection and gives the lock back."""
        self._closing = True
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        await self.engine.dispose()
        if self._lock is not None:
            self._lock.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(RuntimeError):
            await self.close()
