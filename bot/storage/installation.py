"""Facts about this installation, by name."""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import meta


async def remember(conn: AsyncConnection, key: str, value: str) -> None:
    """Stores a fact about the installation."""
    row = insert(meta).values(key=key, value=value)
    await conn.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


async def recall(conn: AsyncConnection, key: str) -> str | None:
    """A fact stored with `remember`."""
    return (await conn.execute(sa.select(meta.c.value).where(meta.c.key == key))).scalar()
