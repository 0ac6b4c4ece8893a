"""Boards: who has how many points in a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.errors import BadInput
from bot.domain.points import Period, key_before, period_key, recent_weeks
from bot.domain.schedule import local_date
from bot.domain.text import NOBODY
from bot.storage import boards, ledger, members, servers
from bot.storage.boards import BoardKey, BoardPage
from bot.storage.database import Database

SHOWN = 10
IN_TREND = 5
TREND_WEEKS = 8
WHOLE_SERVER = ledger.WHOLE_SERVER


@dataclass(frozen=True, slots=True)
class Board:
    """A page of a board, as one member sees it.

    Attributes:
        page: counted from 0; past the end it is the last page.
        off: the asking member stays off boards.
        found: the page itself.
    """

    period: Period
    key: str
    zone: str
    page: int
    pages: int
    off: bool
    found: BoardPage


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


def pages_of(rows: int, on_each: int = SHOWN) -> int:
    """How many pages a board or list of so many rows has; an empty one has one."""
    return max(1, -(-rows // on_each))


class BoardService:
    """Reads boards from the standings."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def members(
        self, guild_id: int, track_id: int, period: Period, member_id: int, now: datetime, page: int = 0
    ) -> Board:
        """A page of the board of a server (track 0) or of one track; periods begin in the server's zone."""

        def work(conn: Connection) -> Board:
            zone, off = members.board_reader(conn, guild_id, member_id)
            today = local_date(now, zone)
            key = BoardKey(guild_id, track_id, period_key(period, today))
            before = key_before(period, today)
            earlier = boards.NO_PERIOD if before is None else before[0]
            shown = max(page, 0)
            while True:
                found = boards.page(conn, key, SHOWN, shown * SHOWN, earlier=earlier, member_id=member_id)
                pages = pages_of(found.people)
                if shown < pages:
                    return Board(period, key.period, zone, shown, pages, off, found)
                shown = pages - 1

        return await self._db.read(work)

    async def trend(self, guild_id: int, track_id: int, period: Period, now: datetime) -> Trend | None:
        """How the five best got there; None until points of two weeks make a line."""

        def work(conn: Connection) -> Trend | None:
            today = local_date(now, servers.server_zone(conn, guild_id))
            key = BoardKey(guild_id, track_id, period_key(period, today))
            best = boards.page(conn, key, IN_TREND).rows
            ids = [row.member_id for row in best]
            weeks = recent_weeks(period, today, TREND_WEEKS)
            points = boards.weekly(conn, key, [week for week, _ in weeks], ids)
            if len({week for _, week in points}) < 2:
                return None
            lines = [
                TrendLine(
                    row.rank,
                    row.name,
                    [points.get((row.member_id, week), 0) for week, _ in weeks],
                )
                for row in best
            ]
            return Trend([monday for _, monday in weeks], lines)

        return await self._db.read(work)

    async def stay_off(self, guild_id: int, member_id: int, name: str, now: datetime, *, off: bool) -> None:
        """Keeps a member off boards, or shows them again; points and the own rank stay."""

        def work(conn: Connection) -> None:
            servers.ensure(conn, guild_id)
            members.record(conn, guild_id, member_id, name, now)
            members.set_off_boards(conn, guild_id, member_id, off=off)

        await self._db.write(work)

    async def name_to_share(self, guild_id: int, member_id: int) -> str:
        """The name under which somebody else may post what a member has done; BadInput if they stay off boards."""

        def work(conn: Connection) -> str:
            _, off = members.board_reader(conn, guild_id, member_id)
            if off:
                raise BadInput("This member stays off public boards, so only they can share this.")
            return members.names(conn, guild_id, [member_id]).get(member_id, NOBODY)

        return await self._db.read(work)
