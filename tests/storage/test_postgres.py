"""What PostgreSQL does in its own way: transactions beside each other, a server that goes and comes back."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from traceback import format_exception

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateColumn
from sqlalchemy.types import TypeDecorator
from structlog.testing import capture_logs

from bot.doctor import examine
from bot.domain.drills import Drill, DrillState, Mode
from bot.domain.errors import NotStored, OperatorError, plainly
from bot.services.audit import verify_database
from bot.services.backups import back_up, restore
from bot.services.moves import move
from bot.settings import Settings
from bot.storage import answers, backups, boards, milestones, participation, reminders
from bot.storage import postgres as engine_of_postgres
from bot.storage.database import Database
from bot.storage.installation import leave_out, recall, remember
from bot.storage.migrate import migrate
from bot.storage.schema import Text, meta, metadata, proposals
from bot.storage.works import DatabaseInUse, DatabaseOutOfReach, Work
from tests.postgres import Door, postgres

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECRET = "hunter2hunter2"


@pytest.fixture
def engine() -> str:
    """What is shown here is of PostgreSQL alone."""
    return "postgres"


@pytest.fixture(autouse=True)
def several_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Works get into each other's way, as those of several processes do."""
    monkeypatch.setattr(engine_of_postgres, "WRITERS", 4)


@pytest.fixture
async def door(database_url: str) -> AsyncIterator[Door]:
    """A way to the database that can be shut."""
    with tempfile.TemporaryDirectory() as folder:
        door = Door(database_url, Path(folder))
        await door.open()
        yield door
        door.shut()


@contextmanager
def an_owner(database: str | None) -> Generator[str]:
    """Somebody who may do nothing but with the database that they are given; it is empty afterwards."""
    name = f"user_{os.getpid()}"
    postgres().execute(f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'")
    try:
        yield name
    finally:
        postgres().execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        postgres().execute(f"CREATE DATABASE {database}")
        postgres().execute(f"DROP ROLE {name}")


def add_one(conn: Connection) -> int:
    """Reads a number and writes the next: what another work writes in between would be lost."""
    number = int(recall(conn, "number") or "0") + 1
    remember(conn, "number", str(number))
    return number


async def number(database: Database) -> str | None:
    return await database.read(lambda conn: recall(conn, "number"))


async def test_what_is_read_and_then_written_loses_nothing(database: Database):
    calls = [asyncio.create_task(database.write(add_one)) for _ in range(60)]
    for call in calls[::7]:
        await asyncio.sleep(0.002)
        call.cancel()
    found = await asyncio.gather(*calls, return_exceptions=True)
    told = [one for one in found if isinstance(one, int)]
    assert len(set(told)) == len(told) >= 50
    stored = int(await number(database) or "0")
    assert len(told) <= max(told) <= stored <= 60


async def test_two_that_make_the_same_both_see_it(database: Database):
    """One finds nothing and inserts it while the other does: whoever comes second finds it after all."""

    def ensure(key: str) -> Work[bool]:
        def work(conn: Connection) -> bool:
            if recall(conn, key) is not None:
                return False
            conn.execute(meta.insert().values(key=key, value="made"))
            return True

        return work

    made = await asyncio.gather(*(database.write(ensure(key)) for key in "aabbccdd" * 4))
    assert sum(made) == 4
    with pytest.raises(IntegrityError):
        await database.write(lambda conn: conn.execute(meta.insert().values(key="a", value="again")) and None)


async def test_an_error_that_a_work_hides_is_not_taken_for_stored(database: Database):
    def hide(conn: Connection) -> str:
        add_one(conn)
        try:
            conn.execute(sa.text("SELECT 1/0"))
        except DBAPIError:
            return "stored"
        return "never"

    with pytest.raises(Exception, match="transaction is aborted"):
        await database.write(hide)
    assert await number(database) is None


async def test_a_read_cannot_write(database: Database):
    with pytest.raises(NotStored):
        await database.read(add_one)
    assert await number(database) is None


async def test_a_server_that_goes_away_and_comes_back_loses_nothing_and_doubles_nothing(door: Door):
    async with Database(door.url) as database:
        assert await database.write(add_one) == 1
        door.cut()  # as a restart does: every connection is stale, the lock's too
        assert await asyncio.gather(*(database.write(add_one) for _ in range(12)), number(database))
        assert await number(database) == "13"
        door.cuts.append(b"COMMIT")  # it is committed, and nobody is told
        assert await database.write(add_one) == 14
        assert await number(database) == "14" and not door.cuts
        with capture_logs() as logs:
            door.shut()
            for run in (database.write, database.read, database.write):
                with pytest.raises(NotStored, match="away"):
                    await run(add_one)
            assert database.trouble == "away"
            await door.open()
            assert await database.write(add_one) == 15
        assert [line["event"] for line in logs] == ["storage.failed", "storage.back"]


async def test_commands_may_take_longer_than_the_bot_which_says_why_it_gave_up(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(engine_of_postgres, "WORK_SECONDS", 0.0)
    async with Database(database_url) as database:
        with capture_logs() as logs, pytest.raises(NotStored, match="away") as away:
            await number(database)
    assert plainly(away.value) == "timed out" == logs[0]["said"]
    for rebuild in (False, True):
        assert (await verify_database(database_url, rebuild=rebuild)).disagreements == []
    moved = await move(database_url, f"sqlite+aiosqlite:///{tmp_path}/bot.db", lambda done, every: None)
    assert moved.report.disagreements == []


async def test_doctor_tells_in_one_line_of_a_server_that_is_away(door: Door):
    door.shut()
    told = [finding async for finding in examine(Settings(database_url=door.url), NINE)]
    (line,) = (str(finding) for finding in told if finding.subject == "database")
    assert line.startswith("✗ database: it can't be read (") and "(): " not in line
    assert told[-1].subject == "token"


async def test_a_second_writer_is_told_and_readers_may_run_beside(database: Database, database_url: str):
    await database.write(add_one)
    async with Database(database_url, busy_seconds=0.2) as second:
        with pytest.raises(DatabaseInUse, match="Another Mockingbird writes to"):
            await second.write(add_one)
    async with Database(database_url, read_only=True) as reader:
        assert await number(reader) == "1"
        with pytest.raises(NotStored):
            await reader.write(add_one)
    assert await database.write(add_one) == 2 and database.damage is None


async def test_whoever_lost_the_lock_to_another_writes_no_more(door: Door, database_url: str):
    async with Database(door.url, busy_seconds=0.2) as first:
        await first.write(add_one)
        door.shut()
        async with Database(database_url) as second:
            assert await second.write(add_one) == 2
            await door.open()
            with pytest.raises(DatabaseInUse):
                await first.write(add_one)
            assert isinstance(first.damage, DatabaseInUse) and await number(second) == "2"


async def test_closing_waits_for_what_was_handed_over_and_gives_the_lock_back(database_url: str):
    database = Database(database_url)
    writes = [asyncio.create_task(database.write(add_one)) for _ in range(5)]
    await asyncio.sleep(0)
    await database.close()
    assert sorted(await asyncio.gather(*writes)) == [1, 2, 3, 4, 5]
    with pytest.raises(RuntimeError, match="the database is closed"):
        await database.read(add_one)
    await database.close()
    async with Database(database_url) as again:
        assert await again.write(add_one) == 6


async def test_what_the_operator_can_mend_is_said_without_the_password(database_url: str):
    server = postgres()
    server.execute(f"CREATE ROLE refused LOGIN PASSWORD '{SECRET}' CONNECTION LIMIT 0")
    right = make_url(database_url).set(password=SECRET)
    wrong = {"nowhere": right.set(database="nowhere"), "nobody": right.set(username="nobody")}

    def opened(url: URL) -> Database:
        return Database(url.render_as_string(hide_password=False))

    try:
        for what, url in wrong.items():
            async with opened(url) as database:
                with pytest.raises(DatabaseOutOfReach, match=f"{what}.*MOCKINGBIRD_DATABASE_URL") as refused:
                    await database.read(add_one)
            assert SECRET not in str(refused.value)
        with capture_logs() as logs:
            async with opened(right.set(username="refused")) as database:
                with pytest.raises(NotStored, match="away") as full:
                    await database.write(add_one)
        assert SECRET not in f"{logs}{''.join(format_exception(full.value))}" and "too many connections" in str(
            logs
        )
    finally:
        server.execute("DROP ROLE refused")


async def test_a_certificate_that_is_not_there_stops_the_start_and_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PGSSLROOTCERT", raising=False)
    url = f"postgresql+asyncpg://bird:{SECRET}@localhost:1/bird?ssl=verify-full"
    async with Database(url) as database:
        with pytest.raises(
            DatabaseOutOfReach, match=r"root\.crt.*change ssl in MOCKINGBIRD_DATABASE_URL"
        ) as refused:
            await database.write(add_one)
    assert SECRET not in str(refused.value)


async def test_ids_are_left_out_as_in_a_file(database: Database):
    def made(conn: Connection) -> int:
        values = {"guild_id": 1, "channel_id": 2, "options": {}, "made_at": NINE}
        return conn.execute(proposals.insert().values(**values).returning(proposals.c.id)).scalar_one()

    assert await database.write(lambda conn: leave_out(conn, NINE)) == 0
    assert [await database.write(made) for _ in range(2)] == [1, 2]
    assert await database.write(lambda conn: leave_out(conn, NINE + timedelta(seconds=10))) == 100
    assert await database.write(made) == 103


def test_texts_are_compared_by_code_points_and_ids_have_64_bits():
    columns = [column for table in metadata.tables.values() for column in table.columns]
    kinds = {str(one): str(CreateColumn(one).compile(dialect=postgresql.dialect())) for one in columns}
    for name, kind in kinds.items():
        assert "VARCHAR" not in kind or 'COLLATE "C"' in kind or _is_code(name), name
        assert not name.endswith(("id", "_key")) or "BIG" in kind or "VARCHAR" in kind, name


async def test_ids_of_64_bits_are_asked_for(database: Database):
    far = 2**40
    drill = Drill(
        id=far,
        guild_id=1,
        track_id=far,
        channel_id=1,
        date=NINE.date(),
        zone="UTC",
        question_id=None,
        refill=0,
        mode=Mode.OPEN,
        state=DrillState.OPEN,
        late=False,
        claimed_at=NINE,
    )

    def ask(conn: Connection) -> None:
        assert participation.turnout(conn, drill).answered == 0
        assert participation.missed(conn, far, NINE.date()) == []
        assert boards.page(conn, boards.BoardKey(1, far, ""), 10).rows == []
        assert answers.history(conn, far, 1) == []
        assert milestones.of_member(conn, far, 1) == []
        assert not reminders.offered(conn, 1, 1, far)

    await database.read(ask)


def _is_code(name: str) -> bool:
    """Whether a column holds what nobody sorts by: codes, lists, JSON."""
    table, column = name.split(".")
    kind = metadata.tables[table].c[column].type
    return isinstance(kind, TypeDecorator) and not isinstance(kind, Text)


async def test_what_postgresql_has_no_place_for_is_left_out(database: Database):
    await database.write(lambda conn: remember(conn, "nothing\0seen", "a\0b"))
    assert await database.read(lambda conn: recall(conn, "nothingseen")) == "ab"


async def test_a_backup_is_made_by_pg_dump_and_put_back_by_pg_restore(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with Database(database_url) as database:
        await database.write(add_one)
        with monkeypatch.context() as bare:
            bare.setenv("PATH", str(tmp_path))
            with pytest.raises(OperatorError, match="PostgreSQL's client programs"):
                await back_up(database_url, NINE, tmp_path)
        monkeypatch.setenv("PATH", str(postgres().programs), prepend=os.pathsep)
        made = await back_up(database_url, NINE, tmp_path)  # beside the bot
        again = await back_up(database_url, NINE + timedelta(days=1), tmp_path, keep=1)
        assert made.file.suffix == ".dump" and again.deleted == 1 and os.listdir(tmp_path) == [again.file.name]
        await database.write(add_one)
    with pytest.raises(OperatorError, match="pg_restore") as said:
        restore(database_url, NINE, again.file)
    url = make_url(database_url)
    monkeypatch.setenv("PGHOST", str(url.query["host"]))
    monkeypatch.setenv("PGUSER", str(url.username))
    commands = str(said.value).split("`")[1::2]
    page = (Path(__file__).parents[2] / "docs/operating.md").read_text("utf-8")
    with an_owner(url.database) as owner:
        for command in commands:
            renamed = command.replace(f"--owner={url.username}", f"--owner={owner}")
            renamed = renamed.replace(f"--role={url.username}", f"--role={owner}")
            done = await asyncio.create_subprocess_exec(*renamed.split())
            assert await done.wait() == 0, renamed
            told = command.removesuffix(f" {again.file}").replace(str(url.database), "mockingbird")
            assert told.replace(f"={url.username}", "=mockingbird") in page
        restored_url = url.set(username=owner).render_as_string(hide_password=False)
        async with Database(restored_url) as restored:
            assert await number(restored) == "1" and await restored.write(add_one) == 2
            assert not await migrate(restored)
        report = await verify_database(restored_url)
        assert report.disagreements == []


def put_program(folder: Path, name: str, script: str) -> None:
    """Puts a program where it is found before PostgreSQL's own."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


async def test_a_dump_that_was_cut_short_is_no_backup(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put_program(tmp_path, "pg_dump", f'{postgres().programs / "pg_dump"} "$@" | head -c -200')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{postgres().programs}", prepend=os.pathsep)
    with pytest.raises(OperatorError, match=r"I can't back up .*file"):
        await back_up(database_url, NINE, tmp_path / "backups")
    assert os.listdir(tmp_path / "backups") == []


def test_a_backup_that_is_killed_takes_pg_dump_along_and_leaves_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    script = f"trap '' PIPE; echo > {begun}; while echo more; do sleep 0.01; done; echo > {ended}"
    put_program(tmp_path, "pg_dump", script)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    target, part = tmp_path / "bot-20261123T090000Z.dump", tmp_path / "bot-20261123T090000Z.part"
    url = "postgresql+asyncpg://me:secret@localhost/bot?ssl=verify_full"
    call = f"from pathlib import Path; from bot.storage.backups import dump; dump({url!r}, Path({str(target)!r}))"
    killed = subprocess.Popen([sys.executable, "-c", call])
    until = time.monotonic() + 30
    while not begun.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert part.exists()
    killed.kill()
    killed.wait()
    while not ended.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert ended.exists() and not target.exists()
    with backups.alone(tmp_path, "bot"):
        assert not part.exists()

    put_program(tmp_path, "pg_dump", "echo $PGSSLMODE")
    put_program(tmp_path, "pg_restore", "")
    backups.dump(url, target)
    assert target.read_text() == "verify-full\n" and not part.exists()
