"""Use cases of servers: the bot comes, greets once, and goes."""

from datetime import datetime

from sqlalchemy import Connection

from bot.storage import servers
from bot.storage.database import Database


class ServerService:
    """Follows the bot's own coming and going."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def joined(self, guild_id: int) -> None:
        """Notes that the bot is in a server."""
        await self._db.write(lambda conn: servers.touch(conn, guild_id, removed_at=None))

    async def greet(self, guild_id: int, now: datetime) -> bool:
        """Takes the one greeting of a server; returns whether it was still owed."""

        def work(conn: Connection) -> bool:
            servers.touch(conn, guild_id)
            if servers.get(conn, guild_id).greeted_at is not None:
                return False
            servers.touch(conn, guild_id, greeted_at=now)
            return True

        return await self._db.write(work)

    async def left(self, guild_id: int, now: datetime) -> None:
        """Notes that the bot was removed from a server."""
        await self._db.write(lambda conn: servers.touch(conn, guild_id, removed_at=now))
