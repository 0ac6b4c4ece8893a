"""Killed at any step of a delivery and started again: one message, one thread, one reveal."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from tests.wire.double import BOT_ID, CHANNEL_ID, Double
from tests.wire.process import Case

MESSAGES = rf"/channels/{CHANNEL_ID}/messages"
CARD = rf"{MESSAGES}/\d+"
THREADS = rf"{CARD}/threads"
REVEAL = rf"/channels/(?!{CHANNEL_ID})\d+/messages"
STEPS = [("POST", MESSAGES), ("POST", THREADS), ("POST", REVEAL), ("PATCH", CARD)]


def exactly_once(double: Double, old_id: str) -> None:
    """What the channel shows after a question was posted and the one before was closed."""
    posts = [m for m in double.messages[CHANNEL_ID].values() if m["author"]["id"] == BOT_ID]
    new = [message for message in posts if message["id"] != old_id]
    assert len(new) == 1, [message["id"] for message in new]
    assert set(double.threads) == {old_id, new[0]["id"]}
    thread = [m for m in double.messages[old_id].values() if m["author"]["id"] == BOT_ID]
    reveals = [json.dumps(message["components"]) for message in thread]
    assert len(reveals) == len(set(reveals)) >= 1
    assert "has closed" in reveals[0]
    assert "Closed" in json.dumps(double.messages[CHANNEL_ID][old_id]["components"])
    assert double.violations == [] and double.unknown == []


BUSY = 130


def chat(double: Double) -> None:
    """What people write in a busy channel and its threads during a longer outage: more than one page of history."""
    for channel_id in (CHANNEL_ID, *double.threads):
        for number in range(BUSY):
            double.has_message(channel_id, "9200", time.time(), content=f"Something else {number}")


async def killed_and_restarted(
    case: Case, method: str, path: str, *, after: bool, forget: bool, busy: bool = False
) -> None:
    """Kills the bot while a request hangs before or after its effect, and starts it again."""
    fault = case.double.fault(method, path, after=after)
    async with case.running() as bot:
        async with asyncio.timeout(60):
            await fault.hit.wait()
        await bot.kill()
    if forget:
        case.double.forget_nonces()
    if busy:
        chat(case.double)
    fault.release.set()
    await finished(case)


async def finished(case: Case) -> None:
    """Runs the bot until nothing is owed any more, and stops it as an operator does."""
    async with case.running() as bot:
        await case.settled()
        assert await bot.stop() == 0


async def together(
    folder: Path,
    plays: list[Callable[[Case], Awaitable[None]]],
    make: Callable[[], Double] = Double,
    check: Callable[[Double, str], None] = exactly_once,
) -> None:
    """Plays cases side by side: most of their time is waiting for the heartbeat."""
    slots = asyncio.Semaphore(4)

    async def one(number: int, play: Callable[[Case], Awaitable[None]]) -> None:
        async with slots, make() as double:
            case = Case(double, folder / str(number))
            case.folder.mkdir()
            old = await case.prepare()
            await play(case)
            check(double, str(old.message_id))

    async with asyncio.TaskGroup() as group:
        for number, play in enumerate(plays):
            group.create_task(one(number, play))


@pytest.mark.parametrize("forget", [False, True], ids=["at-once", "after-the-nonce-window"])
async def test_killed_at_any_step_there_is_one_message_and_one_thread(tmp_path: Path, forget: bool):
    await together(
        tmp_path,
        [
            partial(killed_and_restarted, method=method, path=path, after=after, forget=forget)
            for method, path in STEPS
            for after in (False, True)
        ],
    )


async def test_killed_after_a_send_in_a_busy_channel_what_was_sent_is_found_far_back(tmp_path: Path):
    sends = [step for step in STEPS if step in (("POST", MESSAGES), ("POST", REVEAL))]
    await together(
        tmp_path,
        [partial(killed_and_restarted, method=m, path=p, after=True, forget=True, busy=True) for m, p in sends],
    )


async def test_an_answer_lost_after_commit_is_found_again(tmp_path: Path):
    async def failing(case: Case, status: int | None, drop: bool, after: bool) -> None:
        for method, path in STEPS:
            case.double.fault(method, path, after=after, status=status, drop=drop)
        await finished(case)

    faults = [(503, False, False), (503, False, True), (None, True, False), (None, True, True)]
    await together(tmp_path, [partial(failing, status=s, drop=d, after=a) for s, d, a in faults])
