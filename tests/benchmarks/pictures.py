"""How long pictures take, from what they show to the PNG that is sent."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median

from bot.domain.bank import Bank
from bot.domain.digests import DigestWeek
from bot.domain.mastery import Tally, TopicMastery
from bot.domain.points import Period
from bot.domain.streaks import Streak, StreakState
from bot.services.boards import TREND_WEEKS, Trend, TrendLine
from bot.services.digests import Digest
from bot.services.streaks import CALENDAR_WEEKS, StreakDay, StreakMark, StreakNews, StreakView
from bot.services.votes import BestAnswer
from bot.storage.bank_files import shipped_pack
from bot.ui.charts.boards import board_picture
from bot.ui.charts.cards import Imprint, Person
from bot.ui.charts.digests import digest_picture
from bot.ui.charts.milestones import milestone_picture
from bot.ui.charts.progress import progress_picture
from bot.ui.charts.rendering import Pictures, render
from bot.ui.charts.streaks import streak_picture
from tests.benchmarks.report import Row
from tests.builders import track

TIMES, WARM_UP = 40, 3
LIMIT_MS, PAUSE_MS = 60, 25
TODAY = date(2026, 11, 27)
MONDAY = TODAY - timedelta(days=TODAY.weekday())
IMPRINT = Imprint("#practice", TODAY)


def _streak() -> Callable[[], str]:
    """Half a year in which everything happened that can."""
    start, chance = MONDAY - timedelta(weeks=CALENDAR_WEEKS - 1), random.Random(1)
    past = [start + timedelta(days=at) for at in range((TODAY - start).days)]
    kinds = list(StreakMark)[:-1]
    days = [StreakDay(day, *chance.choices(kinds, (60, 8, 6, 6, 8, 4))) for day in past if day.weekday() < 5]
    view = StreakView(
        track=track(),
        streak=Streak(48, 62, 1, StreakState.DUE, ()),
        today=TODAY,
        days=(*days, StreakDay(TODAY, StreakMark.OPEN)),
        deeds={day: chance.randrange(12) for day in past},
        coming=(),
        waiting=None,
        milestones=(),
        offer=None,
        once=StreakNews(0, False),
    )
    return partial(streak_picture, view, Person("Anna Petrova"), IMPRINT)


def _board(*names: str) -> Callable[[], str]:
    """Eight lively weeks."""
    chance = random.Random(2)
    lines = [
        TrendLine(rank, name, [chance.randrange(0, 60, 10) for _ in range(TREND_WEEKS)], 60 - rank)
        for rank, name in enumerate(names, start=1)
    ]
    mondays = [MONDAY - timedelta(weeks=7 - at) for at in range(TREND_WEEKS)]
    return partial(
        board_picture, "Leaderboard", "This week", Trend(Period.THIS_WEEK, "2026-W48", mondays, lines), IMPRINT
    )


def _progress() -> Callable[[], str]:
    """All topics of the shipped bank."""
    chance = random.Random(3)
    topics = [
        TopicMastery(topic.title, 0.5, chance.random() / 2, 4, 7, Tally())
        for topic in Bank(shipped_pack("genai")).topics
    ]
    return partial(progress_picture, topics, Person("Anna Petrova"), IMPRINT)


def _digest() -> Callable[[], str]:
    """A week with all that a digest can show."""
    told = Digest(
        track=replace(track(), next_due_utc=datetime(2026, 11, 30, 9, tzinfo=UTC)),
        week=DigestWeek(MONDAY, "UTC"),
        answers=(3, 0, 4, 12, 5, 0, 0),
        before=(5, 6, 4, 3, 7, 1, 0),
        people=7,
        top=[],
        teams=[],
        best=BestAnswer("Anna Petrova", 4, None),
        missed=None,
        left=3,
        total=100,
        posted=5,
    )
    return partial(digest_picture, told, "Nov 23 to Nov 29", IMPRINT)


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
    await pictures.file("warm.png", _board("Anna"))
    boards = asyncio.gather(*(pictures.file("board.png", _board("Anna", "Ben", f"{at}")) for at in range(8)))
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
    members = (
        "Anna",
        "Benjamin Button",
        "Chloé Dubois",
        "Дмитрий",
        "Maximilian von Hohenzollern",
        "Eli",
        "Fay",
        "Gus",
    )
    pictures = {
        "a streak, half a year": _streak(),
        "a board, eight members": _board(*members),
        "a board of two teams": _board("Owls", "Larks"),
        "progress, all topics": _progress(),
        "a digest": _digest(),
        "a milestone": partial(milestone_picture, 365, Person("Anna Petrova"), IMPRINT),
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
