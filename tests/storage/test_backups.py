"""Backups as an operator makes and restores them, on real files."""

import asyncio
import os
import shutil
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from bot.command_line import app
from bot.services.agenda import AgendaService
from bot.services.backups import BackupFailed, TriedBackup, back_up_apart, end_old_copies, last_made
from bot.storage import backups, installation
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.works import DatabaseInUse
from bot.workers.backups import BackupMaker

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the database of the commands lies."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOCKINGBIRD_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    return tmp_path / "bot.db"


def opened(file: Path) -> Database:
    return Database(f"sqlite+aiosqlite:///{file}")


async def remember(database: Database, value: str) -> None:
    await database.write(lambda conn: installation.remember(conn, "colour", value))


def colour(conn: Connection) -> str | None:
    return installation.recall(conn, "colour")


def invoke(*words: str) -> Result:
    return CliRunner().invoke(app, words)


async def command(*words: str) -> Result:
    return await asyncio.to_thread(invoke, *words)  # the commands have event loops of their own


async def made(file: Path) -> None:
    async with opened(file) as database:
        await migrate(database)


def backups_of(file: Path) -> list[Path]:
    return sorted((file.parent / "backups").iterdir())


async def test_a_backup_made_beside_the_running_bot_is_whole_private_and_restored(file: Path):
    async with opened(file) as running:
        await migrate(running)
        await remember(running, "blue")
        done = await command("backup")
        assert done.exit_code == 0, done.output
        assert "everything agrees" in done.stdout
        (made,) = backups_of(file)
        assert str(made) in done.stdout
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        await remember(running, "red")
        refused = await command("restore", str(made))
        assert refused.exit_code == 78
        assert "Stop it first" in refused.stderr
        assert await running.read(colour) == "red"

    done = await command("restore", str(made))
    assert done.exit_code == 0, done.output
    assert "Start the bot now" in done.stdout
    async with opened(file) as again:
        assert await migrate(again) is False
        assert await again.read(colour) == "blue"
    (former,) = file.parent.glob("bot.replaced-*.db")
    async with opened(former) as kept:
        assert await kept.read(colour) == "red"


async def test_a_log_that_a_crash_left_behind_never_gets_into_the_restored_database(file: Path, tmp_path: Path):
    async with opened(file) as running:
        await migrate(running)
        await remember(running, "blue")
        backups.copy_aside(file, tmp_path / "good.db")
        await remember(running, "red")
        crashed = {end: file.with_name(file.name + end).read_bytes() for end in ("", "-wal")}
    for end, content in crashed.items():
        file.with_name(file.name + end).write_bytes(content)
    former = backups.put_in_place(tmp_path / "good.db", file, NOW)
    assert former is not None
    async with opened(file) as restored, opened(former) as kept:
        assert await restored.read(colour) == "blue"
        assert await kept.read(colour) == "red"


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 400])
def test_what_is_no_backup_changes_nothing(file: Path, tmp_path: Path, content: bytes):
    asyncio.run(made(file))
    before = file.read_bytes()
    (tmp_path / "bad.db").write_bytes(content)
    done = invoke("restore", str(tmp_path / "bad.db"))
    assert done.exit_code == 78
    assert "bad.db" in done.stderr
    assert file.read_bytes() == before
    assert (invoke("restore", "nowhere.db")).exit_code == 78


def test_a_backup_of_a_newer_version_is_refused(file: Path, tmp_path: Path):
    asyncio.run(made(tmp_path / "newer.db"))
    with sqlite3.connect(tmp_path / "newer.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num='9999'")
    raw.close()
    done = invoke("restore", str(tmp_path / "newer.db"))
    assert done.exit_code == 78
    assert "newer Mockingbird" in done.stderr
    assert not file.exists()


def test_without_a_database_there_is_nothing_to_back_up(file: Path):
    done = invoke("backup")
    assert done.exit_code == 78
    assert "no database yet" in done.stderr
    assert not (file.parent / "backups").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    ages=st.sets(st.integers(0, 60), min_size=1, max_size=12),
    keep=st.integers(1, 8),
    days=st.integers(1, 40),
)
def test_backups_stay_by_number_and_age_and_the_newest_always(tmp_path: Path, ages: set[int], keep: int, days: int):
    names = {age: f"bot-{NOW - timedelta(days=age):{backups.STAMP}}.db" for age in ages}
    others = {"other-20200101T000000Z.db", "bot-20200101T000000Z.dump", "bot-notes.db"}
    for name in (*names.values(), *others):
        (tmp_path / name).touch()
    backups.thin_out(tmp_path, "bot", ".db", NOW, keep, timedelta(days=days))
    newest = sorted(ages)
    stay = {age for age in newest[:keep] if age <= days} | {newest[0]}
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {names[age] for age in stay} | others
    for name in left:
        (tmp_path / name).unlink()


def test_the_version_is_told():
    assert (invoke("--version")).stdout.startswith("mockingbird ")


POSIX = os.name == "posix"


def modes(folder: Path) -> dict[str, int]:
    """The rights of a folder and of all that lies in it."""
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in (folder, *folder.iterdir())}


def widen(folder: Path) -> None:
    """Gives everybody the rights that an earlier version gave."""
    for file in folder.iterdir():
        if file.is_file():
            file.chmod(0o644)


async def test_nobody_else_reads_a_database_or_what_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = tmp_path / "new" / "var"
    file = home / "bot.db"
    monkeypatch.setenv("MOCKINGBIRD_DATABASE_URL", f"sqlite+aiosqlite:///{file}")
    for _ in range(2):
        async with opened(file) as database:
            await migrate(database)
            await remember(database, "blue")
            assert (await command("backup")).exit_code == 0
            found = modes(home) | modes(home / "backups") | modes(home.parent)
            assert {"bot.db", "bot.db-wal", "bot.db-shm", "bot.db.lock"} <= found.keys()
            folders = {"new", "var", "backups"}
            if POSIX:
                assert found == {name: 0o700 if name in folders else 0o600 for name in found}
        shutil.rmtree(home / "backups")
        widen(home)


async def test_a_copy_made_before_an_upgrade_is_private_and_ends_after_a_week(file: Path):
    async with opened(file) as database:
        await migrate(database)
        await database.write(lambda conn: conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'"))
        with pytest.raises(DBAPIError):  # the tables are there already: an upgrade that fails
            await migrate(database)
        with pytest.raises(DBAPIError):
            await migrate(database)
    (copy,) = file.parent.glob("bot.db.before-*")
    assert not POSIX or stat.S_IMODE(copy.stat().st_mode) == 0o600
    made = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    other = file.with_name("bot.db.replaced-20261101T000000Z.db")
    other.touch()
    end_old_copies(f"sqlite+aiosqlite:///{file}", made + timedelta(days=7))
    assert copy.exists()
    end_old_copies(f"sqlite+aiosqlite:///{file}", made + timedelta(days=7, seconds=1))
    assert {copy.name, other.name, file.name} - {one.name for one in file.parent.iterdir()} == {copy.name}


async def test_a_link_to_a_database_does_not_lead_around_its_lock(file: Path):
    link = file.parent / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(file)
    async with opened(link) as first:
        await migrate(first)
        with pytest.raises(DatabaseInUse):
            opened(file)
    async with opened(file):
        with pytest.raises(DatabaseInUse):
            opened(link)
    assert {one.name for one in link.parent.iterdir()} == {"link.db"}


async def test_a_scheduled_backup_is_the_one_of_the_command_and_one_at_a_time(file: Path):
    url = f"sqlite+aiosqlite:///{file}"
    async with opened(file) as database:
        await migrate(database)
        assert last_made(url) is None
        tried = await back_up_apart(url)
        (copy,) = backups_of(file)
        assert tried.agrees and copy.name in tried.told and "0 streaks" in tried.told
        (file.parent / "backups" / "bot-20990101T000000Z.dump").touch()  # of a database on a server
        made = last_made(url)
        (file.parent / "backups" / "bot-20990101T000000Z.dump").unlink()
        assert made is not None and f"{made:{backups.STAMP}}" in copy.name
        with backups.alone(file.parent / "backups", "bot"):
            with pytest.raises(BackupFailed, match="Another backup is being made"):
                await back_up_apart(url)
            assert "Another backup" in (await command("backup")).output
        assert backups_of(file) == [copy]


def test_what_an_interrupted_backup_left_goes_with_the_next(file: Path):
    asyncio.run(made(file))
    folder = file.parent / "backups"
    folder.mkdir()
    left = {"bot-20261101T000000Z.part", "bot-20261101T000000Z.part-journal"}
    stay = {"bot-2-20261101T000000Z.part", "bot-notes.part"}
    for name in left | stay:
        (folder / name).touch()
    assert invoke("backup").exit_code == 0
    found = {one.name for one in folder.iterdir()}
    assert found & (left | stay) == stay and len(found - stay) == 1


async def test_backups_come_on_time_whatever_fails_or_restarts(file: Path):
    url, hour = f"sqlite+aiosqlite:///{file}", timedelta(hours=1)
    async with opened(file) as database:
        await migrate(database)
        nothing = await AgendaService(database, hour, hour).look(NOW)
    now, asked, broken = [NOW], list[datetime](), list[str]()

    async def make(of: str) -> TriedBackup:
        asked.append(now[0])
        if broken:
            raise BackupFailed(broken.pop())
        (file.parent / "backups").mkdir(exist_ok=True)
        (file.parent / "backups" / f"bot-{now[0]:{backups.STAMP}}.db").touch()
        return TriedBackup(of, agrees=True)

    def worker(every: timedelta = 6 * hour) -> BackupMaker:
        return BackupMaker(url, make, every, lambda: now[0])

    async def beats(maker: BackupMaker, until: datetime) -> list[datetime]:
        asked.clear()
        while now[0] < until:
            now[0] += hour / 4
            if maker.is_due(nothing):
                await maker.step()
        return list(asked)

    assert await beats(worker(timedelta(0)), NOW + 48 * hour) == []
    begun = now[0]
    first = begun + hour / 4
    maker = worker()
    assert await beats(maker, begun + 13 * hour) == [first, first + 6 * hour, first + 12 * hour]
    assert await beats(worker(), begun + 18 * hour) == []  # after a restart
    broken.append("The disk is full.")
    maker = worker()
    with capture_logs() as lines:
        assert await beats(maker, begun + 20 * hour) == [first + 18 * hour, first + 19 * hour]
    assert [line["event"] for line in lines] == ["backup.failed", "backup.made"]
    assert lines[0]["said"] == "The disk is full." and lines[0]["next_try_seconds"] == 3600
