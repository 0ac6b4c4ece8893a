"""PostgreSQL: each transaction has a connection of a pool; works that get into each other's way are run again."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import NotStored, OperatorError
from bot.storage.leases import AGAIN_SECONDS, Lease
from bot.storage.shards import Share, told
from bot.storage.works import DatabaseInUse, DatabaseOutOfReach, LeaseLost, StorageTrouble, Work, run

T = TypeVar("T")

WRITERS = 1
"""So many works of a process write at the same time. More would read the same pages and be run again for it: of 100
answers at once four writers made 175 tries, and took longer than one, which keeps the order, too."""
READERS = 6
OLDEST = 14
"""The first version that ends sessions of which nothing is heard: https://www.postgresql.org/docs/14/release-14.html"""
WORK_SECONDS = 30.0
"""A transaction of the bot that takes longer has lost its server."""
PATIENT_SECONDS = 6 * 3600.0
"""The same for commands, whose one transaction may read or rebuild everything that there is."""
CONNECT_SECONDS = 5.0
ASKED_AGAIN_SECONDS = 1.0
"""How often a server that has gone away is asked for the locks, also while nothing is to be stored."""
TRIES = 8
STATEMENTS_KEPT = 512
"""How many prepared statements a connection remembers; the product has about as many."""
UPGRADING = int.from_bytes(b"mockmigr")
"""The advisory lock of the process that looks after the schema, of several that start."""
UPGRADE_SECONDS = 300

# By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
CONFLICTS = {"40001", "40P01"}
"""Two transactions were in each other's way; the one that is told may be run again."""
PASSING = {"53100": "full", "55P03": "locked"}
ENDED = ("08", "57P", "53")
"""Classes of codes with which a server ends or refuses a connection, or has no more room for one."""
REFUSED = ("28P01", "28000", "3D000", "42501")
"""Codes with which a first connection fails for what the operator can change."""


def _state(error: BaseException | None) -> str:
    """The SQLSTATE of an error or of what caused it; empty where it has none."""
    while error is not None:
        state = getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None)
        if state:
            return state
        error = error.__cause__
    return ""


def _is_lost(error: BaseException) -> bool:
    """Whether an error says that the server, or the connection to it, is gone."""
    if isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error, InterfaceError)):
        return True
    return isinstance(error, OSError | EOFError) or _state(error).startswith(ENDED)


def _is_unsent(error: InterfaceError) -> bool:
    """Whether nothing was sent to the server, as without the certificate that its own is to be checked with."""
    return isinstance(error.orig and error.orig.__cause__, ValueError)


_STATUS = sa.text("SELECT pg_xact_status(CAST(CAST(:xid AS text) AS xid8))")


class _Unsure(Exception):
    """The connection was lost while a transaction was committed: only the server knows what became of it."""

    def __init__(self, value: object, xid: str | None) -> None:
        super().__init__(xid)
        self.value, self.xid = value, xid


class PostgresEngine:
    """PostgreSQL as `bot.storage.database.Database` uses it.

    Writes are SERIALIZABLE: they leave what they would have left one after another. The server ends those that
    would not (SQLSTATE 40001), and they are run again, whole, with no other write of this process beside them.
    Reads see one moment.

    Args:
        url: `postgresql+asyncpg://USER:PASSWORD@HOST/NAME`.
        read_only: writes are refused, and another process may write meanwhile.
        busy_seconds: how long a transaction waits for a lock or a free connection; and how long the server may take
            to notice that the process before has ended.
        patient: one transaction may go through everything that is stored.
        share: what this process serves, of what several do; None for a command.

    Raises:
        DatabaseInUse: the first use finds that another process writes to it, or serves the same.
        DatabaseOutOfReach: the first use finds that it cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        read_only: bool,
        busy_seconds: float,
        patient: bool = False,
        share: Share | None = None,
    ) -> None:
        self._url = make_url(url)
        self._read_only = read_only
        self._busy_seconds = busy_seconds
        self._work_seconds = PATIENT_SECONDS if patient else WORK_SECONDS
        self._share = share or Share()
        # What a frozen process has begun ends before its lease does.
        idle = min(self._work_seconds, share.seconds / 3) if share else self._work_seconds
        settings = {
            "application_name": "mockingbird",
            "jit": "off",
            "timezone": "UTC",
            "lock_timeout": f"{round(busy_seconds * 1000)}ms",
            "idle_in_transaction_session_timeout": f"{round(idle * 1000)}ms",
            **told(self._share),
        }
        if read_only:
            settings["default_transaction_read_only"] = "on"
        connect: dict[str, Any] = {
            "server_settings": settings,
            "timeout": CONNECT_SECONDS,
            "prepared_statement_cache_size": STATEMENTS_KEPT,
        }
        engine = create_async_engine(
            self._url,
            pool_size=WRITERS + READERS,
            max_overflow=0,
            pool_timeout=busy_seconds,
            hide_parameters=True,  # errors are logged, and parameters hold people's answers
            connect_args=connect,
        )
        self._engine = engine
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._writer = engine.execution_options(isolation_level="SERIALIZABLE")
        self._free = asyncio.Semaphore(WRITERS)
        self._alone = asyncio.Lock()
        self._opening = asyncio.Lock()
        self.lease = None if read_only else Lease(self._url, share, busy_seconds, connect, self._check)
        """What keeps others from serving the same; None where nothing is written."""
        if self.lease is not None:
            self.lease.hear_loss = self._come_back
        self.hear_damage: Callable[[], None] = lambda: None
        """Is told when `damage` is found."""
        self._coming_back: asyncio.Task[None] | None = None
        self._met = False
        self._closed = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._trouble = StorageTrouble()
        self.damage: OperatorError | LeaseLost | None = None
        """Why nothing more must be written: another process does, or did meanwhile."""

    @property
    def reader(self) -> sa.Engine:
        """Where transactions begin that write nothing."""
        return self._reader.sync_engine

    @property
    def writer(self) -> sa.Engine:
        """Where transactions begin that write."""
        return self._writer.sync_engine

    @property
    def leased(self) -> bool:
        """Whether nobody else can be serving what this process serves; so before the first use, too."""
        return self.lease is None or not self._met or (self.lease.held and self.damage is None)

    @property
    def trouble(self) -> str | None:
        """Why nothing can be stored now, as NotStored names it; None while all is well."""
        return self._trouble.reason

    def read(self, work: Work[T]) -> Awaitable[T]:
        """Runs `work(connection)` in a transaction that sees one moment and writes nothing."""
        return self._start(self._run(work, self._reader))

    def write(self, work: Work[T]) -> Awaitable[T]:
        """Runs `work(connection)` in a transaction: all of it is stored, or nothing."""
        return self._start(self._run(work, self._writer))

    def maintain(self, work: Work[T]) -> Awaitable[T]:
        """Runs `work(connection)`, which begins and ends its transactions itself: migrations, checks."""
        return self._start(self._maintain(work))

    async def truncate_log(self) -> None:
        """Does nothing: the server's log belongs to the server, which writes over it in its own time."""

    def _start(self, running: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """In a task of its own, which a cancelled caller does not take along."""
        if self._closed:
            running.close()
            raise RuntimeError("the database is closed")
        task = asyncio.create_task(running)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return asyncio.shield(task)

    async def _run(self, work: Work[T], engine: AsyncEngine) -> T:
        writes = engine is self._writer
        try:
            value = await self._try_all(work, engine)
        except BaseException as error:
            plain = self._heard(error, writes)
            if plain is error:
                raise
            raise plain from error
        if writes:
            self._trouble.heard(None)
        return value

    def _heard(self, error: BaseException, writes: bool) -> BaseException:
        """What is raised in place of an error; whatever keeps things from being stored is logged."""
        plain = self.in_plain_words(error)
        if plain is not error:
            plain.__cause__ = error
        if writes or isinstance(plain, NotStored):
            self._trouble.heard(plain)
        return plain

    async def _try_all(self, work: Work[T], engine: AsyncEngine) -> T:
        alone, lost = False, False
        for last in (*[False] * (TRIES - 1), True):
            try:
                async with self._turn(engine, alone):
                    return await self._try(work, engine)
            except _Unsure as unsure:
                if await self._is_committed(unsure.xid):
                    value: Any = unsure.value
                    return value
            except BaseException as error:
                state = _state(error)
                # What two at once both made first is a violation, too; whoever is alone violates by itself.
                passing = state in CONFLICTS or (state.startswith("23") and not alone)
                if last or not (passing or (_is_lost(error) and not lost)):
                    raise
                alone, lost = alone or passing, lost or not passing
        raise AssertionError("the last try returns or raises")

    @asynccontextmanager
    async def _turn(self, engine: AsyncEngine, alone: bool) -> AsyncGenerator[None]:
        """Reads run at once; writes so many at a time, or one with no other beside it."""
        if engine is self._reader:
            await self._open()
            yield
            return
        if not alone:
            async with self._free:
                await self._open()
                yield
            return
        async with self._alone:
            taken = 0
            try:
                while taken < WRITERS:
                    await self._free.acquire()
                    taken += 1
                await self._open()
                yield
            finally:
                for _ in range(taken):
                    self._free.release()

    async def _try(self, work: Work[T], engine: AsyncEngine) -> T:
        xid: str | None = None
        value: Any = None
        done = False
        try:
            async with asyncio.timeout(self._work_seconds), engine.connect() as conn:
                transaction = await conn.begin()
                value = await conn.run_sync(partial(run, work))
                if engine is self._writer:
                    # It fails where the work has hidden an error, after which a COMMIT would silently undo it all.
                    raw: Any = (await conn.get_raw_connection()).driver_connection
                    xid = await raw.fetchval("SELECT pg_current_xact_id_if_assigned()::text")
                done = True
                if engine is self._writer:
                    await self._open()  # it may have been frozen since
                await transaction.commit()
        except BaseException as error:
            if done and xid is not None and (_is_lost(error) or isinstance(error, TimeoutError)):
                raise _Unsure(value, xid) from error
            raise
        return value

    async def _is_committed(self, xid: str | None) -> bool:
        """What became of a transaction whose COMMIT was not answered: a server that starts again is waited for."""
        until = asyncio.get_running_loop().time() + WORK_SECONDS
        while True:
            late = asyncio.get_running_loop().time() > until
            try:
                async with self._engine.connect() as conn:
                    found = (await conn.execute(_STATUS, {"xid": xid})).scalar_one()
                if late or found != "in progress":
                    return found == "committed"
            except Exception as error:
                if late or not _is_lost(error):
                    raise
            await asyncio.sleep(AGAIN_SECONDS)

    async def _maintain(self, work: Work[T]) -> T:
        try:
            async with self._turn(self._writer, True), self._writer.connect() as conn, self._upgrading(conn):
                value = await conn.run_sync(partial(run, work))
            if self.lease is not None:
                await self.lease.sign()
            return value
        except BaseException as error:
            plain = self._heard(error, False)
            if plain is error:
                raise
            raise plain from error

    @asynccontextmanager
    async def _upgrading(self, conn: AsyncConnection) -> AsyncGenerator[None]:
        """One process after the other looks at the schema, where several serve some shards each."""
        if self._share.whole:
            yield
            return
        await conn.exec_driver_sql(f"SET LOCAL lock_timeout = '{UPGRADE_SECONDS}s'")
        await conn.exec_driver_sql(f"SELECT pg_advisory_lock({UPGRADING})")
        await conn.commit()
        try:
            yield
        finally:
            await conn.rollback()
            await conn.exec_driver_sql(f"SELECT pg_advisory_unlock({UPGRADING})")
            await conn.commit()

    async def _open(self) -> None:
        """Holds the locks of a process that writes, whenever the session that held them has ended, too."""
        if self._met and (self.lease is None or self.lease.held):
            return
        async with self._opening:
            if self._met and (self.lease is None or self.lease.held):
                return
            if self.damage is not None:
                raise self.damage
            if self.lease is None:
                async with self._engine.connect() as conn:
                    await self._check(conn)
            else:
                try:
                    await self.lease.take()
                except (DatabaseInUse, LeaseLost) as error:
                    if self._met:
                        self.damage = error
                        self.hear_damage()
                    raise
            self._met = True

    def _come_back(self) -> None:
        self._coming_back = asyncio.create_task(self._take_again())

    async def _take_again(self) -> None:
        """Asks for the locks until they are held again or somebody else has them, which must not go unnoticed."""
        while self.damage is None:
            try:
                return await self._open()
            except Exception:
                await asyncio.sleep(ASKED_AGAIN_SECONDS)

    async def _check(self, conn: AsyncConnection) -> None:
        """Raises DatabaseOutOfReach where the server is too old or keeps texts in another encoding."""
        version = int((await conn.exec_driver_sql("SHOW server_version_num")).scalar_one()) // 10000
        encoding = (await conn.exec_driver_sql("SHOW server_encoding")).scalar_one()
        if version < OLDEST:
            raise DatabaseOutOfReach(f"PostgreSQL {version} is too old: Mockingbird needs {OLDEST} or newer.")
        if encoding != "UTF8":
            raise DatabaseOutOfReach(
                f"The database {self._url.database} keeps texts as {encoding}, which can't hold every name: "
                "create one with ENCODING 'UTF8'."
            )

    def in_plain_words(self, error: BaseException) -> BaseException:
        """NotStored, or what the operator can change, in place of what PostgreSQL says; others as they are."""
        state = _state(error)
        if not self._met and state in REFUSED:
            return self._refused(state)
        if not self._met and isinstance(error, InterfaceError) and _is_unsent(error):
            return DatabaseOutOfReach(
                f"I can't connect to {self._url.database} the way its address asks: {error.orig}. "
                "Put the file there, or change ssl in MOCKINGBIRD_DATABASE_URL."
            )
        reason = PASSING.get(state)
        if reason is None and isinstance(error, NoConnection):
            reason = "locked"
        if reason is None and (state in CONFLICTS or state == "25006"):
            reason = "failing"
        if reason is None and (_is_lost(error) or isinstance(error, TimeoutError) or state in REFUSED):
            reason = "away"
        return error if reason is None else NotStored(reason)

    def _refused(self, state: str) -> DatabaseOutOfReach:
        user, name, host = self._url.username, self._url.database, self._url.host or "PostgreSQL"
        other = "or change MOCKINGBIRD_DATABASE_URL"
        if state == "3D000":
            return DatabaseOutOfReach(
                f"{host} has no database {name}: create it, or change MOCKINGBIRD_DATABASE_URL."
            )
        if state == "42501":
            return DatabaseOutOfReach(f"{user} may not write to {name}: make it the owner, {other}.")
        return DatabaseOutOfReach(
            f"{host} refuses {user}: check the user and the password in MOCKINGBIRD_DATABASE_URL, and the server's "
            "pg_hba.conf."
        )

    async def close(self) -> None:
        """Waits for everything that was handed over, then closes all connections, which gives the lock back.

        A caller who is cancelled stops waiting for it; it may be called again.
        """
        self._closed = True
        if self._coming_back is not None:
            self._coming_back.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self.lease is not None:
            await self.lease.give_back()
        await self._engine.dispose()
