"""Read before the bot starts, it gives it a wall clock that is off by as many seconds as stand in a file."""

import os
import pkgutil
from datetime import UTC, datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Any

import apscheduler
import discord.utils

OFFSET = Path(os.environ["TEST_CLOCK"])


class _Kind(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class Wall(datetime, metaclass=_Kind):
    """What libraries take for `datetime`."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        """The present instant, as the wrong clock tells it."""
        return datetime.now(tz) + timedelta(seconds=float(OFFSET.read_text()))


discord.utils.utcnow = lambda: Wall.now(UTC)
for found in pkgutil.walk_packages(apscheduler.__path__, "apscheduler."):
    if found.name.startswith(
        ("apscheduler.schedulers.asyncio", "apscheduler.schedulers.base", "apscheduler.triggers.")
    ):
        module = import_module(found.name)
        if hasattr(module, "datetime"):
            module.__dict__["datetime"] = Wall
