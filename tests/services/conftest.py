"""Use cases run on a connection of their own, services on a database: without Discord and without a bot."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util.concurrency import greenlet_spawn

from bot.storage.database import Database
from bot.storage.schema import metadata
from tests.builders import fresh_url

RESTART = "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences"


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    return request.param


@pytest.fixture
def database_url(engine: str) -> Iterator[str]:
    """The address of a database of the newest schema, with nothing in it."""
    with fresh_url(engine) as url:
        yield url


@pytest.fixture(scope="session")
def on_postgres() -> Iterator[Connection]:
    """An asyncpg connection that can be used without an event loop: it has one of its own."""
    loop = asyncio.new_event_loop()

    def plain(method: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: loop.run_until_complete(greenlet_spawn(method, *args, **kwargs))

    with fresh_url("postgres") as url:
        made = create_async_engine(url)
        opened = loop.run_until_complete(made.connect().start())
        connection = opened.sync_connection
        assert connection is not None
        for name in ("execute", "exec_driver_sql", "scalar", "scalars", "rollback"):
            setattr(connection, name, plain(getattr(connection, name)))
        yield connection
        loop.run_until_complete(opened.close())
        loop.run_until_complete(made.dispose())
    loop.close()


@pytest.fixture
def conn(engine: str, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection in a transaction that nobody commits."""
    if engine == "postgres":
        connection: Connection = request.getfixturevalue("on_postgres")
        connection.exec_driver_sql(RESTART)
        yield connection
        connection.rollback()
        return
    made = sa.create_engine("sqlite://")
    with made.begin() as connection:
        metadata.create_all(connection)
        yield connection
    made.dispose()


@pytest.fixture
def writes(database: Database) -> list[object]:
    """Grows with each transaction that is opened for writing."""
    opened: list[object] = []
    event.listen(database.writer, "begin", opened.append)
    return opened
