"""Discord for many servers on several shards, and the day on which everything happens to what serves them.

At nine all questions are due. In the middle of it one process is killed and two are frozen for longer than their
leases last. The killed one and one of the frozen ones are replaced, and PostgreSQL is started anew while people
answer. Then the frozen ones go on as if nothing had happened.
"""

import asyncio
import contextlib
import json
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.ext.asyncio import create_async_engine

from bot.delivery.limiter import Limiter, Rank
from bot.domain.drills import DrillState
from bot.domain.tracks import TrackPlan
from bot.services.audit import verify_database
from bot.storage import schema, servers, tracks
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.ui.drills import MARKER
from tests.benchmarks.city import FREE, City
from tests.postgres import BARE, PostgresForTests
from tests.wire.double import (
    ALL_PERMISSIONS,
    BOT_ID,
    CHANNEL_ID,
    DIRECT_TYPE,
    GUILD_ID,
    Answer,
    Double,
    Json,
    snowflake,
)
from tests.wire.process import Case, Running

SHARDS = 3
KILLED, REPLACED, LET_GO = range(SHARDS)
"""What happens to the process of each shard: it is killed; frozen and replaced; frozen and let go in time."""
TEXT = "The point first, and then how it works, with an example from last week's work on our own search index"
ANNA = "9100"
LEASE_SECONDS = 4


class Land(City):
    """Servers on several shards, and a proxy before Discord that limits all processes together.

    Args:
        servers: how many there are; the shards have the same number of them.
    """

    def __init__(self, servers: int) -> None:
        super().__init__()
        self.channels = {str(int(CHANNEL_ID) + at * 1000): str(int(GUILD_ID) + (at << 22)) for at in range(servers)}
        self.asked_at: list[float] = []
        """When each request reached Discord that it counts, in seconds of the monotonic clock."""
        self._listening: dict[web.WebSocketResponse, tuple[int, int]] = {}
        self._told = Counter[web.WebSocketResponse]()
        # Those that come late together stay below 50 a second, too.
        self._turns = Limiter(46)
        self.patience = 120 + servers / 5
        """How many seconds anything may take on a machine that has much else to do."""

    def shard_of(self, channel_id: str) -> int:
        """The shard of a channel's server."""
        return (int(self.channels[channel_id]) >> 22) % SHARDS

    def cards(self, shard_id: int | None = None) -> list[Json]:
        """The questions that stand in channels, of one shard or of all."""
        return [
            message
            for channel_id in self.channels
            if shard_id in (None, self.shard_of(channel_id))
            for message in self.messages[channel_id].values()
            if MARKER in json.dumps(message["components"])
        ]

    def threads_of(self, *shard_ids: int) -> list[Json]:
        """The threads that stand on questions of some shards."""
        return [thread for thread in self.threads.values() if self.shard_of(thread["parent_id"]) in shard_ids]

    @property
    def most_a_second(self) -> int:
        """How many requests reached Discord in the busiest second."""
        return max(Counter(map(int, self.asked_at)).values())

    @property
    def between_sessions(self) -> float:
        """The least seconds between two sessions that began, of whichever processes."""
        return min(later - at for at, later in pairwise(self.identified))

    async def presses_in_private(self, custom_id: str, user_id: str) -> Json:
        """A person presses a button in their direct messages; returns what the bot answers."""
        self._number += 1
        interaction_id = snowflake(time.time(), self._number)
        channel_id = self.has_direct(user_id)
        message_id = self.has_message(channel_id, BOT_ID, time.time())
        interaction: Json = {
            "id": interaction_id,
            "application_id": BOT_ID,
            "type": 3,
            "token": f"t{interaction_id}",
            "version": 1,
            "data": {"component_type": 2, "custom_id": custom_id},
            "channel_id": channel_id,
            "channel": {"id": channel_id, "type": DIRECT_TYPE, "recipients": [self._user(user_id)]},
            "user": self._user(user_id),
            "message": self.messages[channel_id][message_id],
            "app_permissions": ALL_PERMISSIONS,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 1,
            "attachment_size_limit": 1,
        }
        answered = self._waiting[interaction_id] = asyncio.get_running_loop().create_future()
        await self._dispatch("INTERACTION_CREATE", interaction)
        return await asyncio.wait_for(answered, self.patience)

    async def _send(self, channel_id: str, *, body: Json, **more: Any) -> Answer:
        # Discord knows a nonce for some minutes: here for no moment, so that looking for a message alone must do.
        self.forget_nonces()
        return await super()._send(channel_id, body=body, **more)

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        if not request.match_info["path"].startswith(FREE):
            await self._turns.turn(Rank.USUAL)
            self.asked_at.append(time.monotonic())
        return await Double._rest(self, request)

    async def _dispatch(self, event: str, data: Json) -> None:
        # What belongs to no server is the first shard's.
        for socket, (shard_id, count) in list(self._listening.items()):
            if (int(data.get("guild_id", 0)) >> 22) % count == shard_id:
                await self._tell(socket, event, data)

    async def _tell(self, socket: web.WebSocketResponse, event: str, data: Json) -> None:
        self._told[socket] += 1
        packet = {"op": 0, "t": event, "s": self._told[socket], "d": data}
        with contextlib.suppress(ConnectionError):
            if not socket.closed:
                await socket.send_str(json.dumps(packet))

    async def _welcome(self, shard: list[int]) -> None:
        socket = list(self._sockets)[-1]
        shard_id, count = shard
        self._listening[socket] = (shard_id, count)
        own = [guild for guild in self._guilds() if (int(guild["id"]) >> 22) % count == shard_id]
        ready: Json = {
            "v": 10,
            "user": self._user(BOT_ID),
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in own],
            "session_id": "s",
            "shard": shard,
            "application": {"id": BOT_ID, "flags": self._application()["flags"]},
            "resume_gateway_url": f"ws://{self._host}/gateway",
        }
        await self._tell(socket, "READY", ready)
        for guild in own:
            await self._tell(socket, "GUILD_CREATE", guild)
        self._news.set()


@dataclass
class Node(Case):
    """The process of a shard, and its log."""

    async def serve(self, shard_id: int) -> Running:
        """Starts the process, which waits for its turn to begin a session."""
        self.folder.mkdir()
        return await self.start(
            MOCKINGBIRD_SHARD_COUNT=str(SHARDS),
            MOCKINGBIRD_SHARD_IDS=f"[{shard_id}]",
            MOCKINGBIRD_LEASE_SECONDS=str(LEASE_SECONDS),
        )


async def prepare(url: str, land: Land) -> None:
    """A practice channel in each server, whose next question is due the day after tomorrow."""
    made = datetime.now(UTC) - timedelta(days=2)
    later = (made + timedelta(days=4)).replace(microsecond=0)

    def fill(conn: sa.Connection) -> None:
        for channel_id, guild_id in land.channels.items():
            servers.mark_present(conn, int(guild_id))
            tracks.add(conn, int(guild_id), int(channel_id), TrackPlan("UTC", at=later.time()), made)
        conn.execute(_due(later))

    async with Database(url) as database:
        await migrate(database)
        await database.write(fill)


def _due(at: datetime) -> sa.Update:
    return schema.tracks.update().values(
        at=at.time(), next_date=at.date(), next_due_utc=at, days=frozenset(range(7))
    )


async def fall_due(url: str) -> None:
    """Makes all questions due now, beside the processes that run."""
    now = datetime.now(UTC).replace(microsecond=0)
    engine = create_async_engine(url)
    async with engine.begin() as conn:
        await conn.execute(_due(now))
    await engine.dispose()


@dataclass
class Outcome:
    """How the day went.

    Attributes:
        cards: how many questions stand in each channel, from the most to the fewest.
        drills: what is stored of them: (state, whether it is the message that stands, with its thread).
        seconds: from when the questions were due until all of them stood.
        answers: what is stored of the answers, by what they count as.
        reminded: who has asked for reminders, in direct messages.
        disagreements: what `verify` finds.
        ended: exit code and log of the process that was frozen and replaced, and the seconds it took to end.
        stopped: exit codes of all that ran at the end.
        logs: those of all but the one that ended.
    """

    cards: list[int] = field(default_factory=list[int])
    drills: Counter[tuple[str, bool]] = field(default_factory=Counter[tuple[str, bool]])
    seconds: float = 0.0
    answers: Counter[str] = field(default_factory=Counter[str])
    reminded: list[int] = field(default_factory=list[int])
    disagreements: int = 0
    ended: tuple[int, str, float] = (0, "", 0.0)
    stopped: list[int] = field(default_factory=list[int])
    logs: str = ""


async def everything_happens(server: PostgresForTests, land: Land, folder: Path) -> Outcome:
    """Plays the day."""
    found, running = Outcome(), list[Running]()

    async def serve(shard_id: int) -> Running:
        running.append(await Node(land, folder / str(len(running)), server=server).serve(shard_id))
        return running[-1]

    await prepare(server.url(BARE), land)
    try:
        killed, frozen, let_go = [await serve(shard_id) for shard_id in range(SHARDS)]
        await _all_are_ready(running, land.patience)
        await fall_due(server.url(BARE))
        begun = time.monotonic()
        await asyncio.gather(
            _in_the_middle(land, KILLED, killed, signal.SIGKILL),
            _in_the_middle(land, REPLACED, frozen, signal.SIGSTOP),
            _in_the_middle(land, LET_GO, let_go, signal.SIGSTOP),
        )
        successors = [await serve(KILLED), await serve(REPLACED)]
        await asyncio.sleep(LEASE_SECONDS + 2)
        let_go.process.send_signal(signal.SIGCONT)
        some = len(land.channels) // SHARDS // 2
        await land.until(lambda: all(len(land.threads_of(shard)) >= some for shard in range(SHARDS)), land.patience)
        await _people_answer(server, land)
        await land.until(lambda: len(land.threads) >= len(land.channels), land.patience)
        found.seconds = time.monotonic() - begun
        thawed = time.monotonic()
        frozen.process.send_signal(signal.SIGCONT)
        async with asyncio.timeout(60):
            code = await frozen.process.wait()
        found.ended = (code, frozen.log.read_text(), time.monotonic() - thawed)
        await land.presses_in_private("mb:reminders:on", ANNA)
        found.stopped = [await bot.stop() for bot in (let_go, *successors)]
    except BaseException:
        for bot in running:
            print(bot.log.read_text())
        raise
    finally:
        for bot in running:
            if bot.process.returncode is None:
                await bot.kill()
    found.logs = "".join(bot.log.read_text() for bot in running if bot is not frozen)
    await _look(server.url(BARE), land, found)
    return found


async def _all_are_ready(running: Sequence[Running], seconds: float) -> None:
    for _ in range(round(seconds * 5)):
        if all(" ready " in bot.log.read_text() for bot in running):
            return
        await asyncio.sleep(0.2)
    raise AssertionError("a process isn't ready")


async def _in_the_middle(land: Land, shard_id: int, bot: Running, number: signal.Signals) -> None:
    """Sends a process a signal when some of its shard's questions stand."""
    many = len(land.channels) // SHARDS
    await land.until(lambda: len(land.cards(shard_id)) >= many // 4, land.patience)
    bot.process.send_signal(number)
    assert len(land.cards(shard_id)) < many


async def _people_answer(server: PostgresForTests, land: Land) -> None:
    """Somebody answers in some threads of each shard while the server is away, and sees it once it is back."""
    threads = [thread["id"] for shard_id in range(SHARDS) for thread in land.threads_of(shard_id)[:4]]
    await server.stop()
    said = [await land.says(thread_id, ANNA, TEXT) for thread_id in threads]
    await asyncio.sleep(1)
    await server.start()
    await land.until(lambda: all(land.reactions[message_id] for message_id in said), land.patience)


async def _look(url: str, land: Land, found: Outcome) -> None:
    """What stands and what is stored in the end."""
    by_channel = Counter(card["channel_id"] for card in land.cards())
    found.cards = sorted((by_channel[channel_id] for channel_id in land.channels), reverse=True)
    async with Database(url, read_only=True) as database:
        drills: list[Any] = await database.read(lambda c: list(c.execute(sa.select(schema.drills))))
        answers: list[Any] = await database.read(lambda c: list(c.execute(sa.select(schema.answers))))
        reminders: list[Any] = await database.read(lambda c: list(c.execute(sa.select(schema.reminders))))
    found.reminded = [row.member_id for row in reminders]
    standing = {(card["channel_id"], card["id"]) for card in land.cards()}
    found.drills = Counter(
        (drill.state, (str(drill.channel_id), str(drill.message_id)) in standing and drill.thread_id is not None)
        for drill in drills
    )
    found.answers = Counter(answer.status for answer in answers)
    found.disagreements = len((await verify_database(url, rebuild=False)).disagreements)


def as_it_should_be(servers: int) -> Counter[tuple[str, bool]]:
    """All questions are open, and each is the message that stands in its channel, with its thread."""
    return Counter({(DrillState.OPEN.value, True): servers})
