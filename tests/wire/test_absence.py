"""What people wrote while the bot was away is collected, also when Discord does not hand it over at once."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.storage import schema
from tests.wire.double import CHANNEL_ID, Double
from tests.wire.process import Case

TEXT = "The point first, and then how it works"


@pytest_asyncio.fixture
async def case(tmp_path: Path) -> AsyncGenerator[Case]:
    async with Double() as double:
        yield Case(double, tmp_path)
        assert double.violations == [] and double.unknown == []


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": True, "times": 3}], ids=["503", "reset"])
async def test_a_history_that_failed_once_is_read_again(case: Case, fault: dict[str, Any]):
    double, old = case.double, await case.prepare()
    async with case.running():
        await case.settled()
        new_id = next(m for m in double.messages[CHANNEL_ID] if m != str(old.message_id))
        await double.disconnect()
        replied = await double.says(CHANNEL_ID, "9200", TEXT, reply_to=new_id)
        in_thread = await double.says(new_id, "9100", TEXT)
        double.fault("GET", rf"/channels/{CHANNEL_ID}/messages", **fault)
        await double.connected()
        await double.until(lambda: all(double.reactions.get(m) for m in (replied, in_thread)), seconds=40)
        stored = [str(part.message_id) for part in await case.stored(schema.parts)]
        assert sorted(stored) == sorted([replied, in_thread])


Change = Callable[[Double], Awaitable[None]]
LOSSES: dict[str, tuple[Change, Change]] = {
    "removed and invited again": (Double.kicks, Double.invites),
    "the channel was hidden": (Double.hides, Double.shows),
    "Discord lost the server": (Double.fails, Double.recovers),
}


def answered_unseen(double: Double, thread: str, card: str, ago: float = 0) -> list[str]:
    """Answers of some seconds ago that no event tells of: in the thread, and as a reply to the card."""
    then = time.time() - ago
    reply = {"message_reference": {"message_id": card, "channel_id": CHANNEL_ID}, "type": 19}
    return [
        double.has_message(thread, "9100", then, content=TEXT),
        double.has_message(CHANNEL_ID, "9200", then, content=TEXT, **reply),
    ]


@pytest.mark.parametrize("resumed", [False, True], ids=["connected", "resumed"])
@pytest.mark.parametrize("loss", LOSSES)
async def test_a_place_that_comes_back_is_read(case: Case, loss: str, resumed: bool):
    double, (lose, return_) = case.double, LOSSES[loss]
    await case.prepare()
    async with case.running() as bot:
        await case.settled()
        card = max(double.threads, key=int)
        if resumed:
            await double.interrupt()
        await lose(double)
        written = answered_unseen(double, card, card)
        await return_(double)
        await double.until(lambda: all(double.reactions.get(m) for m in written), seconds=60)
        assert await bot.stop() == 0
    assert sorted(str(part.message_id) for part in await case.stored(schema.parts)) == sorted(written)


async def at_work(case: Case) -> None:
    """Waits until the bot has found out that it cannot post."""
    async with asyncio.timeout(60):
        while True:
            if (await case.stored(schema.tracks))[0].problem is not None:
                return
            await asyncio.sleep(0.1)


async def test_a_place_that_refuses_at_the_start_is_read_later(case: Case):
    """How far it was read must not move on meanwhile: what was written long before would be lost for good."""
    double, old = case.double, await case.prepare()
    thread = str(old.message_id)
    written = answered_unseen(double, thread, thread, ago=600)
    double.visible = False
    async with case.running() as bot:
        await at_work(case)
        await double.shows()
        await double.until(lambda: all(double.reactions.get(m) for m in written), seconds=60)
        assert await bot.stop() == 0
    assert sorted(str(part.message_id) for part in await case.stored(schema.parts)) == sorted(written)


async def test_a_place_that_refuses_for_no_known_reason_is_asked_again(case: Case):
    double, old = case.double, await case.prepare()
    thread = str(old.message_id)
    written = answered_unseen(double, thread, thread)
    double.fault("GET", r"/channels/\d+/messages", status=403, times=2)
    async with case.running() as bot:
        await double.until(lambda: all(double.reactions.get(m) for m in written), seconds=60)
        assert await bot.stop() == 0
