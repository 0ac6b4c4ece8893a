"""Boards: who has how many points in a period."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.points import Period, Ranked, period_key, rank
from bot.domain.schedule import local_date
from bot.storage import ledger, servers, tracks
from bot.storage.engine import Database

SHOWN = 10
WHOLE_SERVER = ledger.WHOLE_SERVER


@dataclass(frozen=True, slots=True)
class Board:
    """The best of a period, and where the asking member stands ((rank, points), or None without points)."""

    period: Period
    key: str
    zone: str
    rows: list[Ranked]
    names: dict[int, str]
    people: int
    own: tuple[int, int] | None


class BoardService:
    """Reads boards from the standings."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def members(self, guild_id: int, track_id: int, period: Period, member_id: int, now: datetime) -> Board:
        """The board of a server (track 0) or of one track; periods begin in the server's zone."""

        async def work(conn: AsyncConnection) -> Board:
            zone = await tracks.server_zone(conn, guild_id)
            key = period_key(period, local_date(now, zone))
            rows = rank(await ledger.board(conn, guild_id, track_id, key, SHOWN))
            return Board(
                period,
                key,
                zone,
                rows,
                await servers.names(conn, guild_id, [row.member_id for row in rows]),
                await ledger.on_board(conn, guild_id, track_id, key),
                await ledger.place(conn, guild_id, track_id, key, member_id),
            )

        return await self._db.read(work)

    async def name_of(self, guild_id: int, member_id: int) -> str:
        """The name under which a member was last seen."""
        names = await self._db.read(lambda conn: servers.names(conn, guild_id, [member_id]))
        return names.get(member_id, "A member")
