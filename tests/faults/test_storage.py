"""The disk is full, the database locked or read-only: nobody's answer is lost, and everybody is told."""

import asyncio
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from bot.storage import schema
from tests.faults.process import TEXT, TRACEBACK, FaultyCase, ended, until

ANNA, BEN = "9100", "9200"


def troubles(log: Path) -> int:
    return log.read_text().count("storage.failed")


async def test_answers_that_a_full_disk_refused_are_made_up_for_once_there_is_room(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        card = await case.today()
        form = await case.form(card, ANNA)
        said = await case.double.says(card, "9300", "Only this much")
        await case.count(said)
        with case.disk_full(bot):
            written = [await case.double.says(card, f"92{number:02}", TEXT) for number in range(12)]
            await case.double.deletes(card, said)
            sent = asyncio.create_task(case.double.interacts(5, form, ANNA))
            await until(lambda: troubles(bot.log) == 1)
            await sent
            await case.double.until(lambda: "can't save anything" in case.said_to(ANNA))
            assert TEXT in case.said_to(ANNA)
            await case.double.uses("daily status", "9001")
            await case.double.until(lambda: "I can't save anything. Ask whoever runs me" in case.said_to("9001"))
            await asyncio.sleep(6)  # further beats find the disk full, and say nothing of it
        await case.count(*written)
        assert len(bot.log.read_text().splitlines()) < 40 and TRACEBACK not in bot.log.read_text()
        assert troubles(bot.log) == 1 and "storage.back" in bot.log.read_text()
        assert await bot.stop() == 0
    parts = await case.stored(schema.parts)
    assert sorted(p.message_id for p in parts if not p.gone) == sorted(map(int, written))
    assert [(p.message_id, p.text) for p in parts if p.gone] == [(int(said), "")]
    await case.invariants()


async def test_what_failed_is_read_again_after_a_crash(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        card = await case.today()
        with case.disk_full(bot):
            written = await case.double.says(card, ANNA, TEXT)
            await until(lambda: troubles(bot.log) == 1)
            await bot.kill()
    async with case.running() as bot:
        await case.count(written)
        assert await bot.stop() == 0
    await case.invariants()


@pytest.mark.parametrize("seconds", [4, 7])
async def test_a_lock_of_another_program_holds_nothing_back_for_good(case: FaultyCase, seconds: int):
    await case.prepare()
    async with case.running() as bot:
        card = await case.today()
        form = await case.form(card, ANNA)
        with case.locked():
            written = [await case.double.says(card, f"92{number:02}", TEXT) for number in range(3)]
            sent = asyncio.create_task(case.double.interacts(5, form, ANNA))
            await asyncio.sleep(seconds)
        await sent
        await case.count(*written)
        stored = {str(a.member_id) for a in await case.stored(schema.answers)}
        told = "can't save anything" in case.said_to(ANNA)
        await case.double.until(lambda: told or "You're in!" in case.said_to(ANNA))
        assert (ANNA in stored) != told
        assert max(case.double.waited) < 3 and TRACEBACK not in bot.log.read_text()
        assert await bot.stop() == 0
    await case.invariants()


@pytest.mark.parametrize("what", ["file", "folder"])
async def test_what_cannot_be_written_stops_the_start_with_one_sentence(case: FaultyCase, what: str):
    await case.prepare()
    place = case.file if what == "file" else case.folder / "data"
    if what == "folder":
        place.mkdir()
        case.file.rename(place / "bot.db")
        (place / "bot.db.lock").touch()
    mode = stat.S_IMODE(place.stat().st_mode)
    place.chmod(mode & 0o555)
    address: dict[str, Any] = (
        {} if what == "file" else {"MOCKINGBIRD_DATABASE_URL": f"sqlite+aiosqlite:///{place}/bot.db"}
    )
    try:
        # Whoever may do everything has to give that up first.
        first = "tests.faults.unprivileged" if os.geteuid() == 0 else None
        async with case.running(first=first, **address) as bot:
            code, log = await ended(bot)
    finally:
        place.chmod(mode)
    assert code == 78 and "readonly database" in log and "Mend it" in log and len(log.splitlines()) < 12, log
    assert TRACEBACK not in log
