"""Use cases of being away: taking days and giving them back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.away import Away, cancelled, check, days_left
from bot.domain.errors import BadInput
from bot.domain.schedule import local_date
from bot.storage import aways, servers, tracks
from bot.storage.engine import Database


@dataclass(frozen=True, slots=True)
class Taken:
    """What a member has taken: the range's id, the range, and how many days are left in each of its years."""

    id: int
    away: Away
    left: dict[int, int]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a cancellation gave back: the days, and how many are left in each year that it touched."""

    days: list[date]
    left: dict[int, int]


async def _today(conn: AsyncConnection, guild_id: int, now: datetime) -> date:
    """The latest date that has begun in the server's zone or in one of its tracks': no question of it can rest."""
    zones = {await tracks.server_zone(conn, guild_id), *(t.zone for t in await tracks.of_server(conn, guild_id))}
    return max(local_date(now, zone) for zone in zones)


async def coming(conn: AsyncConnection, guild_id: int, member_id: int, now: datetime) -> tuple[Away, ...]:
    """A member's ranges with days that can still be given back, oldest first."""
    ranges = (await aways.of_member(conn, guild_id, member_id)).values()
    if not ranges:
        return ()
    today = await _today(conn, guild_id, now)
    return tuple(away for away in ranges if away.last > today)


class AwayService:
    """Keeps on which days members' streaks rest, in all tracks of a server."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def take(self, guild_id: int, member_id: int, name: str, away: Away, now: datetime) -> Taken:
        """Stores a range. Raises BadInput when it is past, overlaps another, or needs more days than are left."""

        async def work(conn: AsyncConnection) -> Taken:
            if not await tracks.of_server(conn, guild_id):
                raise BadInput("There is no practice channel here yet. A manager can make one with `/setup`.")
            today = await _today(conn, guild_id, now)
            taken = list((await aways.of_member(conn, guild_id, member_id)).values())
            check(away, today, taken)
            await servers.saw(conn, guild_id, member_id, name, now)
            away_id = await aways.add(conn, guild_id, member_id, away, now)
            years = sorted({away.first.year, away.last.year})
            return Taken(away_id, away, {year: days_left(year, [*taken, away]) for year in years})

        return await self._db.write(work)

    async def cancel(self, guild_id: int, member_id: int, now: datetime, only: int | None = None) -> GivenBack:
        """Gives the days from tomorrow on back, of all ranges or of `only` one. Raises BadInput without any."""

        async def work(conn: AsyncConnection) -> GivenBack:
            today = await _today(conn, guild_id, now)
            ranges = await aways.of_member(conn, guild_id, member_id)
            days: list[date] = []
            for away_id, away in ranges.items():
                if only in (None, away_id) and away.last > today:
                    days += [day for day in away if day > today]
                    await aways.change(conn, away_id, cancelled(away, today))
            if not days and only is not None:
                raise BadInput("These days are over or given back already. `/streak` shows which are to come.")
            if not days:
                raise BadInput("You have no away days from tomorrow on. `/away set` takes some.")
            kept = (await aways.of_member(conn, guild_id, member_id)).values()
            return GivenBack(days, {year: days_left(year, kept) for year in sorted({day.year for day in days})})

        return await self._db.write(work)
