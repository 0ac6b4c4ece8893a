"""Queries on servers and the members seen in them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import servers


def touch(conn: Connection, guild_id: int, **values: Any) -> None:
    """Makes sure that the server is known and sets the named columns."""
    conn.execute(insert(servers).values(guild_id=guild_id).on_conflict_do_nothing())
    if values:
        conn.execute(servers.update().where(servers.c.guild_id == guild_id).values(**values))


def get(conn: Connection, guild_id: int) -> Any:
    """The server's row, or None."""
    return conn.execute(sa.select(servers).where(servers.c.guild_id == guild_id)).first()


def server_zone(conn: Connection, guild_id: int) -> str:
    """The zone in which a server's weeks and months begin: UTC until its first track is made."""
    zone = conn.execute(sa.select(servers.c.zone).where(servers.c.guild_id == guild_id)).scalar()
    return zone or "UTC"
