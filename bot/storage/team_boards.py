"""Queries on what teams earned, and on how they met a track's drills."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import POSTED, DrillState
from bot.domain.teams import Contribution
from bot.storage.answers import REPAIRED
from bot.storage.rows import load
from bot.storage.schema import answers, aways, drills, repairs, team_standings

Earned = dict[int, list[Contribution]]
"""What members earned, by the team for which they did."""

_PERIODS: sa.BindParameter[str] = sa.bindparam("periods", expanding=True)
_EARNED = sa.select(team_standings).where(
    team_standings.c.guild_id == sa.bindparam("guild_id"),
    team_standings.c.track_id == sa.bindparam("track_id"),
    team_standings.c.period.in_(_PERIODS),
    team_standings.c.points > 0,
)
_NEWEST = (
    sa.select(drills.c.id, drills.c.state, drills.c.closed_at)
    .where(drills.c.track_id == sa.bindparam("track_id"), drills.c.state.in_(POSTED))
    .order_by(drills.c.opened_at.desc(), drills.c.id.desc())
    .limit(sa.bindparam("most"))
)
_IDS: sa.BindParameter[int] = sa.bindparam("drill_ids", expanding=True)
_EXCUSED = "excused"
_WHO = sa.union_all(
    sa.select(answers.c.drill_id, answers.c.member_id, sa.type_coerce(answers.c.status, sa.String)).where(
        answers.c.drill_id.in_(_IDS), answers.c.counted_at.is_not(None)
    ),
    sa.select(drills.c.id, aways.c.member_id, sa.literal(_EXCUSED))
    .join(
        aways,
        sa.and_(
            aways.c.guild_id == drills.c.guild_id, aways.c.first <= drills.c.date, aways.c.last >= drills.c.date
        ),
    )
    .where(drills.c.id.in_(_IDS)),
    sa.select(repairs.c.drill_id, repairs.c.member_id, sa.literal(_EXCUSED)).where(
        repairs.c.drill_id.in_(_IDS), repairs.c.state == REPAIRED
    ),
)
"""(drill, member, how): who answered, and who was away on the date or repaired the drill."""


def earned(conn: Connection, guild_id: int, track_id: int, periods: Sequence[str]) -> dict[str, Earned]:
    """What members earned for each team, by period.

    Args:
        track_id: 0 for the whole server.
        periods: keys of weeks or months, or of all time.
    """
    found: dict[str, Earned] = {period: {} for period in periods}
    values = {"guild_id": guild_id, "track_id": track_id, "periods": periods}
    for row in conn.execute(_EARNED, values):
        of_team = found[row.period].setdefault(row.team_id, [])
        of_team.append(load(Contribution, row))
    return found


@dataclass(frozen=True, slots=True)
class MetDrill:
    """A posted drill: when it closed (None while it is open), who answered it, and who was away or repaired it."""

    closed_at: datetime | None
    answered: frozenset[int]
    on_time: frozenset[int]
    excused: frozenset[int]


def newest_met(conn: Connection, track_id: int, limit: int) -> list[MetDrill]:
    """A track's newest posted drills, oldest first."""
    rows = list(conn.execute(_NEWEST, {"track_id": track_id, "most": limit}).all())[::-1]
    who: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for drill_id, member_id, how in conn.execute(_WHO, {"drill_ids": [row.id for row in rows]}):
        who[drill_id].append((member_id, how))
    return [
        MetDrill(
            closed_at=None if row.state == DrillState.OPEN else row.closed_at,
            answered=frozenset(member for member, how in who[row.id] if how != _EXCUSED),
            on_time=frozenset(member for member, how in who[row.id] if how == AnswerStatus.ON_TIME),
            excused=frozenset(member for member, how in who[row.id] if how == _EXCUSED),
        )
        for row in rows
    ]
