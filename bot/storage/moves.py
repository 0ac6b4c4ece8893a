"""Copies all rows of one database into another, whatever engine each is on."""

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.dialects import last_ids, set_last_ids
from bot.storage.installation import SOURCE, recall, remember
from bot.storage.schema import meta, metadata

BATCH = 2000
"""So many rows are read and written at once."""
NAME = "installation"
TABLES = tuple(metadata.sorted_tables)
"""Parents before their children."""
NUMBERED = tuple(table.name for table in TABLES if "id" in table.c)

Row = dict[str, Any]


def _keys(table: sa.Table) -> list[sa.Column[Any]]:
    return list(table.primary_key.columns)


def _after(table: sa.Table) -> sa.Select[Any]:
    """The next rows by primary key."""
    keys = _keys(table)
    last = sa.tuple_(*(sa.bindparam(f"last_{key.name}", type_=key.type) for key in keys))
    return sa.select(table).where(sa.tuple_(*keys) > last).order_by(*keys).limit(BATCH)


_FIRST = {table.name: sa.select(table).order_by(*_keys(table)).limit(BATCH) for table in TABLES}
_NEXT = {table.name: _after(table) for table in TABLES}
_INSERT = {table.name: table.insert() for table in TABLES}
_DELETE = {table.name: table.delete() for table in reversed(TABLES)}
_COUNT = {table.name: sa.select(sa.func.count()).select_from(table) for table in TABLES}
_FORGET = meta.delete().where(meta.c.key == sa.bindparam("known"))


def name_of(conn: Connection) -> str:
    """The name by which an installation is known again; it is given one where it has none."""
    name = recall(conn, NAME)
    if name is None:
        name = secrets.token_hex(8)
        remember(conn, NAME, name)
    return name


def counts(conn: Connection) -> dict[str, int]:
    """How many rows each table has; a move leaves its own note out."""
    found = {name: conn.execute(count).scalar_one() for name, count in _COUNT.items()}
    found[meta.name] -= recall(conn, SOURCE) is not None
    return found


def begin(conn: Connection, name: str) -> bool:
    """Makes room for what comes from an installation; returns False where anything else is stored already."""
    if recall(conn, SOURCE) != name:
        if any(counts(conn).values()):
            return False
        remember(conn, SOURCE, name)
        return True
    for delete in _DELETE.values():
        conn.execute(delete)
    remember(conn, SOURCE, name)
    return True


def read(conn: Connection, table: str, last: Row | None) -> list[Row]:
    """The next rows of a table.

    Args:
        last: the last one read; None at the beginning.
    """
    if last is None:
        return [dict(row) for row in conn.execute(_FIRST[table]).mappings()]
    keys = {f"last_{key.name}": last[key.name] for key in _keys(metadata.tables[table])}
    return [dict(row) for row in conn.execute(_NEXT[table], keys).mappings()]


def write(conn: Connection, table: str, rows: Sequence[Row]) -> None:
    """Stores rows as they were."""
    conn.execute(_INSERT[table], list(rows))


def given(conn: Connection) -> dict[str, int]:
    """The newest id that each table has given out, also where its row is deleted."""
    return last_ids(conn, NUMBERED)


def finish(conn: Connection, ids: dict[str, int]) -> None:
    """Everything is there: ids go on where they ended, and the note of the move goes."""
    set_last_ids(conn, ids)
    conn.execute(_FORGET, {"known": SOURCE})
