"""Queries on boards of members. Who stays off boards is on none, and the others' ranks are as without them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.points import Ranked
from bot.storage.tables import members, standings


@dataclass(frozen=True, slots=True)
class BoardKey:
    """Which board: a server's (track 0) or a track's, of the week, month or time that `period` names."""

    guild_id: int
    track_id: int
    period: str


@dataclass(frozen=True, slots=True)
class Own:
    """Where a member stands, and the next above as (member, points), None at the top."""

    rank: int
    points: int
    above: tuple[int, int] | None


def _on(key: BoardKey, table: sa.FromClause = standings) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.guild_id == key.guild_id,
        table.c.track_id == key.track_id,
        table.c.period == key.period,
        table.c.points > 0,
    )


def _off(key: BoardKey) -> sa.Select[tuple[int]]:
    return sa.select(members.c.member_id).where(members.c.guild_id == key.guild_id, members.c.off_boards)


def _visible(key: BoardKey) -> tuple[sa.ColumnElement[bool], ...]:
    return (*_on(key), standings.c.member_id.not_in(_off(key)))


async def page(conn: AsyncConnection, key: BoardKey, limit: int, offset: int = 0) -> list[Ranked]:
    """Rows of a board, best first, ties in the order in which they were reached."""
    query = (
        sa.select(standings.c.member_id, standings.c.points)
        .where(*_visible(key))
        .order_by(standings.c.points.desc(), standings.c.reached_at, standings.c.member_id)
        .limit(limit)
        .offset(offset)
    )
    found = (await conn.execute(query)).all()
    rows: list[Ranked] = []
    for place, row in enumerate(found, start=offset + 1):
        if rows:
            rank = rows[-1].rank if rows[-1].points == row.points else place
        else:
            rank = (await ranks(conn, key, [row.member_id]))[row.member_id]
        rows.append(Ranked(rank, row.member_id, row.points))
    return rows


async def ranks(conn: AsyncConnection, key: BoardKey, member_ids: Sequence[int]) -> dict[int, int]:
    """The ranks of these members on a board, those who are on it."""
    others = standings.alias()
    before = (
        sa.select(sa.func.count())
        .where(*_on(key, others), others.c.member_id.not_in(_off(key)), others.c.points > standings.c.points)
        .scalar_subquery()
    )
    query = sa.select(standings.c.member_id, before).where(*_visible(key), standings.c.member_id.in_(member_ids))
    return {member_id: better + 1 for member_id, better in await conn.execute(query)}


async def people(conn: AsyncConnection, key: BoardKey) -> int:
    """How many members are on a board."""
    return (await conn.execute(sa.select(sa.func.count()).where(*_visible(key)))).scalar_one()


async def own(conn: AsyncConnection, key: BoardKey, member_id: int) -> Own | None:
    """Where a member stands, also one who stays off boards; None without points."""
    mine = sa.select(standings.c.points).where(*_on(key), standings.c.member_id == member_id)
    points = (await conn.execute(mine)).scalar()
    if points is None:
        return None
    better = (*_visible(key), standings.c.points > points)
    rank = (await conn.execute(sa.select(sa.func.count()).where(*better))).scalar_one() + 1
    next_above = (
        sa.select(standings.c.member_id, standings.c.points)
        .where(*better)
        .order_by(standings.c.points, standings.c.reached_at.desc(), standings.c.member_id.desc())
        .limit(1)
    )
    above = (await conn.execute(next_above)).first()
    return Own(rank, points, None if above is None else (above.member_id, above.points))


async def weekly(
    conn: AsyncConnection, key: BoardKey, weeks: Sequence[str], member_ids: Sequence[int]
) -> dict[tuple[int, str], int]:
    """Points by (member, week)."""
    query = sa.select(standings.c.member_id, standings.c.period, standings.c.points).where(
        standings.c.guild_id == key.guild_id,
        standings.c.track_id == key.track_id,
        standings.c.period.in_(weeks),
        standings.c.member_id.in_(member_ids),
    )
    return {(row.member_id, row.period): row.points for row in await conn.execute(query)}
