"""What Discord counts for longer than a process may live: sessions that begin, and requests that it refuses.

It resets the token of a bot that begins 1,000 sessions in a day, and bans who is refused too often.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from bot.services.use_cases import Service, writes
from bot.storage.database import Database
from bot.storage.dialects import shared_clock
from bot.storage.installation import recall, recall_all, remember
from bot.storage.shards import Share

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
APART = timedelta(seconds=5.5)
"""How far apart sessions of a bucket begin: five seconds, and half a one for what is late on its way to Discord.

Source: https://discord.com/developers/docs/events/gateway#rate-limiting
"""
TURN = "turn"
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


def _read(conn: Connection, shard_id: int | None = None) -> Begun:
    stored = recall(conn, _name(BEGUN, shard_id))
    if not stored:
        return Begun(1, 0, [])
    shards, failed, at = json.loads(stored)
    return Begun(shards, failed, [datetime.fromisoformat(instant) for instant in at])


def _name(fact: str, of: int | None) -> str:
    return fact if of is None else f"{fact} of {of}"


def _store(conn: Connection, begun: Begun, shard_id: int | None) -> None:
    at = [instant.isoformat() for instant in begun.at]
    remember(conn, _name(BEGUN, shard_id), json.dumps([begun.shards, begun.failed, at]))


def rest(conn: Connection, now: datetime, shard_id: int | None = None) -> timedelta:
    """How long the next session has to wait yet, so that a day has fewer than a hundred of each shard.

    One start of the bot begins a session of each shard: it is the one of the same shard that has to be long ago.

    Args:
        shard_id: the shard that is counted by itself, since not every process has all of them.
    """
    begun = _read(conn, shard_id)
    shards, many = begun.shards, FREE_A_DAY * begun.shards
    if len(begun.at) < shards:
        return timedelta(0)
    last = begun.at[-shards]
    if now - begun.at[-1] > DAY:
        return timedelta(0)
    spaced = len(begun.at) >= many and now - begun.at[-many] < DAY
    whole = max(rest_after(begun.failed, shards), SPACE if spaced else timedelta(0))
    return max(timedelta(0), min(whole, last + whole - now))


def begin(conn: Connection, now: datetime, shards: int, shard_id: int | None = None) -> None:
    """Counts a session that begins.

    Args:
        shards: how many sessions a start of the bot begins.
        shard_id: the shard, where it is counted by itself.
    """
    before = _read(conn, shard_id)
    failed = before.failed if before.at and now - before.at[-1] <= DAY else 0
    _store(conn, Begun(shards, failed + 1, [*before.at, now][-FREE_A_DAY * shards :]), shard_id)


def prove(conn: Connection, shard_id: int | None = None) -> None:
    """A session has lasted: those before it have failed no more."""
    _store(conn, _read(conn, shard_id)._replace(failed=0), shard_id)


def take_turn(conn: Connection, bucket: int, own: datetime) -> timedelta:
    """Takes the turn to begin a session at once, where no other began one lately.

    The database's clock counts, where processes share it. No turn is kept for later: whoever waits for one may not
    be there any more.

    Args:
        bucket: the rest of the shard's id by `max_concurrency`: shards of different buckets need not wait.
        own: the present instant by this process's clock.

    Returns:
        How long to wait before asking once more; nothing where the turn is taken.
    """
    name, now = _name(TURN, bucket), shared_clock(conn, own)
    stored = recall(conn, name)
    wait = APART - (now - datetime.fromisoformat(stored)) if stored else timedelta(0)
    if timedelta(0) < wait <= APART:  # longer only where the clock was set back
        return wait
    remember(conn, name, now.isoformat())
    return timedelta(0)


def others_refusals(conn: Connection, own: int | None) -> list[str]:
    """What other processes have stored of what Discord refuses them."""
    return [kept for name, kept in recall_all(conn, _name(REFUSED, 0)[:-1]).items() if name != _name(REFUSED, own)]


class SessionService(Service):
    """Keeps count of what Discord counts, also across restarts and processes.

    Args:
        share: what this process serves; where others serve the rest, each shard is counted by itself.
    """

    begin = writes(begin)

    def __init__(self, database: Database, share: Share) -> None:
        super().__init__(database)
        self._alone = share.whole
        self._counted = [None] if share.whole else list(share.ids)
        self._own = None if share.whole else min(share.ids)

    async def rest(self, now: datetime, shard_id: int | None = None) -> timedelta:
        """How long the next session has to wait yet: of one shard, or of all that a start begins."""
        counted = self._counted if shard_id is None or self._alone else [shard_id]
        return await self._db.read(lambda conn: max(rest(conn, now, one) for one in counted))

    async def take_turn(self, now: datetime, shard_id: int, max_concurrency: int) -> timedelta:
        """Takes the turn to begin a shard's session, and counts it; or says how long to wait before asking."""

        def take_and_count(conn: Connection) -> timedelta:
            wait = take_turn(conn, shard_id % max_concurrency, now)
            if not wait:
                begin(conn, now, 1, shard_id)
            return wait

        return await self._db.write(take_and_count)

    async def prove(self) -> None:
        """A session has lasted."""

        def all_of_them(conn: Connection) -> None:
            for one in self._counted:
                prove(conn, one)

        await self._db.write(all_of_them)

    async def keep_refusals(self, kept: str) -> None:
        """Stores how often Discord has refused something lately, as its breaker says it."""
        await self.write(remember, _name(REFUSED, self._own), kept)

    async def kept_refusals(self) -> str | None:
        """What was stored of that."""
        return await self.read(recall, _name(REFUSED, self._own))

    async def others_refusals(self) -> list[str]:
        """What other processes have stored of that; nothing where there are none."""
        return [] if self._alone else await self.read(others_refusals, self._own)
