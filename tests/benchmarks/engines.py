"""The same use cases on SQLite and on PostgreSQL, both with everything that they promise of the disk."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from bot.domain.points import Period
from bot.services.answers import AnswerService, SubmittedForm
from bot.services.boards import WHOLE_SERVER, BoardService
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.privacy_log import DeletionLog
from tests.benchmarks.boards import DAYS, GUILD, NOW, fill, timed
from tests.benchmarks.report import Row
from tests.postgres import BARE, PostgresForTests

SIZE, NEWCOMERS = 10_000, 1_000_000
AT_ONCE = 200
TEXT = "What matters first, then how it works, and one example of it."


@contextmanager
def durable_server() -> Iterator[PostgresForTests]:
    """A PostgreSQL on the disk, which keeps what it has said that it stores."""
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresForTests(Path(folder) / "server")
        try:
            for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                server.execute(f"ALTER SYSTEM SET {name} = on")
            server.execute("SELECT pg_reload_conf()")
            yield server
        finally:
            server.end()


async def _measure(url: str) -> dict[str, str]:
    async with Database(url) as database:
        await migrate(database)
        people = await fill(database, SIZE)
        boards = BoardService(database)
        answers = AnswerService(database, DeletionLog(None), min_words=5, min_chars=30)
        new = iter(range(NEWCOMERS, 2 * NEWCOMERS))

        async def answer(_: int) -> None:
            member = next(new)
            assert await answers.submit(SubmittedForm(DAYS, member, f"Member {member}", TEXT, NOW)) is not None

        board = quantiles(
            (await timed(lambda m: boards.members(GUILD, WHOLE_SERVER, Period.THIS_WEEK, m, NOW), people)).clock,
            n=100,
        )
        one = quantiles((await timed(answer, people)).clock, n=100)
        begun = time.perf_counter()
        await asyncio.gather(*(answer(0) for _ in range(AT_ONCE)))
        each_second = AT_ONCE / (time.perf_counter() - begun)
        return {
            "a board": f"p50 {board[49]:.1f} ms, p99 {board[98]:.1f} ms",
            "an answer is stored": f"p50 {one[49]:.1f} ms, p99 {one[98]:.1f} ms",
            f"{AT_ONCE} answers at once": f"{each_second:.0f} a second",
        }


async def rows() -> list[Row]:
    """A board and an answer on each engine, beside each other on this machine."""
    with durable_server() as server, tempfile.TemporaryDirectory() as folder:
        addresses = {"SQLite": f"sqlite+aiosqlite:///{folder}/bench.db", "PostgreSQL": server.url(BARE)}
        found = {engine: await _measure(url) for engine, url in addresses.items()}
    return [
        Row(f"{flow}, {engine}", "", said, "", None)
        for engine, flows in found.items()
        for flow, said in flows.items()
    ]
