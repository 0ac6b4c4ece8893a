"""The database as use cases see it, on SQLite or on PostgreSQL."""

import contextvars
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, Self, TypeVar

import sqlalchemy as sa
import structlog

from bot.domain.errors import NotStored, OperatorError, Refusal
from bot.storage.shards import Share
from bot.storage.sqlite import BUSY_SECONDS, SHARE_SECONDS, SqliteEngine
from bot.storage.urls import is_postgres
from bot.storage.works import DatabaseDamaged, Engine, LeaseLost, Work

T = TypeVar("T")

log = structlog.get_logger()


class Errand(Protocol):
    """What goes along with the next transaction of a task, so that it costs none of its own."""

    def look(self, conn: sa.Connection, /) -> bool:
        """Whether there is anything to do; it writes nothing."""
        ...

    def do(self, conn: sa.Connection, /) -> None:
        """Does it; in a transaction of its own, before the one that it came along with."""
        ...


class _Detour(Exception):
    """An errand has something to do, or failed to look: the work that it came along with has not begun."""


_ERRANDS: contextvars.ContextVar[list[Errand] | None] = contextvars.ContextVar("errands", default=None)


def take_along(errand: Errand) -> None:
    """Gives the running task an errand for its next transaction, in place of one that still waits.

    Tasks that it starts meanwhile may run it too; it is run once. What fails in it is logged and harms no
    work; a Refusal of its look ends the work before it begins.
    """
    _ERRANDS.set([errand])


def _with_look(errand: Errand, work: Work[T]) -> Work[T]:
    def both(conn: sa.Connection) -> T:
        try:
            due = errand.look(conn)
        except Refusal:
            raise
        except Exception as error:
            raise _Detour from error
        if due:
            raise _Detour
        return work(conn)

    return both


class Database:
    """The database as use cases see it: `read` and `write` run a function inside one transaction.

    Whoever is told that something is stored is told after its commit; a cancelled caller never cancels the work,
    which may still be committed. Where nothing can be stored (the disk is full, the file is locked, the server is
    away), works raise NotStored, and the log says so once for all of them.

    Args:
        url: `sqlite+aiosqlite:///PATH` or `postgresql+asyncpg://USER:PASSWORD@HOST/NAME`.
        read_only: writes are refused, and another process may write meanwhile.
        busy_seconds: how long a transaction waits for another that is in its way.
        share_seconds: how long writes that wait together may go on in one transaction of SQLite.
        patient: for commands, whose transactions may go through everything: one on a server may take hours.
        share: which shards a running bot serves, where several processes may share one PostgreSQL.

    Raises:
        DatabaseInUse: another process writes to it, or serves the same shard.
        DatabaseOutOfReach: it cannot be used. The first use raises DatabaseDamaged where a file was emptied or is
            broken.
    """

    def __init__(
        self,
        url: str,
        *,
        read_only: bool = False,
        busy_seconds: float = BUSY_SECONDS,
        share_seconds: float = SHARE_SECONDS,
        patient: bool = False,
        share: Share | None = None,
    ) -> None:
        self.url = url
        self._engine: Engine
        if is_postgres(url):
            # Loads much that a bot on SQLite has no use for.
            from bot.storage.postgres import PostgresEngine

            engine = PostgresEngine(
                url, read_only=read_only, busy_seconds=busy_seconds, patient=patient, share=share
            )
            if engine.lease is not None:
                engine.lease.hear = lambda news: self.hear_news(news)
            engine.hear_damage = lambda: self.hear_damage()
            self._engine = engine
        else:
            self._engine = SqliteEngine(
                url, read_only=read_only, busy_seconds=busy_seconds, share_seconds=share_seconds
            )

        self._read = partial(self._measured, "read", self._engine.read)
        self._write = partial(self._measured, "write", self._engine.write)
        self.under_way = 0
        """How many works wait or run."""
        self.hear: Callable[[str, float, float, float], None] = lambda kind, wait, run, rest: None
        """Is told of each transaction: read or write, and its seconds before the work, of it, and after it."""

        self.hear_news: Callable[[str | None], None] = lambda news: None
        """Is told what other processes have changed that is kept in memory, as `bot.storage.dialects.tell` said it;
        None where some of it may have been missed."""
        self.hear_damage: Callable[[], None] = lambda: None
        """Is told at once when another process is found to serve the same, as `damage` says then."""

    @property
    def leased(self) -> bool:
        """Whether nobody else can be serving what this process serves: otherwise nothing must be sent."""
        return self._engine.leased

    @property
    def reader(self) -> sa.Engine:
        """Where transactions begin that write nothing."""
        return self._engine.reader

    @property
    def writer(self) -> sa.Engine:
        """Where transactions begin that write."""
        return self._engine.writer

    @property
    def trouble(self) -> str | None:
        """Why nothing can be stored now, as NotStored names it; None while all is well."""
        return self._engine.trouble

    @property
    def damage(self) -> OperatorError | LeaseLost | None:
        """What was found to be wrong with the database; nothing more should be written to it."""
        return self._engine.damage

    async def read(self, work: Work[T]) -> T:
        """Runs `work(connection)` in a transaction that writes nothing."""
        return await self._accompanied(work, self._read)

    async def write(self, work: Work[T]) -> T:
        """Runs `work(connection)` in a transaction: all of it is stored, or nothing."""
        return await self._accompanied(work, self._write)

    async def _accompanied(self, work: Work[T], run: Callable[[Work[T]], Awaitable[T]]) -> T:
        errands = _ERRANDS.get()
        if not errands:
            return await run(work)
        errand = errands.pop()
        try:
            return await run(_with_look(errand, work))
        except _Detour as detour:
            trouble = detour.__cause__
        try:
            if trouble is not None:
                raise trouble
            await self._write(errand.do)
        except Exception as error:
            # What ails the whole database is met by the work, too, and told once.
            if not isinstance(self._engine.in_plain_words(error), NotStored | DatabaseDamaged):
                log.error("errand.failed", errand=type(errand).__name__, exc_info=error)
        return await run(work)

    async def _measured(self, kind: str, run: Callable[[Work[T]], Awaitable[T]], work: Work[T]) -> T:
        asked = time.perf_counter()
        begun = ended = 0.0

        def timed(conn: sa.Connection) -> T:
            nonlocal begun, ended
            begun = time.perf_counter()
            try:
                return work(conn)
            finally:
                ended = time.perf_counter()

        self.under_way += 1
        try:
            return await run(timed)
        finally:
            self.under_way -= 1
            if ended:
                self.hear(kind, begun - asked, ended - begun, time.perf_counter() - ended)

    async def maintain(self, work: Work[T]) -> T:
        """Runs `work(connection)`, which begins and ends its transactions itself: migrations, checks."""
        return await self._engine.maintain(work)

    async def truncate_log(self) -> None:
        """Empties the write-ahead log, which still holds what was erased; a reader beside the bot may keep it."""
        await self._engine.truncate_log()

    async def close(self) -> None:
        """Waits for everything that was handed over, then closes the connection and gives the lock back.

        A caller who is cancelled stops waiting for it; it happens all the same. It may be called again.
        """
        await self._engine.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
