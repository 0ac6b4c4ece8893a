"""Which process serves which servers of a PostgreSQL: it holds a lock for each of its shards while it is heard of.

The locks belong to a session of the server's, which ends itself once nothing is heard on it for `Share.seconds`:
that is the deadline. A process knows by its own clock that it may be late, and does nothing more then until it has
asked. What was under way may go on only if nobody else held the locks in between, which the database tells.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.shards import NAME, Share
from bot.storage.works import DatabaseInUse, LeaseLost

ONE_WRITER = int.from_bytes(b"mockbird")
"""The advisory lock of whoever writes: alone, or shared by the processes that serve some shards each. Those of the
shards follow it."""
AGAIN_SECONDS = 0.1
RENEWALS = 6
"""How often a process is heard of within the time after which it is taken for dead."""
TRUSTED = 2 / 3
"""For which part of that time it may act unheard: what it sends last has to arrive in the rest."""
CHANNEL = "mockingbird"
"""Where processes tell one another what they have changed."""

_SHARE = "SELECT pg_try_advisory_lock_shared({})"
_TAKE = "SELECT pg_try_advisory_lock({})"
_COUNTS = sa.text(
    "SELECT DISTINCT split_part(application_name, ' ', 3) FROM pg_stat_activity WHERE datname = current_database() "
    f"AND application_name LIKE '{NAME} %'"
)
_IS_MADE = sa.text("SELECT to_regclass('meta') IS NOT NULL")
_HOLDERS = sa.text("SELECT value FROM meta WHERE key = ANY (:keys)")
_SIGN = sa.text(
    "INSERT INTO meta (key, value) VALUES (:key, :holder) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)

log = structlog.get_logger()


class Lease:
    """The locks of a process that writes, and the session that holds them.

    Args:
        share: what it serves; None for a command, which is alone and has no deadline.
        busy_seconds: how long the server may take to notice that the process before has ended.
        check: looks at each new session first.
    """

    def __init__(
        self,
        url: URL,
        share: Share | None,
        busy_seconds: float,
        connect: dict[str, Any],
        check: Callable[[AsyncConnection], Awaitable[None]],
    ) -> None:
        self._name = url.database
        self._share = share
        self._busy_seconds = busy_seconds
        self._check = check
        settings = dict(connect["server_settings"])
        if share is not None:
            settings["application_name"] = f"{NAME} {share.count} {share.schema}"
            settings["idle_session_timeout"] = f"{round(share.seconds * 1000)}ms"
        self._engine = create_async_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=connect | {"server_settings": settings},
        )
        self._conn: AsyncConnection | None = None
        self._until = 0.0
        self._turn = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._holder = secrets.token_hex(8)
        self._signed = False
        self._met = self._lost = False
        self.hear: Callable[[str | None], None] = lambda news: None
        """Is told what other processes have changed; None where some of it may have been missed."""
        self.hear_loss: Callable[[], None] = lambda: None
        """Is told when the session has ended that held the locks."""

    @property
    def held(self) -> bool:
        """Whether nobody else can serve what this process serves."""
        return self._is_open() and (self._share is None or _now() < self._until)

    def _is_open(self) -> bool:
        conn = self._conn
        if conn is None or conn.closed or conn.invalidated:
            return False
        raw: Any = conn.sync_connection and conn.sync_connection.connection.driver_connection
        return raw is not None and not raw.is_closed()

    async def take(self) -> None:
        """Asks whether the locks are held still, or takes them.

        Raises:
            DatabaseInUse: another process holds one of them.
            LeaseLost: another process held one of them meanwhile.
        """
        async with self._turn:
            if self._is_open():
                with contextlib.suppress(Exception):
                    await self._renew()
                    return
            await self._drop()
            conn = await self._engine.connect()
            try:
                await self._check(conn)
                begun = _now()
                await self._lock(conn)
                self._trust(begun)
                await self._listen(conn)
                await self._sign(conn)
            except BaseException:
                await conn.close()
                raise
            self._conn = conn
            if self._met:
                self.hear(None)
            if self._lost:
                log.info("lease.back")
            self._met, self._lost = True, False
            if self._share is not None:
                self._keeper = asyncio.create_task(self._keep(self._share.seconds / RENEWALS))

    async def sign(self) -> None:
        """Leaves word of who holds the locks, where there was no place for it yet."""
        async with self._turn:
            if self._conn is not None and not self._signed:
                await self._sign(self._conn)

    async def give_back(self) -> None:
        """Lets go of the locks."""
        if self._keeper is not None:
            self._keeper.cancel()
        async with self._turn:
            await self._drop()

    async def _renew(self) -> None:
        assert self._conn is not None
        begun = _now()
        async with asyncio.timeout(self._share.seconds / 3 if self._share else self._busy_seconds):
            await self._conn.exec_driver_sql("SELECT 1")
        self._trust(begun)

    def _trust(self, begun: float) -> None:
        if self._share is not None:
            self._until = begun + self._share.seconds * TRUSTED

    async def _keep(self, every: float) -> None:
        """Is heard of, until the session has ended."""
        while True:
            await asyncio.sleep(every)
            async with self._turn:
                try:
                    await self._renew()
                except Exception as error:
                    if not self._is_open():
                        self._lost = True
                        log.warning("lease.lost", error=type(error).__name__)
                        self.hear_loss()
                        return

    async def _lock(self, conn: AsyncConnection) -> None:
        share, name = self._share, self._name
        another = DatabaseInUse(
            f"Another Mockingbird writes to {name}. "
            "Stop it first, or give this one another MOCKINGBIRD_DATABASE_URL."
        )
        if share is None or share.whole:
            await self._wait_for(conn, _TAKE.format(ONE_WRITER), another, self._busy_seconds)
            return
        await self._wait_for(conn, _SHARE.format(ONE_WRITER), another, self._busy_seconds)
        for shard_id in share.ids:
            taken = DatabaseInUse(
                f"Another Mockingbird serves shard {shard_id} on {name}. "
                "Stop it first, or give this one other MOCKINGBIRD_SHARD_IDS."
            )
            patience = self._busy_seconds + share.seconds
            await self._wait_for(conn, _TAKE.format(ONE_WRITER + 1 + shard_id), taken, patience)
        for count in (await conn.execute(_COUNTS)).scalars():
            if count != str(share.count):
                raise DatabaseInUse(
                    f"Another Mockingbird on {name} counts {count} shards, and this one {share.count}: "
                    "give all of them the same MOCKINGBIRD_SHARD_COUNT."
                )

    async def _wait_for(self, conn: AsyncConnection, take: str, taken: DatabaseInUse, seconds: float) -> None:
        begun, told = _now(), False
        while not (await conn.exec_driver_sql(take)).scalar_one():
            # Where nobody else has signed, it is the own session that the server still takes for alive.
            if _now() - begun > seconds or (self._signed and await self._is_anothers(conn)):
                raise taken
            if not told and seconds > self._busy_seconds:
                log.warning("lease.waits", at_most_seconds=round(seconds), note=str(taken))
                told = True
            await asyncio.sleep(AGAIN_SECONDS)

    async def _sign(self, conn: AsyncConnection) -> None:
        """Raises LeaseLost where the last one to sign was another, although this process had."""
        if self._share is None or not (await conn.execute(_IS_MADE)).scalar_one():
            return
        if self._signed and await self._is_anothers(conn):
            raise LeaseLost
        for key in self._keys():
            await conn.execute(_SIGN, {"key": key, "holder": self._holder})
        self._signed = True

    def _keys(self) -> list[str]:
        return [f"lease:{shard_id}" for shard_id in self._share.ids] if self._share is not None else []

    async def _is_anothers(self, conn: AsyncConnection) -> bool:
        """Whether the last one to sign for one of the shards was another."""
        holders = (await conn.execute(_HOLDERS, {"keys": self._keys()})).scalars()
        return any(holder != self._holder for holder in holders)

    async def _listen(self, conn: AsyncConnection) -> None:
        if self._share is not None and not self._share.whole:
            raw: Any = (await conn.get_raw_connection()).driver_connection
            await raw.add_listener(CHANNEL, self._hear)

    def _hear(self, conn: object, pid: int, channel: str, news: str) -> None:
        self.hear(news)

    async def _drop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None
        if self._conn is not None:
            conn, self._conn = self._conn, None
            await conn.invalidate()
            await conn.close()


def _now() -> float:
    """Seconds that never go back, and go on while the machine sleeps where it can tell."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
