"""Queries on the key points that members say their answers had."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.dialects import insert
from bot.storage.schema import ticks

_OF = sa.select(ticks.c.reference, ticks.c.points).where(
    ticks.c.guild_id == sa.bindparam("guild_id"),
    ticks.c.member_id == sa.bindparam("member_id"),
    ticks.c.reference.in_(sa.bindparam("references", expanding=True)),
)
_NEW = insert(ticks)
_STORE = _NEW.on_conflict_do_update(
    index_elements=["guild_id", "member_id", "reference"],
    set_={"points": _NEW.excluded.points, "ticked_at": _NEW.excluded.ticked_at},
)


def of_all(conn: Connection, guild_id: int, member_id: int, references: Sequence[str]) -> dict[str, list[int]]:
    """The positions that a member ticked for drills or interviews' questions, where they did."""
    whose = {"guild_id": guild_id, "member_id": member_id, "references": list(references)}
    return {row.reference: list(row.points) for row in conn.execute(_OF, whose)}


def of(conn: Connection, guild_id: int, member_id: int, reference: str) -> list[int] | None:
    """The positions that a member ticked for a drill or an interview's question; None before the first time."""
    return of_all(conn, guild_id, member_id, [reference]).get(reference)


def store(
    conn: Connection,
    guild_id: int,
    member_id: int,
    question_id: str,
    reference: str,
    points: Sequence[int],
    at: datetime,
) -> None:
    """Stores what a member ticked, in place of what was ticked before."""
    conn.execute(
        _STORE,
        {
            "guild_id": guild_id,
            "member_id": member_id,
            "question_id": question_id,
            "reference": reference,
            "points": list(points),
            "ticked_at": at,
        },
    )
