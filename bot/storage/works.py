"""What both engines know of a use case, and of what keeps it from being stored."""

import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
import structlog

from bot.domain.errors import NotStored, OperatorError, plainly

T = TypeVar("T")
Work = Callable[[sa.Connection], T]
"""A use case: it runs whole inside one transaction, so it touches nothing but the connection."""
ALIVE: tuple[type, ...] = (Iterator, Awaitable)
"""What would go on reading or running after the transaction: results of queries, generators, coroutines."""
QUIET_SECONDS = 300.0
"""For so long the same trouble is not logged again."""
FRESH_SECONDS = 30.0
"""For so long a trouble counts as present after a write that failed, although others succeed."""

log = structlog.get_logger()


class DatabaseInUse(OperatorError):
    """Another process writes to this database."""


class DatabaseOutOfReach(OperatorError):
    """The database's file or folder cannot be used."""


class DatabaseDamaged(DatabaseOutOfReach):
    """The database's file is no longer what was written."""


class LeaseLost(NotStored):
    """Another process has served this one's servers meanwhile: what was under way here must end, and begin anew."""

    def __init__(self) -> None:
        super().__init__("failing")


class Engine(Protocol):
    """What SQLite and PostgreSQL do each in their own way for `bot.storage.database.Database`."""

    @property
    def damage(self) -> OperatorError | LeaseLost | None:
        """Why nothing more must be written, should that be so."""
        ...

    @property
    def leased(self) -> bool:
        """Whether nobody else can be serving what this process serves."""
        ...

    @property
    def reader(self) -> sa.Engine:
        """Where transactions begin that write nothing."""
        ...

    @property
    def writer(self) -> sa.Engine:
        """Where transactions begin that write."""
        ...

    @property
    def trouble(self) -> str | None:
        """Why nothing can be stored now, as NotStored names it."""
        ...

    def read(self, work: Work[T], /) -> Awaitable[T]:
        """Runs a work in a transaction that writes nothing."""
        ...

    def write(self, work: Work[T], /) -> Awaitable[T]:
        """Runs a work in a transaction."""
        ...

    def maintain(self, work: Work[T], /) -> Awaitable[T]:
        """Runs a work that begins and ends its transactions itself."""
        ...

    def in_plain_words(self, error: BaseException, /) -> BaseException:
        """NotStored, or what else the operator understands, in place of what the engine says of it."""
        ...

    async def truncate_log(self) -> None:
        """Empties the log in which erased texts may still stand, where it belongs to this process."""
        ...

    async def close(self) -> None:
        """Waits for what was handed over, then lets go of everything."""
        ...


def run(work: Work[T], connection: sa.Connection) -> T:
    """Runs a work; raises TypeError where it returns what would go on after the transaction."""
    try:
        value: Any = work(connection)
    except StopIteration as error:
        raise RuntimeError("a work raised StopIteration") from error  # no future takes it
    if isinstance(value, ALIVE) and getattr(value, "returns_rows", True):
        getattr(value, "close", lambda: None)()  # an open cursor would keep the file open
        raise TypeError(f"a work must return values that are read out, not {value!r}")
    return value


class StorageTrouble:
    """What keeps the database from storing anything now; logged once for each cause."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._failed_at = 0.0
        self._lasts = False
        self._told_at: dict[str, float] = {}
        self._told = False

    @property
    def reason(self) -> str | None:
        """The reason of NotStored while writes fail."""
        fresh = self._lasts or time.monotonic() - self._failed_at < FRESH_SECONDS
        return self._reason if fresh else None

    def heard(self, error: BaseException | None) -> None:
        """Takes note of how a write ended."""
        if not isinstance(error, NotStored):
            if error is None and self._told:
                log.info("storage.back")
                self._told = False
            self._lasts = self._lasts and error is not None
            return
        now = time.monotonic()
        self._reason, self._failed_at, self._lasts = error.reason, now, True
        if now - self._told_at.get(error.reason, -QUIET_SECONDS) >= QUIET_SECONDS:
            self._told_at[error.reason], self._told = now, True
            log.error("storage.failed", reason=error.reason, said=plainly(error))
