"""The only place that reads the clock, so that tests and the demo can move it."""

from collections.abc import Callable
from datetime import datetime

import discord

Clock = Callable[[], datetime]
"""Returns the present instant as an aware UTC datetime."""


def system_clock() -> datetime:
    """The present instant in UTC; the offline world of tests and demo replaces the source beneath it."""
    return discord.utils.utcnow()
