"""Queries on the questions that managers put next."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.tracks import Track
from bot.storage.schema import queue


async def queued(conn: AsyncConnection, track_id: int) -> list[str]:
    """Question ids that come next, in their order."""
    query = sa.select(queue.c.question_id).where(queue.c.track_id == track_id).order_by(queue.c.id)
    return list((await conn.execute(query)).scalars())


async def enqueue(conn: AsyncConnection, track: Track, question_id: str) -> None:
    """Puts a question at the end of the queue."""
    await conn.execute(queue.insert().values(guild_id=track.guild_id, track_id=track.id, question_id=question_id))


async def dequeue(conn: AsyncConnection, track_id: int, question_id: str) -> None:
    """Takes the first entry of a question out of the queue."""
    first = (
        sa.select(sa.func.min(queue.c.id))
        .where(queue.c.track_id == track_id, queue.c.question_id == question_id)
        .scalar_subquery()
    )
    await conn.execute(queue.delete().where(queue.c.id == first))
