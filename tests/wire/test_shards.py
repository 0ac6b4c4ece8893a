"""Several processes on one PostgreSQL: killed, frozen, replaced, and with the server away for a while."""

import asyncio
import os
from pathlib import Path

from tests.postgres import PostgresForTests, folder_for
from tests.wire.shards import SHARDS, Land, as_it_should_be, everything_happens

SERVERS = 60


async def test_whatever_happens_to_processes_and_database_nothing_is_doubled_or_missed(tmp_path: Path):
    server = await asyncio.to_thread(PostgresForTests, folder_for(f"shards-{os.getpid()}"))
    try:
        async with Land(SERVERS) as land:
            found = await everything_happens(server, land, tmp_path)
            assert land.violations == [] and land.unknown == []
    finally:
        await asyncio.to_thread(server.end)
    assert found.cards == [1] * SERVERS and len(land.threads) == SERVERS
    assert found.drills == as_it_should_be(SERVERS)
    assert found.answers == {"on_time": 4 * SHARDS} and found.disagreements == 0
    code, log, _ = found.ended
    assert code == 78 and log.splitlines()[-1].startswith("Another Mockingbird serves shard 1 on ")
    assert "Traceback" not in log + found.logs and "lease.back" in found.logs
    assert found.stopped == [0] * SHARDS
    # Five sessions of as many processes began one after the other, and what they sent was within the limit.
    assert len(land.identified) == 5 and land.between_sessions >= 5
    assert land.most_a_second <= 50
