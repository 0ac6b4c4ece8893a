"""A month of practice in minutes: the real process, whose clock and Discord's are moved from morning to morning."""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path

import sqlalchemy as sa
from aiohttp import web

from bot.domain.away import Away
from bot.services.audit import verify_database
from bot.storage import away, schema
from bot.storage.database import Database
from tests.benchmarks.city import City
from tests.benchmarks.report import Row
from tests.benchmarks.rush import answer, prepare_due, resident_mb
from tests.wire.double import BOT_ID, Json, snowflake
from tests.wire.process import Case, Running

DAY = timedelta(days=1)
AWAY, RATE, AT_ONCE = 0.1, 0.7, 20
"""The share of members who are away for the second week, how many of the others answer on a day, and how many of
them at the same time."""
KILLED, ABSENT, OUTAGE, LEVEL_FROM = 4, 7, 9, 23
"""Days (from 0) on which the bot is killed while people answer, is not there at all, and meets 502 for a while; and
from which on its memory is compared: the database of 200 servers is then larger than what is kept of its pages."""
OUTAGE_SECONDS = 10.0
GROWTH = 1.05
"""How much more memory it may hold at the end than on that day."""


class Month(City):
    """Servers whose time can be moved on; they don't limit requests, and forget what nobody reads again."""

    def __init__(self, servers: int, clock: Path) -> None:
        super().__init__(servers)
        self.per_second = 1_000_000
        self._clock = clock
        self._ahead = 0.0
        self.move_to(self.now())

    def now(self) -> float:
        """Discord's clock, which is the bot's as well."""
        return time.time() + self._ahead

    def move_to(self, instant: float) -> None:
        """Lets the time pass until then."""
        self._ahead = instant - time.time()
        self._clock.write_text(str(self._ahead))

    def forget(self) -> None:
        """What was said to the bot, and what it has asked."""
        self._sent[:] = [""] * len(self._sent)
        for past in (self.started, self.answers, self.answered_at, self.followups, self.files, self._seconds):
            past.clear()

    async def hide_threads(self) -> None:
        """Hides threads in which nobody has written for as long as their bot has said."""
        for thread_id, thread in self.threads.items():
            minutes = thread["thread_metadata"]["auto_archive_duration"]
            if not self.is_archived(thread_id) and snowflake(self.now() - 60 * minutes) > thread_id:
                await self.hides_thread(thread_id)

    async def quiet(self, seconds: float = 2.5) -> None:
        """Waits until the bot has asked nothing for a while."""
        seen = -1
        while seen != len(self.started):
            seen = len(self.started)
            await asyncio.sleep(seconds)

    def cards(self) -> Iterator[tuple[str, Json]]:
        """The newest question of each channel that has one: (channel, message)."""
        for channel_id in self.channels:
            own = [message for message in self.messages[channel_id].values() if message["author"]["id"] == BOT_ID]
            if own:
                yield channel_id, max(own, key=lambda message: int(message["id"]))

    def _respond(self, status: int, answer: object) -> web.Response:
        response = super()._respond(status, answer)
        response.headers["Date"] = formatdate(self.now(), usegmt=True)
        return response


class Soak:
    """One run: servers with so many members each, for so many days."""

    def __init__(self, city: Month, case: Case, members: int, days: int) -> None:
        self._city, self._case = city, case
        self._members, self._days = members, days
        self._chance = random.Random(1)
        self.memory: list[float] = []
        self.told = self.failed = 0

    async def run(self, first: datetime) -> None:
        """Lives through all days."""
        bot: Running | None = None
        for day in range(self._days):
            self._city.forget()
            if day == ABSENT and bot is not None:
                await bot.stop()
                bot = None
            self._city.move_to((first + day * DAY).timestamp() + 1)
            if bot is not None:
                await self._city.hide_threads()
            if day == ABSENT:
                continue
            if bot is None:
                bot = await self._start()
            if day == OUTAGE:
                self._city.fail_for(OUTAGE_SECONDS)
            await self._asked(len(self._city.threads) + len(self._city.channels))
            await self._city.quiet()
            people = asyncio.create_task(self._answer(day))
            if day == KILLED:
                await asyncio.sleep(1)
                await bot.kill()
                bot = await self._start()
            await people
            await self._city.quiet()
            self.memory.append(resident_mb(bot.process.pid))
            print(f"day {day + 1}: {self.told} answers, {self.memory[-1]:.0f} MB", file=sys.stderr, flush=True)
        if bot is not None:
            await bot.stop()

    async def _asked(self, threads: int) -> None:
        """Waits until today's questions stand in all channels with their threads."""
        await self._city.until(lambda: len(self._city.threads) >= threads, 600)

    async def _start(self) -> Running:
        bot = await self._case.start(
            first="tests.benchmarks.moved",
            TEST_CLOCK=str(self._case.folder / "clock"),
            MOCKINGBIRD_LOG_FORMAT="json",
        )
        await self._city.connected()
        return bot

    async def _answer(self, day: int) -> None:
        """Those who practice today answer by form."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(channel_id: str, card: Json, member_id: int) -> None:
            async with turns:
                button = next(
                    part
                    for row in card["components"]
                    for part in row.get("components", [])
                    if str(part.get("custom_id")).startswith("mb:drill:answer:")
                )
                done = await answer(self._city, button, card, str(member_id), [], channel_id)
                self.told += done
                self.failed += not done

        await asyncio.gather(
            *(
                one(channel_id, card, member_id)
                for at, (channel_id, card) in enumerate(self._city.cards())
                for member_id in members_of(at, self._members)
                if not is_away(member_id, day) and self._chance.random() < RATE
            )
        )


def members_of(server: int, members: int) -> range:
    """The ids of a server's members."""
    return range(1_000_000 + server * members, 1_000_000 + (server + 1) * members)


def is_away(member_id: int, day: int | None = None) -> bool:
    """Whether a member is one of those who are away in the second week, or on a day (from 0)."""
    goes = random.Random(member_id).random() < AWAY
    return goes and (day is None or 7 <= day < 14)


async def go_away(case: Case, city: City, members: int, first: datetime) -> None:
    """Those who will be away say so."""

    def store(conn: sa.Connection) -> None:
        for at, guild_id in enumerate(city.channels.values()):
            for member_id in filter(is_away, members_of(at, members)):
                week = Away((first + 7 * DAY).date(), (first + 13 * DAY).date())
                away.add(conn, int(guild_id), member_id, week, first - DAY)

    async with Database(case.url) as database:
        await database.write(store)


async def rows(servers: int = 200, members: int = 10, days: int = 30) -> list[Row]:
    """A month with absences and bad days: memory stays level, what people were told is stored, `verify` agrees."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with Month(servers, Path(folder) / "clock") as city:
            first = (datetime.now(UTC) + DAY).replace(hour=9, minute=0, second=0, microsecond=0)
            case = await prepare_due(city, Path(folder), first)
            await go_away(case, city, members, first)
            soak = Soak(city, case, members, days)
            await soak.run(first)
            drills = await case.stored(schema.drills)
            stored = len(await case.stored(schema.answers))
            report = await verify_database(case.url)
            # Whoever is killed may leave half a line.
            lines = (Path(folder) / "bot.log").read_text().splitlines()
            log = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    posted = sum(drill.message_id is not None for drill in drills)
    level = soak.memory[LEVEL_FROM - 1 :]
    growth = level[-1] / level[0]
    errors = Counter(line["event"] for line in log if line["level"] in ("error", "critical"))
    logged = ", ".join(f"{times} × {event}" for event, times in errors.items())
    said = (
        f"{posted} questions and {stored} answers in {(time.monotonic() - begun) / 60:.0f} minutes; memory "
        f"{level[0]:.0f} MB on day {LEVEL_FROM + 1}, {level[-1]:.0f} MB on the last; {soak.told} people were told "
        f"that theirs is stored, {soak.failed} heard nothing within 3 s or that it failed; "
        f"{len(report.disagreements)} disagreements among {report.streaks} streaks, {report.standings} standings; "
        f"errors logged: {logged or 'none'}"
    )
    met = growth <= GROWTH and soak.told <= stored and not report.disagreements and posted == servers * (days - 1)
    return [
        Row(
            f"{days} days, {servers} servers, {servers * members:,} members, absences and bad days",
            "",
            said,
            f"memory at most {GROWTH - 1:.0%} more, nothing lost, `verify` agrees",
            met,
        )
    ]
