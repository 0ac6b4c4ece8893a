"""A chat model over a real connection that refuses, breaks, dawdles or talks too much, and who asks it."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from structlog.testing import capture_logs

from bot.delivery.chat_models import REPLY_BYTES, ChatModel, ModelFailed
from bot.domain.bank import Banks, Pack, Topic
from bot.services.opinions import ModelTerms, OpinionService
from bot.storage.database import Database
from bot.workers.opinions import AT_ONCE, FAILURES, OpinionAsker
from tests.chat_model import Answer, StandIn, completion, stand_in, status, stream
from tests.unit.test_opinions import ANSWER, FOUR, INJECTIONS, QUESTION, fenced, reply

KEY = "sk-a-key-that-nobody-may-read"
GUILD, ANNA, BEN, CHEN = 1, 5, 6, 7
NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
BANKS = Banks(Pack("p", "Pack", (), (Topic(1, "Basics", 1),), (QUESTION,)))
WHOLE = json.dumps({"choices": [{"message": {"content": reply(*FOUR)}}]}).encode()


@pytest_asyncio.fixture
async def model() -> AsyncIterator[StandIn]:
    async with stand_in() as found:
        found.content = reply(*FOUR)
        yield found


async def redirect(_: Any) -> Any:
    return web.Response(status=307, headers={"Location": "/elsewhere"})


async def nothing(_: Any) -> Any:
    return completion(None)


async def packed(_: Any) -> Any:
    return web.Response(body=gzip.compress(b" " * 5_000_000 + WHOLE), headers={"Content-Encoding": "gzip"})


FAULTS: dict[str, Answer] = {
    "429": status(429),
    "500": status(500),
    "401": status(401),
    "redirect": redirect,
    "no content": nothing,
    "wrong json": stream([b'{"choices": []}']),
    "no json": stream([b"<html>busy</html>"]),
    "cut": stream([WHOLE[:40]]),
    "breaks": stream([WHOLE[:40], WHOLE[40:60]], breaks=True),
    "slow bytes": stream([bytes([byte]) for byte in WHOLE], pause=0.02),
    "huge": stream([b" " * 10_000] * 50),
    "packed": packed,
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_is_wrong_with_a_reply_it_fails_in_a_word(model: StandIn, fault: str):
    model.answer = FAULTS[fault]
    asked = ChatModel(model.url, "m", KEY, seconds=0.3)
    try:
        with pytest.raises(ModelFailed) as error:
            await asked.ask([{"role": "user", "content": "a secret answer"}])
        for secret in (KEY, "secret", model.url):
            assert secret not in f"{error.value!r} {error.value.__cause__!r}"
        assert model.strangers == [] and len(model.requests) == 1
    finally:
        await asked.close()


async def test_a_reply_is_asked_for_with_the_key_and_bounds_and_without_them_where_they_are_refused(model: StandIn):
    asked = ChatModel(model.url + "/", "m-1", KEY)
    messages = [{"role": "user", "content": "x"}]
    try:
        assert await asked.ask(messages) == reply(*FOUR)
        assert model.keys == [f"Bearer {KEY}"] and model.requests[0]["model"] == "m-1"
        assert model.requests[0]["messages"] == messages and model.requests[0]["max_tokens"] < 1000

        async def picky(request: Any) -> Any:
            bounded = "max_tokens" in await request.json()
            return await status(400)(request) if bounded else completion("fine")

        model.answer = picky
        assert [await asked.ask(messages) for _ in range(2)] == ["fine"] * 2
        assert ["max_tokens" in one for one in model.requests] == [True, True, False, False]
        model.answer = stream([WHOLE, b" " * (REPLY_BYTES - len(WHOLE))])
        assert await asked.ask(messages) == reply(*FOUR)
    finally:
        await asked.close()
    open_door = ChatModel(model.url, "m", "")
    await open_door.ask(messages)
    await open_door.close()
    assert model.keys[-1] is None
    nowhere = ChatModel("http://127.0.0.1:9/v1", "m", KEY)
    with pytest.raises(ModelFailed):
        await nowhere.ask(messages)
    await nowhere.close()


class Asking:
    """Somebody who asks the stand-in, with clocks that the test moves."""

    def __init__(self, database: Database, model: StandIn, per_member: int = 3, per_server: int = 5) -> None:
        self.database, self.model = database, model
        self.now, self.seconds = NOW, 0.0
        self.terms = ModelTerms("m", "127.0.0.1", per_member, per_server)
        self.start()

    def start(self) -> None:
        """A process begins."""
        self.service = OpinionService(self.database, BANKS, self.terms)
        asked = ChatModel(self.model.url, "m", KEY, seconds=1)
        self.asker = OpinionAsker(asked, self.service, lambda: self.now, lambda: self.seconds)

    async def agree(self, *members: int, agreed: bool = True) -> None:
        for member in members:
            await self.service.decide(GUILD, member, agreed=agreed, at=self.now)

    async def ask(self, member: int = ANNA, answer: str = ANSWER) -> str | None:
        found = await self.asker.ask(GUILD, member, QUESTION, answer)
        return found and " ".join(point.verdict for point in found.points)


@pytest_asyncio.fixture
async def asking(database: Database, model: StandIn) -> AsyncIterator[Asking]:
    found = Asking(database, model)
    yield found
    await found.asker.stop()


SAID = "covered no partly no"


async def test_nothing_is_sent_before_a_member_agrees_to_this_host_or_after_they_refuse(asking: Asking):
    assert await asking.ask() is None
    await asking.agree(ANNA)
    assert await asking.ask() == SAID and await asking.ask(BEN) is None and await asking.ask(answer=" ") is None
    asking.terms = ModelTerms("m", "another.example", 3, 5)
    asking.start()
    assert await asking.ask() is None
    await asking.agree(ANNA, agreed=False)
    assert await asking.ask() is None and len(asking.model.requests) == 1


async def test_a_day_has_a_budget_for_each_member_and_server_that_restarts_do_not_reset(asking: Asking):
    await asking.agree(ANNA, BEN, CHEN)
    assert [await asking.ask() for _ in range(4)] == [SAID] * 3 + [None]
    await asking.asker.stop()
    asking.start()
    assert [await asking.ask(who) for who in (ANNA, BEN, BEN, CHEN)] == [None, SAID, SAID, None]
    asking.now += timedelta(hours=1)
    assert await asking.ask() == SAID and await asking.ask(CHEN) == SAID
    assert len(asking.model.requests) == 7


async def test_after_failures_in_a_row_it_rests_longer_each_time_and_says_nothing_of_what_was_sent(
    asking: Asking, capfd: pytest.CaptureFixture[str]
):
    asking.terms = ModelTerms("m", "127.0.0.1", 100, 100)
    asking.start()
    await asking.agree(ANNA)
    asking.model.answer = status(500)
    with capture_logs() as lines:
        assert [await asking.ask() for _ in range(FAILURES + 2)] == [None] * (FAILURES + 2)
        assert len(asking.model.requests) == FAILURES
        asking.seconds += lines[-1]["rests_seconds"] + 1
        await asking.ask()
        assert lines[-1]["rests_seconds"] > lines[-2]["rests_seconds"] > 0
        asking.model.answer = None
        assert await asking.ask() is None
        asking.seconds += 10_000
        assert await asking.ask() == SAID and await asking.ask() == SAID
        for code, rest in ((429, 42), (401, 900)):
            asking.model.answer = status(code, **{"Retry-After": "42"})
            await asking.ask()
            assert lines[-1]["rests_seconds"] == rest
            asking.seconds += rest - 1
            before = len(asking.model.requests)
            assert await asking.ask() is None and len(asking.model.requests) == before
            asking.seconds += 2
        for _ in range(FAILURES + 1):
            asking.model.answer = status(400)
            await asking.ask()
        asking.model.answer, asking.model.content = None, "Sure! " + reply(*FOUR)
        assert await asking.ask() is None
        asking.model.content = reply(*FOUR)
        assert await asking.ask() == SAID
    told = str(lines) + "".join(capfd.readouterr())
    assert "opinion.not_understood" in told
    for secret in (KEY, ANSWER, "secret of the model", "It fits"):
        assert secret not in told


async def test_a_model_that_hangs_is_not_asked_by_more_than_a_few_at_a_time(asking: Asking):
    asking.terms = ModelTerms("m", "127.0.0.1", 100, 100)
    asking.start()
    await asking.agree(ANNA)
    full, go = asyncio.Event(), asyncio.Event()

    async def wait(_: Any) -> Any:
        if len(asking.model.requests) == AT_ONCE:
            full.set()
        await go.wait()
        return completion(reply(*FOUR))

    asking.model.answer = wait
    asks = [asyncio.create_task(asking.ask()) for _ in range(20)]
    await full.wait()
    go.set()
    said = await asyncio.gather(*asks)
    assert said.count(SAID) == AT_ONCE == len(asking.model.requests)


async def test_a_bot_that_stops_waits_for_no_model(asking: Asking):
    await asking.agree(ANNA)
    asked = asyncio.Event()

    async def hang(_: Any) -> Any:
        asked.set()
        await asyncio.Event().wait()

    asking.model.answer = hang
    task = asyncio.create_task(asking.ask())
    await asked.wait()
    await asking.asker.stop()
    assert await task is None and await asking.ask() is None and len(asking.model.requests) == 1


async def test_answers_that_give_orders_reach_the_model_as_data_and_get_nothing(asking: Asking):
    asking.terms = ModelTerms("m", "127.0.0.1", 100, 100)
    asking.start()
    await asking.agree(ANNA)
    for attempt in INJECTIONS:
        asking.model.content = reply(*[("covered", attempt)] * 4)
        assert await asking.ask(answer=attempt) == "no no no no"
    for attempt, request in zip(INJECTIONS, asking.model.requests, strict=True):
        fenced(attempt)
        assert [one["role"] for one in request["messages"]] == ["system", "user"]
        assert attempt in request["messages"][1]["content"] and attempt not in request["messages"][0]["content"]
