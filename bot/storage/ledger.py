"""Queries on the ledger of points and on standings, which are cached sums of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.points import ALL_TIME, month_key, week_key
from bot.storage import teams
from bot.storage.tables import ledger, standings, team_standings
from bot.storage.teams import Membership
from bot.storage.tracks import server_zone

WHOLE_SERVER = 0
ALONE = 0
"""The team of a standing that counts whatever the team was."""

Cell = tuple[int, int, str, int, int]
"""Server, track (0: all of it), period, team (0: whatever the team), member."""
Sum = tuple[int, datetime]
"""Points, and the newest event among them."""


def _cells(
    guild_id: int, track_id: int | None, zone: str, member_id: int, at: datetime, team_id: int | None
) -> Iterable[Cell]:
    """The standings to which an event counts."""
    day = at.astimezone(ZoneInfo(zone)).date()
    for board in {WHOLE_SERVER, track_id or WHOLE_SERVER}:
        for period in (ALL_TIME, week_key(day), month_key(day)):
            for team in {ALONE, team_id or ALONE}:
                yield guild_id, board, period, team, member_id


def _place(cell: Cell) -> tuple[sa.Table, dict[str, Any]]:
    """Where a standing is kept, and its key there."""
    guild_id, track_id, period, team_id, member_id = cell
    key = dict(guild_id=guild_id, track_id=track_id, period=period, member_id=member_id)
    return (team_standings, key | {"team_id": team_id}) if team_id else (standings, key)


def _values(total: Sum) -> dict[str, Any]:
    return {"points": total[0], "reached_at": total[1]}


async def _put(conn: AsyncConnection, cell: Cell, total: Sum | None) -> None:
    """Writes a standing; None takes it away."""
    table, key = _place(cell)
    if total is None:
        await conn.execute(table.delete().where(*(table.c[name] == value for name, value in key.items())))
        return
    row = insert(table).values(**key, **_values(total))
    await conn.execute(row.on_conflict_do_update(index_elements=list(key), set_=_values(total)))


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
    zone, team_id = await server_zone(conn, guild_id), await teams.at(conn, guild_id, member_id, at)
    for cell in _cells(guild_id, track_id, zone, member_id, at, team_id):
        table, key = _place(cell)
        new = insert(table).values(**key, **_values((points, at)))
        await conn.execute(
            new.on_conflict_do_update(
                index_elements=list(key),
                set_={
                    "points": table.c.points + points,
                    "reached_at": sa.func.max(table.c.reached_at, new.excluded.reached_at),
                },
            )
        )
    return True


async def withdraw(conn: AsyncConnection, *, guild_id: int, reference: str) -> bool:
    """Takes an entry away, as if it had never been booked; returns False when there is none."""
    gone = ledger.delete().where(ledger.c.guild_id == guild_id, ledger.c.reference == reference)
    row = (await conn.execute(gone.returning(*ledger.c))).first()
    if row is None:
        return False
    zone, team_id = (
        await server_zone(conn, guild_id),
        await teams.at(conn, guild_id, row.member_id, row.happened_at),
    )
    sums = await _of_member(conn, guild_id, row.member_id, zone)
    for cell in _cells(guild_id, row.track_id, zone, row.member_id, row.happened_at, team_id):
        await _put(conn, cell, sums.get(cell))
    return True


async def moved(conn: AsyncConnection, guild_id: int, member_id: int, since: datetime) -> None:
    """Gives what a member earned since an instant to the team in which they were, now known to be another."""
    query = (
        sa.select(sa.literal(1))
        .where(ledger.c.guild_id == guild_id, ledger.c.member_id == member_id, ledger.c.happened_at >= since)
        .limit(1)
    )
    if (await conn.execute(query)).first() is None:
        return
    own = (team_standings.c.guild_id == guild_id, team_standings.c.member_id == member_id)
    await conn.execute(team_standings.delete().where(*own))
    sums = await _of_member(conn, guild_id, member_id, await server_zone(conn, guild_id))
    rows = [_place(cell)[1] | _values(total) for cell, total in sums.items() if cell[3] != ALONE]
    if rows:
        await conn.execute(team_standings.insert(), rows)


async def _of_member(conn: AsyncConnection, guild_id: int, member_id: int, zone: str) -> dict[Cell, Sum]:
    rows = await conn.execute(
        sa.select(ledger).where(ledger.c.guild_id == guild_id, ledger.c.member_id == member_id)
    )
    return _add_up(
        rows, {guild_id: zone}, {(guild_id, member_id): await teams.of_member(conn, guild_id, member_id)}
    )


def _add_up(
    rows: Iterable[Any], zones: dict[int, str], stays: dict[tuple[int, int], list[Membership]]
) -> dict[Cell, Sum]:
    """The standings that ledger rows make."""
    sums: dict[Cell, Sum] = {}
    for row in rows:
        at = row.happened_at
        covering = (stay.team_id for stay in stays.get((row.guild_id, row.member_id), ()) if stay.covers(at))
        team_id = next(covering, None)
        for cell in _cells(row.guild_id, row.track_id, zones[row.guild_id], row.member_id, at, team_id):
            points, reached = sums.get(cell, (0, at))
            sums[cell] = points + row.points, max(reached, at)
    return sums


async def recompute(conn: AsyncConnection) -> dict[Cell, Sum]:
    """What every standing should be, from the ledger and the teams alone."""
    rows = (await conn.execute(sa.select(ledger))).all()
    zones = {guild_id: await server_zone(conn, guild_id) for guild_id in {row.guild_id for row in rows}}
    stays: dict[tuple[int, int], list[Membership]] = {}
    for stay in await teams.everywhere(conn):
        stays.setdefault((stay.guild_id, stay.member_id), []).append(stay)
    return _add_up(rows, zones, stays)


async def stored(conn: AsyncConnection) -> dict[Cell, Sum]:
    """What the standings say."""
    found: dict[Cell, Sum] = {}
    for row in await conn.execute(sa.select(standings)):
        found[row.guild_id, row.track_id, row.period, ALONE, row.member_id] = row.points, row.reached_at
    for row in await conn.execute(sa.select(team_standings)):
        found[row.guild_id, row.track_id, row.period, row.team_id, row.member_id] = row.points, row.reached_at
    return found


async def rebuild(conn: AsyncConnection) -> int:
    """Writes all standings anew from the ledger and returns how many there are."""
    sums = await recompute(conn)
    for table in (standings, team_standings):
        await conn.execute(table.delete())
        rows = [
            key | _values(total)
            for (kept, key), total in ((_place(cell), total) for cell, total in sums.items())
            if kept is table
        ]
        if rows:
            await conn.execute(table.insert(), rows)
    return len(sums)


async def entries(conn: AsyncConnection, reasons: Sequence[str]) -> list[Any]:
    """Ledger rows of some reasons."""
    return list((await conn.execute(sa.select(ledger).where(ledger.c.reason.in_(reasons)))).all())


async def earned_on(conn: AsyncConnection, guild_id: int, member_id: int, reason: str, prefix: str) -> int:
    """Points of one reason whose reference begins like this."""
    query = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.points), 0)).where(
        ledger.c.guild_id == guild_id,
        ledger.c.member_id == member_id,
        ledger.c.reason == reason,
        ledger.c.reference.startswith(prefix, autoescape=True),
    )
    return (await conn.execute(query)).scalar_one()
