"""An operator ends the bot, with and without an event loop that knows signals."""

import asyncio
import signal
from collections.abc import Callable, Iterator

import pytest

from bot.signals import told_to_stop


class LikeWindows(asyncio.SelectorEventLoop):
    """Python's event loops for Windows refuse signals."""

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: object) -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("loop", [asyncio.SelectorEventLoop, LikeWindows])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_told(loop: type[asyncio.AbstractEventLoop], number: signal.Signals):
    async def run() -> None:
        told = told_to_stop()
        assert not told.is_set()
        signal.raise_signal(number)
        await asyncio.wait_for(told.wait(), 5)

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(run())
