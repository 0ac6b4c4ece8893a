"""Use cases of servers: the bot comes, greets once, and goes."""

from datetime import datetime

from bot.storage import servers
from bot.storage.database import Database


class ServerService:
    """Follows the bot's own coming and going."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def joined(self, guild_id: int) -> None:
        """Records that the bot is in a server."""
        await self._db.write(lambda conn: servers.mark_present(conn, guild_id))

    async def greet(self, guild_id: int, now: datetime) -> bool:
        """Claims the one greeting of a server; returns whether nobody had."""
        return await self._db.write(lambda conn: servers.mark_greeted(conn, guild_id, now))

    async def left(self, guild_id: int, now: datetime) -> None:
        """Records that the bot was removed from a server."""
        await self._db.write(lambda conn: servers.mark_removed(conn, guild_id, now))
