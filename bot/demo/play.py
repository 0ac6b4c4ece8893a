"""`make demo` and `make demo-check`: opens the world in a browser, or plays a scripted day and checks it."""

import logging
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.demo.bank import own_questions
from bot.demo.hub import Hub, announce
from bot.demo.script import play_day
from bot.demo.transcript import Transcript
from bot.demo.world import open_world
from bot.signals import told_to_stop


def _quiet() -> None:
    """Only what went wrong: the demo's terminal belongs to its reader."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.getLogger().setLevel(logging.ERROR)


async def open_in_browser(port: int, *, browser: bool, say: Callable[[str], None]) -> None:
    """Runs the demo until SIGINT or SIGTERM."""
    _quiet()
    stop = told_to_stop()
    say("Building the server and its sample history…")
    with tempfile.TemporaryDirectory() as folder:
        async with open_world(Path(folder)) as world:
            await own_questions(world)
            world.bot.start_ringing()
            async with Hub(world).serve(port) as address:
                announce(address, say)
                if browser:
                    webbrowser.open(address)
                await stop.wait()
    say("The demo has ended.")


async def check(say: Callable[[str], None]) -> bool:
    """Plays a scripted day, tells it line by line, and returns whether everything came true."""
    _quiet()
    transcript = Transcript(say)
    with tempfile.TemporaryDirectory() as folder:
        async with open_world(Path(folder)) as world:
            await own_questions(world)
            await play_day(world, transcript)
    transcript.close()
    return not transcript.failed
