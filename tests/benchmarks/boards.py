"""Board and streak with few and with many answers behind them."""

import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.points import ON_TIME_POINTS, Period, Reason, answer_reference
from bot.domain.tracks import PlanChange
from bot.garbage import leave_out_what_stays, searched_later
from bot.services.boards import WHOLE_SERVER, BoardService
from bot.services.streaks import StreakService
from bot.services.tracks import TrackService
from bot.storage import ledger
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.schema import answers, drills, members
from bot.storage.schema import ledger as entries
from tests.benchmarks.report import Row
from tests.builders import banks

DAYS, CALLS, WARM_UP = 250, 400, 20
SIZES = (10_000, 1_000_000)
LIMIT_MS, GROWTH = 5.0, 2.0
WHY = (
    "looked at on 2026-11-29: every step of the statements reads an index. Half of a board is its streaks: reading "
    "on which days its ten best answered, and counting them. A third is counting its members for its ranks, now "
    "and a week before."
)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday, so that this week has four days behind it
GUILD, CHANNEL = 1, 2


def _answers(member: int, day: int) -> bool:
    """Whether a member answered on a day: each at a rate of their own, two of three on average."""
    return random.Random(member * DAYS + day).random() < 1 / 3 + 2 / 3 * random.Random(member).random()


async def fill(database: Database, size: int) -> int:
    """One server with 250 days behind it, whose members answered on two of three; returns how many they are."""
    people = size * 3 // (2 * DAYS)
    change = PlanChange(zone="UTC", days=frozenset(range(7)))
    await TrackService(database, banks()).set_up(GUILD, CHANNEL, change, NOW - timedelta(days=DAYS), named=True)
    seen = [
        {"guild_id": GUILD, "member_id": member, "name": f"Member {member}", "seen_at": NOW}
        for member in range(1, people + 1)
    ]
    await database.write(lambda conn: conn.execute(members.insert(), seen))
    for day in range(DAYS):
        opened = NOW - timedelta(days=DAYS - day)

        def one_day(conn: Connection, day: int = day, opened: datetime = opened) -> None:
            drill = _drill(day, opened)
            conn.execute(drills.insert().values(**drill))
            rows = [(m, opened + timedelta(seconds=m)) for m in range(1, people + 1) if _answers(m, day)]
            base = {"guild_id": GUILD, "track_id": 1}
            conn.execute(
                answers.insert(),
                [
                    {**base, "drill_id": day + 1, "member_id": m, "status": "on_time", "counted_at": at}
                    for m, at in rows
                ],
            )
            booked = {**base, "reason": Reason.ON_TIME, "points": ON_TIME_POINTS}
            conn.execute(
                entries.insert(),
                [
                    {
                        **booked,
                        "member_id": m,
                        "reference": answer_reference(1, drill["date"], m),
                        "happened_at": at,
                    }
                    for m, at in rows
                ],
            )

        await database.write(one_day)
    await database.write(ledger.rebuild)
    await database.write(lambda conn: conn.execute(sa.text("ANALYZE")))
    return people


def _drill(day: int, opened: datetime) -> dict[str, Any]:
    last = day == DAYS - 1
    return {
        "id": day + 1,
        "guild_id": GUILD,
        "track_id": 1,
        "channel_id": CHANNEL,
        "date": opened.date(),
        "zone": "UTC",
        "question_id": "genai-001",
        "refill": day // 110,
        "mode": "open",
        "state": "open" if last else "closed",
        "late": False,
        "claimed_at": opened,
        "attempts": 0,
        "message_id": 1000 + day,
        "opened_at": opened,
        "closes_at": opened + timedelta(days=7),
        "closed_at": None if last else opened + timedelta(days=1),
        "reveal": "none" if last else "done",
    }


class Times(NamedTuple):
    """Milliseconds of each call: by the clock, and on a processor."""

    clock: list[float]
    processor: list[float]


async def timed(call: Callable[[int], Awaitable[object]], people: int) -> Times:
    """How long each call takes, for members spread over the whole server."""
    taken = Times([], [])
    for number in range(WARM_UP + CALLS):
        member = 1 + number * 7919 % people
        begun, used = time.perf_counter(), time.process_time()
        await call(member)
        if number >= WARM_UP:
            taken.clock.append((time.perf_counter() - begun) * 1000)
            taken.processor.append((time.process_time() - used) * 1000)
    return taken


class Found(NamedTuple):
    """Milliseconds of a use case: median and 99th percentile by the clock, and the latter on a processor."""

    median: float
    worst: float
    busy: float


async def measure(size: int) -> dict[str, Found]:
    """What each measured use case takes."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/bench.db"
        async with Database(url) as database:
            await migrate(database)
            people = await fill(database, size)
        # As a bot finds it that starts now: nothing of the filling is in memory, and searches for garbage are rare.
        async with Database(url) as database:
            with searched_later():
                await leave_out_what_stays()
            boards, streaks = BoardService(database), StreakService(database)
            calls: dict[str, Callable[[int], Awaitable[object]]] = {
                "board of this week": lambda m: boards.members(GUILD, WHOLE_SERVER, Period.THIS_WEEK, m, NOW),
                "board of all time": lambda m: boards.members(GUILD, WHOLE_SERVER, Period.ALL_TIME, m, NOW),
                "streak": lambda m: streaks.of(1, m),
            }
            found: dict[str, Found] = {}
            for name, call in calls.items():
                clock, processor = (quantiles(taken, n=100) for taken in await timed(call, people))
                found[name] = Found(clock[49], clock[98], processor[98])
            return found


async def rows() -> list[Row]:
    """Boards and streaks, with few and with many answers behind them."""
    small, large = [await measure(size) for size in SIZES]
    found: list[Row] = []
    for name, few in small.items():
        many = large[name]
        growth = many.worst / few.worst
        said = (
            f"p50 {many.median:.1f} ms, p99 {many.worst:.1f} ms, of which {many.busy:.1f} ms on a processor; "
            f"{growth:.2f} × the p99 at {SIZES[0]:,}, on a processor {many.busy / few.busy:.2f} ×"
        )
        met = many.worst < LIMIT_MS and growth <= GROWTH
        goal = f"p99 under {LIMIT_MS:.0f} ms, at most {GROWTH:.0f} ×"
        found.append(Row(f"{name}, {SIZES[1]:,} answers", "", said, goal, met, WHY))
    return found
