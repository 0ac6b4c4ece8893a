"""The database's file is broken: one sentence says what happened and how to go back, and nothing begins anew."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.backups import restore
from tests.faults.process import TRACEBACK, FaultyCase, ended


def corrupt_header(file: Path) -> None:
    file.write_bytes(b"not a database at all" + file.read_bytes()[21:])


def corrupt_pages(file: Path) -> None:
    kept = bytearray(file.read_bytes())
    for page in range(2, len(kept) // 4096):
        kept[page * 4096 : page * 4096 + 400] = b"\xff" * 400
    file.write_bytes(kept)


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def put_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("copied", [True, False], ids=["copy", "no copy"])
@pytest.mark.parametrize("harm", [corrupt_header, corrupt_pages, truncate, empty, put_a_folder])
async def test_a_broken_file_stops_the_start_with_one_sentence(
    case: FaultyCase, harm: Callable[[Path], None], copied: bool
):
    await case.prepare()
    copy = case.file.with_name("bot.db.before-0099")
    if copied:
        copy.write_bytes(case.file.read_bytes())
    case.file.with_name("bot.db.deletions").touch()  # stands beside it, too, and is no copy
    harm(case.file)
    before = case.file.read_bytes() if case.file.is_file() else None
    async with case.running() as bot:
        code, log = await ended(bot)
    assert code == 78 and TRACEBACK not in log and len(log.splitlines()) < 8, log
    assert "I cannot open the database" in log and "deletions" not in log
    assert ("bot.db.before-0099" if copied else "take your newest backup") in log
    assert f"mockingbird restore {copy if copied else 'FILE'}" in log
    assert (case.file.read_bytes() if case.file.is_file() else None) == before
    if copied:
        restore(case.url, datetime.now(UTC), copy)
        async with case.running() as bot:
            await case.double.connected()
            assert await bot.stop() == 0


async def test_a_file_that_breaks_while_the_bot_runs_ends_it_with_one_sentence(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        card = await case.today()
        with closing(sqlite3.connect(case.file)) as beside:
            beside.execute("INSERT INTO meta VALUES ('written', 'beside')")  # the bot forgets the pages it had read
            beside.commit()
            beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        corrupt_pages(case.file)
        for number in range(5):
            await case.double.says(card, f"92{number:02}", "The point first, and then how it works")
        code, log = await ended(bot)
    assert code == 78 and log.count("I cannot open the database") == 1 and TRACEBACK not in log, log
