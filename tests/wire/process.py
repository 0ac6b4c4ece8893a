"""The real bot as a process against the double, with a database prepared as an earlier day left it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.domain.drills import Drill
from bot.domain.tracks import PlanChange
from bot.services.drills import DrillService
from bot.services.tracks import TrackService
from bot.storage import schema
from bot.storage.database import Database
from bot.ui.drills import answer_key
from tests.builders import bank, banks, empty_database
from tests.builders import posted as mark_posted
from tests.postgres import BARE, PostgresForTests
from tests.wire.double import CHANNEL_ID, GUILD_ID, Double
from tests.wire.spawn import BotProcess, spawn

BANK = bank()
AGO = timedelta(hours=20)


@dataclass
class Running:
    """A running bot."""

    process: asyncio.subprocess.Process | BotProcess
    log: Path

    async def kill(self) -> None:
        """Ends it as a power failure would."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """Ends it as an operator does, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            return await self.process.wait()


@dataclass
class Case:
    """One double, one database, and the bot that runs on both.

    Attributes:
        afresh: the bot is started as an operator does it, and reads its code first.
        server: where the database lies; in a file of the folder where there is none.
    """

    double: Double
    folder: Path
    afresh: bool = False
    server: PostgresForTests | None = None

    @property
    def url(self) -> str:
        """The database's address."""
        if self.server is not None:
            return self.server.url(BARE)
        return f"sqlite+aiosqlite:///{self.folder / 'bot.db'}"

    async def start(self, first: str | None = None, **settings: str) -> Running:
        """Starts `python -m bot run`.

        Args:
            first: a module that the process reads before the bot starts.
        """
        known = {name: value for name, value in os.environ.items() if not name.startswith("MOCKINGBIRD_")}
        own = {
            "DISCORD_TOKEN": "a.test.token",
            "MOCKINGBIRD_DATABASE_URL": self.url,
            "MOCKINGBIRD_API_BASE": self.double.api_base,
        }
        environment, log = known | own | settings, self.folder / "bot.log"
        log.touch()
        if not self.afresh:
            return Running(await spawn(environment, log, first), log)
        read = f"import {first}; " if first is not None else ""
        begin = f"{read}import runpy; runpy.run_module('bot', run_name='__main__', alter_sys=True)"
        command = (sys.executable, "-c", begin, "run")
        with log.open("a") as output:
            process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=output, stderr=output)
        return Running(process, log)

    @asynccontextmanager
    async def running(self, first: str | None = None, **settings: str) -> AsyncGenerator[Running]:
        """A bot that is gone when the block ends, whatever happens."""
        bot = await self.start(first, **settings)
        try:
            yield bot
        except BaseException:
            print(bot.log.read_text())
            raise
        finally:
            if bot.process.returncode is None:
                await bot.kill()

    async def make_database(self) -> None:
        """A database of the newest schema, with nothing in it."""
        # Made once, in a thread: it runs an event loop of its own.
        (self.folder / "bot.db").write_bytes(await asyncio.to_thread(empty_database))

    async def prepare(self) -> Drill:
        """A track whose next question is due, and yesterday's drill, open with its thread."""
        posted = datetime.now(UTC) - AGO
        due = (datetime.now(UTC) - timedelta(minutes=1)).replace(second=0, microsecond=0)
        day_before = due.date() - timedelta(days=1)
        await self.make_database()
        async with Database(self.url) as database:
            change = PlanChange(
                zone="UTC", at=posted.time().replace(second=0, microsecond=0), days=frozenset(range(7))
            )
            service = DrillService(database, banks(), timedelta(hours=6))
            await TrackService(database, banks()).set_up(int(GUILD_ID), int(CHANNEL_ID), change, posted, named=True)
            claim = await service.claim_today(1, posted)
            assert claim.drill is not None and claim.drill.question_id is not None
            card = _old_card(answer_key(replace(claim.drill, date=day_before)))
            message_id, forum_post_id = self.double.has_drill(posted.timestamp(), card)
            drill = await mark_posted(
                database, claim.drill, int(message_id), posted, int(forum_post_id) if forum_post_id else None
            )
            await service.threaded(drill, int(message_id), None)
            await database.write(
                lambda c: c.execute(
                    schema.tracks.update().values(
                        at=due.time(),
                        next_date=due.date(),
                        next_due_utc=due,
                        last_date=day_before,
                        digest_due_utc=None,
                    )
                )
            )
            yesterday = schema.drills.update().values(date=day_before)
            await database.write(lambda c: c.execute(yesterday))
        return drill

    async def stored(self, table: sa.Table) -> list[Any]:
        """What the database holds; read beside the running bot."""
        async with Database(self.url, read_only=True) as database:
            return await database.read(lambda c: list(c.execute(sa.select(table).order_by(*table.primary_key))))

    async def settled(self) -> None:
        """Waits until new drill, thread, reveal and closed card are recorded."""
        async with asyncio.timeout(60):
            while True:
                rows = await self.stored(schema.drills)
                if [(row.state, row.reveal, row.thread_id is not None) for row in rows] == [
                    ("closed", "done", True),
                    ("open", "none", True),
                ]:
                    return
                await asyncio.sleep(0.1)


def _old_card(custom_id: str) -> dict[str, Any]:
    button = {"type": 2, "style": 1, "label": "Answer", "custom_id": custom_id}
    return {"components": [{"type": 1, "components": [button]}], "flags": 1 << 15}
