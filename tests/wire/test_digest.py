"""A weekly digest whose bot is killed between sending and recording: one message, with its picture."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.drills import Drill
from bot.storage import answers, schema
from bot.storage.database import Database
from bot.storage.digests import DigestState
from tests.wire.double import BOT_ID, CHANNEL_ID, Double
from tests.wire.process import Case
from tests.wire.test_delivery import MESSAGES, chat

ANNA = 9002


async def owe_digest(case: Case) -> None:
    """A track whose digest was due at the full hour, and a week with an answer to tell of."""
    drill = await case.prepare()
    now = datetime.now(UTC)
    due = now.replace(minute=0, second=0, microsecond=0)
    later = now + timedelta(days=2)
    async with Database(case.url) as database:
        await database.write(partial(answer, drill=drill, at=now - timedelta(days=3)))
        await database.write(partial(answer, drill=drill, at=now, member_id=ANNA + 1))
        await database.write(
            lambda conn: conn.execute(
                schema.tracks.update().values(
                    next_date=later.date(),
                    next_due_utc=later,
                    digest_day=due.weekday(),
                    digest_hour=due.hour,
                    digest_due_utc=due,
                )
            )
        )


def answer(conn: Connection, drill: Drill, at: datetime, member_id: int = ANNA) -> None:
    added = answers.add(conn, drill, member_id)
    conn.execute(schema.answers.update().where(schema.answers.c.id == added.id).values(counted_at=at))


async def recorded(case: Case) -> str:
    """Waits until the digest's message is recorded."""
    async with asyncio.timeout(60):
        while True:
            rows = await case.stored(schema.digests)
            if [row.state for row in rows] == [DigestState.SENT]:
                return str(rows[0].message_id)
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("forget", "busy"),
    [(False, False), (True, False), (True, True)],
    ids=["at-once", "after-the-nonce-window", "far-back-in-a-busy-channel"],
)
async def test_killed_between_sending_and_recording_there_is_one_digest(tmp_path: Path, forget: bool, busy: bool):
    async with Double() as double:
        case = Case(double, tmp_path)
        await owe_digest(case)
        fault = double.fault("POST", MESSAGES, after=True)
        async with case.running() as bot:
            async with asyncio.timeout(60):
                await fault.hit.wait()
            await bot.kill()
        if forget:
            double.forget_nonces()
        if busy:
            chat(double)
        fault.release.set()
        async with case.running() as bot:
            message_id = await recorded(case)
            assert await bot.stop() == 0
        ours = [m for m in double.messages[CHANNEL_ID].values() if "The week in" in str(m["components"])]
        assert [message["id"] for message in ours] == [message_id] and ours[0]["author"]["id"] == BOT_ID
        assert "attachment://digest.png" in str(ours[0]["components"])
        assert double.violations == [] and double.unknown == []
