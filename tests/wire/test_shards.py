"""Several processes on one PostgreSQL: killed, frozen, replaced, and with the server away for a while."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import PracticeBot
from bot.domain.bank import OWN_PACK, OwnQuestion
from bot.settings import Settings
from bot.storage import bank
from bot.storage.bank_files import shipped_pack
from bot.storage.privacy import Whose
from tests.builders import fresh_url
from tests.postgres import Door, PostgresForTests, folder_for
from tests.wire.shards import SHARDS, Land, as_it_should_be, everything_happens

SERVERS = 60
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
SERVER, ANNA = 1 << 22, 9100
"""A server of the second of two shards, and a member who has suggested a question there."""


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """A way to an empty database, through which the second process goes."""
    with fresh_url("postgres") as url, tempfile.TemporaryDirectory() as folder:
        door = Door(url, Path(folder))
        await door.open()
        yield door
        door.shut()


@pytest.fixture
async def processes(door: Door) -> AsyncIterator[list[PracticeBot]]:
    """The bots of two processes that share a database; they aren't connected to Discord."""
    async with AsyncExitStack() as stack:
        bots: list[PracticeBot] = []
        for shard_id, url in enumerate((door.behind, door.url)):
            settings = Settings(database_url=url, shard_count=2, shard_ids=[shard_id], lease_seconds=3)
            bot = PracticeBot(settings, shard_count=2, shard_ids=[shard_id])
            bots.append(await stack.enter_async_context(bot))
            await bot.services.agenda.try_to_store(NINE)  # from then on it hears the others
        yield bots


def known(bot: PracticeBot) -> list[int | None]:
    """Who suggested the server's own questions, as a process has them in memory."""
    own = bot.banks.of(SERVER).own.questions
    return [question.author_id for question in own if isinstance(question, OwnQuestion)]


async def until(true: Callable[[], bool]) -> None:
    """Waits until something is true; fails after a while."""
    for _ in range(300):
        if true():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it doesn't come true")


async def suggest(bot: PracticeBot) -> None:
    """Anna's suggestion becomes a question of the server."""
    question = shipped_pack("genai").questions[0]
    numbers = bot.services.bank.numbers
    await bot.services.bank.changing(
        SERVER, lambda conn: bank.add(conn, numbers, SERVER, OWN_PACK, [question], ANNA, NINE)
    )


async def test_what_a_process_keeps_in_memory_follows_what_another_changes(processes: list[PracticeBot]):
    first, second = processes
    await suggest(second)
    assert known(second) == [ANNA]
    await until(lambda: known(first) == [ANNA])
    # In a direct message, which shard 0 answers, Anna has everything deleted.
    await first.services.privacy.delete(Whose(ANNA, None), NINE)
    await until(lambda: known(second) == [None])


async def test_who_may_have_missed_news_reads_everything_again(processes: list[PracticeBot], door: Door):
    first, second = processes
    await suggest(second)
    await until(lambda: known(first) == [ANNA])
    door.shut()
    await first.services.privacy.delete(Whose(ANNA, None), NINE)
    assert known(second) == [ANNA]
    await door.open()
    await until(lambda: known(second) == [None])


async def test_requests_are_watched_as_they_leave_where_another_process_may_take_over(processes: list[PracticeBot]):
    for bot in processes:
        assert bot.gate.may_send is not None and bot.gate.may_send()
        assert bot.http.http_trace is not None


async def test_whatever_happens_to_processes_and_database_nothing_is_doubled_or_missed(tmp_path: Path):
    server = await asyncio.to_thread(PostgresForTests, folder_for(f"shards-{os.getpid()}"))
    try:
        async with asyncio.timeout(180), Land(SERVERS) as land:
            found = await everything_happens(server, land, tmp_path)
            assert land.violations == [] and land.unknown == []
    finally:
        await asyncio.to_thread(server.end)
    assert found.cards == [1] * SERVERS and len(land.threads) == SERVERS
    assert found.drills == as_it_should_be(SERVERS)
    assert found.answers == {"on_time": 4 * SHARDS} and found.disagreements == 0
    assert found.reminded == [ANNA]
    code, log, _ = found.ended
    assert code == 78 and log.splitlines()[-1].startswith("Another Mockingbird serves shard 1 on ")
    assert "Traceback" not in log + found.logs and "lease.back" in found.logs
    assert found.stopped == [0] * SHARDS
    # Five sessions of as many processes began one after the other, and what they sent was within the limit.
    assert len(land.identified) == 5 and land.between_sessions >= 5
    assert land.most_a_second <= 50
