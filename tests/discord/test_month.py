"""A month of a team of eight, day by day: holidays, an outage, a member on leave, late answers."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.points import Period
from bot.services.audit import report
from bot.services.boards import WHOLE_SERVER
from bot.storage.schema import drills
from tests.discord.conftest import World

NAMES = ("ada", "bo", "cy", "dee", "eve", "flo", "gus", "hal")
HOLIDAY, OUTAGE = date(2026, 1, 6), date(2026, 1, 14)
LEAVE = {date(2026, 1, 19), date(2026, 1, 20), date(2026, 1, 21)}
AWAY = "dee"
MONTH_ENDS = date(2026, 1, 31)


@dataclass
class Book:
    """What a careful person with pen and paper notes of one member."""

    on_time: set[date] = field(default_factory=set)
    events: list[tuple[date, int]] = field(default_factory=list)

    def streak(self, posted: list[date], away: set[date]) -> tuple[int, int, int]:
        """(current run, best run, freezes held) after the posted dates, of which the last is open."""
        run = best = freezes = 0
        for day in posted:
            if day in self.on_time:
                run += 1
                best = max(best, run)
                if run % 7 == 0:
                    freezes = min(2, freezes + 1)
            elif day == posted[-1] or day in away or best == 0:
                continue
            elif freezes:
                freezes -= 1
            else:
                run = 0
        return run, best, freezes

    def points(self, since: date) -> int:
        """What was earned from a date on."""
        return sum(points for day, points in self.events if day >= since)


def weekdays() -> list[date]:
    days = (date(2026, 1, 1) + timedelta(days=step) for step in range((MONTH_ENDS - date(2026, 1, 1)).days + 1))
    return [day for day in days if day.weekday() < 5]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


async def move(world: World, instant: datetime) -> None:
    await world.env.advance_time((instant - world.bot.clock()).total_seconds())


async def test_a_month_of_a_team_of_eight(world: World):
    chance = random.Random(8)
    team = {name: world.guild.add_member(world.env.create_user(name)) for name in NAMES}
    rates = {name: 1 - 0.07 * number for number, name in enumerate(NAMES)}
    books = {name: Book() for name in NAMES}
    await world.set_up(time="09:00", days="mon-fri")
    await world.boss.slash(world.channel, "daily skip", date=str(HOLIDAY))
    await world.reply(team[AWAY], "away set", **{"from": str(min(LEAVE)), "until": str(max(LEAVE))})
    posted: list[date] = []
    for day in weekdays():
        if day == OUTAGE:
            continue  # nobody rings: the bot is down from before nine until the next morning
        await world.beat(at=at(day, 9))
        if day == HOLIDAY:
            continue
        posted.append(day)
        await answer(world, team, books, rates, chance, day, posted)
        await check(world, team, books, posted)
    stored = {row.date: row.state for row in await world.rows(drills)}
    assert stored[OUTAGE] == "missed" and HOLIDAY not in stored
    assert [day for day, state in stored.items() if state != "missed"] == posted
    assert (await report(world.bot.database)).disagreements == []


async def answer(
    world: World,
    team: dict[str, Any],
    books: dict[str, Book],
    rates: dict[str, float],
    chance: random.Random,
    day: date,
    posted: list[date],
) -> None:
    """Who has time answers; who missed the day before sometimes does so a day late."""
    for minute, (name, member) in enumerate(team.items(), start=1):
        await move(world, at(day, 12, minute))
        text = f"{name} explains the point in more than five words"
        if len(posted) > 1 and posted[-2] not in books[name].on_time and chance.random() < 0.3:
            await member.send(world.channel.threads[-2], text)
            books[name].events.append((day, 5))
        if chance.random() < rates[name] and not (name == AWAY and day in LEAVE):
            await member.send(world.thread(), text)
            books[name].on_time.add(day)
            books[name].events.append((day, 10))


async def check(world: World, team: dict[str, Any], books: dict[str, Book], posted: list[date]) -> None:
    """Streaks and boards say what the books say."""
    monday = posted[-1] - timedelta(days=posted[-1].weekday())
    for name, member in team.items():
        found = await world.bot.services.streaks.of(1, member.id)
        away = LEAVE if name == AWAY else set[date]()
        assert (found.current, found.best, found.freezes) == books[name].streak(posted, away), (name, posted[-1])
    for period, since in ((Period.THIS_WEEK, monday), (Period.ALL_TIME, date.min)):
        expected = {member.id: books[name].points(since) for name, member in team.items()}
        board = await world.bot.services.boards.members(world.guild.id, WHOLE_SERVER, period, 0, world.bot.clock())
        assert {row.member_id: row.points for row in board.found.rows} == {m: p for m, p in expected.items() if p}
