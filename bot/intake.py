"""What comes in from Discord's gateway: read without falling over it, and finished before the bot ends."""

import asyncio
from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any

import structlog

from bot.ui.kit.references import referred

Parser = Callable[[Any], None]
TASKS = ("discord.py: ", "CommandTree-invoker")
"""How discord.py names the tasks in which events and commands are handled."""
NEEDED = "READY"
"""Without it there is no session: better to end than to live without one."""

log = structlog.get_logger()


def _about(event: str, data: Any) -> dict[str, Any]:
    """Which interaction or message an event is about, for the lines of the log that come of it."""
    if event == "INTERACTION_CREATE":
        return {"interaction": data["id"]}
    number = data.get("message_id") or data.get("id") if event.startswith("MESSAGE_") else None
    return {"message": number} if number else {}


class Intake:
    """Stands between the gateway and all handlers of a client.

    What comes of an event, tasks that go on in the background included, stands in the log under one reference.
    """

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
            with referred(**_about(event, data)):
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
