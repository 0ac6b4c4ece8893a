"""The bot on PostgreSQL: killed, started again, and with the server away for a while."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio
from sqlalchemy.engine import make_url

from bot.services.audit import verify_database
from bot.storage import schema
from bot.storage.database import Database
from bot.storage.migrate import migrate
from tests.postgres import BARE, PostgresForTests, folder_for
from tests.wire.double import CHANNEL_ID, Double
from tests.wire.process import Case

ANNA, BEN, CARA = "9100", "9200", "9300"
TEXT = "The point first, and then how it works"
SECRET = "hunter2hunter2"


@dataclass
class OnPostgres(Case):
    """A case whose database is on a server of its own."""

    @property
    def url(self) -> str:
        assert self.server is not None
        return make_url(self.server.url(BARE)).set(password=SECRET).render_as_string(hide_password=False)

    async def make_database(self) -> None:
        async with Database(self.url) as database:
            assert await migrate(database) and not await migrate(database)


@pytest_asyncio.fixture
async def case(tmp_path: Path) -> AsyncGenerator[OnPostgres]:
    server = await asyncio.to_thread(PostgresForTests, folder_for(f"wire-{os.getpid()}"))
    try:
        async with Double() as double:
            yield OnPostgres(double, tmp_path, server=server)
            assert double.violations == [] and double.unknown == []
    finally:
        await asyncio.to_thread(server.end)


async def test_nothing_is_doubled_or_lost_by_kills_and_a_server_that_restarts(case: OnPostgres):
    server = case.server
    assert server is not None
    old_id = str((await case.prepare()).message_id)
    sending = case.double.fault("POST", f"/channels/{CHANNEL_ID}/messages", after=True)
    async with case.running() as bot:
        await sending.hit.wait()
        await bot.kill()  # the card stands, and the database does not know it
    sending.release.set()
    async with case.running() as bot:
        await case.settled()
        (new_id,) = (m for m in case.double.messages[CHANNEL_ID] if m != old_id)
        first = await case.double.says(new_id, ANNA, TEXT)
        await case.double.until(lambda: bool(case.double.reactions[first]))
        await server.stop()
        second = await case.double.says(new_id, BEN, TEXT)  # nothing can be stored now
        await asyncio.sleep(0.5)
        assert not case.double.reactions[second]
        await server.start()
        await case.double.until(lambda: bool(case.double.reactions[second]))
        await bot.kill()
    third = case.double.has_message(new_id, CARA, time.time(), content=TEXT)
    async with case.running() as bot:
        await case.double.until(lambda: bool(case.double.reactions[third]))
        assert await bot.stop() == 0
    assert len([m for m in case.double.messages[CHANNEL_ID] if m != old_id]) == 1
    answers = await case.stored(schema.answers)
    assert sorted(str(answer.member_id) for answer in answers) == [ANNA, BEN, CARA]
    assert {answer.status for answer in answers} == {"on_time"}
    report = await verify_database(case.url)
    assert report.streaks == 3 and report.disagreements == []
    log = (case.folder / "bot.log").read_text()
    assert "storage.failed" in log and "storage.back" in log
    assert SECRET not in log and TEXT not in log and "Traceback" not in log
    assert "[error" not in log.replace("[error    ] storage.failed", "")
