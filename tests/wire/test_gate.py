"""How requests go to Discord when it fails or refuses: each try in its turn, and nothing twice."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import discord
import discord.http
import pytest

from bot.delivery.breaker import EDGE_SECONDS, MANY, WINDOW_SECONDS, Breaker, Paused
from bot.delivery.gate import TRIES, Gate
from bot.delivery.limiter import Limiter, Rank
from bot.delivery.outage import Outage
from tests.wire.double import CHANNEL_ID, Double

MESSAGES = f"/channels/{CHANNEL_ID}/messages"
REACTION = f"{MESSAGES}/1/reactions/✅/@me"


class Turns(Limiter):
    """Counts the turns that are asked for."""

    taken = 0

    async def turn(self, rank: Rank) -> None:
        self.taken += 1


class Client:
    """A guarded HTTP client on the double, whose pauses are written down instead of waited for."""

    def __init__(self, double: Double, breaker: Breaker) -> None:
        self.double = double
        self.turns = Turns()
        self.pauses: list[float] = []
        self.http = discord.Client(intents=discord.Intents.none()).http
        self.gate = Gate(self.turns, breaker, Outage(), self._sleep)
        self.gate.may_send = lambda: True
        self.gate.guard(self.http)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def say(self) -> None:
        """Sends a message with a file."""
        with discord.http.handle_message_parameters(file=discord.File(io.BytesIO(b"picture"), "a.png")) as sent:
            await self.http.send_message(int(CHANNEL_ID), params=sent)

    async def react(self) -> None:
        """Puts a reaction on a message."""
        await self.http.add_reaction(int(CHANNEL_ID), 1, "✅")

    async def write(self) -> None:
        """Sends a message without a file."""
        with discord.http.handle_message_parameters(content="Hello") as sent:
            await self.http.send_message(int(CHANNEL_ID), params=sent)

    def tries(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for _, asked, _ in self.double.requests)


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    async with Double() as double:
        monkeypatch.setattr(discord.http.Route, "BASE", double.api_base)
        made = Client(double, Breaker(most=3))
        await made.http.static_login("a.test.token")
        made.turns.taken = 0
        yield made
        await made.http.close()


async def test_what_discord_fails_to_do_is_asked_again_each_time_in_its_turn(client: Client):
    client.double.fault("POST", MESSAGES, status=502, times=2)
    await client.say()
    assert client.tries(MESSAGES) == client.turns.taken == 3
    assert client.pauses == [1, 3]
    assert client.double.files == [b"picture"] * 3


async def test_it_gives_up_after_as_many_tries_as_discord_py(client: Client):
    client.double.fault("POST", MESSAGES, status=500, times=9)
    with pytest.raises(discord.DiscordServerError):
        await client.say()
    assert client.tries(MESSAGES) == client.turns.taken == TRIES


@pytest.mark.parametrize(("place", "status"), [("messages", 503), ("threads", 502)])
async def test_what_may_not_be_repeated_is_asked_once(client: Client, place: str, status: int):
    """A forum post carries no nonce; 503 is raised at once by discord.py too."""
    path = f"/channels/{CHANNEL_ID}/{place}"
    client.double.fault("POST", path, status=status, times=9)
    route = discord.http.Route("POST", f"/channels/{{channel_id}}/{place}", channel_id=CHANNEL_ID)
    with pytest.raises(discord.DiscordServerError) as caught:
        await client.http.request(route, json={"name": "#1"})
    assert caught.value.status == status and client.tries(path) == 1


async def test_after_too_many_refusals_nothing_is_asked(client: Client):
    for _ in range(3):
        client.double.fault("GET", "/users/@me", status=403)
        with pytest.raises(discord.Forbidden):
            await client.http.request(discord.http.Route("GET", "/users/@me"))
    asked = len(client.double.requests)
    with pytest.raises(Paused):
        await client.say()
    assert len(client.double.requests) == asked


@pytest.mark.parametrize("what", ["say", "write", "react"])
async def test_what_waits_on_its_way_out_does_not_leave_once_another_may_send_the_same(client: Client, what: str):
    results = list[str]()
    client.gate.hear_result = lambda method, path, result, seconds: results.append(result)
    route = REACTION if what == "react" else MESSAGES
    method = "PUT" if what == "react" else "POST"
    first = client.double.fault(method, route, hold=True)
    send = getattr(client, what)
    sending = asyncio.create_task(send())
    await first.hit.wait()
    waiting = asyncio.create_task(send())  # discord.py sends one at a time on a route that it doesn't know yet
    await asyncio.sleep(0)
    client.gate.may_send = lambda: False
    first.release.set()
    await sending
    with pytest.raises(Paused, match="lease"):
        await waiting
    assert client.tries(route) == 1 and results == [results[0], "paused"]
    await client.http.request(discord.http.Route("GET", "/users/@me"))
    interaction = discord.http.Route("POST", "/interactions/1/token/callback")
    await client.http.request(interaction, json={"type": 6})  # only one process is asked for it
    assert "1" in client.double.answers
    client.gate.may_send = lambda: True
    await send()
    assert client.tries(route) == 2


def test_the_breaker_lets_go_after_ten_minutes_and_what_the_edge_says():
    now = 0.0
    breaker = Breaker(most=2, clock=lambda: now)
    breaker.heard(403, {})
    breaker.heard(429, {"Via": "1.1 google", "X-RateLimit-Scope": "shared"})
    breaker.heard(404, {})
    breaker.check()
    now = 1.0
    breaker.heard(401, {})
    with pytest.raises(Paused):
        breaker.check()
    now = WINDOW_SECONDS
    breaker.check()
    for said, seconds in (({"Retry-After": "120"}, 120), ({"Retry-After": "soon"}, EDGE_SECONDS)):
        now += WINDOW_SECONDS
        breaker.heard(429, said)
        with pytest.raises(Paused):
            breaker.check()
        now += seconds
        breaker.check()


def test_what_discord_refused_counts_for_the_next_process_too():
    seconds, at = [5000.0], datetime(2026, 11, 23, 9, tzinfo=UTC)
    first = Breaker(most=200, clock=lambda: seconds[0])
    for number in range(150):
        first.heard(403, {})
        assert (first.news(at) is None) == (number < MANY - 1)
        assert first.news(at) is None  # few, or told already
    first.heard(401, {})
    kept = first.news(at)
    assert kept is not None
    seconds = [3.0]  # a restart: another clock, two minutes later
    second = Breaker(most=200, clock=lambda: seconds[0])
    second.recall(kept, at + timedelta(minutes=2))
    for _ in range(49):
        second.check()
        second.heard(403, {})
    with pytest.raises(Paused):
        second.check()
    seconds[0] += WINDOW_SECONDS - 120 + 1
    second.check()  # what the first one heard is ten minutes old
    second.heard(429, {"Retry-After": "3600"})
    kept = second.news(at)
    assert kept is not None
    for minutes in (59, 61):
        third = Breaker(clock=lambda: 0.0)
        third.recall(kept, at + timedelta(minutes=minutes))
        if minutes > 60:
            third.check()
            continue
        with pytest.raises(Paused, match="edge"):
            third.check()
