"""Queries on servers and the members seen in them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import servers


async def touch(conn: AsyncConnection, guild_id: int, **values: Any) -> None:
    """Makes sure that the server is known and sets the named columns."""
    await conn.execute(insert(servers).values(guild_id=guild_id).on_conflict_do_nothing())
    if values:
        await conn.execute(servers.update().where(servers.c.guild_id == guild_id).values(**values))


async def get(conn: AsyncConnection, guild_id: int) -> Any:
    """The server's row, or None."""
    return (await conn.execute(sa.select(servers).where(servers.c.guild_id == guild_id))).first()


async def server_zone(conn: AsyncConnection, guild_id: int) -> str:
    """The zone in which a server's weeks and months begin: UTC until its first track is made."""
    zone = (await conn.execute(sa.select(servers.c.zone).where(servers.c.guild_id == guild_id))).scalar()
    return zone or "UTC"
