"""Queries on the questions that managers put next."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.tracks import Track
from bot.storage.schema import queue

_OF_TRACK = queue.c.track_id == sa.bindparam("track_id")
_QUEUED = sa.select(queue.c.question_id).where(_OF_TRACK).order_by(queue.c.id)
_ENQUEUE = queue.insert()
_EMPTY = queue.delete().where(_OF_TRACK)
_DEQUEUE = queue.delete().where(
    queue.c.id
    == sa.select(sa.func.min(queue.c.id))
    .where(_OF_TRACK, queue.c.question_id == sa.bindparam("question"))
    .scalar_subquery()
)


def queued(conn: Connection, track_id: int) -> list[str]:
    """Question ids that come next, in their order."""
    return list(conn.execute(_QUEUED, {"track_id": track_id}).scalars())


def enqueue(conn: Connection, track: Track, question_id: str) -> None:
    """Puts a question at the end of the queue."""
    conn.execute(_ENQUEUE, {"guild_id": track.guild_id, "track_id": track.id, "question_id": question_id})


def dequeue(conn: Connection, track_id: int, question_id: str) -> None:
    """Takes the first entry of a question out of the queue."""
    conn.execute(_DEQUEUE, {"track_id": track_id, "question": question_id})


def set_order(conn: Connection, track: Track, question_ids: Sequence[str]) -> None:
    """Lets a track's queue be these questions, in this order."""
    conn.execute(_EMPTY, {"track_id": track.id})
    if question_ids:
        rows = [{"guild_id": track.guild_id, "track_id": track.id, "question_id": one} for one in question_ids]
        conn.execute(_ENQUEUE, rows)
