"""Use cases of being away: taking days and giving them back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.away import Away, cancelled, check, days_left
from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.domain.schedule import local_date
from bot.domain.tracks import Track
from bot.services.use_cases import Service, reads, writes
from bot.storage import away, members, servers, tracks


@dataclass(frozen=True, slots=True)
class AwayTaken:
    """What a member has taken: the range's id, the range, and how many days are left in each of its years."""

    id: int
    away: Away
    left: dict[int, int]


@dataclass(frozen=True, slots=True)
class AwayGivenBack:
    """What a cancellation gave back: the days, and how many are left in each year that it touched."""

    days: list[date]
    left: dict[int, int]


def _today(conn: Connection, guild_id: int, known: Iterable[Track], now: datetime) -> date:
    """The latest date that has begun in the server's zone or in one of its tracks': no question of it can rest."""
    zones = {servers.server_zone(conn, guild_id), *(track.zone for track in known)}
    return max(local_date(now, zone) for zone in zones)


def today(conn: Connection, guild_id: int, now: datetime) -> date:
    """The date that counts as today when somebody names away days."""
    return _today(conn, guild_id, tracks.of_server(conn, guild_id), now)


def coming(conn: Connection, guild_id: int, member_id: int, now: datetime) -> tuple[Away, ...]:
    """A member's ranges with days that can still be given back, oldest first."""
    ranges = away.of_member(conn, guild_id, member_id).values()
    if not ranges:
        return ()
    today = _today(conn, guild_id, tracks.of_server(conn, guild_id), now)
    return tuple(away for away in ranges if away.last > today)


def take(conn: Connection, actor: Actor, wanted: Away) -> AwayTaken:
    """Stores a range. Raises Refusal when it is past, overlaps another, or needs more days than are left."""
    guild_id, member_id, now = actor.guild_id, actor.member_id, actor.now
    known = tracks.of_server(conn, guild_id)
    if not known:
        raise Refusal("away.no_channel")
    taken = list(away.of_member(conn, guild_id, member_id).values())
    check(wanted, _today(conn, guild_id, known, now), taken)
    members.record(conn, guild_id, member_id, actor.name, now)
    away_id = away.add(conn, guild_id, member_id, wanted, now)
    years = sorted({wanted.first.year, wanted.last.year})
    return AwayTaken(away_id, wanted, {year: days_left(year, [*taken, wanted]) for year in years})


def cancel(conn: Connection, actor: Actor, only: int | None = None) -> AwayGivenBack:
    """Gives the days from tomorrow on back, of all ranges or of `only` one. Raises Refusal without any."""
    guild_id = actor.guild_id
    today = _today(conn, guild_id, tracks.of_server(conn, guild_id), actor.now)
    ranges = away.of_member(conn, guild_id, actor.member_id)
    days: list[date] = []
    kept: list[Away] = []
    for away_id, range_ in ranges.items():
        left: Away | None = range_
        if only in (None, away_id) and range_.last > today:
            days += [day for day in range_ if day > today]
            left = cancelled(range_, today)
            if left is None:
                away.remove(conn, away_id)
            else:
                away.shorten(conn, away_id, left.last)
        kept += [] if left is None else [left]
    if not days:
        raise Refusal("away.none_coming" if only is None else "away.over")
    return AwayGivenBack(days, {year: days_left(year, kept) for year in sorted({day.year for day in days})})


class AwayService(Service):
    """Keeps on which days members' streaks rest, in all tracks of a server."""

    today = reads(today)
    take = writes(take)
    cancel = writes(cancel)
