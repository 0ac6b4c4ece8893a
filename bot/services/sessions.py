"""How often the bot may begin a session with Discord, which resets the token of those who begin 1,000 in a day."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.services.use_cases import Service
from bot.storage.installation import recall, remember

BEGUN = "sessions begun"
FREE = 10
"""So many sessions of a shard may begin without a rest: an operator starts and stops as they like."""
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=30)
"""With it a day has fewer than 70 sessions, whatever goes wrong."""
PROVEN = timedelta(minutes=15)
"""A session that lasts for so long ends the count."""


def rest_after(begun: int, shards: int = 1) -> timedelta:
    """How long to rest after so many sessions that did not last: twice as long each time."""
    extra = begun - FREE * shards
    return timedelta(0) if extra < 0 else min(FIRST_REST * 2 ** min(extra, 10), LONGEST_REST)


def _read(conn: Connection) -> tuple[int, datetime | None]:
    stored = recall(conn, BEGUN)
    if not stored:
        return 0, None
    count, last = json.loads(stored)
    return count, datetime.fromisoformat(last)


def rest(conn: Connection, now: datetime, shards: int) -> timedelta:
    """How long the next session has to wait yet."""
    count, last = _read(conn)
    if last is None:
        return timedelta(0)
    whole = rest_after(count, shards)
    return max(timedelta(0), min(whole, last + whole - now))


def begin(conn: Connection, now: datetime) -> None:
    """Counts a session that begins; those of the day before are forgotten."""
    count, last = _read(conn)
    if last is not None and now - last > timedelta(days=1):
        count = 0
    remember(conn, BEGUN, json.dumps([count + 1, now.isoformat()]))


def prove(conn: Connection) -> None:
    """A session has lasted: those before it count no more."""
    remember(conn, BEGUN, "")


class SessionService(Service):
    """Keeps count of the sessions that were begun, also across restarts."""

    async def rest(self, now: datetime, shards: int) -> timedelta:
        """How long the next session has to wait yet."""
        return await self.read(rest, now, shards)

    async def begin(self, now: datetime) -> None:
        """Counts a session that begins."""
        await self.write(begin, now)

    async def prove(self) -> None:
        """A session has lasted."""
        await self.write(prove)
