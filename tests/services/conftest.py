"""Use cases run on a connection of their own, services on a real file: without Discord and without a bot."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, event

from bot.storage.database import Database
from bot.storage.schema import metadata


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()


@pytest.fixture
def writes(database: Database) -> list[object]:
    """Grows with each transaction that is opened for writing."""
    opened: list[object] = []
    event.listen(database.writer, "begin", opened.append)
    return opened
