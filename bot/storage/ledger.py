"""Queries on the ledger of points and on standings, which are cached sums of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.domain.points import ALL_TIME, month_key, week_key
from bot.storage import teams
from bot.storage.schema import ledger, standings, team_standings
from bot.storage.servers import server_zone

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


def _put(conn: Connection, cell: Cell, total: Sum | None) -> None:
    """Writes a standing; None takes it away."""
    table, key = _place(cell)
    if total is None:
        conn.execute(table.delete().where(*(table.c[name] == value for name, value in key.items())))
        return
    row = insert(table).values(**key, **_values(total))
    conn.execute(row.on_conflict_do_update(index_elements=list(key), set_=_values(total)))


def enter(
    conn: Connection,
    *,
    guild_id: int,
    track_id: int | None,
    member_id: int,
    reason: str,
    points: int,
    reference: str,
    at: datetime,
) -> bool:
    """Books points once and adds them to the standings; returns False when the reference was booked before.

    They belong to the team in which the member was at that instant, as far as it is known (see `moved`).
    """
    team_id = teams.at(conn, guild_id, member_id, at)
    row = insert(ledger).values(
        guild_id=guild_id,
        track_id=track_id,
        member_id=member_id,
        reason=reason,
        points=points,
        reference=reference,
        happened_at=at,
        team_id=team_id,
    )
    booked = conn.execute(row.on_conflict_do_nothing(index_elements=["guild_id", "reference"]))
    if booked.rowcount == 0:
        return False
    zone = server_zone(conn, guild_id)
    _raise(conn, [(cell, points) for cell in _cells(guild_id, track_id, zone, member_id, at, team_id)], at)
    return True


def enter_all(
    conn: Connection, *, guild_id: int, reason: str, prefix: str, earned: Mapping[int, int], at: datetime
) -> None:
    """Books what several members earned at one instant in the whole server, each once, in a few statements.

    Args:
        prefix: how the references begin that end in the member's id.
        earned: points by member.
    """
    booked = references(conn, guild_id, reason, prefix)
    teams_of: dict[int, int] = {}
    for stay in teams.stays_at(conn, guild_id, at):
        teams_of.setdefault(stay.member_id, stay.team_id)
    zone = server_zone(conn, guild_id)
    rows: list[dict[str, Any]] = []
    cells: list[tuple[Cell, int]] = []
    for member_id, points in earned.items():
        reference, team_id = f"{prefix}{member_id}", teams_of.get(member_id)
        if reference in booked:
            continue
        rows.append(
            dict(
                guild_id=guild_id,
                member_id=member_id,
                reason=reason,
                points=points,
                reference=reference,
                happened_at=at,
                team_id=team_id,
            )
        )
        cells += [(cell, points) for cell in _cells(guild_id, None, zone, member_id, at, team_id)]
    if rows:
        conn.execute(ledger.insert(), rows)
        _raise(conn, cells, at)


def _raise(conn: Connection, cells: Iterable[tuple[Cell, int]], at: datetime) -> None:
    """Adds points of one instant to standings."""
    raised: dict[sa.Table, list[dict[str, Any]]] = {}
    for cell, points in cells:
        table, key = _place(cell)
        raised.setdefault(table, []).append(key | _values((points, at)))
    for table, rows in raised.items():
        new = insert(table)
        conn.execute(
            new.on_conflict_do_update(
                index_elements=list(table.primary_key.columns),
                set_={
                    "points": table.c.points + new.excluded.points,
                    "reached_at": sa.func.max(table.c.reached_at, new.excluded.reached_at),
                },
            ),
            rows,
        )


def withdraw(conn: Connection, *, guild_id: int, reference: str) -> bool:
    """Takes an entry away, as if it had never been booked; returns False when there is none."""
    gone = ledger.delete().where(ledger.c.guild_id == guild_id, ledger.c.reference == reference)
    row = conn.execute(gone.returning(*ledger.c)).first()
    if row is None:
        return False
    zone = server_zone(conn, guild_id)
    sums = _of_member(conn, guild_id, row.member_id, zone)
    for cell in _cells(guild_id, row.track_id, zone, row.member_id, row.happened_at, row.team_id):
        _put(conn, cell, sums.get(cell))
    return True


def moved(conn: Connection, guild_id: int, member_id: int, since: datetime) -> None:
    """Gives what a member earned after an instant to the team in which they were, now known to be another.

    What was earned at that very instant was booked by the order in which things happened, and stays.
    """
    own = (ledger.c.guild_id == guild_id, ledger.c.member_id == member_id)
    later = sa.select(ledger.c.id, ledger.c.happened_at).where(*own, ledger.c.happened_at > since)
    rows = conn.execute(later).all()
    for row in rows:
        team_id = teams.at(conn, guild_id, member_id, row.happened_at)
        conn.execute(ledger.update().where(ledger.c.id == row.id).values(team_id=team_id))
    if not rows:
        return
    cells = (team_standings.c.guild_id == guild_id, team_standings.c.member_id == member_id)
    conn.execute(team_standings.delete().where(*cells))
    sums = _of_member(conn, guild_id, member_id, server_zone(conn, guild_id))
    values = [_place(cell)[1] | _values(total) for cell, total in sums.items() if cell[3] != ALONE]
    if values:
        conn.execute(team_standings.insert(), values)


def _of_member(conn: Connection, guild_id: int, member_id: int, zone: str) -> dict[Cell, Sum]:
    own = (ledger.c.guild_id == guild_id, ledger.c.member_id == member_id)
    return _add_up(conn.execute(sa.select(ledger).where(*own)), {guild_id: zone})


def _add_up(rows: Iterable[Any], zones: dict[int, str]) -> dict[Cell, Sum]:
    """The standings that ledger rows make."""
    sums: dict[Cell, Sum] = {}
    for row in rows:
        at, zone = row.happened_at, zones[row.guild_id]
        for cell in _cells(row.guild_id, row.track_id, zone, row.member_id, at, row.team_id):
            points, reached = sums.get(cell, (0, at))
            sums[cell] = points + row.points, max(reached, at)
    return sums


def _of(table: sa.Table, guild_id: int | None) -> sa.ColumnElement[bool]:
    return sa.true() if guild_id is None else table.c.guild_id == guild_id


def recompute(conn: Connection, guild_id: int | None = None) -> dict[Cell, Sum]:
    """What every standing (of one server) should be, from the ledger alone."""
    rows = conn.execute(sa.select(ledger).where(_of(ledger, guild_id))).all()
    guild_ids = {row.guild_id for row in rows}
    return _add_up(rows, {guild_id: server_zone(conn, guild_id) for guild_id in guild_ids})


def stored(conn: Connection) -> dict[Cell, Sum]:
    """What the standings say."""
    found: dict[Cell, Sum] = {}
    for row in conn.execute(sa.select(standings)):
        found[row.guild_id, row.track_id, row.period, ALONE, row.member_id] = row.points, row.reached_at
    for row in conn.execute(sa.select(team_standings)):
        found[row.guild_id, row.track_id, row.period, row.team_id, row.member_id] = row.points, row.reached_at
    return found


def rebuild(conn: Connection, guild_id: int | None = None) -> int:
    """Writes the standings of all servers, or of one, anew from the ledger; returns how many there are."""
    sums = recompute(conn, guild_id)
    for table in (standings, team_standings):
        conn.execute(table.delete().where(_of(table, guild_id)))
        rows = [
            key | _values(total)
            for (kept, key), total in ((_place(cell), total) for cell, total in sums.items())
            if kept is table
        ]
        if rows:
            conn.execute(table.insert(), rows)
    return len(sums)


def entries(conn: Connection, reasons: Sequence[str]) -> list[Any]:
    """Ledger rows of some reasons."""
    return list(conn.execute(sa.select(ledger).where(ledger.c.reason.in_(reasons))).all())


def _begins(prefix: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """As a range, which the unique index finds; LIKE would read all of a server's entries."""
    return ledger.c.reference >= prefix, ledger.c.reference < prefix[:-1] + chr(ord(prefix[-1]) + 1)


def earned_on(conn: Connection, guild_id: int, member_id: int, reason: str, prefix: str) -> int:
    """Points of one reason whose reference begins like this."""
    query = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.points), 0)).where(
        ledger.c.guild_id == guild_id,
        ledger.c.member_id == member_id,
        ledger.c.reason == reason,
        *_begins(prefix),
    )
    return conn.execute(query).scalar_one()


def references(conn: Connection, guild_id: int, reason: str, prefix: str) -> set[str]:
    """The references of one reason that begin like this."""
    query = sa.select(ledger.c.reference).where(
        ledger.c.guild_id == guild_id,
        ledger.c.reason == reason,
        *_begins(prefix),
    )
    return set(conn.execute(query).scalars())
