"""What comes in from Discord's gateway: read without falling over it, and finished before the bot ends."""

import asyncio
from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any

import structlog

Parser = Callable[[Any], None]
TASKS = ("discord.py: ", "CommandTree-invoker")
"""How discord.py names the tasks in which events and commands are handled."""
NEEDED = "READY"
"""Without it there is no session: better to end than to live without one."""

log = structlog.get_logger()


class Intake:
    """Stands between the gateway and all handlers of a client."""

    def __init__(self) -> None:
        self._open = True
        self._unreadable = set[str]()

    def guard(self, parsers: MutableMapping[str, Parser]) -> None:
        """Makes every event of a client pass through.

        Args:
            parsers: discord.py's own, by the name of the event.
        """
        for event, parse in parsers.items():
            parsers[event] = partial(self._read, event, parse)

    def _read(self, event: str, parse: Parser, data: Any) -> None:
        if not self._open:
            return
        try:
            parse(data)
        except Exception as error:
            if event == NEEDED:
                raise
            if event not in self._unreadable:
                self._unreadable.add(event)
                log.error("event.unreadable", name=event, error=type(error).__name__)

    async def finish(self, seconds: float) -> None:
        """Takes nothing any more, and gives what is being handled some seconds to end."""
        self._open = False
        own = asyncio.current_task()
        handled = [task for task in asyncio.all_tasks() if task is not own and task.get_name().startswith(TASKS)]
        if not handled:
            return
        _, slow = await asyncio.wait(handled, timeout=seconds)
        for task in slow:
            task.cancel()
        if slow:
            await asyncio.wait(slow, timeout=1.0)
