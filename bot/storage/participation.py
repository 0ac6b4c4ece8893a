"""Queries on who takes part in a track, for its managers."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import DrillState
from bot.domain.tracks import Track
from bot.storage.drills import POSTED
from bot.storage.schema import answers, drills
from bot.storage.schema import members as known


def per_date(conn: Connection, track_id: int, first: date) -> dict[date, int]:
    """How many members answered each posted drill since a date, on time or late."""
    query = (
        sa.select(drills.c.date, sa.func.count(answers.c.counted_at).label("answered"))
        .select_from(drills.outerjoin(answers, answers.c.drill_id == drills.c.id))
        .where(drills.c.track_id == track_id, drills.c.date >= first, drills.c.state.in_(POSTED))
        .group_by(drills.c.date)
    )
    return {row.date: row.answered for row in conn.execute(query)}


def members(conn: Connection, track_id: int, first: date, last: date) -> int:
    """How many different members answered a drill of these dates."""
    query = (
        sa.select(sa.func.count(answers.c.member_id.distinct()))
        .select_from(drills.join(answers, answers.c.drill_id == drills.c.id))
        .where(
            drills.c.track_id == track_id,
            drills.c.date.between(first, last),
            drills.c.state.in_(POSTED),
            answers.c.counted_at.is_not(None),
        )
    )
    return conn.execute(query).scalar_one()


def missed(conn: Connection, track_id: int, first: date) -> list[date]:
    """Dates since `first` whose question could not be posted."""
    query = (
        sa.select(drills.c.date)
        .where(drills.c.track_id == track_id, drills.c.date >= first, drills.c.state == DrillState.MISSED)
        .order_by(drills.c.date)
    )
    return list(conn.execute(query).scalars())


def quiet(
    conn: Connection, track: Track, since: datetime, offset: int, limit: int
) -> tuple[list[tuple[int, datetime]], int]:
    """Members who answered before an instant and never since: some as (member, last answer), and how many in all.

    Whoever has left the server is not among them. The newest silence comes first. Past the end of the list there is
    nobody, and no count either.
    """
    last = sa.func.max(answers.c.counted_at).label("last")
    gone = sa.select(known.c.member_id).where(known.c.guild_id == track.guild_id, known.c.gone_at.is_not(None))
    query = (
        sa.select(answers.c.member_id, last, sa.func.count().over().label("total"))
        .where(answers.c.track_id == track.id, answers.c.counted_at.is_not(None), answers.c.member_id.not_in(gone))
        .group_by(answers.c.member_id)
        .having(last < since)
        .order_by(sa.desc("last"), answers.c.member_id)
        .offset(offset)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    return [(row.member_id, row.last) for row in rows], rows[0].total if rows else 0
