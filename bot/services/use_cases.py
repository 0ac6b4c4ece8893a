"""How a use case, a function of a connection, becomes a method of its feature's service."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.storage.database import Database

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[Connection, P], T]


class Service:
    """The use cases of a feature, each run whole in one transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a use case that only reads; for services alone."""
        return await self._db.read(lambda conn: work(conn, *args, **kwargs))

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a use case that may write: all of it is stored, or nothing; for services alone."""
        return await self._db.write(lambda conn: work(conn, *args, **kwargs))


Method = Callable[Concatenate[Service, P], Coroutine[Any, Any, T]]


def reads(work: Work[P, T]) -> Method[P, T]:
    """A use case that only reads, as a method."""

    @wraps(work)
    async def method(self: Service, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.read(work, *args, **kwargs)

    return method


def writes(work: Work[P, T]) -> Method[P, T]:
    """A use case that may write, as a method."""

    @wraps(work)
    async def method(self: Service, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.write(work, *args, **kwargs)

    return method
