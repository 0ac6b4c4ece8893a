"""Queries on repairs: tries to make a missed drill neutral."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import Drill
from bot.storage.answers import REPAIRED
from bot.storage.schema import repairs

RUNNING, FAILED = "running", "failed"


def of_drill(conn: Connection, drill_id: int, member_id: int) -> Any:
    """A member's try at a drill, or None."""
    query = sa.select(repairs).where(repairs.c.drill_id == drill_id, repairs.c.member_id == member_id)
    return conn.execute(query).first()


def of_quiz(conn: Connection, quiz_id: int) -> Any:
    """The try to which a quiz belongs, or None."""
    return conn.execute(sa.select(repairs).where(repairs.c.quiz_id == quiz_id)).first()


def last_success(conn: Connection, track_id: int, member_id: int) -> datetime | None:
    """When a member last repaired a streak in a track."""
    query = (
        sa.select(repairs.c.finished_at)
        .where(repairs.c.track_id == track_id, repairs.c.member_id == member_id, repairs.c.state == REPAIRED)
        .order_by(repairs.c.finished_at.desc())
        .limit(1)
    )
    return conn.execute(query).scalar()


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
    conn.execute(repairs.insert().values(**values))


def finish(conn: Connection, repair_id: int, state: str, at: datetime) -> None:
    """Records how a try ended."""
    conn.execute(repairs.update().where(repairs.c.id == repair_id).values(state=state, finished_at=at))
