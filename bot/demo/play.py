"""`make demo` and `make demo-check`: opens the world in a browser, or plays a scripted day and checks it."""

import asyncio
import logging
import tempfile
import webbrowser
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import structlog

from bot.demo.hub import Hub
from bot.signals import told_to_stop


def _quiet() -> None:
    """Only what went wrong: the demo's terminal belongs to its reader."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.getLogger().setLevel(logging.ERROR)


async def open_in_browser(port: int, *, browser: bool, say: Callable[[str], None]) -> None:
    """Runs the demo until SIGINT or SIGTERM."""
    _quiet()
    stop = told_to_stop()
    hub = Hub()
    async with hub.serve(port, say) as address:
        say(f"The demo is open: {address}")
        say("It runs until you press Ctrl+C.")
        if browser:
            webbrowser.open(address)
        living, told = asyncio.create_task(_live(hub)), asyncio.create_task(stop.wait())
        await asyncio.wait((living, told), return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if living.done():
            await living
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
    say("The demo has ended.")


async def _live(hub: Hub) -> None:
    """Builds the world and shows it, until it's cancelled."""
    # In a thread: reading the bot takes seconds, in which the page is served already.
    await asyncio.to_thread(import_module, "bot.demo.history")
    from bot.demo.bank import own_questions
    from bot.demo.history import play_history
    from bot.demo.world import open_world

    with tempfile.TemporaryDirectory() as folder:
        async with open_world(Path(folder)) as world:
            await play_history(world, hub.built)
            await own_questions(world)
            world.bot.start_ringing()
            async with hub.shows(world):
                await asyncio.Event().wait()


async def check(say: Callable[[str], None]) -> bool:
    """Plays a scripted day, tells it line by line, and returns whether everything came true."""
    from bot.demo.bank import own_questions
    from bot.demo.history import play_history
    from bot.demo.script import play_day
    from bot.demo.transcript import Transcript
    from bot.demo.world import open_world

    _quiet()
    transcript = Transcript(say)
    with tempfile.TemporaryDirectory() as folder:
        async with open_world(Path(folder)) as world:
            await play_history(world, lambda days, of: None)
            await own_questions(world)
            await play_day(world, transcript)
    transcript.close()
    return not transcript.failed
