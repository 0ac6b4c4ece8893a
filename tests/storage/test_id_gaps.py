"""Ids that buttons carry are not given out again after a backup was restored."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.servers import Thing
from bot.storage.database import Database
from bot.storage.installation import leave_out, mark_alive
from tests.builders import empty_database

EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC)
KINDS = [kind for kind in Thing if kind is not Thing.CHANNEL]


def made(file: Path, kind: Thing, number: int) -> set[int]:
    """The ids that so many new things of a kind get."""
    connection = sqlite3.connect(file)
    with connection:
        needed = [
            f'"{name}"'
            for _, name, _, mandatory, default, key in connection.execute(f"PRAGMA table_info({kind})")
            if mandatory and default is None and not key
        ]
        values = ", ".join("abs(random())" for _ in needed)
        insert = f"INSERT INTO {kind} ({', '.join(needed)}) VALUES ({values}) RETURNING id"
        ids = {connection.execute(insert).fetchone()[0] for _ in range(number)}
    connection.close()
    return ids


async def begin(file: Path, now: datetime) -> int:
    """What a start leaves out."""
    async with Database(f"sqlite+aiosqlite:///{file}") as database:
        return await database.write(lambda conn: leave_out(conn, now))


@pytest.mark.parametrize("before", [0, 3], ids=["nothing yet", "some before"])
async def test_no_kind_gives_out_an_id_twice(tmp_path: Path, before: int):
    file = tmp_path / "bot.db"
    file.write_bytes(await asyncio.to_thread(empty_database))
    assert await begin(file, EVENING) == 0
    for kind in KINDS:
        made(file, kind, before)
    backup = file.read_bytes()
    lost = {kind: made(file, kind, 40) for kind in KINDS}
    file.write_bytes(backup)
    await begin(file, EVENING + timedelta(minutes=1))
    for kind in KINDS:
        assert not lost[kind] & made(file, kind, 40), kind


async def test_a_start_without_a_rest_leaves_nothing_out_and_a_clock_set_back_neither(tmp_path: Path):
    file = tmp_path / "bot.db"
    file.write_bytes(await asyncio.to_thread(empty_database))
    await begin(file, EVENING)
    async with Database(f"sqlite+aiosqlite:///{file}") as database:
        await database.write(lambda conn: mark_alive(conn, EVENING + timedelta(hours=1)))
    assert await begin(file, EVENING + timedelta(hours=1)) == 0
    assert await begin(file, EVENING) == 0
