"""Several processes on one PostgreSQL: who serves what, and what becomes of whoever is not heard of any more."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from structlog.testing import capture_logs

from bot.domain.errors import OperatorError
from bot.storage import agenda, leases, servers, tracks
from bot.storage.database import Database
from bot.storage.dialects import tell
from bot.storage.installation import recall, remember
from bot.storage.migrate import head, migrate
from bot.storage.shards import Share, is_ours
from bot.storage.works import DatabaseInUse, LeaseLost
from tests.postgres import BARE, Door, postgres
from tests.services.rows import add_drill, add_track

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def engine() -> str:
    """What is shown here is of PostgreSQL alone."""
    return "postgres"


@pytest.fixture
async def door(database_url: str) -> AsyncIterator[Door]:
    """A way to the database that can be shut."""
    with tempfile.TemporaryDirectory() as folder:
        door = Door(database_url, Path(folder))
        await door.open()
        yield door
        door.shut()


def serving(
    url: str, *ids: int, count: int = 3, seconds: float = 1.2, schema: str = "", busy_seconds: float = 0.2
) -> Database:
    """A process's database."""
    return Database(url, share=Share(count, ids, seconds, schema or head()), busy_seconds=busy_seconds)


async def until_leased(database: Database) -> None:
    """Waits until a process has its shards again."""
    for _ in range(100):
        if database.leased:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the lease isn't taken again")


def met(conn: Connection) -> int:
    """Something small that is stored."""
    number = int(recall(conn, "met") or 0) + 1
    remember(conn, "met", str(number))
    return number


async def test_each_shard_is_one_processs_and_a_taken_one_is_said_in_a_sentence(database_url: str):
    async with serving(database_url, 0, 2) as first, serving(database_url, 1) as second:
        assert await first.write(met) == 1 and await second.write(met) == 2
        for other, said in (
            (serving(database_url, 1, seconds=0.3), "serves shard 1 on .* MOCKINGBIRD_SHARD_IDS"),
            (serving(database_url, 3, count=4), "counts 3 shards, and this one 4.* MOCKINGBIRD_SHARD_COUNT"),
            (serving(database_url, 0, 1, 2), "Another Mockingbird writes to"),
            (Database(database_url, busy_seconds=0.2), "Another Mockingbird writes to"),
        ):
            async with other:
                with pytest.raises(DatabaseInUse, match=said):
                    await other.write(met)
        async with Database(database_url, read_only=True) as reader:
            assert await reader.read(lambda conn: recall(conn, "met")) == "2"
    async with Database(database_url, busy_seconds=0.2) as alone:
        assert await alone.write(met) == 3


async def test_whoever_falls_silent_loses_its_shards_and_what_it_had_begun(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(leases, "RENEWALS", 0.01)  # nobody is heard of without a work, as if they were frozen
    async with serving(database_url, 1) as frozen:

        async def freeze() -> None:
            assert frozen.leased
            await asyncio.sleep(0.9)
            assert not frozen.leased  # by its own clock, before the server gives it up
            await asyncio.sleep(0.6)

        assert await frozen.write(met) == 1
        await freeze()
        assert await frozen.write(met) == 2 and frozen.leased  # nobody came meanwhile
        await freeze()
        async with serving(database_url, 1, seconds=9) as successor:
            assert await successor.write(met) == 3
            with pytest.raises(DatabaseInUse, match="serves shard 1"):
                await frozen.write(met)
            assert not frozen.leased and isinstance(frozen.damage, DatabaseInUse)
            assert await successor.read(lambda conn: recall(conn, "met")) == "3"


async def test_whoever_was_replaced_meanwhile_begins_anew_also_if_nobody_is_there_any_more(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(leases, "RENEWALS", 0.01)
    async with serving(database_url, 1) as frozen:
        await frozen.write(met)
        await asyncio.sleep(1.4)
        async with serving(database_url, 1) as successor:
            await successor.write(met)
        for run in (frozen.write, frozen.read):
            with pytest.raises(LeaseLost):
                await run(met)
        assert isinstance(frozen.damage, LeaseLost) and not frozen.leased


async def test_a_commit_of_somebody_who_was_frozen_before_it_comes_to_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(leases, "RENEWALS", 0.01)
    async with serving(database_url, 1) as frozen, serving(database_url, 1, seconds=9) as successor:
        await frozen.write(met)

        def thaws_late(conn: Connection) -> int:
            number = met(conn)
            conn.execute(sa.text("SELECT pg_sleep(1.4)"))
            return number

        writing = asyncio.create_task(frozen.write(thaws_late))
        await successor.write(lambda conn: remember(conn, "other", "1"))
        with pytest.raises(DatabaseInUse):
            await writing
        assert await successor.read(lambda conn: recall(conn, "met")) == "1"


async def test_a_lease_is_renewed_and_taken_again_when_the_server_comes_back(door: Door):
    async with serving(door.url, 0) as database:
        await database.write(met)
        await asyncio.sleep(1.6)
        assert database.leased  # without a work
        with capture_logs() as logs:
            door.shut()
            await asyncio.sleep(0.5)
            assert not database.leased
            await door.open()
            await until_leased(database)  # without a work
            assert await database.write(met) == 2
        assert [line["event"] for line in logs] == ["lease.lost", "lease.back"]


async def test_whoever_lost_its_shard_hears_of_it_at_once_although_nothing_is_to_be_stored(
    door: Door, database_url: str
):
    async with serving(door.url, 1, busy_seconds=600) as cut_off:  # so patient is only who waits for itself
        heard = asyncio.Event()
        cut_off.hear_damage = heard.set
        await cut_off.write(met)
        door.shut()
        async with serving(database_url, 1, seconds=9) as successor:
            await successor.write(met)
            await door.open()
            await asyncio.wait_for(heard.wait(), 30)
            assert isinstance(cut_off.damage, DatabaseInUse) and not cut_off.leased
            with pytest.raises(DatabaseInUse, match="serves shard 1"):
                await cut_off.read(met)


async def test_the_own_session_that_the_server_takes_for_alive_is_waited_for(database_url: str):
    async with serving(database_url, 1) as database:
        await database.write(met)
        engine = create_async_engine(database_url, poolclass=NullPool)
        async with engine.connect() as conn:
            # The lock is held by a session that isn't heard of any more, as after a cut of the network.
            ends = sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name LIKE 'mockingbird lease %'"
            )
            lock = sa.text("SELECT pg_advisory_lock(:key)")
            holding = asyncio.create_task(conn.execute(lock, {"key": leases.ONE_WRITER + 2}))
            await asyncio.sleep(0.1)
            async with engine.connect() as other:
                await other.execute(ends)
            await holding
            await asyncio.sleep(0.5)
            assert not database.leased and database.damage is None
        await until_leased(database)
        assert await database.write(met) == 2


async def test_each_process_finds_what_is_due_in_its_own_servers_and_all_of_it_once(database_url: str):
    guild_ids = [(number << 22) + number * 7 for number in range(1, 10)]

    def prepare(conn: Connection) -> None:
        for number, guild_id in enumerate(guild_ids):
            servers.mark_removed(conn, guild_id, NINE)
            due = {"next_due_utc": NINE, "next_date": NINE.date()}
            track_id = add_track(conn, guild_id=guild_id, channel_id=number, **due)
            placed = {"channel_id": number, "message_id": number, "thread_id": number}
            add_drill(conn, track_id, guild_id=guild_id, closes_at=NINE, **placed)

    def due(conn: Connection) -> tuple[list[int], list[int], list[int], int, bool]:
        day = timedelta(days=1)
        found = agenda.agenda(conn, NINE, late_limit=day, card_refresh=day, keep_texts=day).drills
        expired = [drill.id for drill in found.expired]
        first = conn.execute(sa.select(is_ours(sa.literal_column("0")))).scalar_one()
        return found.due, expired, servers.removed_before(conn, NINE), tracks.outlook(conn).tracks, first

    async with Database(database_url) as alone:
        await alone.write(prepare)
        everything = await alone.read(due)
    assert everything[2:] == (guild_ids, 9, True)
    async with serving(database_url, 0, 2) as first, serving(database_url, 1) as second:
        found = [await process.read(due) for process in (first, second)]
    assert [one[3:] for one in found] == [(6, True), (3, False)]
    for kind in range(3):
        assert sorted(one for process in found for one in process[:3][kind]) == sorted(everything[:3][kind])
    assert {guild_id >> 22 for guild_id in found[1][2]} == {1, 4, 7}


async def test_of_processes_that_start_together_one_upgrades_and_none_while_an_older_one_runs():
    older_schema = sa.text("UPDATE alembic_version SET version_num = '0001'")
    with postgres().new_database(BARE) as url:
        async with serving(url, 0, seconds=9) as first, serving(url, 1, seconds=9) as second:
            assert sorted(await asyncio.gather(migrate(first), migrate(second))) == [False, True]
            assert not await migrate(first)
        async with serving(url, 0, seconds=9, schema="0001") as older, serving(url, 1, seconds=9) as newer:
            assert await older.write(lambda conn: conn.execute(older_schema).rowcount) == 1
            with pytest.raises(OperatorError, match="older Mockingbird"):
                await migrate(newer)


async def test_processes_tell_one_another_what_they_keep_in_memory(database_url: str):
    async with serving(database_url, 0) as first, serving(database_url, 1) as second:
        heard = asyncio.Queue[str | None]()
        second.hear_news = heard.put_nowait
        await second.write(met)
        await first.write(lambda conn: tell(conn, "bank 5"))
        assert await asyncio.wait_for(heard.get(), 5) == "bank 5"
