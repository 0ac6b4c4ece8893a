"""Queries on boards of members. Who stays off boards is on none, and the others' ranks are as without them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.points import Ranked
from bot.storage.schema import ID, members, standings


@dataclass(frozen=True, slots=True)
class BoardKey:
    """Which board: a server's (track 0) or a track's, of the week, month or time that `period` names."""

    guild_id: int
    track_id: int
    period: str


NO_PERIOD = ""
"""The period of no board."""
NOBODY = 0
"""No member's id."""


@dataclass(frozen=True, slots=True)
class Above:
    """The next member above another on a board."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Own:
    """Where a member stands, also one who stays off boards, and the next above, None at the top."""

    rank: int
    points: int
    above: Above | None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A page of a board.

    Attributes:
        people: how many are on the board.
        own: where the asking member stands; None without points.
        moving: whether anybody is on the earlier board, so that rows can have moved.
        rows: best first, ties in the order in which they were reached.
    """

    people: int
    own: Own | None
    moving: bool
    rows: list[Ranked]


_GUILD = sa.bindparam("guild_id", type_=sa.BigInteger)
_TRACK = sa.bindparam("track_id", type_=ID)
_MEMBER = sa.bindparam("member_id", type_=sa.BigInteger)
_PERIOD = sa.bindparam("period", type_=sa.String)
_EARLIER = sa.bindparam("earlier", type_=sa.String)


def _on(
    period: sa.ColumnElement[str], table: sa.FromClause = standings, above: int | sa.ColumnElement[int] = 0
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.guild_id == _GUILD,
        table.c.track_id == _TRACK,
        table.c.period == period,
        table.c.points > above,
    )


def _visible(
    period: sa.ColumnElement[str], above: int | sa.ColumnElement[int] = 0
) -> tuple[sa.ColumnElement[bool], ...]:
    off = sa.select(members.c.member_id).where(members.c.guild_id == _GUILD, members.c.off_boards)
    return (*_on(period, above=above), standings.c.member_id.not_in(off))


def _same_member(table: sa.FromClause, row: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.guild_id == row.c.guild_id, table.c.member_id == row.c.member_id)


class _Totals:
    """How many members have each number of points: read in one pass, however many ranks are asked of it.

    Everybody is counted, and who stays off boards is taken away again: to ask of each row whether it may be shown
    takes as long as all the rest.
    """

    def __init__(self, period: sa.ColumnElement[str], name: str) -> None:
        everybody = sa.select(standings.c.points, sa.func.count().label("people")).where(*_on(period))
        off = members.join(standings, _same_member(standings, members))
        hidden = sa.select(standings.c.points, sa.literal_column("-1", sa.Integer)).select_from(off)
        hidden = hidden.where(members.c.guild_id == _GUILD, members.c.off_boards, *_on(period))
        rows = everybody.group_by(standings.c.points).union_all(hidden).cte(name).prefix_with("MATERIALIZED")
        self._points, self._sum = rows.c.points, sa.select(sa.func.coalesce(sa.func.sum(rows.c.people), 0))

    def people(self) -> sa.Select[tuple[int]]:
        """How many members are on the board."""
        return self._sum

    def rank(self, points: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
        """The rank that this number of points has."""
        return self._sum.where(self._points > points).scalar_subquery() + 1


def _board_query() -> sa.Select[*tuple[Any, ...]]:
    totals, old_totals = _Totals(_PERIOD, "totals"), _Totals(_EARLIER, "old_totals")
    everybody = totals.people().subquery("everybody")
    mine = sa.select(standings.c.points).where(*_on(_PERIOD), standings.c.member_id == _MEMBER).subquery("mine")
    upwards = (standings.c.points, standings.c.reached_at.desc(), standings.c.member_id.desc())
    next_above = sa.select(standings.c.member_id).where(*_visible(_PERIOD, mine.c.points))
    above, next_member = standings.alias("above"), members.alias("next_member")
    is_next = above.c.member_id == next_above.order_by(*upwards).limit(1).scalar_subquery()
    downwards = (standings.c.points.desc(), standings.c.reached_at, standings.c.member_id)
    best = sa.select(standings).where(*_visible(_PERIOD)).order_by(*downwards)
    shown = best.limit(sa.bindparam("limit")).offset(sa.bindparam("offset")).subquery("shown")
    old = standings.alias("old")
    return (
        sa.select(
            everybody.c[0].label("people"),
            sa.exists().where(*_visible(_EARLIER)).label("moving"),
            mine.c.points.label("own_points"),
            totals.rank(mine.c.points).label("own_rank"),
            above.c.points.label("above_points"),
            next_member.c.name.label("above_name"),
            shown.c.member_id,
            shown.c.points,
            members.c.name,
            totals.rank(shown.c.points).label("rank"),
            sa.case((old.c.points > 0, old_totals.rank(old.c.points))).label("before"),
        )
        .select_from(everybody.outerjoin(mine, sa.true()).outerjoin(above, sa.and_(*_on(_PERIOD, above), is_next)))
        .outerjoin(next_member, _same_member(next_member, above))
        .outerjoin(shown, sa.true())
        .outerjoin(members, _same_member(members, shown))
        .outerjoin(old, sa.and_(*_on(_EARLIER, old), old.c.member_id == shown.c.member_id))
        .order_by(shown.c.points.desc(), shown.c.reached_at, shown.c.member_id)
    )


_BOARD = _board_query()
"""All of a page in one statement."""
_WEEKS: sa.BindParameter[str] = sa.bindparam("weeks", expanding=True)
_MEMBERS: sa.BindParameter[int] = sa.bindparam("member_ids", expanding=True)
_WEEKLY = sa.select(standings.c.member_id, standings.c.period, standings.c.points).where(
    standings.c.guild_id == _GUILD,
    standings.c.track_id == _TRACK,
    standings.c.period.in_(_WEEKS),
    standings.c.member_id.in_(_MEMBERS),
)


def page(
    conn: Connection,
    key: BoardKey,
    limit: int,
    offset: int = 0,
    *,
    earlier: str = NO_PERIOD,
    member_id: int = NOBODY,
) -> BoardPage:
    """A page of a board.

    Args:
        earlier: the period whose ranks stand beside.
        member_id: who asks.
    """
    values = {**asdict(key), "limit": limit, "offset": offset, "earlier": earlier, "member_id": member_id}
    found = conn.execute(_BOARD, values).all()
    rows = [
        Ranked(row.rank, row.member_id, row.points, row.name or "", row.before)
        for row in found
        if row.member_id is not None
    ]
    first = found[0]
    own = None
    if first.own_points is not None:
        above = None if first.above_points is None else Above(first.above_name or "", first.above_points)
        own = Own(first.own_rank, first.own_points, above)
    return BoardPage(first.people, own, first.moving, rows)


def weekly(
    conn: Connection, key: BoardKey, weeks: Sequence[str], member_ids: Sequence[int]
) -> dict[tuple[int, str], int]:
    """Points by (member, week)."""
    values = {"guild_id": key.guild_id, "track_id": key.track_id, "weeks": weeks, "member_ids": member_ids}
    return {(row.member_id, row.period): row.points for row in conn.execute(_WEEKLY, values)}
