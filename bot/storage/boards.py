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
SHORT, LONGEST = 10, 50
"""So many rows a page has at most: one that people turn, and any.

The statements say so, or PostgreSQL would expect more and plan at each run.
"""
MOST = 2**31 - 1
"""As many points as a column holds."""


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


class _People:
    """How many of a period's board have points in a range.

    Everybody is counted, and who stays off boards is taken away again: to ask of each row whether it may be shown
    takes as long as all the rest.
    """

    def __init__(self, period: sa.ColumnElement[str], name: str) -> None:
        off = members.join(standings, _same_member(standings, members))
        hidden = sa.select(standings.c.points).select_from(off)
        hidden = hidden.where(members.c.guild_id == _GUILD, members.c.off_boards, *_on(period))
        self._period, self._hidden = period, hidden.cte(name).prefix_with("MATERIALIZED")

    def having(
        self, above: int | sa.ColumnElement[int], most: int | sa.ColumnElement[int] = MOST
    ) -> sa.ColumnElement[int]:
        """How many have more points than `above`, and at most `most`."""
        everybody = sa.select(sa.func.count()).where(*_on(self._period, above=above), standings.c.points <= most)
        points = self._hidden.c.points
        hidden = sa.select(sa.func.count()).where(points > above, points <= most)
        return everybody.scalar_subquery() - hidden.scalar_subquery()


def _rank_before(shown: sa.CTE) -> sa.ColumnElement[int]:
    """The rank of a shown row's `old_points` on the earlier board, from how many lie between those of the page."""
    steps = sa.select(shown.c.old_points.label("points")).distinct().where(shown.c.old_points.is_not(None))
    steps = steps.subquery("steps")
    higher = sa.func.lag(steps.c.points, 1, MOST).over(order_by=steps.c.points.desc())
    ranges = sa.select(steps.c.points, higher.label("higher")).subquery("ranges")
    people = _People(_EARLIER, "hidden_then").having(ranges.c.points, ranges.c.higher)
    counts = sa.select(ranges.c.points, people.label("people")).cte("counts").prefix_with("MATERIALIZED")
    better = sa.select(sa.func.sum(counts.c.people)).where(counts.c.points >= shown.c.old_points)
    return better.scalar_subquery() + 1


def _board_query(most: int) -> sa.Select[*tuple[Any, ...]]:
    """All of a page in one statement, with so many rows at most.

    Most of its time goes into counting, so nobody is counted twice over.
    """
    downwards = (standings.c.points.desc(), standings.c.reached_at, standings.c.member_id)
    best = sa.select(standings).where(*_visible(_PERIOD)).order_by(*downwards)
    best = best.limit(sa.bindparam("limit")).offset(sa.bindparam("offset")).subquery("best")
    old = standings.alias("old")
    old_points = sa.select(old.c.points).where(*_on(_EARLIER, old), old.c.member_id == best.c.member_id)
    name = sa.select(members.c.name).where(_same_member(members, best))
    looked_up = (old_points.scalar_subquery().label("old_points"), name.scalar_subquery().label("name"))
    shown = sa.select(best, *looked_up).limit(sa.literal_column(str(most))).cte("shown").prefix_with("MATERIALIZED")
    mine = sa.select(standings.c.points).where(*_on(_PERIOD), standings.c.member_id == _MEMBER).scalar_subquery()
    first = sa.select(sa.func.max(shown.c.points)).scalar_subquery()
    bounds = sa.select(mine.label("own"), first.label("first")).cte("bounds").prefix_with("MATERIALIZED")
    people, reached = _People(_PERIOD, "hidden"), sa.func.coalesce(bounds.c.own, 0)
    upwards = (standings.c.points, standings.c.reached_at.desc(), standings.c.member_id.desc())
    next_above = (
        sa.select(standings.c.member_id).where(*_visible(_PERIOD, bounds.c.own)).order_by(*upwards).limit(1)
    )
    counted = sa.select(
        bounds.c.own.label("own_points"),
        people.having(reached).label("better"),
        people.having(0, reached).label("others"),
        people.having(bounds.c.first).label("skipped"),
        sa.exists().where(*_visible(_EARLIER)).label("moving"),
        next_above.scalar_subquery().label("next_id"),
    )
    whole = counted.cte("whole").prefix_with("MATERIALIZED")
    above, next_member = standings.alias("above"), members.alias("next_member")
    is_next = above.c.member_id == whole.c.next_id
    return (
        sa.select(
            *(column for column in whole.c if column.name != "next_id"),
            above.c.points.label("above_points"),
            next_member.c.name.label("above_name"),
            shown.c.member_id,
            shown.c.points,
            shown.c.name,
            _rank_before(shown).label("before"),
        )
        .select_from(whole.outerjoin(above, sa.and_(*_on(_PERIOD, above), is_next)))
        .outerjoin(next_member, _same_member(next_member, above))
        .outerjoin(shown, sa.true())
        .order_by(shown.c.points.desc(), shown.c.reached_at, shown.c.member_id)
    )


_SHORT, _LONG = _board_query(SHORT), _board_query(LONGEST)
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
        limit: LONGEST at most.
        earlier: the period whose ranks stand beside.
        member_id: who asks.
    """
    values = {**asdict(key), "limit": limit, "offset": offset, "earlier": earlier, "member_id": member_id}
    found = conn.execute(_SHORT if limit <= SHORT else _LONG, values).all()
    first = found[0]
    own = None
    if first.own_points is not None:
        above = None if first.above_points is None else Above(first.above_name or "", first.above_points)
        own = Own(first.better + 1, first.own_points, above)
    rows: list[Ranked] = []
    for at, row in enumerate(found if first.member_id is not None else ()):
        if not rows:
            rank = first.skipped + 1
        elif row.points != rows[-1].points:
            rank = offset + at + 1
        else:
            rank = rows[-1].rank
        rows.append(Ranked(rank, row.member_id, row.points, row.name or "", row.before))
    return BoardPage(first.better + first.others, own, first.moving, rows)


def weekly(
    conn: Connection, key: BoardKey, weeks: Sequence[str], member_ids: Sequence[int]
) -> dict[tuple[int, str], int]:
    """Points by (member, week)."""
    values = {"guild_id": key.guild_id, "track_id": key.track_id, "weeks": weeks, "member_ids": member_ids}
    return {(row.member_id, row.period): row.points for row in conn.execute(_WEEKLY, values)}
