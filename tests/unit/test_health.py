"""What `/healthz` and `/readyz` say of a bot, over real sockets."""

import socket
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.health import OLD_BEAT_SECONDS, Signs, serve_health

WELL = Signs(gateway=True, beat_at=1000.0, trouble=None, migrated=True, caught_up=True)


async def numbers() -> bytes:
    return b"up 1\n"


async def asked(at: str, signs: Signs, now: float = 1000.0) -> tuple[int, list[str]]:
    """The status, and what is said not to be well."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with (
        serve_health("127.0.0.1", port, lambda: signs, numbers, lambda: now),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{at}") as answer,
    ):
        said: dict[str, Any] = await answer.json()
        return answer.status, [name for name, well in said.items() if not well]


async def test_a_bot_is_well_while_it_beats_stands_and_stores():
    assert await asked("/healthz", WELL) == (200, [])
    assert await asked("/healthz", replace(WELL, gateway=False)) == (503, ["gateway"])
    assert await asked("/healthz", replace(WELL, trouble="full")) == (503, ["storage"])
    assert await asked("/healthz", replace(WELL, beat_at=None)) == (503, ["heartbeat"])
    # By a clock that nobody sets.
    assert await asked("/healthz", WELL, 1000.0 + OLD_BEAT_SECONDS - 1) == (200, [])
    assert await asked("/healthz", WELL, 1000.0 + OLD_BEAT_SECONDS) == (503, ["heartbeat"])


@pytest.mark.parametrize("missing", ["gateway", "migrated", "caught_up"])
async def test_a_bot_is_ready_once_it_stands_and_knows_what_it_missed(missing: str):
    assert await asked("/readyz", WELL) == (200, [])
    assert await asked("/readyz", replace(WELL, **{missing: False})) == (503, [missing])
    assert await asked("/readyz", Signs()) == (503, ["gateway", "migrated", "caught_up"])


async def test_numbers_are_told_as_prometheus_asks_for_them():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with (
        serve_health("127.0.0.1", port, Signs, numbers),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        assert (answer.status, await answer.read()) == (200, b"up 1\n")
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
