"""Databases that each release wrote, with rows in every table, come to today's schema whole."""

import asyncio
import gzip
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.command_line import app
from bot.services.audit import verify_database
from bot.settings import EXIT_BAD_SETTINGS
from bot.storage.database import Database
from bot.storage.migrate import head, is_current, migrate

WRITTEN = sorted((Path(__file__).parent / "data").glob("release-*.db.gz"))
"""One of each release, the oldest first."""
MERGED = {"posts": "sent_messages", "interview_posts": "sent_messages"}
"""Tables that were merged into another one."""


def counts(file: Path) -> dict[str, int]:
    """How many rows each table has."""
    with sqlite3.connect(file) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    raw.close()
    return {name: number for name, number in found.items() if not name.startswith("sqlite_")}


@pytest.fixture(params=WRITTEN, ids=lambda file: file.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / "bot.db"
    file.write_bytes(gzip.decompress(request.param.read_bytes()))
    return file


async def test_an_upgrade_loses_no_row_and_the_books_agree(old: Path):
    url, before = f"sqlite+aiosqlite:///{old}", counts(old)
    assert all(before.values())
    async with Database(url) as database:
        await migrate(database)
    async with Database(url, read_only=True) as database:
        assert await is_current(database)
    after = counts(old)
    assert {name: after[name] for name in before if name not in MERGED} == {
        name: number for name, number in before.items() if name not in MERGED
    }
    assert after["sent_messages"] >= sum(before.get(name, 0) for name in MERGED)
    with sqlite3.connect(old) as raw:
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (head(),)
    raw.close()
    report = await verify_database(url, rebuild=False)
    assert report.disagreements == []


@pytest.mark.parametrize("old", WRITTEN[:1], indirect=True)
def test_verify_says_what_agrees_and_what_does_not(old: Path, monkeypatch: pytest.MonkeyPatch):
    url = f"sqlite+aiosqlite:///{old}"
    monkeypatch.setenv("MOCKINGBIRD_DATABASE_URL", url)

    def verify(*options: str) -> tuple[int, str]:
        ran = CliRunner().invoke(app, ["verify", *options])
        return ran.exit_code, ran.output

    code, text = verify()
    assert code == EXIT_BAD_SETTINGS and "another version" in text

    async def upgrade() -> None:
        async with Database(url) as database:
            await migrate(database)

    asyncio.run(upgrade())
    code, text = verify()
    assert code == 0 and "15 streaks" in text and "251 standings" in text
    with sqlite3.connect(old) as raw:
        raw.execute("UPDATE standings SET points = points + 1 WHERE rowid = (SELECT min(rowid) FROM standings)")
    raw.close()
    code, text = verify()
    assert code == 1 and text.count("\n") > 1
    assert verify("--rebuild")[0] == 0 and verify()[0] == 0
