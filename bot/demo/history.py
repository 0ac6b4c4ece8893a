"""The four weeks before today: the team answers, likes, misses, repairs, takes quizzes, and sits an interview."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import wall_clock
from bot.demo import samples
from bot.demo.world import World
from bot.domain.schedule import format_days

POSTED_AGO = timedelta(minutes=20)
REPAIRED = 4
"""Before this day's question Ben repairs the one that he missed the day before."""
QUIZZES = {2: "Anna", 6: "Chen", 9: "Anna", 12: "Farah", 14: "Ben", 17: "Anna"}
"""Who takes a quiz on which day."""
INTERVIEW = 15


async def play_history(world: World, told: Callable[[int, int], None]) -> None:
    """Plays it, up to today's question, which is open then.

    Args:
        told: hears after each day how many are over, and of how many.
    """
    today = (wall_clock() - POSTED_AGO).replace(second=0, microsecond=0)
    past = _practice_days(today)
    world.begin_at(past[0] - timedelta(hours=1))
    await _set_up(world, today, past)
    for number, opened in enumerate(past):
        await _day(world, number, opened)
        told(number + 1, len(past) + 1)
    await world.manager.send(world.practice, samples.ENDS)
    await world.move_to(today)
    await world.beat()
    await world.keep_pace()
    told(len(past) + 1, len(past) + 1)


def _practice_days(today: datetime) -> list[datetime]:
    """When questions came in the weeks before, oldest first: five weekdays a week, of which today is one."""
    days_off = {(today.weekday() + 3) % 7, (today.weekday() + 4) % 7}
    before = (today - timedelta(days=back) for back in range(7 * samples.WEEKS, 0, -1))
    return [day for day in before if day.weekday() not in days_off]


async def _set_up(world: World, today: datetime, past: list[datetime]) -> None:
    days = format_days({day.weekday() for day in past})
    await world.manager.slash(world.practice, "setup", timezone="UTC", time=f"{today:%H:%M}", days=days)
    track = await world.bot.services.tracks.find(world.guild.id, world.practice.id)
    await world.bot.services.digests.plan(track, (past[4].weekday(), (today.hour + 8) % 24), world.env.now())
    for team, names in samples.TEAMS.items():
        await world.manager.slash(world.practice, "team create", name=team)
        for name in names:
            await world.members[name].slash(world.practice, "team join", name=team)
    await world.manager.send(world.lobby, samples.LOBBY)
    await world.manager.send(world.practice, samples.STARTS)


async def _day(world: World, number: int, opened: datetime) -> None:
    await world.move_to(opened)
    await world.beat()
    if number == REPAIRED:
        await world.repair("Ben")
    for hour, (name, way, text) in enumerate(world.answers_today(), start=1):
        await world.move_to(opened + timedelta(hours=hour))
        await world.answer(name, way, text)
    await world.vote_today()
    if name := QUIZZES.get(number):
        await world.quiz(name, wrong=number % 3)
    if number == INTERVIEW:
        await world.interview("Dara")
