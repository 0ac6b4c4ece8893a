"""Queries on repairs: tries to make a missed drill neutral."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import Drill
from bot.storage.answers import REPAIRED
from bot.storage.rows import many, one
from bot.storage.schema import repairs

RUNNING, FAILED = "running", "failed"


@dataclass(frozen=True, slots=True)
class RepairTry:
    """A member's one try at a drill: `state` is running, failed or repaired."""

    id: int
    guild_id: int
    track_id: int
    drill_id: int
    member_id: int
    state: str
    quiz_id: int | None
    finished_at: datetime | None


_OF_MEMBER = (
    sa.select(repairs)
    .where(repairs.c.track_id == sa.bindparam("track_id"), repairs.c.member_id == sa.bindparam("member_id"))
    .order_by(repairs.c.id)
)
_OF_QUIZ = sa.select(repairs).where(repairs.c.quiz_id == sa.bindparam("quiz_id"))
_ADD = repairs.insert()
_FINISH = (
    repairs.update()
    .where(repairs.c.id == sa.bindparam("key_id"))
    .values(state=sa.bindparam("new_state"), finished_at=sa.bindparam("at"))
)


def of_member(conn: Connection, track_id: int, member_id: int) -> list[RepairTry]:
    """A member's tries in a track, oldest first."""
    return many(conn, RepairTry, _OF_MEMBER, track_id=track_id, member_id=member_id)


def of_quiz(conn: Connection, quiz_id: int) -> RepairTry | None:
    """The try to which a quiz belongs."""
    return one(conn, RepairTry, _OF_QUIZ, quiz_id=quiz_id)


def add(conn: Connection, drill: Drill, member_id: int, quiz_id: int, at: datetime) -> None:
    """Stores that a try has begun."""
    values = {
        "guild_id": drill.guild_id,
        "track_id": drill.track_id,
        "drill_id": drill.id,
        "member_id": member_id,
        "state": RUNNING,
        "quiz_id": quiz_id,
        "started_at": at,
    }
    conn.execute(_ADD, values)


def finish(conn: Connection, repair_id: int, at: datetime, *, repaired: bool) -> None:
    """Records how a try ended."""
    state = REPAIRED if repaired else FAILED
    conn.execute(_FINISH, {"key_id": repair_id, "new_state": state, "at": at})
