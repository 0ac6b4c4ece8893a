"""Use cases of privacy: a member takes out what is stored about them, or has it deleted."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.domain.bank import Banks
from bot.services.bank import NEWS, BankService
from bot.services.privacy_export import pack_archive, readable
from bot.services.use_cases import Service, reads, writes
from bot.storage import installation, privacy, privacy_deletions
from bot.storage.database import Database
from bot.storage.dialects import tell
from bot.storage.privacy import Whose
from bot.storage.privacy_deletions import OwedErasure
from bot.storage.privacy_log import DeletionLog

__all__ = ["Deleted", "MemberExport", "OwedErasure", "PrivacyService", "Whose"]

APPLIED = "deletions"
"""Under which the database says how many deletions of the log it has seen."""


@dataclass(frozen=True, slots=True)
class MemberExport:
    """Everything about a member.

    Attributes:
        archive: a zip with a JSON file and CSV files.
        rows: how many entries there are, by table, without empty ones.
    """

    archive: bytes
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a deletion did.

    Attributes:
        servers: in how many servers anything was stored.
        posts: how many of the bot's messages have to go now.
    """

    servers: int
    posts: int


def _erase(conn: Connection, whose: Whose, at: datetime) -> Deleted:
    found = privacy_deletions.servers_of(conn, whose.member_id)
    servers = [guild_id for guild_id in found if whose.guild_id in (None, guild_id)]
    posts = 0
    for guild_id in servers:
        # Drawn anew for each server, so that nothing leads from it to the member or to another server.
        nobody = -1 - secrets.randbits(62)
        posts += privacy_deletions.delete_in_server(conn, guild_id, whose.member_id, nobody, at)
    if whose.guild_id is None:
        privacy_deletions.delete_beside_servers(conn, whose.member_id)
    return Deleted(len(servers), posts)


def _record(conn: Connection, log: DeletionLog) -> None:
    installation.remember(conn, f"{APPLIED} {log.name}", str(len(log)))


def _applied(conn: Connection, log: DeletionLog) -> int:
    # One log of an installation was counted without its name once.
    found = installation.recall(conn, f"{APPLIED} {log.name}") or installation.recall(conn, APPLIED)
    return int(found or 0)


def _is_behind(conn: Connection, log: DeletionLog) -> bool:
    return _applied(conn, log) < len(log)


def delete(conn: Connection, log: DeletionLog, whose: Whose, at: datetime) -> Deleted:
    """Makes what is stored of a member nobody's, and writes the deletion down beside the database.

    Nothing can fail after that but the commit itself; then the deletion is done at the next start.
    """
    deleted = _erase(conn, whose, at)
    log.add(whose, at)
    _record(conn, log)
    tell(conn, NEWS)
    return deleted


def apply_log(conn: Connection, log: DeletionLog, now: datetime) -> int:
    """Deletes again what an older file has brought back; returns how many members it was."""
    hashes = {entry.who for entry in log.since(_applied(conn, log))}
    if not hashes:
        return 0
    back: set[Whose] = set()
    for guild_id, member_id in privacy_deletions.everybody(conn):
        either = (Whose(member_id, guild_id), Whose(member_id, None))
        back |= {whose for whose in either if log.hash(whose) in hashes}
    for whose in back:
        _erase(conn, whose, now)
    _record(conn, log)
    return len(back)


class PrivacyService(Service):
    """Takes out what is stored about a member, and deletes it.

    Args:
        deletions: which deletions members asked for.
    """

    owed = reads(privacy_deletions.due)
    erased = writes(privacy_deletions.done)
    put_off = writes(privacy_deletions.put_off)

    def __init__(
        self, database: Database, banks: Banks, own_questions: BankService, deletions: DeletionLog
    ) -> None:
        super().__init__(database)
        self._banks = banks
        self._own_questions = own_questions
        self._deletions = deletions

    async def export(self, whose: Whose, servers: Mapping[int, str], now: datetime) -> MemberExport:
        """Everything about a member, also about one who has left.

        Args:
            servers: the names of the servers that the bot is in, by id.
        """
        found = await self.read(privacy.rows_of, whose)
        tables = {name: [readable(row, self._banks, servers) for row in rows] for name, rows in found.items()}
        about = {
            "member_id": str(whose.member_id),
            "where": "everywhere" if whose.guild_id is None else servers.get(whose.guild_id, str(whose.guild_id)),
            "made_at": now.isoformat(timespec="seconds"),
        }
        # To pack years of answers takes too long for the event loop.
        archive = await asyncio.to_thread(partial(pack_archive, about, tables))
        return MemberExport(archive, {name: len(rows) for name, rows in tables.items() if rows})

    async def delete(self, whose: Whose, now: datetime) -> Deleted:
        """Deletes what is stored of a member, in one transaction; what others' totals rest on stays as nobody's."""
        deleted = await self.write(delete, self._deletions, whose, now)
        await self._own_questions.load()  # cards name who suggested a question no longer
        await self._db.truncate_log()
        return deleted

    async def delete_again(self, now: datetime) -> int:
        """At start: deletes what a restored backup has brought back; returns how many members it was."""
        if not await self.read(_is_behind, self._deletions):
            return 0
        back = await self.write(apply_log, self._deletions, now)
        await self._db.truncate_log()
        return back
