"""How long pictures take, from what they show to the PNG that is sent."""

import asyncio
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from statistics import median

from bot.domain.bank import Bank
from bot.services.boards import IN_TREND, TREND_WEEKS, Trend, TrendLine
from bot.services.streaks import CALENDAR_WEEKS, StreakDay, StreakMark
from bot.storage.bank_files import shipped_pack
from bot.ui.charts.bars import Bar, bars_picture
from bot.ui.charts.boards import trend_picture
from bot.ui.charts.calendar import calendar_picture
from bot.ui.charts.digests import week_picture
from bot.ui.charts.rendering import Pictures, render
from tests.benchmarks.report import Row

TIMES, WARM_UP = 40, 3
LIMIT_MS, PAUSE_MS = 60, 25
TODAY = date(2026, 11, 27)
MONDAY = TODAY - timedelta(days=TODAY.weekday())


def _calendar() -> Callable[[], str]:
    """Half a year in which everything happened that can."""
    start, chance = MONDAY - timedelta(weeks=CALENDAR_WEEKS - 1), random.Random(1)
    past = [start + timedelta(days=at) for at in range((TODAY - start).days)]
    kinds = list(StreakMark)[:-1]
    days = [StreakDay(day, *chance.choices(kinds, (60, 8, 6, 6, 8, 4))) for day in past if day.weekday() < 5]
    return partial(calendar_picture, start, TODAY, [*days, StreakDay(TODAY, StreakMark.OPEN)])


def _trend(*names: str) -> Callable[[], str]:
    """Eight lively weeks."""
    chance = random.Random(2)
    lines = [
        TrendLine(rank, name, [chance.randrange(0, 60, 10) for _ in range(TREND_WEEKS)])
        for rank, name in enumerate(names, start=1)
    ]
    return partial(trend_picture, Trend([MONDAY - timedelta(weeks=7 - at) for at in range(TREND_WEEKS)], lines))


def _bars() -> Callable[[], str]:
    """All topics of the shipped bank."""
    chance = random.Random(3)
    topics = Bank(shipped_pack("genai")).topics
    return partial(
        bars_picture, "Mastery by topic", [Bar(topic.title, chance.random(), "3 of 7") for topic in topics]
    )


def timed(draw: Callable[[], str]) -> tuple[float, float]:
    """Median milliseconds from what a picture shows to its PNG, by the clock and of a processor."""
    taken: list[tuple[float, float]] = []
    for _ in range(WARM_UP + TIMES):
        begun, spent = time.perf_counter(), time.thread_time()
        render(draw())
        taken.append((time.perf_counter() - begun, time.thread_time() - spent))
    clock, processor = zip(*taken[WARM_UP:], strict=True)
    return median(clock) * 1000, median(processor) * 1000


async def pause() -> float:
    """The longest pause, in milliseconds, of an event loop beside which eight different boards are rendered."""
    pictures, pauses = Pictures(), [0.0]
    await pictures.file("warm.png", _trend("Anna"))
    boards = asyncio.gather(*(pictures.file("board.png", _trend("Anna", "Ben", f"{at}")) for at in range(8)))
    last = time.perf_counter()
    while not boards.done():
        await asyncio.sleep(0)
        now = time.perf_counter()
        pauses.append((now - last) * 1000)
        last = now
    await boards
    pictures.close()
    return max(pauses)


def measure() -> list[tuple[str, float, float]]:
    """(name, median milliseconds, those of a processor) of each kind of picture, at the size that is sent."""
    members = ("Anna", "Benjamin Button", "Chloé Dubois", "Дмитрий", "Maximilian von Hohenzollern")[:IN_TREND]
    week, before = (3, 0, 4, 12, 5, 0, 0), (5, 6, 4, 3, 7, 1, 0)
    pictures = {
        "a streak, half a year": _calendar(),
        "a board, five members": _trend(*members),
        "a board of two teams": _trend("Owls", "Larks"),
        "progress, all topics": _bars(),
        "a digest": partial(week_picture, "23 Nov to 29 Nov", week, before),
    }
    return [(name, *timed(draw)) for name, draw in pictures.items()]


async def rows() -> list[Row]:
    """Pictures one by one, and what the event loop feels of eight at once."""
    found = [
        Row(
            f"picture of {name}",
            "",
            f"p50 {clock:.0f} ms, of which {processor:.0f} ms on a processor",
            f"under {LIMIT_MS} ms",
            clock < LIMIT_MS,
        )
        for name, clock, processor in await asyncio.to_thread(measure)
    ]
    longest = await pause()
    said, goal = f"longest pause {longest:.0f} ms", f"under {PAUSE_MS} ms"
    return [*found, Row("event loop beside eight pictures", "", said, goal, longest < PAUSE_MS)]
