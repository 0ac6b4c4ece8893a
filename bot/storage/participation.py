"""Queries on who takes part in a track, for its managers."""

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import POSTED, Drill, DrillState
from bot.domain.tracks import Track
from bot.storage.schema import ID, answers, drills
from bot.storage.schema import members as known

_TRACK = sa.bindparam("track_id", type_=ID)
_FIRST = sa.bindparam("first", type_=sa.Date)
_MIDDLE = sa.bindparam("middle", type_=sa.Date)
_PER_DATE = (
    sa.select(drills.c.date, sa.func.count(answers.c.counted_at).label("answered"))
    .select_from(drills.outerjoin(answers, answers.c.drill_id == drills.c.id))
    .where(drills.c.track_id == _TRACK, drills.c.date >= _FIRST, drills.c.state.in_(POSTED))
    .group_by(drills.c.date)
)
_IN_FIRST = sa.case((drills.c.date < _MIDDLE, answers.c.member_id))
_IN_SECOND = sa.case((drills.c.date >= _MIDDLE, answers.c.member_id))
_MEMBERS = (
    sa.select(
        sa.func.count(_IN_FIRST.distinct()).label("first"),
        sa.func.count(_IN_SECOND.distinct()).label("second"),
        sa.func.count(answers.c.member_id.distinct()).label("both"),
    )
    .select_from(drills.join(answers, answers.c.drill_id == drills.c.id))
    .where(
        drills.c.track_id == _TRACK,
        drills.c.date.between(_FIRST, sa.bindparam("last", type_=sa.Date)),
        drills.c.state.in_(POSTED),
        answers.c.counted_at.is_not(None),
    )
)
_MISSED = (
    sa.select(drills.c.date)
    .where(drills.c.track_id == _TRACK, drills.c.date >= _FIRST, drills.c.state == DrillState.MISSED)
    .order_by(drills.c.date)
)
_LEFT = sa.select(known.c.member_id).where(
    known.c.guild_id == sa.bindparam("guild_id"), known.c.gone_at.is_not(None)
)
_LAST = sa.func.max(answers.c.counted_at, type_=answers.c.counted_at.type).label("last")
_QUIET = (
    sa.select(answers.c.member_id, _LAST, sa.func.count().over().label("total"))
    .where(answers.c.track_id == _TRACK, answers.c.counted_at.is_not(None), answers.c.member_id.not_in(_LEFT))
    .group_by(answers.c.member_id)
    .having(sa.bindparam("since") > _LAST)
    .order_by(sa.desc("last"), answers.c.member_id)
    .offset(sa.bindparam("offset"))
    .limit(sa.bindparam("most"))
)


class TwoSpans(NamedTuple):
    """How many different members answered in the first of two spans of dates, in the second, and in either."""

    first: int
    second: int
    both: int


TURNOUT_DRILLS = 10
"""Whoever answered one of so many of a track's newest drills is counted on."""


class Turnout(NamedTuple):
    """How many members have answered a drill on time, and how many answered it or one of the drills before it."""

    answered: int
    members: int


_DRILL = sa.bindparam("drill_id", type_=ID)
_NEWEST = (
    sa.select(drills.c.id)
    .where(drills.c.track_id == _TRACK, drills.c.id <= _DRILL, drills.c.state.in_(POSTED))
    .order_by(drills.c.id.desc())
    .limit(TURNOUT_DRILLS)
)
_ON_TIME = sa.case(
    (sa.and_(answers.c.drill_id == _DRILL, answers.c.status == AnswerStatus.ON_TIME), answers.c.member_id)
)
_TURNOUT = sa.select(sa.func.count(_ON_TIME), sa.func.count(answers.c.member_id.distinct())).where(
    answers.c.drill_id.in_(_NEWEST), answers.c.counted_at.is_not(None), answers.c.member_id.not_in(_LEFT)
)


def turnout(conn: Connection, drill: Drill) -> Turnout:
    """How many of a track's members have answered a drill; who has left the server is not among them."""
    values = {"guild_id": drill.guild_id, "track_id": drill.track_id, "drill_id": drill.id}
    return Turnout(*conn.execute(_TURNOUT, values).one())


def per_date(conn: Connection, track_id: int, first: date) -> dict[date, int]:
    """How many members answered each posted drill since a date, on time or late."""
    return {row.date: row.answered for row in conn.execute(_PER_DATE, {"track_id": track_id, "first": first})}


def members(conn: Connection, track_id: int, first: date, middle: date, last: date) -> TwoSpans:
    """How many different members answered drills of these dates.

    Args:
        middle: the first date of the second span.
    """
    values = {"track_id": track_id, "first": first, "middle": middle, "last": last}
    return TwoSpans(*conn.execute(_MEMBERS, values).one())


def missed(conn: Connection, track_id: int, first: date) -> list[date]:
    """Dates since `first` whose question could not be posted."""
    return list(conn.execute(_MISSED, {"track_id": track_id, "first": first}).scalars())


def quiet(
    conn: Connection, track: Track, since: datetime, offset: int, limit: int
) -> tuple[list[tuple[int, datetime]], int]:
    """Members who answered before an instant and never since: some as (member, last answer), and how many in all.

    Whoever has left the server is not among them. The newest silence comes first. Past the end of the list there is
    nobody, and no count either.
    """
    values = {
        "guild_id": track.guild_id,
        "track_id": track.id,
        "since": since,
        "offset": offset,
        "most": limit,
    }
    rows = conn.execute(_QUIET, values).all()
    return [(row.member_id, row.last) for row in rows], rows[0].total if rows else 0
