"""Facts about this installation, by name."""

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import meta

_NEW = insert(meta)
_REMEMBER = _NEW.on_conflict_do_update(index_elements=["key"], set_={"value": _NEW.excluded.value})
_RECALL = sa.select(meta.c.value).where(meta.c.key == sa.bindparam("key"))


def remember(conn: Connection, key: str, value: str) -> None:
    """Stores a fact about the installation."""
    conn.execute(_REMEMBER, {"key": key, "value": value})


def recall(conn: Connection, key: str) -> str | None:
    """A fact stored with `remember`."""
    return conn.execute(_RECALL, {"key": key}).scalar()
