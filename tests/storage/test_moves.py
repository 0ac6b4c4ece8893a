"""An installation moves from SQLite to PostgreSQL and back, with every row and every id that was given out."""

import asyncio
import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from bot.command_line import app
from bot.domain.errors import OperatorError
from bot.services.moves import BESIDE, move
from bot.settings import EXIT_BAD_SETTINGS
from bot.storage import moves
from bot.storage.bank_numbers import QuestionNumbers
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.privacy import Whose
from bot.storage.privacy_log import DeletionLog
from bot.storage.schema import meta, proposals
from bot.storage.works import DatabaseInUse
from tests.postgres import BARE, postgres
from tests.storage.test_upgrade import WRITTEN


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a file of today's schema, with rows in every table that the newest release had."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.db").write_bytes(gzip.decompress(WRITTEN[-1].read_bytes()))
    (tmp_path / "bot.db.deletions").write_text("somebody")
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"

    async def upgrade() -> None:
        async with Database(url) as database:
            await migrate(database)
            await database.write(lambda conn: conn.execute(proposals.insert(), [PROPOSAL] * 3) and None)
            await database.write(lambda conn: conn.execute(proposals.delete()) and None)  # its ids are given out

    asyncio.run(upgrade())
    return url


@pytest.fixture
def new() -> Iterator[str]:
    """The address of a database on PostgreSQL without a table."""
    with postgres().new_database(BARE) as url:
        yield url


NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
PROPOSAL = {"guild_id": 1, "channel_id": 1, "options": {}, "made_at": datetime(2026, 11, 23, tzinfo=UTC)}


async def rows(url: str) -> dict[str, list[Any]]:
    """Everything that a database holds."""

    def read(conn: Connection) -> dict[str, list[Any]]:
        found = {t.name: conn.execute(sa.select(t).order_by(*t.primary_key)).all() for t in moves.TABLES}
        return {name: [tuple(row) for row in table] for name, table in found.items()}

    async with Database(url, read_only=True) as database:
        return await database.read(read)


def run(source: str = "", target: str = "") -> tuple[int, str]:
    named = [part for name, url in (("--from", source), ("--to", target)) if url for part in (name, url)]
    ran = CliRunner().invoke(app, ["migrate", *named])
    return ran.exit_code, ran.output


def test_everything_moves_to_postgresql_and_back(old: str, new: str, tmp_path: Path):
    code, said = run(old, new)
    assert code == 0, said
    assert "15 streaks" in said and "MOCKINGBIRD_DATABASE_URL" in said and f"Put {tmp_path}/bot.db aside" in said
    before, there = asyncio.run(rows(old)), asyncio.run(rows(new))
    assert there == before and sum(map(len, before.values())) > 500
    assert (tmp_path / "var" / f"{make_url(new).database}.deletions").read_text() == "somebody"
    code, said = run(old, new)
    assert code == EXIT_BAD_SETTINGS and "something in it already" in said and "/?" not in said
    back = f"sqlite+aiosqlite:///{tmp_path}/back.db"
    assert run(new, back)[0] == 0
    assert asyncio.run(rows(back)) == before
    assert (tmp_path / "back.db.deletions").read_text() == "somebody"

    async def given_next(url: str) -> int:
        async with Database(url) as database:
            key = proposals.insert().values(PROPOSAL).returning(proposals.c.id)
            return await database.write(lambda conn: conn.execute(key).scalar_one())

    assert len({asyncio.run(given_next(url)) for url in (old, new, back)}) == 1


def test_the_address_with_the_password_is_that_of_the_settings(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MOCKINGBIRD_DATABASE_URL", new)
    code, said = run(source=old)
    assert code == 0 and said.count("Start the bot.") == 1
    code, said = run(target=f"sqlite+aiosqlite:///{tmp_path}/back.db")
    assert code == 0 and "put the new address into MOCKINGBIRD_DATABASE_URL" in said
    code, said = run()
    assert code == EXIT_BAD_SETTINGS and said == "--from and --to name the same database.\n"


def test_what_servers_were_told_meanwhile_comes_back_too(old: str, new: str, tmp_path: Path):
    first, second = Whose(1, 10), Whose(2, None)
    (tmp_path / "bot.db.deletions").unlink()
    DeletionLog(tmp_path / "bot.db").add(first, NINE)
    QuestionNumbers(tmp_path / "bot.db").give([(10, "ours", 4), (10, "sql", 9)])
    assert run(old, new)[0] == 0
    there = tmp_path / "var" / str(make_url(new).database)
    DeletionLog(there).add(second, NINE)
    QuestionNumbers(there).give([(10, "ours", 7)])
    QuestionNumbers(tmp_path / "bot.db").give([(10, "sql", 12)])  # somebody went back for a while
    (tmp_path / "bot.db").rename(tmp_path / "aside.db")
    assert run(new, old)[0] == 0
    log, numbers = DeletionLog(tmp_path / "bot.db"), QuestionNumbers(tmp_path / "bot.db")
    assert len(log) == 2 and log.covers(10, 1, NINE) and log.covers(99, 2, NINE)
    assert [numbers.last(10, "ours"), numbers.last(10, "sql")] == [7, 12]
    for ending in BESIDE:
        assert os.name != "posix" or (tmp_path / f"bot.db{ending}").stat().st_mode & 0o777 == 0o600


async def test_what_was_interrupted_is_begun_anew_and_no_bot_starts_on_it(old: str, new: str):
    def interrupt(done: int, every: int) -> None:
        if done > every / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await move(old, new, interrupt)
    async with Database(new) as half:
        with pytest.raises(OperatorError, match="isn't whole"):
            await migrate(half)
    heard: list[tuple[int, int]] = []
    moved = await move(old, new, lambda done, every: heard.append((done, every)))
    assert heard[-1] == (moved.rows, moved.rows) and moved.report.disagreements == []
    assert await rows(new) == await rows(old)
    async with Database(new) as whole:
        assert not await migrate(whole)


async def test_it_is_refused_while_a_bot_runs_and_where_something_is_stored(old: str, new: str):
    def nobody(done: int, every: int) -> None:
        raise AssertionError("nothing is copied")

    async with Database(old):
        with pytest.raises(DatabaseInUse):
            await move(old, new, nobody)
    async with Database(new, busy_seconds=0.2) as bot:
        await migrate(bot)
        with pytest.raises(DatabaseInUse):
            await move(old, new, nobody)
        await bot.write(lambda conn: conn.execute(meta.insert().values(key="a", value="b")) and None)
    with pytest.raises(OperatorError, match="something in it already"):
        await move(old, new, nobody)
    for source, target in ((old, old), (f"{old}.none", new)):
        with pytest.raises(OperatorError, match=r"same database|no database"):
            await move(source, target, nobody)


def test_an_address_that_cannot_be_meant_is_refused_in_one_sentence(old: str):
    code, said = run(old, "postgresql://bird:sk-secret@db/bird")
    assert code == EXIT_BAD_SETTINGS and said.count("\n") == 1
    assert "must name a file" in said and "sk-secret" not in said
