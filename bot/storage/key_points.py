"""Queries on the key points that members say their answers had."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import ticks


def of(conn: Connection, guild_id: int, member_id: int, reference: str) -> list[int] | None:
    """The positions that a member ticked for a drill or an interview's question; None before the first time."""
    query = sa.select(ticks.c.points).where(
        ticks.c.guild_id == guild_id, ticks.c.member_id == member_id, ticks.c.reference == reference
    )
    return conn.execute(query).scalar()


def keep(
    conn: Connection,
    guild_id: int,
    member_id: int,
    question_id: str,
    reference: str,
    points: Sequence[int],
    at: datetime,
) -> None:
    """Stores what a member ticked, in place of what was ticked before."""
    values = {"points": list(points), "ticked_at": at}
    row = insert(ticks).values(
        guild_id=guild_id, member_id=member_id, question_id=question_id, reference=reference, **values
    )
    conn.execute(row.on_conflict_do_update(index_elements=["guild_id", "member_id", "reference"], set_=values))
