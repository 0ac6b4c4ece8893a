"""A bot of today goes on where the release before has stopped."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage.schema import answers
from tests.discord.conftest import LONG, World, said
from tests.storage.test_upgrade import WRITTEN

DUE = datetime(2026, 2, 12, 8, tzinfo=UTC)
"""When the file's first track has its next question."""
WRITTEN_AT = datetime(2026, 2, 11, 11, 15, 10, tzinfo=UTC)
"""The server and the people of the file have the ids that simcord gives to those of every test."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    file = tmp_path / "bot.db"
    file.write_bytes(gzip.decompress(WRITTEN.read_bytes()))
    return Settings(database_url=f"sqlite+aiosqlite:///{file}")


async def test_the_next_question_comes_is_answered_and_the_streak_is_the_old_one(world: World):
    before = len(await world.rows(answers))
    await world.beat(at=WRITTEN_AT)
    streak = await world.reply(world.anna, "streak")
    assert "No streak yet" not in streak and "Best **" in streak
    await world.beat(at=DUE)
    form = await world.anna.click(world.card(), label="Answer")
    assert "Your answer counts" in said(await world.anna.submit_modal(form, {"text": LONG}))
    assert len(await world.rows(answers)) == before + 1
