"""The clock of the machine is wrong: nothing is claimed, closed or given up by it, and nobody's answer is lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import AgreedClock
from bot.domain.backoff import has_rested
from bot.storage import schema
from tests.faults.process import TEXT, FaultyCase, until
from tests.wire.double import CHANNEL_ID

ANNA = "9100"
HOUR, DAY = 3600.0, 86400.0
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def told(log: Path) -> int:
    return log.read_text().count("clock.wrong")


async def test_the_heart_beats_on_when_the_clock_is_set_back(case: FaultyCase):
    await case.prepare()
    away = case.double.fault("POST", f"/channels/{CHANNEL_ID}/messages", status=503, times=1)
    async with case.clocked() as bot:
        await away.hit.wait()
        case.set_clock(-2 * HOUR)
        await case.settled()  # it is tried again by the beat alone
        assert await bot.stop() == 0
    await case.invariants()


@pytest.mark.parametrize("seconds", [-600.0, 8 * DAY])
async def test_a_clock_that_is_wrong_from_the_start_posts_todays_question_all_the_same(
    case: FaultyCase, seconds: float
):
    await case.prepare()
    async with case.clocked(seconds) as bot:
        await case.settled()
        assert await bot.stop() == 0
        assert told(bot.log) == 1
    await case.invariants()


async def test_a_clock_that_runs_ahead_for_a_while_loses_no_answer_and_misses_no_date(case: FaultyCase):
    await case.prepare()
    async with case.clocked() as bot:
        card = await case.today()
        before = await case.stored(schema.drills)
        case.set_clock(8 * DAY)
        await until(lambda: told(bot.log) == 1)
        await case.double.disconnect()
        meanwhile = await case.double.says(card, ANNA, TEXT)
        await case.double.connected()
        await case.count(meanwhile)
        await bot.kill()
        missed = await case.double.says(card, "9200", TEXT)
    async with case.clocked() as bot:
        await case.count(missed)
        assert await bot.stop() == 0
    assert [(d.id, d.state) for d in await case.stored(schema.drills)] == [(d.id, d.state) for d in before]
    await case.invariants()


class Machine:
    """A clock on the wall, and seconds that pass."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.wall = NOW
        self.clock = AgreedClock(lambda: self.wall, lambda: self.seconds)

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)


def header(at: datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize("off", [timedelta(days=-1), timedelta(minutes=-10), timedelta(days=8)])
def test_a_jump_counts_only_once_discord_says_the_same(off: timedelta):
    machine = Machine()
    machine.passes(60)
    assert machine.clock() == machine.wall and not machine.clock.doubted
    machine.wall += off
    machine.passes(5)
    assert machine.clock() == NOW + timedelta(seconds=65) and machine.clock.doubted
    machine.clock.hear(header(machine.wall - off))
    machine.passes(5)
    assert machine.clock() == NOW + timedelta(seconds=70) and machine.clock.doubted
    machine.clock.hear(header(machine.wall))
    assert machine.clock() == machine.wall and not machine.clock.doubted


def test_small_steps_are_followed_and_without_discords_time_the_wall_is_believed():
    machine = Machine()
    for _ in range(10):
        machine.wall += timedelta(seconds=20)
        machine.passes(1)
        assert machine.clock() == machine.wall
    machine.wall += timedelta(hours=9)  # the machine slept
    assert machine.clock() != machine.wall
    machine.clock.hear(None)
    assert machine.clock() == machine.wall


def test_a_clock_that_was_wrong_from_the_start_goes_by_discord():
    machine = Machine()
    machine.clock.hear(header(NOW - timedelta(days=8)))
    machine.passes(30)
    assert machine.clock() == NOW - timedelta(days=8) + timedelta(seconds=30)


def test_a_rest_that_began_by_a_clock_that_was_ahead_is_over():
    minute = timedelta(minutes=1)
    assert has_rested(None, NOW, minute) and has_rested(NOW, NOW + minute, minute)
    assert not has_rested(NOW, NOW, minute) and not has_rested(NOW, NOW + minute / 2, minute)
    assert has_rested(NOW + timedelta(days=1), NOW, minute)
