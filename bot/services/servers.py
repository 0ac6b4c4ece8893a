"""Use cases of servers: the bot comes, greets once, and goes; what a server that removed it left behind ends."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from bot.domain.bank import Banks
from bot.services.use_cases import Service, writes
from bot.storage import bank, servers
from bot.storage.database import Database

KEPT = timedelta(days=30)
"""How long the data of a server stay that has removed the bot."""


class Changes(NamedTuple):
    """What happened to the bot's servers while it was away: those that are new, and those that removed it."""

    new: list[int]
    removed: list[int]


def compare(conn: Connection, present: Collection[int], shard: int, shards: int, now: datetime) -> Changes:
    """Stores which servers of a shard the bot is in, as Discord says now.

    Args:
        present: the servers of the shard, also those that are out of order.
        shard: its number, of so many `shards`.
    """
    known = servers.presence(conn)
    # Discord's rule: https://discord.com/developers/docs/events/gateway#sharding
    mine = [guild_id for guild_id in known if (guild_id >> 22) % shards == shard]
    new = [guild_id for guild_id in present if guild_id not in known]
    for guild_id in present:
        if guild_id in new or known[guild_id] is not None:
            servers.mark_present(conn, guild_id)
    removed = [guild_id for guild_id in mine if known[guild_id] is None and guild_id not in present]
    for guild_id in removed:
        servers.mark_removed(conn, guild_id, now)
    # A shard's very first servers were there before the bot first ran: nobody waits for its greeting.
    return Changes(new if mine else [], removed)


class ServerService(Service):
    """Follows the bot's own coming and going."""

    def __init__(self, database: Database, banks: Banks) -> None:
        super().__init__(database)
        self._banks = banks

    joined = writes(servers.mark_present)
    greet = writes(servers.mark_greeted)
    left = writes(servers.mark_removed)
    compare = writes(compare)

    async def to_erase(self, now: datetime) -> list[int]:
        """The servers that removed the bot too long ago for their data to stay."""
        return await self.read(servers.removed_before, now - KEPT)

    async def erase(self, guild_id: int, now: datetime) -> None:
        """Erases all data of such a server, table by table, so that nobody has to wait for all of it.

        Its own questions are kept in memory no longer, too.
        """
        erased = 0
        for table in servers.TABLES:
            erased += await self.write(servers.erase_from, table, guild_id, now - KEPT)
        if erased:
            self._banks.put(await self.read(bank.of_server, guild_id))
