"""What several tests of storage begin with, on each engine."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.services.answers import AnswerService
from bot.services.drills import DrillService
from bot.storage.database import Database
from bot.storage.privacy_log import DeletionLog
from tests.builders import banks, fresh_url


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    return request.param


@pytest.fixture
def database_url(engine: str) -> Iterator[str]:
    """The address of a database of the newest schema, with nothing in it."""
    with fresh_url(engine) as url:
        yield url


@pytest.fixture
async def unmigrated(tmp_path: Path) -> AsyncIterator[Database]:
    """An open database without any table."""
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}") as opened:
        yield opened


@pytest.fixture
def service(database: Database) -> DrillService:
    """The use cases of drills."""
    return DrillService(database, banks(), timedelta(hours=6))


@pytest.fixture
def collecting(database: Database) -> AnswerService:
    """The use cases of answers."""
    return AnswerService(database, DeletionLog(None), min_words=5, min_chars=30)
