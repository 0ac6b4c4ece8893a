"""What follows a message closely, or while the history is read, is followed: deletions, edits and votes."""

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from bot.storage import schema
from tests.wire.double import CHANNEL_ID, Double
from tests.wire.process import Case

PEOPLE = [str(9100 + number) for number in range(10)]
TEXT = "The point first, and then how it works"
BETTER = "The point first, then how it works, and what it costs"
VOTER = "9900"


@pytest_asyncio.fixture
async def case(tmp_path: Path) -> AsyncGenerator[Case]:
    async with Double() as double:
        yield Case(double, tmp_path)
        assert double.violations == [] and double.unknown == []


async def texts(case: Case) -> dict[str, str]:
    """The stored texts by their authors."""
    parts = await case.stored(schema.parts)
    answers = {row.id: str(row.member_id) for row in await case.stored(schema.answers)}
    return {answers[part.answer_id]: part.text for part in parts}


async def until_stored(case: Case, wanted: dict[str, str], votes: int = 0) -> None:
    """Waits until these texts are stored, and no others, and so many votes."""
    async with asyncio.timeout(30):
        while True:
            if await texts(case) == wanted and len(await case.stored(schema.votes)) >= votes:
                return
            await asyncio.sleep(0.1)


async def test_what_follows_a_message_at_once_waits_until_that_is_stored(case: Case):
    thread = str((await case.prepare()).message_id)
    async with case.running() as bot:
        await case.settled()
        thread = max(case.double.threads, key=int)
        for person in PEOPLE:
            gone = await case.double.says(thread, person, TEXT)
            await case.double.deletes(thread, gone)
            edited = await case.double.says(thread, f"{person}1", TEXT)
            await case.double.rewrites(thread, edited, BETTER)
            await case.double.thumbs(thread, edited, VOTER)
        await until_stored(case, {p: "" for p in PEOPLE} | {f"{p}1": BETTER for p in PEOPLE}, len(PEOPLE))
        assert await bot.stop() == 0
    assert len(await case.stored(schema.votes)) == len(PEOPLE)


async def test_what_happens_while_the_history_is_read_is_followed(case: Case):
    """The page of history that the bot has asked for tells an earlier state."""
    thread = str((await case.prepare()).message_id)
    first, second, third = (case.double.has_message(thread, who, time.time(), content=TEXT) for who in PEOPLE[:3])
    page = case.double.fault("GET", f"/channels/{thread}/messages", hold=True)
    async with case.running() as bot:
        await page.hit.wait()
        await case.double.deletes(thread, first)
        await case.double.rewrites(thread, second, BETTER)
        # The bot has followed both once it answers what comes behind them.
        await case.double.uses("help", VOTER)
        page.release.set()
        await case.double.until(lambda: bool(case.double.reactions[third]))
        assert await bot.stop() == 0
    assert await texts(case) == {PEOPLE[1]: BETTER, PEOPLE[2]: TEXT}


async def test_copies_in_a_hidden_thread_follow_and_in_a_locked_one_once_it_is_unlocked(case: Case):
    drill = await case.prepare()
    thread, double = str(drill.message_id), case.double

    def copies() -> list[str]:
        return [text for m in double.messages[thread].values() if TEXT[:9] in (text := str(m["components"]))]

    async with case.running() as bot:
        await case.settled()
        card = max(double.threads, key=int)
        thread = card
        replies = [await double.says(CHANNEL_ID, person, TEXT, reply_to=card) for person in PEOPLE[:3]]
        await double.until(lambda: len(copies()) == 3)
        await until_stored(case, dict.fromkeys(PEOPLE[:3], TEXT))
        await double.hides_thread(thread)
        await double.deletes(CHANNEL_ID, replies[0])
        await double.until(lambda: len(copies()) == 2)
        await double.rewrites(CHANNEL_ID, replies[1], BETTER)
        await double.until(lambda: any(BETTER in text for text in copies()) and double.is_archived(thread))
        await double.hides_thread(thread, locked=True)
        refused = len(double.requests)
        await double.deletes(CHANNEL_ID, replies[2])
        path = rf"/channels/{thread}"
        await double.until(lambda: ("PATCH", path, {"archived": False}) in double.requests[refused:])
        assert len(copies()) == 2
        await double.unlocks(thread)
        await double.until(lambda: len(copies()) == 1 and double.is_archived(thread))
        assert await bot.stop() == 0
    assert await texts(case) == {PEOPLE[0]: "", PEOPLE[1]: BETTER, PEOPLE[2]: ""}


async def test_a_vote_on_a_copy_that_is_not_recorded_yet_counts(case: Case):
    await case.prepare()
    double = case.double
    async with case.running() as bot:
        await case.settled()
        card = max(double.threads, key=int)
        sent = double.fault("POST", f"/channels/{card}/messages", says=TEXT, hold=True)
        await double.says(CHANNEL_ID, PEOPLE[0], TEXT, reply_to=card)
        await sent.hit.wait()
        (copy,) = [key for key, message in double.messages[card].items() if TEXT in str(message["components"])]
        await double.thumbs(card, copy, VOTER)
        await double.uses("help", VOTER)
        sent.release.set()
        await until_stored(case, {PEOPLE[0]: TEXT}, votes=1)
        assert await bot.stop() == 0
