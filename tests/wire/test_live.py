"""A live quiz in the real process: two hundred people in one second, and a bot that is killed in a round."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.storage import schema
from tests.wire.double import CHANNEL_ID, Double
from tests.wire.process import Case

CROWD = [str(20_000 + number) for number in range(200)]
HOST = CROWD[0]


@pytest_asyncio.fixture
async def case(tmp_path: Path) -> AsyncGenerator[Case]:
    async with Double() as double:
        yield Case(double, tmp_path)
        assert double.violations == [] and double.unknown == []


def buttons(message: Any) -> dict[str, str]:
    """The custom_ids of a message's buttons by their labels."""
    rows = [row for row in message["components"] if row["type"] == 1]
    return {button["label"]: button["custom_id"] for row in rows for button in row["components"]}


async def card(double: Double, label: str) -> Any:
    """Waits for the message that has this button, in the channel or in a thread of it."""

    def found() -> list[Any]:
        places = [CHANNEL_ID, *double.threads]
        return [
            message for place in places for message in double.messages[place].values() if label in buttons(message)
        ]

    await double.until(lambda: bool(found()))
    return found()[-1]


async def begin(double: Double, seconds: int) -> Any:
    """The host opens a lobby, joins and starts; returns the card of the first round."""
    answer = await double.uses("quiz live", HOST, questions=1, seconds=seconds)
    assert answer["type"] == 5
    lobby = await card(double, "Join")
    await double.presses(lobby, buttons(lobby)["Join"], HOST)
    await double.presses(lobby, buttons(lobby)["Start now"], HOST)
    return await card(double, "A")


async def test_two_hundred_presses_in_a_second_are_acknowledged_and_counted_once(case: Case):
    double = case.double
    async with case.running() as bot:
        await double.connected()
        asked = await begin(double, seconds=60)
        double.waited.clear()
        edits = len([method for method, *_ in double.requests if method == "PATCH"])
        letters = buttons(asked)

        async def press(at: int, member: str) -> Any:
            await asyncio.sleep(at / len(CROWD))
            return await double.presses(asked, letters["ABCD"[at % 4]], member)

        answers = await asyncio.gather(*(press(at, member) for at, member in enumerate(CROWD)))
        assert all("You chose" in json.dumps(answer) for answer in answers)
        assert len(double.waited) == len(CROWD)
        # Everybody has chosen, so the round closes at once, by the alarm.
        await double.until(lambda: "200 right" in json.dumps(double.messages[asked["channel_id"]][asked["id"]]))
        result = await card(double, "Play again")
        assert "and 170 more" in json.dumps(result)
        patches = len([method for method, *_ in double.requests if method == "PATCH"]) - edits
        assert patches <= 5  # presses cost no card edit each
        assert await bot.stop() == 0
    chosen = await case.stored(schema.live_choices)
    assert sorted(str(row.member_id) for row in chosen) == CROWD
    assert [sum(row.chosen == letter for row in chosen) for letter in range(4)] == [50] * 4
    right = [row for row in chosen if row.right]
    assert len(right) == 50
    booked = await case.stored(schema.ledger)
    assert sorted(row.member_id for row in booked) == sorted(row.member_id for row in right)
    assert len({row.reference for row in booked}) == 50


async def test_killed_in_a_round_it_goes_on_in_that_round(case: Case):
    double = case.double
    async with case.running() as bot:
        await double.connected()
        asked = await begin(double, seconds=20)
        letters = buttons(asked)
        await double.presses(asked, letters["A"], HOST)
        await bot.kill()
    async with case.running() as bot:
        await double.connected()
        again = await double.presses(asked, letters["B"], HOST)
        assert "That's final" in json.dumps(again)
        first = await double.presses(asked, letters["A"], CROWD[1])
        assert "You can change it once" in json.dumps(first)
        await card(double, "Play again")
        assert await bot.stop() == 0
    chosen = {str(row.member_id): row.chosen for row in await case.stored(schema.live_choices)}
    assert chosen == {HOST: 1, CROWD[1]: 0}
    await stands_once(double)


async def stands_once(double: Double) -> None:
    """The lobby in the channel, the round and the podium in the one thread on it: each once."""
    (lobby_id,) = [message["id"] for message in double.messages[CHANNEL_ID].values() if message["components"]]
    assert list(double.threads) == [lobby_id]
    assert len([message for message in double.messages[lobby_id].values() if message["components"]]) == 2


@pytest.mark.parametrize("after", [False, True], ids=["unsent", "sent"])
async def test_killed_while_it_opens_the_thread_everything_stands_once(case: Case, after: bool):
    double = case.double
    fault = double.fault("POST", rf"/channels/{CHANNEL_ID}/messages/\d+/threads", after=after)
    async with case.running() as bot:
        await double.connected()
        opening = asyncio.create_task(double.uses("quiz live", HOST, questions=1, seconds=10))
        await fault.hit.wait()
        await bot.kill()
    opening.cancel()
    fault.release.set()
    async with case.running() as bot:
        await double.connected()
        await double.until(lambda: bool(double.threads))
        lobby = await card(double, "Join")
        await double.presses(lobby, buttons(lobby)["Join"], HOST)
        await double.presses(lobby, buttons(lobby)["Start now"], HOST)
        asked = await card(double, "A")
        await double.presses(asked, buttons(asked)["A"], HOST)
        await card(double, "Play again")
        assert await bot.stop() == 0
    await stands_once(double)
