"""The bot as a process whose disk, clock and Discord fail, and the invariants that hold whatever happens."""

import asyncio
import json
import re
import resource
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.services.audit import verify_database
from bot.storage import schema
from tests.wire.double import BOT_ID, CHANNEL_ID, Json
from tests.wire.process import Case, Running

TEXT = "The point first, and then how it works"
TRACEBACK = "Traceback (most recent call last)"


@dataclass
class FaultyCase(Case):
    """A case that breaks things."""

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "bot.db"

    @contextmanager
    def disk_full(self, bot: Running) -> Generator[None]:
        """No file of the bot's can grow."""
        largest = self.file.with_name("bot.db-wal").stat().st_size
        before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (largest, before[1]))
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)

    @contextmanager
    def locked(self) -> Generator[None]:
        """Another program writes to the database and does not end."""
        other = sqlite3.connect(self.file, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            yield
        finally:
            other.close()

    def set_clock(self, seconds: float) -> None:
        """Sets the wall clock ahead, or back, of those who run by `clocked`."""
        (self.folder / "clock").write_text(str(seconds))

    @asynccontextmanager
    async def clocked(self, seconds: float = 0.0, **settings: str) -> AsyncGenerator[Running]:
        """A bot whose wall clock can be set."""
        self.set_clock(seconds)
        settings |= {"TEST_CLOCK": str(self.folder / "clock")}
        async with self.running(first="tests.faults.clocked", **settings) as bot:
            yield bot

    async def today(self) -> str:
        """The card of today's question, once it stands."""
        await self.settled()
        rows = await self.stored(schema.drills)
        return str(rows[-1].message_id)

    async def form(self, message_id: str, person: str) -> Json:
        """The form that a person gets by pressing Answer, filled in."""
        card = self.double.messages[CHANNEL_ID][message_id]
        button = card["components"][1]["components"][0]
        shown = await self.double.interacts(
            3, {"component_type": 2, "custom_id": button["custom_id"]}, person, card
        )
        field = {"type": 4, "custom_id": "text", "value": TEXT}
        return {"custom_id": shown["data"]["custom_id"], "components": [{"type": 18, "component": field}]}

    async def count(self, *message_ids: str) -> None:
        """Waits until messages have their mark."""
        await self.double.until(lambda: all(self.double.reactions.get(m) for m in message_ids), seconds=60)

    def said_to(self, person: str) -> str:
        """Everything that a person's interactions were answered with."""
        return json.dumps([*self.double.answers.values(), *self.double.followups.values()], ensure_ascii=False)

    async def invariants(self) -> None:
        """What holds whatever has happened; the bot has ended."""
        drills = await self.stored(schema.drills)
        held = Counter((d.track_id, d.date) for d in drills if d.state in ("open", "closed"))
        assert max(held.values()) == 1
        mine = [m for m in self.double.messages[CHANNEL_ID].values() if m["author"]["id"] == BOT_ID]
        cards = Counter(re.findall(r"mb:drill:answer:[^\"]+", json.dumps([m["components"] for m in mine])))
        assert all(number == 1 for number in cards.values()), cards
        parts = await self.stored(schema.parts)
        assert len({p.message_id for p in parts if p.message_id}) == sum(p.message_id is not None for p in parts)
        report = await verify_database(self.url, rebuild=False)
        assert not report.disagreements
        with sqlite3.connect(self.file) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        file.close()


async def ended(bot: Running, seconds: float = 60.0) -> tuple[int, str]:
    """The exit code of a bot that ends by itself, and its log."""
    async with asyncio.timeout(seconds):
        return await bot.process.wait(), bot.log.read_text()


async def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Waits for what is seen outside of Discord."""
    async with asyncio.timeout(seconds):
        while True:
            if true():
                return
            await asyncio.sleep(0.05)
