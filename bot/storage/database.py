"""One SQLite connection on a thread of its own: a transaction is a plain function that crosses over once, whole."""

import asyncio
import contextlib
import fcntl
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import aiosqlite
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool

from bot.domain.errors import BadInput

T = TypeVar("T")
Work = Callable[[sa.Connection], T]
"""A use case: it runs whole inside one transaction, in a thread, so it touches nothing but the connection."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "cache_size=-32768",  # at most 32 MiB: a large server's boards stay in memory
)
READ_ONLY_PRAGMAS = ("query_only=ON", "foreign_keys=ON", "busy_timeout=5000")
STATEMENTS_KEPT = 512
"""How many compiled statements sqlite3 remembers; the product has about as many."""
SHARE_SECONDS = 0.02
"""How long writes that wait together may go on in one transaction: reads wait behind it."""


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


class OneHop(aiosqlite.Connection):
    """aiosqlite keeps the connection, its thread and the futures; a whole transaction crosses over at once.

    It uses what aiosqlite does not promise, so that its version is pinned and a test watches over it.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True  # a process that ends in disorder must not hang on it

    @property
    def raw(self) -> sqlite3.Connection:
        """The connection, for use on its thread."""
        return self._conn

    async def run(self, work: Callable[[], T]) -> T:
        """Runs a function on the connection's thread, after all that were handed over before.

        A caller who is cancelled does not keep the function from running.
        """
        result: T = await self._execute(work)  # pyright: ignore[reportUnknownMemberType]
        return result


class TransactionLost(Exception):
    """SQLite rolled a transaction back by itself, as it does on a full disk: nothing of it is stored."""


class _Write(Generic[T]):
    """A write that waits for its commit, and what became of it."""

    def __init__(self, work: Work[T]) -> None:
        self._work = work
        self._value: T
        self._error: BaseException | None = None
        self.settled = False

    def run(self, connection: sa.Connection) -> None:
        self._value = self._work(connection)

    def run_apart(self, connection: sa.Connection) -> None:
        """Runs it so that its failure undoes nothing of the writes before it in the same transaction."""
        try:
            with connection.begin_nested():
                self.run(connection)
        except Exception as error:
            self._error = error
            if not _in_transaction(connection):
                raise TransactionLost from error

    def settle(self, error: BaseException | None = None) -> None:
        """The transaction is committed, or failed as a whole; an error of its own is the truer one."""
        self._error = self._error or error
        self.settled = True

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._value


def _in_transaction(connection: sa.Connection) -> bool:
    raw: Any = connection.connection.driver_connection
    return raw.in_transaction


class Database:
    """The database as use cases see it: `read` and `write` run a function inside one transaction.

    Exactly one connection exists, and one thread uses it, in the order in which works are handed over. Writes that
    wait together are committed together. Whoever is told that something is stored is told after that commit; a
    cancelled caller never cancels the work, which may still be committed.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.url = url
        self._path = make_url(url).database or ":memory:"
        self._connection: OneHop | None = None
        self._opening = asyncio.Lock()
        self._closing = False
        self._waiting: deque[_Write[Any]] = deque()
        self.engine = sa.create_engine(
            "sqlite://",
            creator=self._connected,
            poolclass=StaticPool,
            hide_parameters=True,  # errors are logged, and parameters hold people's answers
        )
        self._writer = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        file = database_file(url)
        self._lock = WriterLock(file) if file is not None and not read_only else None
        if self._lock is not None:
            self._lock.acquire()
        self._listen(READ_ONLY_PRAGMAS if read_only else PRAGMAS)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, isolation_level=None, cached_statements=STATEMENTS_KEPT)

    def _connected(self) -> sqlite3.Connection:
        assert self._connection is not None
        return self._connection.raw

    def _listen(self, pragmas: tuple[str, ...]) -> None:
        def configure(connection: Any, _record: Any) -> None:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")

        def begin(connection: Any) -> None:
            connection.exec_driver_sql(
                "BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED")
            )

        event.listen(self.engine, "connect", configure)
        event.listen(self.engine, "begin", begin)

    async def _open(self) -> OneHop:
        async with self._opening:
            if self._closing:
                raise RuntimeError("the database is closing")
            if self._connection is None:
                connection = OneHop(self._connect)
                await connection
                self._connection = connection
            return self._connection

    async def read(self, work: Work[T]) -> T:
        """Runs `work(connection)` in a deferred transaction that writes nothing."""

        def transaction() -> T:
            with self.engine.begin() as connection:
                return work(connection)

        return await (await self._open()).run(transaction)

    async def write(self, work: Work[T]) -> T:
        """Runs `work(connection)` in an immediate transaction: all of it is stored, or nothing."""
        connection, write = await self._open(), _Write(work)
        self._waiting.append(write)
        return await connection.run(partial(self._commit, write))

    def _commit(self, write: _Write[T]) -> T:
        """Commits a write, and with it those that wait behind it; one that was committed with another is done."""
        if not write.settled:
            self._commit_together()
        return write.result()

    def _commit_together(self) -> None:
        taken: list[_Write[Any]] = []
        until = time.perf_counter() + SHARE_SECONDS
        try:
            with self._writer.begin() as connection:
                while self._waiting and (not taken or time.perf_counter() < until):
                    taken.append(self._waiting.popleft())
                    if len(taken) == 1:
                        taken[0].run(connection)  # should it fail, nobody else is in this transaction yet
                    else:
                        taken[-1].run_apart(connection)
        except BaseException as error:
            for write in taken or [self._waiting.popleft()]:
                write.settle(error)
        else:
            for write in taken:
                write.settle()

    async def maintain(self, work: Work[T]) -> T:
        """Runs `work(connection)`, which begins and ends its transactions itself: migrations, checks."""

        def alone() -> T:
            with self._writer.connect() as connection:
                return work(connection)

        return await (await self._open()).run(alone)

    async def close(self) -> None:
        """Waits for everything that was handed over, then closes the connection and gives the lock back."""
        self._closing = True
        async with self._opening:
            if self._connection is not None:
                await self._connection.run(self.engine.dispose)
                await self._connection.close()
                self._connection = None
        if self._lock is not None:
            self._lock.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(RuntimeError):
            await self.close()
