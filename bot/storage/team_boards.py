"""Queries on what teams earned, and on how they met a track's drills."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import DrillState
from bot.domain.teams import Contribution
from bot.storage.answers import REPAIRED
from bot.storage.boards import BoardKey
from bot.storage.drills import POSTED
from bot.storage.schema import answers, aways, drills, repairs, team_standings


def earned(conn: Connection, key: BoardKey) -> dict[int, list[Contribution]]:
    """What members earned for each team on a board."""
    query = sa.select(team_standings).where(
        team_standings.c.guild_id == key.guild_id,
        team_standings.c.track_id == key.track_id,
        team_standings.c.period == key.period,
        team_standings.c.points > 0,
    )
    found: defaultdict[int, list[Contribution]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.team_id].append(Contribution(row.member_id, row.points, row.reached_at))
    return dict(found)


@dataclass(frozen=True, slots=True)
class Met:
    """A posted drill: when it closed (None while it is open), who answered it, and who was away or repaired it."""

    closed_at: datetime | None
    answered: frozenset[int]
    on_time: frozenset[int]
    excused: frozenset[int]


def newest_met(conn: Connection, track_id: int, limit: int) -> list[Met]:
    """A track's newest posted drills, oldest first."""
    newest = (
        sa.select(drills.c.id, drills.c.state, drills.c.closed_at, drills.c.opened_at)
        .where(drills.c.track_id == track_id, drills.c.state.in_(POSTED))
        .order_by(drills.c.opened_at.desc(), drills.c.id.desc())
        .limit(limit)
    )
    rows = list(conn.execute(newest).all())[::-1]
    ids = [row.id for row in rows]
    said, excused = _statuses(conn, ids), _excused(conn, ids)
    return [
        Met(
            None if row.state == DrillState.OPEN else row.closed_at,
            frozenset(member for member, _ in said[row.id]),
            frozenset(member for member, status in said[row.id] if status == AnswerStatus.ON_TIME),
            frozenset(excused[row.id]),
        )
        for row in rows
    ]


def _statuses(conn: Connection, drill_ids: Sequence[int]) -> dict[int, list[tuple[int, Any]]]:
    query = sa.select(answers.c.drill_id, answers.c.member_id, answers.c.status).where(
        answers.c.drill_id.in_(drill_ids), answers.c.counted_at.is_not(None)
    )
    found: defaultdict[int, list[tuple[int, Any]]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.drill_id].append((row.member_id, row.status))
    return found


def _excused(conn: Connection, drill_ids: Sequence[int]) -> dict[int, list[int]]:
    """Who was away on the dates of these drills, or repaired them."""
    on_leave = sa.and_(
        aways.c.guild_id == drills.c.guild_id, aways.c.first <= drills.c.date, aways.c.last >= drills.c.date
    )
    away = sa.select(drills.c.id, aways.c.member_id).join(aways, on_leave).where(drills.c.id.in_(drill_ids))
    repaired = sa.select(repairs.c.drill_id, repairs.c.member_id).where(
        repairs.c.drill_id.in_(drill_ids), repairs.c.state == REPAIRED
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for drill_id, member_id in conn.execute(sa.union_all(away, repaired)):
        found[drill_id].append(member_id)
    return found
