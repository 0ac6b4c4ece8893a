"""Use cases of being away: taking days and giving them back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.away import Away, cancelled, check, days_left
from bot.domain.errors import BadInput
from bot.domain.schedule import local_date
from bot.storage import away, members, servers, tracks
from bot.storage.database import Database


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


def _today(conn: Connection, guild_id: int, now: datetime) -> date:
    """The latest date that has begun in the server's zone or in one of its tracks': no question of it can rest."""
    zones = {servers.server_zone(conn, guild_id), *(t.zone for t in tracks.of_server(conn, guild_id))}
    return max(local_date(now, zone) for zone in zones)


def coming(conn: Connection, guild_id: int, member_id: int, now: datetime) -> tuple[Away, ...]:
    """A member's ranges with days that can still be given back, oldest first."""
    ranges = away.of_member(conn, guild_id, member_id).values()
    if not ranges:
        return ()
    today = _today(conn, guild_id, now)
    return tuple(away for away in ranges if away.last > today)


class AwayService:
    """Keeps on which days members' streaks rest, in all tracks of a server."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def take(self, guild_id: int, member_id: int, name: str, wanted: Away, now: datetime) -> AwayTaken:
        """Stores a range. Raises BadInput when it is past, overlaps another, or needs more days than are left."""

        def work(conn: Connection) -> AwayTaken:
            if not tracks.of_server(conn, guild_id):
                raise BadInput("There is no practice channel here yet. A manager can make one with `/setup`.")
            today = _today(conn, guild_id, now)
            taken = list(away.of_member(conn, guild_id, member_id).values())
            check(wanted, today, taken)
            members.record(conn, guild_id, member_id, name, now)
            away_id = away.add(conn, guild_id, member_id, wanted, now)
            years = sorted({wanted.first.year, wanted.last.year})
            return AwayTaken(away_id, wanted, {year: days_left(year, [*taken, wanted]) for year in years})

        return await self._db.write(work)

    async def cancel(self, guild_id: int, member_id: int, now: datetime, only: int | None = None) -> AwayGivenBack:
        """Gives the days from tomorrow on back, of all ranges or of `only` one. Raises BadInput without any."""

        def work(conn: Connection) -> AwayGivenBack:
            today = _today(conn, guild_id, now)
            ranges = away.of_member(conn, guild_id, member_id)
            days: list[date] = []
            for away_id, days_off in ranges.items():
                if only in (None, away_id) and days_off.last > today:
                    days += [day for day in days_off if day > today]
                    away.change(conn, away_id, cancelled(days_off, today))
            if not days and only is not None:
                raise BadInput("These days are over or given back already. `/streak` shows which are to come.")
            if not days:
                raise BadInput("You have no away days from tomorrow on. `/away set` takes some.")
            kept = away.of_member(conn, guild_id, member_id).values()
            return AwayGivenBack(days, {year: days_left(year, kept) for year in sorted({day.year for day in days})})

        return await self._db.write(work)
