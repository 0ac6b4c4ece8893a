"""Queries on repairs: tries to make a missed drill neutral."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.drills import Drill
from bot.storage.answers import REPAIRED
from bot.storage.schema import repairs

RUNNING, FAILED = "running", "failed"


async def of_drill(conn: AsyncConnection, drill_id: int, member_id: int) -> Any:
    """A member's try at a drill, or None."""
    query = sa.select(repairs).where(repairs.c.drill_id == drill_id, repairs.c.member_id == member_id)
    return (await conn.execute(query)).first()


async def of_quiz(conn: AsyncConnection, quiz_id: int) -> Any:
    """The try to which a quiz belongs, or None."""
    return (await conn.execute(sa.select(repairs).where(repairs.c.quiz_id == quiz_id))).first()


async def last_success(conn: AsyncConnection, track_id: int, member_id: int) -> datetime | None:
    """When a member last repaired a streak in a track."""
    query = (
        sa.select(repairs.c.finished_at)
        .where(repairs.c.track_id == track_id, repairs.c.member_id == member_id, repairs.c.state == REPAIRED)
        .order_by(repairs.c.finished_at.desc())
        .limit(1)
    )
    return (await conn.execute(query)).scalar()


async def add(conn: AsyncConnection, drill: Drill, member_id: int, quiz_id: int, at: datetime) -> None:
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
    await conn.execute(repairs.insert().values(**values))


async def finish(conn: AsyncConnection, repair_id: int, state: str, at: datetime) -> None:
    """Records how a try ended."""
    await conn.execute(repairs.update().where(repairs.c.id == repair_id).values(state=state, finished_at=at))
