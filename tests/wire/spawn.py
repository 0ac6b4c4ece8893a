"""Bots as processes that begin with code and questions already read: that is most of what a start costs."""

import asyncio
import multiprocessing
import os
import signal
from functools import cache
from importlib import import_module
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path


class BotProcess:
    """A process that runs `mockingbird run`, as asyncio has processes."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, or less than zero for the signal that ended it; None while it runs."""
        return self._process.exitcode

    async def wait(self) -> int:
        """Waits for its end and returns the exit code."""
        while (code := await asyncio.to_thread(self._joined)) is None:
            pass
        return code

    def _joined(self) -> int | None:
        self._process.join(1)
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it as a power failure would."""
        self._process.kill()


async def spawn(environment: dict[str, str], log: Path, first: str | None = None) -> BotProcess:
    """Starts a bot.

    Args:
        environment: all of it, as the bot sees it.
        log: what it prints is added to this file.
        first: a module that the process reads before the bot starts.
    """
    process = _nursery().Process(target=_run, args=(environment, log, first))
    await asyncio.to_thread(process.start)
    return BotProcess(process)


@cache
def _nursery() -> ForkServerContext:
    """Forks bots from a process that has no threads and has done nothing but read what they need."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["bot.start", "bot.process", "bot.commands", "tests.wire.spawn", "tests.wire.warm"]
    )
    return context


def _run(environment: dict[str, str], log: Path, first: str | None) -> None:
    from bot.start import run

    os.environ.clear()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    if first is not None:
        import_module(first)
    run()
