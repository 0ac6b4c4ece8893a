"""Use cases of reporting mistakes in the bank, and of resolving the reports."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.services.use_cases import Service, reads, writes
from bot.storage import members, mistakes, servers
from bot.storage.mistakes import MistakeReport


@dataclass(frozen=True, slots=True)
class NewReport:
    """What a member says is wrong with a question, or with one of its items."""

    guild_id: int
    member_id: int
    name: str
    question_id: str
    item_id: str | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenReports:
    """A server's reports that nobody has resolved, oldest first, and the names of those who made them."""

    reports: list[MistakeReport]
    names: dict[int, str]


def report(conn: Connection, new: NewReport) -> None:
    """Stores a report; while an earlier one of the same thing is open, its text is replaced."""
    servers.ensure(conn, new.guild_id)
    members.record(conn, new.guild_id, new.member_id, new.name, new.at)
    known = mistakes.open_of(conn, new.guild_id, new.member_id, new.question_id, new.item_id)
    if known is None:
        mistakes.add(conn, new.guild_id, new.member_id, new.question_id, new.item_id, new.text, new.at)
    else:
        mistakes.rewrite(conn, known.id, new.text, new.at)


def open_reports(conn: Connection, guild_id: int) -> OpenReports:
    """What a server's managers have not resolved yet."""
    found = mistakes.open_in(conn, guild_id)
    return OpenReports(found, members.names(conn, guild_id, [one.member_id for one in found]) if found else {})


class MistakeService(Service):
    """Keeps what members say is wrong until a manager resolves it."""

    report = writes(report)
    open_reports = reads(open_reports)
    resolve = writes(mistakes.resolve)
    forget = writes(mistakes.delete_older)

    async def earlier(self, guild_id: int, member_id: int, question_id: str, item_id: str | None) -> str:
        """What the member said of the same thing before, while it is open; else nothing."""
        found = await self.read(mistakes.open_of, guild_id, member_id, question_id, item_id)
        return found.text if found else ""
