"""The schema of the migrations, on real files, and the ledger on it."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util.sqla_compat import is_expression_index
from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex

from bot.domain.points import Ranked
from bot.storage import boards, ledger
from bot.storage.boards import BoardKey
from bot.storage.database import Database
from bot.storage.dialects import references_unheeded
from bot.storage.migrate import SchemaTooNew, migrate
from bot.storage.schema import metadata
from bot.storage.upgrade import upgrade


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'bot.db'}"


@pytest.fixture
def engine() -> str:
    """What is shown here is of SQLite alone."""
    return "sqlite"


SORTED = [index for table in metadata.tables.values() for index in table.indexes if is_expression_index(index)]
"""Alembic cannot compare an index that sorts downwards; their texts are compared instead."""


def shape(conn: Connection) -> dict[str, Any]:
    """Everything that a SQLite file says of its tables, in no order."""
    found = inspect(conn)
    tables = [name for name in found.get_table_names() if name != "alembic_version"]
    texts = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    return {
        "columns": {(name, *map(str, column.values())) for name in tables for column in found.get_columns(name)},
        "keys": {(name, str(found.get_pk_constraint(name))) for name in tables},
        "unique": {(name, str(one)) for name in tables for one in found.get_unique_constraints(name)},
        "references": {(name, str(one)) for name in tables for one in found.get_foreign_keys(name)},
        "indexes": {(row.name, row.sql) for row in texts if row.name not in tables and row.name[:3] != "ale"},
        "counted": {row.name for row in texts if "AUTOINCREMENT" in row.sql},
    }


async def test_the_migrations_give_the_schema_that_the_code_names(unmigrated: Database, database: Database):
    def through_all(conn: Connection) -> None:
        with references_unheeded(conn):
            upgrade(conn, "head")

    await unmigrated.maintain(through_all)
    names = {index.name for index in SORTED}

    def differences(sync: object) -> list[object]:
        options = {"include_object": lambda _, name, *__: name not in names}
        context = MigrationContext.configure(sync, opts=options)  # pyright: ignore[reportArgumentType]
        return list(compare_metadata(context, metadata))

    assert await unmigrated.read(differences) == []
    made = await unmigrated.read(lambda conn: conn.execute(text("SELECT name, sql FROM sqlite_master")).all())
    texts = {row.name: row.sql for row in made}
    for index in SORTED:
        assert texts[index.name] == str(CreateIndex(index).compile(dialect=sqlite.dialect()))
    assert await migrate(unmigrated) is False and await migrate(database) is False
    assert await unmigrated.read(shape) == await database.read(shape)


async def test_a_newer_schema_is_refused_untouched(tmp_path: Path):
    async with Database(url(tmp_path)) as db:
        await migrate(db)
        await db.write(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num='9999'")))
        with pytest.raises(SchemaTooNew):
            await migrate(db)
    with sqlite3.connect(tmp_path / "bot.db") as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
    raw.close()


async def test_points_are_booked_once_and_standings_equal_the_ledger(database: Database):
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def book(conn: Connection, reference: str, member: int) -> bool:
        return ledger.enter(
            conn, guild_id=1, track_id=None, member_id=member, reason="item", points=2, reference=reference, at=at
        )

    assert await database.write(lambda conn: book(conn, "a", 5))
    assert not await database.write(lambda conn: book(conn, "a", 5))
    assert await database.write(lambda conn: book(conn, "b", 5))
    assert await database.write(lambda conn: book(conn, "c", 6))
    week = BoardKey(1, ledger.WHOLE_SERVER, "2026-W48")
    assert (await database.read(lambda conn: boards.page(conn, week, 10))).rows == [
        Ranked(1, 5, 4, "", None),
        Ranked(2, 6, 2, "", None),
    ]
    stored = await database.read(ledger.stored)
    assert stored == await database.read(ledger.recompute)
    await database.write(ledger.rebuild)
    assert stored == await database.read(ledger.stored)


@pytest.mark.parametrize("engine", ["postgres"])
async def test_postgresql_upgrades_from_the_first_schema_that_it_had(database: Database):
    """New databases of it are made whole, so nothing else runs its migrations."""
    later = (
        "ALTER TABLE answers DROP COLUMN seeded",
        "ALTER TABLE tracks DROP COLUMN last_call",
        "ALTER TABLE drills DROP COLUMN last_called, DROP COLUMN last_call_at",
        "ALTER TABLE servers DROP COLUMN season_due_utc",
        "ALTER TABLE lives DROP COLUMN place_id",
        "DROP TABLE season_winners, seasons, quiz_plans",
        "UPDATE alembic_version SET version_num = '0020'",
    )

    def described(conn: Connection) -> dict[str, str]:
        return {row.indexname: row.indexdef for row in conn.execute(text("SELECT * FROM pg_indexes"))}

    def go_back(conn: Connection) -> None:
        for statement in later:
            conn.execute(text(statement))

    whole = await database.read(described)
    await database.write(go_back)
    assert await migrate(database)
    assert await database.read(described) == whole
