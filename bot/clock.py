"""The only place that reads the clock, so that tests and the demo can move it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

import discord
import structlog

Clock = Callable[[], datetime]
"""Returns the present instant as an aware UTC datetime."""
LARGEST_STEP = timedelta(seconds=30)
"""How far the wall clock may step, or differ from Discord's, without being doubted."""

log = structlog.get_logger()
_parsed = lru_cache(maxsize=1)(parsedate_to_datetime)
"""In a rush dozens of answers carry the same second."""


def system_clock() -> datetime:
    """The present instant in UTC; the offline world of tests and demo replaces the source beneath it."""
    return discord.utils.utcnow()


def wall_clock() -> datetime:
    """The present instant by this machine's own clock; for the demo, whose simulated time keeps pace with it."""
    return datetime.now(UTC)


class AgreedClock:
    """The wall clock while it agrees with Discord's; else Discord's, carried on by the seconds that pass.

    Where the wall clock jumps it is doubted until Discord has said who is right, so that nothing is ever claimed,
    closed or given up by a clock that is wrong.

    Args:
        wall: the clock of this machine.
        seconds: says seconds that never go back.
    """

    def __init__(self, wall: Clock = system_clock, seconds: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._seconds = seconds
        self._agreed, self._agreed_at = wall(), seconds()
        self.doubted = False
        """Whether Discord is to be asked for the time."""
        self._wrong = False

    def __call__(self) -> datetime:
        """The present instant."""
        wall, seconds = self._wall(), self._seconds()
        expected = self._agreed + timedelta(seconds=seconds - self._agreed_at)
        if self.doubted or abs(wall - expected) > LARGEST_STEP:
            self.doubted = True
            return expected
        self._agreed, self._agreed_at = wall, seconds
        return wall

    def hear(self, date: str | None) -> None:
        """Compares with Discord's own time.

        Args:
            date: the header `Date` of an answer; where there is none, the wall clock is believed.
        """
        expected, wall = self(), self._wall()
        told = wall if date is None else _parsed(date)
        if abs(told - wall) <= LARGEST_STEP:
            if self.doubted:
                self._agreed, self._agreed_at = wall, self._seconds()
            if self._wrong:
                log.info("clock.agrees")
            self.doubted = self._wrong = False
            return
        if not self._wrong:
            log.warning("clock.wrong", ahead_seconds=round((wall - told).total_seconds()), going_by="Discord")
        if abs(told - expected) > LARGEST_STEP:
            self._agreed, self._agreed_at = told, self._seconds()
        self.doubted = self._wrong = True
