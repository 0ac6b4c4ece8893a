"""Who has left a server: they leave their team, and nobody waits for them any more. Points and streaks stay."""

from collections.abc import Sequence
from datetime import datetime

from bot.storage import departures
from bot.storage.database import Database
from bot.storage.departures import MemberKey

AT_ONCE = 5
"""How many Discord is asked about in one beat: the questions of the day go first."""


class DepartureService:
    """Hands out the members to ask Discord about, and records who has left."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def claim(self, now: datetime) -> list[MemberKey]:
        """Some members who have not been seen for two weeks; each is handed out once a week at most."""
        return await self._db.write(lambda conn: departures.claim(conn, now, AT_ONCE))

    async def mark_left(self, people: Sequence[MemberKey], at: datetime) -> list[MemberKey]:
        """Records that Discord did not find these members in their servers; returns those of whom it was news.

        Args:
            at: the instant before Discord was asked: whoever came by since is there.
        """
        return await self._db.write(lambda conn: departures.mark_left(conn, people, at))
