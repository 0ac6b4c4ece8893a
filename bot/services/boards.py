"""Boards: who has how many points in a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import BadInput
from bot.domain.points import Period, Ranked, key_before, period_key, recent_weeks
from bot.domain.schedule import local_date
from bot.storage import boards, ledger, servers, tracks
from bot.storage.boards import BoardKey, Own
from bot.storage.engine import Database

SHOWN = 10
IN_TREND = 5
TREND_WEEKS = 8
WHOLE_SERVER = ledger.WHOLE_SERVER


@dataclass(frozen=True, slots=True)
class Board:
    """A page of a board, and where the asking member stands (None without points).

    Attributes:
        page: counted from 0; past the end it is the last page.
        before: the ranks that the shown members had a week or month earlier; None where nobody had one.
        off: the asking member stays off boards.
    """

    period: Period
    key: str
    zone: str
    page: int
    pages: int
    rows: list[Ranked]
    before: dict[int, int] | None
    names: dict[int, str]
    people: int
    own: Own | None
    off: bool


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One of the best of a board, and their points week by week."""

    rank: int
    name: str
    points: Sequence[float]


@dataclass(frozen=True, slots=True)
class Trend:
    """Points a week of the best of a board, the best first. `mondays` are the weeks."""

    mondays: list[date]
    lines: list[TrendLine]


def pages_of(people: int) -> int:
    """How many pages a board of so many rows has; an empty one has one."""
    return max(1, -(-people // SHOWN))


class BoardService:
    """Reads boards from the standings."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def members(
        self, guild_id: int, track_id: int, period: Period, member_id: int, now: datetime, page: int = 0
    ) -> Board:
        """A page of the board of a server (track 0) or of one track; periods begin in the server's zone."""

        async def work(conn: AsyncConnection) -> Board:
            zone = await tracks.server_zone(conn, guild_id)
            today = local_date(now, zone)
            key = BoardKey(guild_id, track_id, period_key(period, today))
            people = await boards.people(conn, key)
            shown = min(max(page, 0), pages_of(people) - 1)
            rows = await boards.page(conn, key, SHOWN, shown * SHOWN)
            own = await boards.own(conn, key, member_id)
            ids = [row.member_id for row in rows]
            named = [*ids, own.above[0]] if own is not None and own.above is not None else ids
            return Board(
                period,
                key.period,
                zone,
                shown,
                pages_of(people),
                rows,
                await self._before(conn, key, period, today, ids),
                await servers.names(conn, guild_id, named),
                people,
                own,
                await servers.stays_off_boards(conn, guild_id, member_id),
            )

        return await self._db.read(work)

    async def _before(
        self, conn: AsyncConnection, key: BoardKey, period: Period, today: date, member_ids: Sequence[int]
    ) -> dict[int, int] | None:
        earlier = key_before(period, today)
        old = None if earlier is None else BoardKey(key.guild_id, key.track_id, earlier[0])
        if old is None or not await boards.people(conn, old):
            return None
        return await boards.ranks(conn, old, member_ids)

    async def trend(self, guild_id: int, track_id: int, period: Period, now: datetime) -> Trend | None:
        """How the five best got there; None until points of two weeks make a line."""

        async def work(conn: AsyncConnection) -> Trend | None:
            today = local_date(now, await tracks.server_zone(conn, guild_id))
            key = BoardKey(guild_id, track_id, period_key(period, today))
            best = await boards.page(conn, key, IN_TREND)
            ids, weeks = [row.member_id for row in best], recent_weeks(period, today, TREND_WEEKS)
            points = await boards.weekly(conn, key, [week for week, _ in weeks], ids)
            if len({week for _, week in points}) < 2:
                return None
            names = await servers.names(conn, guild_id, ids)
            lines = [
                TrendLine(
                    row.rank,
                    names.get(row.member_id, ""),
                    [points.get((row.member_id, week), 0) for week, _ in weeks],
                )
                for row in best
            ]
            return Trend([monday for _, monday in weeks], lines)

        return await self._db.read(work)

    async def stay_off(self, guild_id: int, member_id: int, name: str, now: datetime, *, off: bool) -> None:
        """Keeps a member off boards, or shows them again; points and the own rank stay."""

        async def work(conn: AsyncConnection) -> None:
            await servers.touch(conn, guild_id)
            await servers.saw(conn, guild_id, member_id, name, now)
            await servers.stay_off_boards(conn, guild_id, member_id, off=off)

        await self._db.write(work)

    async def name_to_share(self, guild_id: int, member_id: int) -> str:
        """The name under which somebody else may post what a member has done; BadInput if they stay off boards."""

        async def work(conn: AsyncConnection) -> str:
            if await servers.stays_off_boards(conn, guild_id, member_id):
                raise BadInput("This member stays off public boards, so only they can share this.")
            return (await servers.names(conn, guild_id, [member_id])).get(member_id, "A member")

        return await self._db.read(work)
