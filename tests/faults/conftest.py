"""The real process against the double, and what every scenario must leave behind."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from tests.faults.process import FaultyCase
from tests.wire.double import Double


@pytest_asyncio.fixture
async def case(tmp_path: Path) -> AsyncGenerator[FaultyCase]:
    async with Double() as double:
        yield FaultyCase(double, tmp_path)
        assert double.violations == [] and double.unknown == []
