"""Queries on the ledger of points and on standings, which are cached sums of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.points import ALL_TIME, month_key, week_key
from bot.storage.tables import ledger, standings
from bot.storage.tracks import server_zone

WHOLE_SERVER = 0


def _cells(track_id: int | None, zone: str, at: datetime) -> Iterable[tuple[int, str]]:
    day = at.astimezone(ZoneInfo(zone)).date()
    for board in {WHOLE_SERVER, track_id or WHOLE_SERVER}:
        for period in (ALL_TIME, week_key(day), month_key(day)):
            yield board, period


async def enter(
    conn: AsyncConnection,
    *,
    guild_id: int,
    track_id: int | None,
    member_id: int,
    reason: str,
    points: int,
    reference: str,
    at: datetime,
) -> bool:
    """Books points once and adds them to the standings; returns False when the reference was booked before."""
    row = insert(ledger).values(
        guild_id=guild_id,
        track_id=track_id,
        member_id=member_id,
        reason=reason,
        points=points,
        reference=reference,
        happened_at=at,
    )
    booked = await conn.execute(row.on_conflict_do_nothing(index_elements=["guild_id", "reference"]))
    if booked.rowcount == 0:
        return False
    for board, period in _cells(track_id, await server_zone(conn, guild_id), at):
        cell = insert(standings).values(
            guild_id=guild_id,
            track_id=board,
            period=period,
            member_id=member_id,
            points=points,
            reached_at=at,
        )
        await conn.execute(
            cell.on_conflict_do_update(
                index_elements=["guild_id", "track_id", "period", "member_id"],
                set_={
                    "points": standings.c.points + points,
                    "reached_at": sa.func.max(standings.c.reached_at, cell.excluded.reached_at),
                },
            )
        )
    return True


async def board(
    conn: AsyncConnection, guild_id: int, track_id: int, period: str, limit: int | None = None
) -> list[tuple[int, int]]:
    """(member, points) with points, best first, ties in the order in which they were reached."""
    query = (
        sa.select(standings.c.member_id, standings.c.points)
        .where(*_on_board(guild_id, track_id, period))
        .order_by(standings.c.points.desc(), standings.c.reached_at, standings.c.member_id)
        .limit(limit)
    )
    return [(row.member_id, row.points) for row in await conn.execute(query)]


def _on_board(guild_id: int, track_id: int, period: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        standings.c.guild_id == guild_id,
        standings.c.track_id == track_id,
        standings.c.period == period,
        standings.c.points > 0,
    )


async def place(
    conn: AsyncConnection, guild_id: int, track_id: int, period: str, member_id: int
) -> tuple[int, int] | None:
    """A member's (rank, points) on a board; None without points."""
    where = _on_board(guild_id, track_id, period)
    points = (
        await conn.execute(sa.select(standings.c.points).where(*where, standings.c.member_id == member_id))
    ).scalar()
    if points is None:
        return None
    better = sa.select(sa.func.count()).where(*where, standings.c.points > points)
    return (await conn.execute(better)).scalar_one() + 1, points


async def on_board(conn: AsyncConnection, guild_id: int, track_id: int, period: str) -> int:
    """How many members have points on a board."""
    query = sa.select(sa.func.count()).where(*_on_board(guild_id, track_id, period))
    return (await conn.execute(query)).scalar_one()


async def recompute(conn: AsyncConnection) -> dict[tuple[int, int, str, int], tuple[int, datetime]]:
    """What every standing should be, from the ledger alone."""
    sums: dict[tuple[int, int, str, int], tuple[int, datetime]] = {}
    zones: dict[int, str] = {}
    for row in await conn.execute(sa.select(ledger)):
        if row.guild_id not in zones:
            zones[row.guild_id] = await server_zone(conn, row.guild_id)
        for cell, period in _cells(row.track_id, zones[row.guild_id], row.happened_at):
            key = (row.guild_id, cell, period, row.member_id)
            points, reached = sums.get(key, (0, row.happened_at))
            sums[key] = (points + row.points, max(reached, row.happened_at))
    return sums


async def stored(conn: AsyncConnection) -> dict[tuple[int, int, str, int], tuple[int, datetime]]:
    """What the standings say."""
    rows = await conn.execute(sa.select(standings))
    return {(row.guild_id, row.track_id, row.period, row.member_id): (row.points, row.reached_at) for row in rows}


async def rebuild(conn: AsyncConnection) -> int:
    """Writes all standings anew from the ledger and returns how many there are."""
    sums = await recompute(conn)
    await conn.execute(standings.delete())
    if sums:
        rows = [
            dict(
                guild_id=guild_id,
                track_id=cell,
                period=period,
                member_id=member_id,
                points=points,
                reached_at=reached,
            )
            for (guild_id, cell, period, member_id), (points, reached) in sums.items()
        ]
        await conn.execute(standings.insert(), rows)
    return len(sums)


async def entries(conn: AsyncConnection, reasons: tuple[str, ...]) -> list[Any]:
    """Ledger rows of some reasons."""
    return list((await conn.execute(sa.select(ledger).where(ledger.c.reason.in_(reasons)))).all())


async def earned_on(conn: AsyncConnection, guild_id: int, member_id: int, reason: str, prefix: str) -> int:
    """Points of one reason whose reference begins like this."""
    query = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.points), 0)).where(
        ledger.c.guild_id == guild_id,
        ledger.c.member_id == member_id,
        ledger.c.reason == reason,
        # As a range, which the unique index finds; LIKE would read all of a server's entries.
        ledger.c.reference >= prefix,
        ledger.c.reference < prefix[:-1] + chr(ord(prefix[-1]) + 1),
    )
    return (await conn.execute(query)).scalar_one()
