"""Queries on the questions that managers put next."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.tracks import Track
from bot.storage.schema import queue


def queued(conn: Connection, track_id: int) -> list[str]:
    """Question ids that come next, in their order."""
    query = sa.select(queue.c.question_id).where(queue.c.track_id == track_id).order_by(queue.c.id)
    return list(conn.execute(query).scalars())


def enqueue(conn: Connection, track: Track, question_id: str) -> None:
    """Puts a question at the end of the queue."""
    conn.execute(queue.insert().values(guild_id=track.guild_id, track_id=track.id, question_id=question_id))


def dequeue(conn: Connection, track_id: int, question_id: str) -> None:
    """Takes the first entry of a question out of the queue."""
    first = (
        sa.select(sa.func.min(queue.c.id))
        .where(queue.c.track_id == track_id, queue.c.question_id == question_id)
        .scalar_subquery()
    )
    conn.execute(queue.delete().where(queue.c.id == first))
