"""Use cases of reporting mistakes in the bank, and of settling the reports."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.storage import members, mistakes, servers
from bot.storage.database import Database
from bot.storage.mistakes import MistakeReport


@dataclass(frozen=True, slots=True)
class OpenReports:
    """A server's unsettled reports, oldest first, and the names of those who made them."""

    reports: list[MistakeReport]
    names: dict[int, str]


class MistakeService:
    """Keeps what members say is wrong until a manager settles it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def earlier(self, guild_id: int, member_id: int, question_id: str, item_id: str | None) -> str:
        """What the member said of the same thing before, while it is unsettled; else nothing."""
        found = await self._db.read(
            lambda conn: mistakes.unsettled_of(conn, guild_id, member_id, question_id, item_id)
        )
        return found.text if found else ""

    async def report(
        self,
        guild_id: int,
        member_id: int,
        name: str,
        question_id: str,
        item_id: str | None,
        text: str,
        at: datetime,
    ) -> None:
        """Stores a report; while an earlier one of the same thing is unsettled, its text is replaced."""

        def work(conn: Connection) -> None:
            servers.ensure(conn, guild_id)
            members.record(conn, guild_id, member_id, name, at)
            known = mistakes.unsettled_of(conn, guild_id, member_id, question_id, item_id)
            if known is None:
                mistakes.add(conn, guild_id, member_id, question_id, item_id, text, at)
            else:
                mistakes.rewrite(conn, known.id, text, at)

        await self._db.write(work)

    async def unsettled(self, guild_id: int) -> OpenReports:
        """What a server's managers have not settled yet."""

        def work(conn: Connection) -> OpenReports:
            found = mistakes.unsettled(conn, guild_id)
            return OpenReports(found, members.names(conn, guild_id, [report.member_id for report in found]))

        return await self._db.read(work)

    async def settle(self, guild_id: int, report_id: int, now: datetime) -> bool:
        """Settles a report; returns whether it was still open."""
        return await self._db.write(lambda conn: mistakes.settle(conn, guild_id, report_id, now))
