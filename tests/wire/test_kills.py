"""Killed while it sends, whatever it sends, and started again: nothing stands twice, nothing is missing."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.storage import schema
from tests.wire.double import CHANNEL_ID, Double
from tests.wire.owed import TEXT, Owed, owe_everything, reword
from tests.wire.process import Case
from tests.wire.test_delivery import chat


async def recorded(case: Case, owed: dict[str, Owed]) -> None:
    """Waits until the database knows of each message and thread."""
    missing = list(owed)
    try:
        async with asyncio.timeout(90):
            while missing:
                known = {str(row.message_id) for row in await case.stored(schema.sent_messages)}
                known |= {str(row.thread_id) for row in await case.stored(schema.interviews)}
                missing = [kind for kind in missing if not known.intersection(owed[kind].standing(case.double))]
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise AssertionError(f"missing: {missing}") from None


@pytest.mark.parametrize(
    ("after", "forget", "busy"),
    [(False, False, False), (True, False, False), (True, True, False), (True, True, True)],
    ids=["unsent", "sent", "sent-and-the-nonce-forgotten", "sent-in-busy-places"],
)
async def test_killed_while_it_sends_everything_stands_once(tmp_path: Path, after: bool, forget: bool, busy: bool):
    async with Double() as double:
        case = Case(double, tmp_path)
        owed = await owe_everything(case)
        faults = {kind: double.fault("POST", it.path, says=it.says, after=after) for kind, it in owed.items()}
        async with case.running() as bot:
            try:
                async with asyncio.timeout(90):
                    await asyncio.gather(*(fault.hit.wait() for fault in faults.values()))
            except TimeoutError:
                untried = [kind for kind, fault in faults.items() if not fault.hit.is_set()]
                raise AssertionError(f"not tried: {untried}") from None
            await bot.kill()
        if forget:
            double.forget_nonces()
        if busy:
            chat(double)
            await reword(case, owed)
        for fault in faults.values():
            fault.release.set()
        async with case.running() as bot:
            await recorded(case, owed)
            assert await bot.stop() == 0
        numbers = {kind: len(it.standing(double)) for kind, it in owed.items()}
        assert numbers == dict.fromkeys(owed, 1)
        assert not busy or not replace(owed["form_answer"], says=TEXT).standing(double)
        (told,) = owed["digest"].standing(double)
        assert "attachment://digest.png" in str(double.messages[CHANNEL_ID][told]["components"])
        assert double.violations == [] and double.unknown == []
