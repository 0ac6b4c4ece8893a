"""Facts about this installation, by name."""

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import meta


def remember(conn: Connection, key: str, value: str) -> None:
    """Stores a fact about the installation."""
    row = insert(meta).values(key=key, value=value)
    conn.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def recall(conn: Connection, key: str) -> str | None:
    """A fact stored with `remember`."""
    return conn.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()
