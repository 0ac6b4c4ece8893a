"""A bot of today goes on where the release before has stopped."""

import gzip
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from bot.storage.schema import answers
from bot.storage.sqlite_files import database_file
from tests.discord.conftest import LONG, World, said
from tests.storage.test_upgrade import WRITTEN

DUE = datetime(2026, 2, 12, 8, tzinfo=UTC)
"""When the file's first track has its next question."""
WRITTEN_AT = datetime(2026, 2, 11, 11, 15, 10, tzinfo=UTC)
PRACTICE = 1456074443980800018
"""The file's practice channel; its server and its people have the ids around it, as in every world of a test."""
AROUND, FAR = 100, 1_000_000


def move(file: Path, by: int) -> None:
    """Moves the ids around the file's practice channel: how many came before depends on its commands."""
    with sqlite3.connect(file) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for column in [
                row[1] for row in raw.execute(f'PRAGMA table_info("{table}")') if "INT" in row[2].upper()
            ]:
                for near, step in ((PRACTICE, FAR), (PRACTICE + FAR, by - FAR)):  # no two may meet on the way
                    raw.execute(
                        f'UPDATE "{table}" SET "{column}" = "{column}" + ? WHERE "{column}" BETWEEN ? AND ?',
                        (step, near - AROUND, near + AROUND),
                    )
    raw.close()


async def test_the_next_question_comes_is_answered_and_the_streak_is_the_old_one(world: World):
    file = database_file(world.settings.database_url)
    assert file is not None
    await world.bot.close()
    file.write_bytes(gzip.decompress(WRITTEN[0].read_bytes()))
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    move(file, world.channel.id - PRACTICE)
    await world.restart()
    await world.beat(at=WRITTEN_AT)
    streak = await world.reply(world.anna, "streak")
    assert "No streak yet" not in streak and "Best **" in streak
    await world.beat(at=DUE)
    form = await world.anna.click(world.card(), label="Answer")
    assert "You're in!" in said(await world.anna.submit_modal(form, {"text": LONG}))
    newest = max(await world.rows(answers), key=lambda row: row.id)
    assert newest.member_id == world.anna.id and newest.counted_at >= DUE
