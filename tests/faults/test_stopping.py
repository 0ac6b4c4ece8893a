"""SIGTERM: the process ends within ten seconds, whatever Discord does, and finishes what it has begun."""

import asyncio
import signal

import pytest

from bot.storage import schema
from tests.faults.process import TRACEBACK, FaultyCase, until
from tests.wire.double import CHANNEL_ID
from tests.wire.process import Running

MOST_SECONDS = 10.0


async def stops(bot: Running) -> None:
    async with asyncio.timeout(MOST_SECONDS):
        assert await bot.stop() == 0
    log = bot.log.read_text()
    assert TRACEBACK not in log and "is closed" not in log, log


@pytest.mark.parametrize("mood", ["silent", "refusing"])
@pytest.mark.parametrize("when", ["start", "running"])
async def test_it_ends_while_discord_gives_no_session(case: FaultyCase, mood: str, when: str):
    await case.prepare()

    def turn() -> None:
        case.double.silent = mood == "silent"
        case.double.refuses = 4000 if mood == "refusing" else None

    if when == "start":
        turn()
    async with case.running() as bot:
        if when == "running":
            await case.settled()
            turn()
            await case.double.disconnect()
        begun = case.double.connections
        await case.double.until(lambda: case.double.connections > begun)
        await stops(bot)
    await case.invariants()


async def test_forms_that_were_sent_before_are_stored_and_answered(case: FaultyCase):
    await case.prepare()
    people = [f"91{number:02}" for number in range(20)]
    async with case.running() as bot:
        card = await case.today()
        forms = [await case.form(card, person) for person in people]
        begun = len(case.double.answers)
        sent = [
            asyncio.create_task(case.double.interacts(5, form, p)) for form, p in zip(forms, people, strict=True)
        ]
        await case.double.until(lambda: len(case.double.answers) > begun)
        await stops(bot)
        await asyncio.gather(*sent)
    assert len(await case.stored(schema.answers)) == len(people)
    await case.invariants()


async def test_it_ends_while_requests_hang(case: FaultyCase):
    await case.prepare()
    hanging = case.double.fault("POST", rf"/channels/{CHANNEL_ID}/messages")
    async with case.running() as bot:
        await hanging.hit.wait()
        await stops(bot)
    async with case.running() as bot:
        await case.settled()
        await stops(bot)
    await case.invariants()


async def test_a_second_signal_changes_nothing(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        await case.settled()
        bot.process.send_signal(signal.SIGTERM)
        await stops(bot)
    await until(lambda: bot.process.returncode == 0)
