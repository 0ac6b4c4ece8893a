"""What Discord counts for longer than a process may live: sessions that begin, and requests that it refuses.

It resets the token of a bot that begins 1,000 sessions in a day, and bans who is refused too often.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from bot.services.use_cases import Service
from bot.storage.installation import recall, remember

BEGUN = "sessions"
REFUSED = "refusals"
DAY = timedelta(days=1)
FREE = 10
"""So many sessions of a shard may begin without a rest: an operator starts and stops as they like."""
FREE_A_DAY = 30
"""So many sessions of a shard may begin in 24 hours before they are spaced, also if each of them lasts a while."""
SPACE = timedelta(minutes=22)
"""With it, 24 hours have at most 30 + 24 * 60 / 22 sessions of a shard: 95."""
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=30)
PROVEN = timedelta(minutes=15)
"""A session that lasts for so long ends the count of those that did not."""


class Begun(NamedTuple):
    """The sessions that were begun.

    Attributes:
        shards: how many a start of the bot begins.
        failed: how many have not lasted since one did.
        at: when the newest ones began, as many as are counted, oldest first.
    """

    shards: int
    failed: int
    at: Sequence[datetime]


def rest_after(failed: int, shards: int = 1) -> timedelta:
    """How long to rest after so many sessions that did not last: twice as long each time."""
    extra = failed - FREE * shards
    return timedelta(0) if extra < 0 else min(FIRST_REST * 2 ** min(extra // shards, 10), LONGEST_REST)


def _read(conn: Connection) -> Begun:
    stored = recall(conn, BEGUN)
    if not stored:
        return Begun(1, 0, [])
    shards, failed, at = json.loads(stored)
    return Begun(shards, failed, [datetime.fromisoformat(instant) for instant in at])


def _store(conn: Connection, begun: Begun) -> None:
    at = [instant.isoformat() for instant in begun.at]
    remember(conn, BEGUN, json.dumps([begun.shards, begun.failed, at]))


def rest(conn: Connection, now: datetime) -> timedelta:
    """How long the next session has to wait yet, so that a day has fewer than a hundred of each shard.

    One start of the bot begins a session of each shard: it is the one of the same shard that has to be long ago.
    """
    begun = _read(conn)
    shards, many = begun.shards, FREE_A_DAY * begun.shards
    if len(begun.at) < shards:
        return timedelta(0)
    last = begun.at[-shards]
    if now - begun.at[-1] > DAY:
        return timedelta(0)
    spaced = len(begun.at) >= many and now - begun.at[-many] < DAY
    whole = max(rest_after(begun.failed, shards), SPACE if spaced else timedelta(0))
    return max(timedelta(0), min(whole, last + whole - now))


def begin(conn: Connection, now: datetime, shards: int) -> None:
    """Counts a session that begins.

    Args:
        shards: how many sessions a start of the bot begins.
    """
    before = _read(conn)
    failed = before.failed if before.at and now - before.at[-1] <= DAY else 0
    _store(conn, Begun(shards, failed + 1, [*before.at, now][-FREE_A_DAY * shards :]))


def prove(conn: Connection) -> None:
    """A session has lasted: those before it have failed no more."""
    _store(conn, _read(conn)._replace(failed=0))


class SessionService(Service):
    """Keeps count of what Discord counts, also across restarts."""

    async def rest(self, now: datetime) -> timedelta:
        """How long the next session has to wait yet."""
        return await self.read(rest, now)

    async def begin(self, now: datetime, shards: int) -> None:
        """Counts a session that begins, one of so many of a start."""
        await self.write(begin, now, shards)

    async def prove(self) -> None:
        """A session has lasted."""
        await self.write(prove)

    async def keep_refusals(self, kept: str) -> None:
        """Stores how often Discord has refused something lately, as its breaker says it."""
        await self.write(remember, REFUSED, kept)

    async def kept_refusals(self) -> str | None:
        """What was stored of that."""
        return await self.read(recall, REFUSED)
