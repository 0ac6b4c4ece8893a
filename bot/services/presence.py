"""Who has left a server: they leave their team, and nobody waits for them any more. Points and streaks stay."""

from collections.abc import Sequence
from datetime import datetime

from bot.storage import presence
from bot.storage.engine import Database
from bot.storage.presence import Person

AT_ONCE = 5
"""How many Discord is asked about in one beat: the questions of the day go first."""


class PresenceService:
    """Hands out the members to ask Discord about, and notes who has left."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def take(self, now: datetime) -> list[Person]:
        """Some members who have not been seen for two weeks; each is handed out once a week at most."""
        if not await self._db.read(lambda conn: presence.any_due(conn, now)):
            return []
        return await self._db.write(lambda conn: presence.take(conn, now, AT_ONCE))

    async def gone(self, people: Sequence[Person], at: datetime) -> list[Person]:
        """Notes that Discord did not find these members in their servers; returns those of whom it was news.

        Args:
            at: the instant before Discord was asked: whoever came by since is there.
        """
        return await self._db.write(lambda conn: presence.gone(conn, people, at))
