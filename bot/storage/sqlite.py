"""One SQLite connection on a thread of its own: a transaction is a plain function that crosses over once, whole."""

import asyncio
import concurrent.futures
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.pool import PoolProxiedConnection, StaticPool

from bot.domain.errors import NotStored, OperatorError, is_not_stored
from bot.storage.prepared import PreparedConnection
from bot.storage.sqlite_files import DAMAGED, WriterLock, damaged, database_file, open_file, result_code
from bot.storage.works import DatabaseDamaged, StorageTrouble, Work, run

T = TypeVar("T")
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is erased is overwritten, not only marked as free
    "cache_size=-32768",  # at most 32 MiB: a large server's boards stay in memory
)
READ_ONLY_PRAGMAS = ("query_only=ON", "foreign_keys=ON")
BUSY_SECONDS = 5.0
"""How long a transaction waits for another connection to the same file."""
SHARE_SECONDS = 0.02
"""How long writes that wait together may go on in one transaction: reads wait behind it."""
PASSING = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    **dict.fromkeys(
        (
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_NOMEM,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PROTOCOL,
        ),
        "failing",
    ),
}
"""What may work later, by SQLite's primary result code: https://sqlite.org/rescode.html"""


class OneHop(aiosqlite.Connection):
    """aiosqlite keeps the connection, its thread and the queue; a whole transaction crosses over at once.

    It uses what aiosqlite does not promise, so that its version is pinned and a test watches over it.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True  # a process that ends in disorder must not hang on it

    def raw(self) -> sqlite3.Connection:
        """The connection, for use on its thread only, where it is opened when it is first asked for."""
        if self._connection is None:
            self._connection = self._connector()
        return self._connection

    def hand_over(self, function: Callable[[], None]) -> None:
        """Runs a function, which must not raise, on the thread after all that were handed over before."""
        if self._thread.ident is None:
            self._thread.start()
        base: Any = self
        base._tx.put_nowait((None, function))

    def finish(self) -> None:
        """Closes the connection; to be called on the thread, as the last that it does."""
        base: Any = self
        base.stop()

    def is_here(self) -> bool:
        """Whether this is the connection's thread."""
        return threading.current_thread() is self._thread

    def join(self) -> None:
        """Waits until the thread, which was told to finish, has ended."""
        self._thread.join()


class TransactionLost(NotStored):
    """SQLite rolled a transaction back by itself, as it does on a full disk: nothing of it is stored."""


def _in_plain_words(error: BaseException, path: Path) -> BaseException:
    """NotStored or DatabaseDamaged in place of what SQLite says of it; other errors as they are."""
    code = result_code(error)
    if code in DAMAGED:
        return damaged(path, str(getattr(error, "orig", error)))
    reason = PASSING.get(code)
    if reason is None:
        return error
    plain = NotStored(reason)
    plain.__cause__ = error
    return plain


class _Call(Generic[T]):
    """A work that waits for its turn, and what is told to whoever waits for it once its transaction is over."""

    def __init__(
        self, work: Work[T], begin: Callable[[], AbstractContextManager[sa.Connection]], path: Path
    ) -> None:
        self._work = work
        self._path = path
        self._begin = begin
        self._value: T
        self.error: BaseException | None = None
        self.future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        """What the caller waits for. Where they are cancelled, it is; the work goes on."""

    def run(self, connection: sa.Connection) -> None:
        """Runs the work; raises TypeError where it returns what would go on after the transaction."""
        self._value = run(self._work, connection)

    def run_apart(self, connection: sa.Connection) -> None:
        """Runs it so that its failure undoes nothing of the writes before it in the same transaction."""
        raw: Any = connection.connection.driver_connection
        raw.execute("SAVEPOINT apart")  # SQLAlchemy names and compiles each of its own
        try:
            self.run(connection)
        except BaseException as error:
            self.error = error
        if _in_transaction(connection):
            if self.error:
                raw.execute("ROLLBACK TO apart")
            raw.execute("RELEASE apart")

    def run_alone(self) -> None:
        """Runs it in a transaction, or on a connection, of its own."""
        try:
            with self._begin() as connection:
                self.run(connection)
        except BaseException as error:
            self.settle(error)
        else:
            self.settle()

    def settle(self, error: BaseException | None = None) -> None:
        """The transaction is committed, or failed as a whole; an error of its own is the truer one."""
        error = self.error or error
        if error is not None:
            self.error = _in_plain_words(error, self._path)
        with suppress(RuntimeError):  # the event loop may be gone before the work is done
            self.future.get_loop().call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        if self.future.cancelled():
            return
        if self.error is None:
            self.future.set_result(self._value)
        else:
            self.future.set_exception(self.error)


def _truncate_log(connection: sa.Connection) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _in_transaction(connection: sa.Connection) -> bool:
    raw: Any = connection.connection.driver_connection
    return raw.in_transaction


class SqliteEngine:
    """SQLite as `bot.storage.database.Database` uses it.

    Exactly one connection exists, and one thread uses it. Writes that wait together are committed together, in the
    order in which they were handed over; reads go between two such commits.

    Args:
        url: `sqlite+aiosqlite:///PATH`.
        read_only: writes are refused, and another process may write meanwhile.
        busy_seconds: how long a transaction waits for another connection to the same file.
        share_seconds: how long writes that wait together may go on in one transaction.

    Raises:
        DatabaseInUse: another process writes to it.
        DatabaseOutOfReach: its folder cannot be used. Its first use raises DatabaseDamaged where its file was
            emptied or is broken.
    """

    def __init__(
        self,
        url: str,
        *,
        read_only: bool = False,
        busy_seconds: float = BUSY_SECONDS,
        share_seconds: float = SHARE_SECONDS,
    ) -> None:
        name = make_url(url).database or ":memory:"
        self._path = Path(name)
        pragmas = READ_ONLY_PRAGMAS if read_only else PRAGMAS
        self._share_seconds = share_seconds
        self._connection = OneHop(lambda: open_file(name, pragmas, busy_seconds, writes=self._lock is not None))
        self._reads: deque[_Call[Any]] = deque()
        self._writes: deque[_Call[Any]] = deque()
        self._closed: concurrent.futures.Future[None] | None = None
        self._trouble = StorageTrouble()
        self.damage: OperatorError | None = None
        """What was found to be wrong with the file; nothing more should be written to it."""
        self.reader = _engine(self._connection, "BEGIN DEFERRED")
        self.writer = _engine(self._connection, "BEGIN IMMEDIATE")
        self._connected: dict[sa.Engine, sa.Connection] = {}
        file = database_file(url)
        self._lock = WriterLock(file) if file is not None and not read_only else None
        if self._lock is not None:
            self._lock.acquire()

    @property
    def leased(self) -> bool:
        """Whether nobody else can be serving what this process serves: the lock file sees to that."""
        return True

    @property
    def trouble(self) -> str | None:
        """Why nothing can be stored now, as NotStored names it; None while all is well."""
        return self._trouble.reason

    def read(self, work: Work[T]) -> asyncio.Future[T]:
        """Runs `work(connection)` in a deferred transaction that writes nothing."""
        return self._hand_over(work, partial(self._begin, self.reader), self._reads)

    def write(self, work: Work[T]) -> asyncio.Future[T]:
        """Runs `work(connection)` in an immediate transaction: all of it is stored, or nothing."""
        return self._hand_over(work, partial(self._begin, self.writer), self._writes)

    def maintain(self, work: Work[T]) -> asyncio.Future[T]:
        """Runs `work(connection)`, which begins and ends its transactions itself: migrations, checks."""
        return self._hand_over(work, self.writer.connect, self._reads)

    def in_plain_words(self, error: BaseException) -> BaseException:
        """NotStored or DatabaseDamaged in place of what SQLite says of it; other errors as they are."""
        return _in_plain_words(error, self._path)

    async def truncate_log(self) -> None:
        """Empties the write-ahead log, which still holds what was erased; a reader beside the bot may keep it."""
        await self.maintain(_truncate_log)

    def _hand_over(
        self, work: Work[T], begin: Callable[[], AbstractContextManager[sa.Connection]], waiting: deque[_Call[Any]]
    ) -> asyncio.Future[T]:
        if self._closed is not None:
            raise RuntimeError("the database is closed")
        if self._connection.is_here():
            raise RuntimeError("a work cannot wait inside another: hand its connection on")
        call = _Call(work, begin, self._path)
        waiting.append(call)
        self._connection.hand_over(self._take_turn)
        return call.future

    @contextmanager
    def _begin(self, engine: sa.Engine) -> Generator[sa.Connection]:
        """A transaction. Making a connection of SQLAlchemy's for each would take as long as many a work."""
        connection = self._connected.pop(engine, None) or engine.connect()
        try:
            with connection.begin():
                yield connection
        except BaseException:
            connection.close()  # whatever is left of the transaction ends with it
            raise
        self._connected[engine] = connection

    def _take_turn(self) -> None:
        """Serves the reads that wait, then writes; there are as many turns as works, so that none is left over."""
        for _ in range(len(self._reads)):
            read = self._reads.popleft()
            read.run_alone()
            if isinstance(read.error, DatabaseDamaged):
                self.damage = read.error
        if self._writes:
            self._commit_together()

    def _commit_together(self) -> None:
        taken: list[_Call[Any]] = []
        waiting = len(self._writes)
        until = time.perf_counter() + self._share_seconds
        try:
            with self._begin(self.writer) as connection:
                while self._writes and (not taken or time.perf_counter() < until):
                    taken.append(self._writes.popleft())
                    if len(taken) == 1:
                        taken[0].run(connection)  # should it fail, nobody else is in this transaction yet
                    else:
                        taken[-1].run_apart(connection)
                    if not _in_transaction(connection):
                        lost = taken[-1].error
                        raise TransactionLost(PASSING.get(result_code(lost), "failing")) from lost
        except BaseException as error:
            # Where no transaction could begin, those who waited meanwhile have waited as long as the first.
            for write in taken or [self._writes.popleft() for _ in range(waiting)]:
                write.settle(error)
                self._heard(write.error)
        else:
            for write in taken:
                write.settle()
            self._heard(next((write.error for write in taken if is_not_stored(write.error)), None))

    def _heard(self, error: BaseException | None) -> None:
        self._trouble.heard(error)
        if isinstance(error, DatabaseDamaged):
            self.damage = error

    async def close(self) -> None:
        """Waits for everything that was handed over, then closes the connection and gives the lock back.

        A caller who is cancelled stops waiting for it; it happens all the same. It may be called again.
        """
        if self._closed is None:
            self._closed = concurrent.futures.Future()
            self._closed.set_running_or_notify_cancel()
            self._connection.hand_over(self._end)
        await asyncio.wrap_future(self._closed)
        self._connection.join()

    def _end(self) -> None:
        assert self._closed is not None
        try:
            for connection in self._connected.values():
                connection.close()
            self.reader.dispose()
            self.writer.dispose()
        finally:
            if self._lock is not None:
                self._lock.release()
            self._connection.finish()
            self._closed.set_result(None)


def _engine(connection: OneHop, begin: str) -> sa.Engine:
    """SQLAlchemy on the one connection, with transactions that begin so.

    A listener to the event "begin" would do as well, and slow down every statement: engines with listeners prepare
    to call some for each.
    """

    def do_begin(dbapi_connection: PoolProxiedConnection) -> None:
        dbapi_connection.cursor().execute(begin)

    engine = sa.create_engine(
        "sqlite://",
        creator=connection.raw,
        poolclass=StaticPool,
        hide_parameters=True,  # errors are logged, and parameters hold people's answers
    )
    made: Any = engine
    made._connection_cls = PreparedConnection
    made.dialect.do_begin = do_begin
    return engine
