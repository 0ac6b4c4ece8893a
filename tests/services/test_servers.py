"""Servers come and go while the bot is away, and those that are gone for long leave nothing behind."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.bank import Banks
from bot.services.servers import KEPT, ServerService, compare
from bot.storage import schema, servers
from bot.storage.database import Database
from bot.storage.sqlite_files import database_file
from tests.services.rows import DAY, NINE
from tests.unit.packs import PACK

OWN = replace(PACK, id="own", questions=(replace(PACK.questions[0], id="own-001"),))
HERE, GONE, NEW, BACK, ELSEWHERE = (number << 22 for number in (2, 4, 6, 8, 3))


def test_a_shard_that_is_ready_tells_who_came_and_went(conn: Connection):
    for guild_id in (HERE, GONE, BACK, ELSEWHERE):
        servers.ensure(conn, guild_id)
    servers.mark_removed(conn, BACK, NINE)
    changes = compare(conn, [HERE, NEW, BACK], 0, 2, NINE + DAY)
    assert changes == ([NEW], [GONE])
    assert servers.presence(conn) == {HERE: None, GONE: NINE + DAY, NEW: None, BACK: None, ELSEWHERE: None}
    assert compare(conn, [HERE, NEW, BACK], 0, 2, NINE + 2 * DAY) == ([], [])


def test_the_first_servers_of_all_are_not_greeted(conn: Connection):
    assert compare(conn, [HERE], 0, 2, NINE) == ([], [])
    assert compare(conn, [ELSEWHERE], 1, 2, NINE) == ([], [])  # another shard may have been the first
    assert compare(conn, [HERE, NEW], 0, 2, NINE) == ([NEW], [])


def _fill(file: sqlite3.Connection, guild_id: int) -> None:
    """One row of a server in every table that holds something of servers."""
    for table in schema.metadata.sorted_tables:
        if "guild_id" in table.c:
            made: dict[str, str] = {}
            for column in table.c:
                if column.name == "guild_id":
                    made[column.name] = str(guild_id)
                elif isinstance(column.type, sa.Integer) or not column.nullable:
                    made[column.name] = str(guild_id + len(made))
            names, values = ", ".join(f'"{name}"' for name in made), ", ".join(made.values())
            file.execute(f"INSERT INTO {table.name} ({names}) VALUES ({values})")


def _left(conn: Connection, guild_id: int) -> dict[str, int]:
    query = "SELECT count(*) FROM {} WHERE guild_id = ?"
    tables = [table.name for table in schema.metadata.sorted_tables if "guild_id" in table.c]
    return {name: conn.exec_driver_sql(query.format(name), (guild_id,)).scalar_one() for name in tables}


@pytest.mark.parametrize("engine", ["sqlite"])  # whose file is filled without regard to references
async def test_thirty_days_after_the_bot_was_removed_no_table_holds_anything(database: Database):
    banks = Banks(PACK)
    banks.put({guild_id: [OWN] for guild_id in (HERE, GONE, BACK)})
    service = ServerService(database, banks)

    with sqlite3.connect(str(database_file(database.url))) as file:  # it asks for no references
        for guild_id in (HERE, GONE, BACK):
            _fill(file, guild_id)
    file.close()
    await service.joined(HERE)
    for guild_id in (GONE, BACK):
        await service.left(guild_id, NINE)
    assert await service.to_erase(NINE + KEPT - timedelta(seconds=1)) == []
    due = NINE + KEPT
    assert sorted(await service.to_erase(due)) == [GONE, BACK]
    await service.joined(BACK)
    for guild_id in (GONE, BACK, HERE):
        await service.erase(guild_id, due)
    assert set((await database.read(lambda conn: _left(conn, GONE))).values()) == {0}
    assert banks.of(GONE) is banks.of(0)
    for guild_id in (BACK, HERE):
        assert banks.of(guild_id).find("own-001") is not None
        assert set((await database.read(lambda conn, g=guild_id: _left(conn, g))).values()) == {1}
