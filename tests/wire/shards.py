"""Discord for many servers on several shards, and the day on which everything happens to what serves them.

At nine all questions are due. In the middle of it one process is killed, another is frozen, both are replaced, and
PostgreSQL is started anew while people answer. Then the frozen one goes on as if nothing had happened.
"""

import asyncio
import contextlib
import json
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp import web

from bot.delivery.limiter import Limiter, Rank
from bot.domain.drills import DrillState
from bot.domain.tracks import TrackPlan
from bot.services.audit import verify_database
from bot.storage import schema, tracks
from bot.storage.database import Database
from bot.storage.migrate import migrate
from tests.benchmarks.city import FREE, City
from tests.postgres import BARE, PostgresForTests
from tests.wire.double import BOT_ID, CHANNEL_ID, GUILD_ID, Double, Json
from tests.wire.process import Case, Running

SHARDS = 3
TEXT = "The point first, and then how it works"
ANNA = 9100
LEASE_SECONDS = 4


class Land(City):
    """Servers on several shards, and a proxy before Discord that limits all processes together.

    Args:
        servers: how many there are; the shards have the same number of them.
    """

    def __init__(self, servers: int) -> None:
        super().__init__()
        self.channels = {str(int(CHANNEL_ID) + at * 1000): str(int(GUILD_ID) + (at << 22)) for at in range(servers)}
        self._listening: dict[web.WebSocketResponse, tuple[int, int]] = {}
        self._told = Counter[web.WebSocketResponse]()
        self._turns = Limiter()

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
            if message["author"]["id"] == BOT_ID
        ]

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        if not request.match_info["path"].startswith(FREE):
            await self._turns.turn(Rank.USUAL)
        return await Double._rest(self, request)

    async def _dispatch(self, event: str, data: Json) -> None:
        for socket, (shard_id, count) in list(self._listening.items()):
            if (int(data["guild_id"]) >> 22) % count == shard_id:
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
        unavailable = [{"id": guild["id"], "unavailable": True} for guild in own]
        ready: Json = {
            "v": 10,
            "user": self._user(BOT_ID),
            "guilds": unavailable,
            "session_id": "s",
            "shard": shard,
        }
        application = {"id": BOT_ID, "flags": self._application()["flags"]}
        address = f"ws://{self._host}/gateway"
        more = {"shard": shard, "application": application, "resume_gateway_url": address}
        await self._tell(socket, "READY", ready | more)
        for guild in own:
            await self._tell(socket, "GUILD_CREATE", guild)
        self._news.set()


@dataclass
class Node(Case):
    """One of the processes, and its log.

    Attributes:
        shard_id: what it serves.
    """

    server: PostgresForTests | None = None
    shard_id: int = 0

    @property
    def url(self) -> str:
        assert self.server is not None
        return self.server.url(BARE)

    async def serve(self) -> Running:
        """Starts the process."""
        self.folder.mkdir()
        shards = {"MOCKINGBIRD_SHARD_COUNT": str(SHARDS), "MOCKINGBIRD_SHARD_IDS": f"[{self.shard_id}]"}
        return await self.start(**shards, MOCKINGBIRD_LEASE_SECONDS=str(LEASE_SECONDS))


async def prepare(url: str, land: Land, due: datetime) -> None:
    """A practice channel in each server, whose question is due at an instant."""
    plan = TrackPlan("UTC", at=due.time())
    made = datetime.now(UTC) - timedelta(days=2)

    def fill(conn: sa.Connection) -> None:
        for channel_id, guild_id in land.channels.items():
            tracks.add(conn, int(guild_id), int(channel_id), plan, made)
        conn.execute(
            schema.tracks.update().values(next_date=due.date(), next_due_utc=due, days=frozenset(range(7)))
        )

    async with Database(url) as database:
        await migrate(database)
        await database.write(fill)


@dataclass
class Outcome:
    """How the day went.

    Attributes:
        cards: how many questions stand in each channel, from the most to the fewest.
        seconds: from when the questions were due until all of them stood.
        answers: what is stored of the answers, by member.
        frozen: exit code and log of the process that was frozen.
        logs: those of all others.
    """

    cards: list[int] = field(default_factory=list[int])
    threads: int = 0
    drills: Counter[tuple[str, bool]] = field(default_factory=Counter[tuple[str, bool]])
    seconds: float = 0.0
    answers: Counter[str] = field(default_factory=Counter[str])
    disagreements: int = 0
    frozen: tuple[int, str] = (0, "")
    logs: str = ""


async def everything_happens(server: PostgresForTests, land: Land, folder: Path, wait: float = 20) -> Outcome:
    """Plays the day.

    Args:
        wait: in how many seconds the questions are due.
    """
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=wait)
    nodes = iter(Node(land, folder / str(number), server=server) for number in range(10))

    async def serve(shard_id: int) -> Running:
        node = next(nodes)
        node.shard_id = shard_id
        return await node.serve()

    await prepare(server.url(BARE), land, due)
    running: list[Running] = []
    try:
        running = [await serve(shard_id) for shard_id in range(SHARDS)]
        killed, frozen, _ = running
        each = len(land.channels) // SHARDS

        async def in_the_middle(shard_id: int, bot: Running, number: signal.Signals) -> None:
            await land.until(lambda: len(land.cards(shard_id)) >= each // 4, 120)
            bot.process.send_signal(number)
            assert len(land.cards(shard_id)) < each

        await asyncio.gather(in_the_middle(0, killed, signal.SIGKILL), in_the_middle(1, frozen, signal.SIGSTOP))
        running += [await serve(0), await serve(1)]
        await land.until(lambda: len(land.threads) >= len(land.channels), 300)
        seconds = time.time() - due.timestamp()
        answered = list(land.threads.values())[: 4 * SHARDS]
        await server.stop()
        for thread in answered:  # nothing can be stored now
            await land.says(thread["id"], str(ANNA), TEXT)
        await asyncio.sleep(1)
        await server.start()
        texts = [message for thread in answered for message in land.messages[thread["id"]].values()]
        mine = [message["id"] for message in texts if message["author"]["id"] == str(ANNA)]
        await land.until(lambda: all(land.reactions[message_id] for message_id in mine), 60)
        land.forget_nonces()
        frozen.process.send_signal(signal.SIGCONT)
        async with asyncio.timeout(60):
            code = await frozen.process.wait()
        stopped = [await bot.stop() for bot in running[2:]]
        assert stopped == [0, 0, 0]
    finally:
        for bot in running:
            if bot.process.returncode is None:
                bot.process.send_signal(signal.SIGCONT)
                await bot.kill()
    found = Outcome(seconds=seconds, frozen=(code, frozen.log.read_text()), threads=len(land.threads))
    found.logs = "".join(bot.log.read_text() for bot in running if bot is not frozen)
    by_channel = Counter(card["channel_id"] for card in land.cards())
    found.cards = sorted((by_channel[channel_id] for channel_id in land.channels), reverse=True)
    async with Database(server.url(BARE), read_only=True) as database:
        drills: list[Any] = await database.read(lambda c: list(c.execute(sa.select(schema.drills))))
        answers: list[Any] = await database.read(lambda c: list(c.execute(sa.select(schema.answers))))
    standing = {(card["channel_id"], card["id"]) for card in land.cards()}
    found.drills = Counter(
        (drill.state, (str(drill.channel_id), str(drill.message_id)) in standing and drill.thread_id is not None)
        for drill in drills
    )
    found.answers = Counter(answer.status for answer in answers)
    found.disagreements = len((await verify_database(server.url(BARE), rebuild=False)).disagreements)
    return found


def as_it_should_be(servers: int) -> Counter[tuple[str, bool]]:
    """All questions are open, and each is the message that stands in its channel, with its thread."""
    return Counter({(DrillState.OPEN.value, True): servers})
