"""Facts about this installation, by name; and ids that buttons carry, which it gives out once.

After a restored backup those of the lost time are left out.
"""

import math
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.servers import Thing
from bot.storage.dialects import insert, skip_ids
from bot.storage.schema import meta, metadata

_NEW = insert(meta)
_REMEMBER = _NEW.on_conflict_do_update(index_elements=["key"], set_={"value": _NEW.excluded.value})
_RECALL = sa.select(meta.c.value).where(meta.c.key == sa.bindparam("key"))
_RECALL_ALL = sa.select(meta).where(meta.c.key.startswith(sa.bindparam("beginning"), autoescape=False))
ALIVE = "alive at"
SOURCE = "moved from"
"""What a database has while everything of another is copied into it."""
PER_SECOND = 10
"""So many ids of a kind are left out for each second: more than anybody makes for long."""
CARRIED = tuple(sorted(set(Thing) & set(metadata.tables)))
"""The tables with ids that buttons carry."""


def remember(conn: Connection, key: str, value: str) -> None:
    """Stores a fact about the installation."""
    conn.execute(_REMEMBER, {"key": key, "value": value})


def recall(conn: Connection, key: str) -> str | None:
    """A fact stored with `remember`."""
    return conn.execute(_RECALL, {"key": key}).scalar()


def recall_all(conn: Connection, beginning: str) -> dict[str, str]:
    """The facts whose names begin so."""
    return {row.key: row.value for row in conn.execute(_RECALL_ALL, {"beginning": beginning})}


def leave_out(conn: Connection, now: datetime) -> int:
    """Leaves out, at a start, the ids that may have been given out since this database was last known to be in use.

    An old button must not act on what is made after a backup was restored. Nothing tells a backup from a database
    that has rested for as long, so some ids are left out after any rest.

    Returns:
        How many ids of each kind are left out.
    """
    known = recall(conn, ALIVE)
    rest = timedelta(0) if known is None else max(timedelta(0), now - datetime.fromisoformat(known))
    ids = math.ceil(rest.total_seconds() * PER_SECOND)
    if ids:
        skip_ids(conn, CARRIED, ids)
    remember(conn, ALIVE, now.isoformat())
    return ids


def mark_alive(conn: Connection, now: datetime) -> None:
    """Records that the database is in use: ids given out until now are known to it."""
    remember(conn, ALIVE, now.isoformat())
