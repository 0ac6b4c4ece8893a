"""Queries on the ledger of points and on standings, which are cached sums of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.points import ALL_TIME, Reason, month_key, week_key
from bot.storage import servers, teams
from bot.storage.dialects import Insert, greatest, insert
from bot.storage.rows import columns, load, many
from bot.storage.schema import ledger, standings, team_members, team_standings
from bot.storage.schema import servers as servers_table

WHOLE_SERVER = 0
ALONE = 0
"""The team of a standing that counts whatever the team was."""


class StandingKey(NamedTuple):
    """Which standing: of a track (0: the whole server), a period, a team (0: whatever the team was), a member."""

    guild_id: int
    track_id: int
    period: str
    team_id: int
    member_id: int


class StandingSum(NamedTuple):
    """Points, and the newest event among them."""

    points: int
    reached_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Points of one event; `team_id` is the team in which the member was then."""

    guild_id: int
    track_id: int | None
    member_id: int
    reason: str
    points: int
    reference: str
    happened_at: datetime
    team_id: int | None


_PERIODS = "all", "week", "month"


def _own(guild_id: str = "guild_id", member_id: str = "member_id") -> tuple[sa.ColumnElement[bool], ...]:
    return ledger.c.guild_id == sa.bindparam(guild_id), ledger.c.member_id == sa.bindparam(member_id)


def _key_of(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return tuple(column == sa.bindparam(f"key_{column.name}") for column in table.primary_key.columns)


def _add(table: sa.Table) -> Insert:
    """Adds points of one instant to all standings to which they count, those of `_keys`, in one step."""
    board = sa.union(
        sa.select(sa.literal_column(str(WHOLE_SERVER), sa.BigInteger).label("track_id")),
        sa.select(sa.bindparam("board", type_=table.c.track_id.type)),
    ).subquery("boards")
    period = sa.union_all(
        *(sa.select(sa.bindparam(name, type_=table.c.period.type).label("period")) for name in _PERIODS)
    ).subquery("periods")
    named = {"track_id": board.c.track_id, "period": period.c.period}
    names = [column.name for column in table.columns]
    values = [named.get(name, sa.bindparam(f"its_{name}", type_=table.c[name].type)) for name in names]
    each = sa.select(*values).select_from(board.join(period, sa.true()))
    # Without WHERE, SQLite takes the ON of ON CONFLICT for a part of the SELECT.
    new = insert(table).from_select(names, each.where(sa.true()))
    return new.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={
            "points": table.c.points + new.excluded.points,
            "reached_at": greatest(table.c.reached_at, new.excluded.reached_at),
        },
    )


def _set(table: sa.Table) -> Insert:
    new = insert(table)
    return new.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={"points": new.excluded.points, "reached_at": new.excluded.reached_at},
    )


_TABLES = (standings, team_standings)
_ADD = {table: _add(table) for table in _TABLES}
_SET = {table: _set(table) for table in _TABLES}
_REMOVE = {table: table.delete().where(*_key_of(table)) for table in _TABLES}
_CLEAR = {table: table.delete() for table in _TABLES}
_CLEAR_SERVER = {table: table.delete().where(table.c.guild_id == sa.bindparam("guild_id")) for table in _TABLES}
_STORED = {table: sa.select(table) for table in _TABLES}
_WRITE = {table: table.insert() for table in _TABLES}

_ENTRY: list[sa.Column[Any]] = [ledger.c[name] for name in LedgerEntry.__slots__]
_ENTER = insert(ledger).on_conflict_do_nothing(index_elements=["guild_id", "reference"])
_ENTER_ALL = ledger.insert()
_ZONE_AND_TEAM = sa.select(
    sa.select(servers_table.c.zone)
    .where(servers_table.c.guild_id == sa.bindparam("guild_id"))
    .scalar_subquery()
    .label("zone"),
    sa.select(team_members.c.team_id)
    .where(
        team_members.c.guild_id == sa.bindparam("guild_id"),
        team_members.c.member_id == sa.bindparam("member_id"),
        teams.covers(sa.bindparam("at", type_=ledger.c.happened_at.type)),
    )
    .limit(1)
    .scalar_subquery()
    .label("team_id"),
)
_WITHDRAW = (
    ledger.delete()
    .where(ledger.c.guild_id == sa.bindparam("guild_id"), ledger.c.reference == sa.bindparam("reference"))
    .returning(*_ENTRY)
)
_TEAM_THEN = (
    sa.select(team_members.c.team_id)
    .where(
        team_members.c.guild_id == ledger.c.guild_id,
        team_members.c.member_id == ledger.c.member_id,
        teams.covers(ledger.c.happened_at),
    )
    .limit(1)
    .scalar_subquery()
)
_REASSIGN = (
    ledger.update()
    .where(*_own("key_guild_id", "key_member_id"), ledger.c.happened_at > sa.bindparam("since"))
    .values(team_id=_TEAM_THEN)
)
_CLEAR_TEAMS_OF = team_standings.delete().where(
    team_standings.c.guild_id == sa.bindparam("guild_id"), team_standings.c.member_id == sa.bindparam("member_id")
)
_ALL = sa.select(*_ENTRY)
_OF_SERVER = _ALL.where(ledger.c.guild_id == sa.bindparam("guild_id"))
_OF_MEMBER = _ALL.where(*_own())
_REASONS: sa.BindParameter[str] = sa.bindparam("reasons", expanding=True)
_OF_REASONS = _ALL.where(ledger.c.reason.in_(_REASONS))
_DEEDS = _ALL.where(
    *_own(),
    ledger.c.happened_at >= sa.bindparam("since"),
    ledger.c.reason.not_in((Reason.ON_TIME, Reason.LATE)),
    sa.or_(ledger.c.track_id == sa.bindparam("track_id"), ledger.c.track_id.is_(None)),
)
# A range, which the unique index finds; LIKE would read all of a server's entries.
_BEGINS = (ledger.c.reference >= sa.bindparam("first"), ledger.c.reference < sa.bindparam("beyond"))
_EARNED_ON = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.points), 0)).where(
    *_own(), ledger.c.reason == sa.bindparam("reason"), *_BEGINS
)
_REFERENCES = sa.select(ledger.c.reference).where(
    ledger.c.guild_id == sa.bindparam("guild_id"), ledger.c.reason == sa.bindparam("reason"), *_BEGINS
)


def _periods(entry: LedgerEntry, zone: str) -> tuple[str, str, str]:
    """The periods in which an event counts."""
    day = entry.happened_at.astimezone(ZoneInfo(zone)).date()
    return ALL_TIME, week_key(day), month_key(day)


def _keys(entry: LedgerEntry, zone: str) -> Iterator[StandingKey]:
    """The standings to which an event counts."""
    periods = _periods(entry, zone)
    for board in {WHOLE_SERVER, entry.track_id or WHOLE_SERVER}:
        for period in periods:
            for team in {ALONE, entry.team_id or ALONE}:
                yield StandingKey(entry.guild_id, board, period, team, entry.member_id)


def _table_of(key: StandingKey) -> sa.Table:
    return team_standings if key.team_id else standings


def _columns(key: StandingKey) -> dict[str, object]:
    """A standing's key by the columns of its table."""
    columns: dict[str, object] = dict(zip(StandingKey._fields, key, strict=True))
    if not key.team_id:
        del columns["team_id"]
    return columns


def _by_table(sums: Iterable[tuple[StandingKey, StandingSum]]) -> dict[sa.Table, list[dict[str, object]]]:
    """Rows of standings by the table in which they are kept."""
    rows: dict[sa.Table, list[dict[str, object]]] = {}
    for key, (points, reached_at) in sums:
        row = _columns(key)
        row.update(points=points, reached_at=reached_at)
        rows.setdefault(_table_of(key), []).append(row)
    return rows


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

    They belong to the team in which the member was at that instant, as far as it is known (see `reassign`).
    """
    here = conn.execute(_ZONE_AND_TEAM, {"guild_id": guild_id, "member_id": member_id, "at": at}).one()
    entry = LedgerEntry(guild_id, track_id, member_id, reason, points, reference, at, here.team_id)
    if conn.execute(_ENTER, columns(entry)).rowcount == 0:
        return False
    _add_to_standings(conn, [entry], here.zone or servers.FIRST_ZONE)
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
    entries = [
        LedgerEntry(guild_id, None, member_id, reason, points, reference, at, teams_of.get(member_id))
        for member_id, points in earned.items()
        if (reference := f"{prefix}{member_id}") not in booked
    ]
    if entries:
        conn.execute(_ENTER_ALL, [columns(entry) for entry in entries])
        _add_to_standings(conn, entries, servers.server_zone(conn, guild_id))


def _add_to_standings(conn: Connection, entries: Iterable[LedgerEntry], zone: str) -> None:
    values = [
        dict(zip(_PERIODS, _periods(entry, zone), strict=True))
        | {
            "board": entry.track_id or WHOLE_SERVER,
            "its_guild_id": entry.guild_id,
            "its_member_id": entry.member_id,
            "its_team_id": entry.team_id,
            "its_points": entry.points,
            "its_reached_at": entry.happened_at,
        }
        for entry in entries
    ]
    conn.execute(_ADD[standings], values)
    in_teams = [one for one in values if one["its_team_id"] is not None]
    if in_teams:
        conn.execute(_ADD[team_standings], in_teams)


def withdraw(conn: Connection, *, guild_id: int, reference: str) -> bool:
    """Takes an entry away, as if it had never been booked; returns False when there is none."""
    row = conn.execute(_WITHDRAW, {"guild_id": guild_id, "reference": reference}).first()
    if row is None:
        return False
    entry, zone = load(LedgerEntry, row), servers.server_zone(conn, guild_id)
    sums = _of_member(conn, guild_id, entry.member_id, zone)
    changed = list(_keys(entry, zone))
    for table, rows in _by_table((key, sums[key]) for key in changed if key in sums).items():
        conn.execute(_SET[table], rows)
    for key in changed:
        if key not in sums:
            values = {f"key_{name}": value for name, value in _columns(key).items()}
            conn.execute(_REMOVE[_table_of(key)], values)
    return True


def reassign(conn: Connection, guild_id: int, member_id: int, since: datetime) -> None:
    """Gives what a member earned after an instant to the team in which they were, now known to be another.

    What was earned at that very instant was booked by the order in which things happened, and stays.
    """
    later = {"key_guild_id": guild_id, "key_member_id": member_id, "since": since}
    if conn.execute(_REASSIGN, later).rowcount == 0:
        return
    conn.execute(_CLEAR_TEAMS_OF, {"guild_id": guild_id, "member_id": member_id})
    sums = _of_member(conn, guild_id, member_id, servers.server_zone(conn, guild_id))
    rows = _by_table(sums.items()).get(team_standings)
    if rows:
        conn.execute(_WRITE[team_standings], rows)


def _of_member(conn: Connection, guild_id: int, member_id: int, zone: str) -> dict[StandingKey, StandingSum]:
    found = many(conn, LedgerEntry, _OF_MEMBER, guild_id=guild_id, member_id=member_id)
    return _add_up(found, {guild_id: zone})


def _add_up(entries: Iterable[LedgerEntry], zones: Mapping[int, str]) -> dict[StandingKey, StandingSum]:
    """The standings that ledger entries make."""
    sums: dict[StandingKey, StandingSum] = {}
    for entry in entries:
        for key in _keys(entry, zones.get(entry.guild_id, servers.FIRST_ZONE)):
            points, reached = sums.get(key, (0, entry.happened_at))
            sums[key] = StandingSum(points + entry.points, max(reached, entry.happened_at))
    return sums


def recompute(conn: Connection, guild_id: int | None = None) -> dict[StandingKey, StandingSum]:
    """What every standing (of one server) should be, from the ledger alone."""
    found = (
        many(conn, LedgerEntry, _ALL)
        if guild_id is None
        else many(conn, LedgerEntry, _OF_SERVER, guild_id=guild_id)
    )
    return _add_up(found, servers.zones(conn))


def stored(conn: Connection) -> dict[StandingKey, StandingSum]:
    """What the standings say."""
    found: dict[StandingKey, StandingSum] = {}
    for row in conn.execute(_STORED[standings]):
        found[load(StandingKey, row, team_id=ALONE)] = load(StandingSum, row)
    for row in conn.execute(_STORED[team_standings]):
        found[load(StandingKey, row)] = load(StandingSum, row)
    return found


def rebuild(conn: Connection, guild_id: int | None = None) -> int:
    """Writes the standings of all servers, or of one, anew from the ledger; returns how many there are."""
    sums = recompute(conn, guild_id)
    rows = _by_table(sums.items())
    for table in _TABLES:
        if guild_id is None:
            conn.execute(_CLEAR[table])
        else:
            conn.execute(_CLEAR_SERVER[table], {"guild_id": guild_id})
        if table in rows:
            conn.execute(_WRITE[table], rows[table])
    return len(sums)


def entries(conn: Connection, reasons: Sequence[str]) -> list[LedgerEntry]:
    """Ledger entries of some reasons."""
    return many(conn, LedgerEntry, _OF_REASONS, reasons=reasons)


def deeds(conn: Connection, guild_id: int, track_id: int, member_id: int, since: datetime) -> list[LedgerEntry]:
    """What brought a member points since an instant, beside answers themselves: in a track, or in none."""
    values = {"guild_id": guild_id, "track_id": track_id, "member_id": member_id, "since": since}
    return many(conn, LedgerEntry, _DEEDS, **values)


def _beginning(prefix: str) -> dict[str, str]:
    return {"first": prefix, "beyond": prefix[:-1] + chr(ord(prefix[-1]) + 1)}


def earned_on(conn: Connection, guild_id: int, member_id: int, reason: str, prefix: str) -> int:
    """Points of one reason whose reference begins like this."""
    values = {"guild_id": guild_id, "member_id": member_id, "reason": reason}
    return conn.execute(_EARNED_ON, values | _beginning(prefix)).scalar_one()


def references(conn: Connection, guild_id: int, reason: str, prefix: str) -> set[str]:
    """The references of one reason that begin like this."""
    values = {"guild_id": guild_id, "reason": reason}
    return set(conn.execute(_REFERENCES, values | _beginning(prefix)).scalars())
