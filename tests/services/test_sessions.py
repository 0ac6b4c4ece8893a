"""However often a bot ends and starts again, it begins fewer than a hundred sessions of a shard in any day."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.delivery.breaker import Breaker, Paused
from bot.services.sessions import (
    APART,
    DAY,
    FREE,
    PROVEN,
    SPACE,
    TURN,
    SessionService,
    begin,
    prove,
    rest,
    take_turn,
)
from bot.storage.database import Database
from bot.storage.installation import remember
from bot.storage.schema import metadata
from bot.storage.shards import Share
from tests.builders import fresh_url

START = datetime(2026, 1, 5, tzinfo=UTC)
INSTANT = timedelta(milliseconds=1)
LIVES = {
    "refused at once": [INSTANT],
    "five seconds each": [timedelta(seconds=5)],
    "ten minutes each": [timedelta(minutes=10)],
    "each lasts a little": [PROVEN + timedelta(seconds=5)],
    "one that lasts between ten that crash": [*[INSTANT] * FREE, PROVEN + timedelta(seconds=5)],
    "a deployment every twelve minutes": [timedelta(minutes=12)],
}


def begun_in(conn: Connection, lives: Sequence[timedelta], shards: int, days: int = 2) -> list[datetime]:
    """When sessions begin of a bot that lives so long, over and over, and starts again at once."""
    now, begun, number = START, list[datetime](), 0
    while now < START + days * DAY:
        now += rest(conn, now)
        for _ in range(shards):
            assert not rest(conn, now)  # a start that has begun is not torn apart
            begin(conn, now, shards)
            begun.append(now)
            now += timedelta(seconds=5) if shards > 1 else timedelta(0)
        life = lives[number % len(lives)]
        number += 1
        now += life
        if life > PROVEN:
            prove(conn)
    return begun


def most_in_a_day(begun: Sequence[datetime]) -> int:
    most = first = 0
    for last, at in enumerate(begun):
        while begun[first] <= at - DAY:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("how", LIVES)
def test_no_day_has_a_hundred_sessions_of_a_shard(conn: Connection, how: str, shards: int):
    assert most_in_a_day(begun_in(conn, LIVES[how], shards)) < 100 * shards


@settings(max_examples=20)
@given(st.lists(st.integers(0, 3600), min_size=1, max_size=20))
def test_nor_has_a_day_of_any_other_misfortune(seconds: list[int]):
    engine = sa.create_engine("sqlite://")
    with engine.begin() as conn:
        metadata.tables["meta"].create(conn)
        lives = [timedelta(seconds=one) + INSTANT for one in seconds]
        assert most_in_a_day(begun_in(conn, lives, 1)) < 100
    engine.dispose()


def test_an_operator_may_start_and_stop_as_they_like(conn: Connection):
    assert begun_in(conn, [timedelta(hours=1)], 1)[-1] - START > DAY
    for hour in range(20):
        assert not rest(conn, START + timedelta(days=9, hours=hour))
        begin(conn, START + timedelta(days=9, hours=hour), 1)


def test_a_session_that_lasted_ends_the_count_and_so_does_a_day(conn: Connection):
    for _ in range(FREE + 8):
        begin(conn, START, 1)
    assert rest(conn, START) > timedelta(minutes=20)
    assert rest(conn, START - timedelta(days=9)) <= timedelta(minutes=30)  # the clock was set back
    assert not rest(conn, START + timedelta(days=2))
    prove(conn)
    assert not rest(conn, START)
    for _ in range(99):
        begin(conn, START, 1)
        prove(conn)
    assert rest(conn, START) == SPACE


@pytest.fixture
async def processes() -> AsyncIterator[list[SessionService]]:
    """The sessions of three processes that share a database, of a shard each."""
    with fresh_url("postgres") as url:
        shares = [Share(3, (shard_id,)) for shard_id in range(3)]
        opened = [Database(url, share=share) for share in shares]
        yield [SessionService(database, share) for database, share in zip(opened, shares, strict=True)]
        for database in opened:
            await database.close()


def test_a_turn_is_taken_where_no_other_began_lately(conn: Connection):
    now = datetime.now(UTC)
    assert not take_turn(conn, 0, now) and not take_turn(conn, 1, now)
    assert timedelta(0) < take_turn(conn, 0, now) <= APART
    for ago, waits in ((APART, False), (APART / 2, True), (-DAY, False)):  # the last: the clock was set back
        remember(conn, f"{TURN} of 0", (now - ago).isoformat())
        assert bool(take_turn(conn, 0, now)) == waits


async def test_of_processes_that_start_together_one_begins_a_session_at_a_time(processes: list[SessionService]):
    async def begin_now(max_concurrency: int) -> int:
        turns = (one.take_turn(START, shard_id, max_concurrency) for shard_id, one in enumerate(processes))
        return [bool(wait) for wait in await asyncio.gather(*turns)].count(False)

    assert await begin_now(1) == 1
    assert await begin_now(16) == 2  # the first of 16 buckets has begun one just now


async def test_sessions_of_each_shard_are_counted_where_its_next_process_finds_them(
    processes: list[SessionService],
):
    first, second, _ = processes
    for _ in range(FREE - 1):
        await second.write(begin, START, 1, 1)
    assert not await second.rest(START)
    assert not await second.take_turn(START, 1, 1) and await second.take_turn(START, 1, 1)
    assert await second.rest(START) and await second.rest(START, 1) and not await first.rest(START)
    await second.prove()
    assert not await second.rest(START)


async def test_what_discord_refuses_one_process_counts_for_all_and_for_its_successor(
    processes: list[SessionService],
):
    first, second, third = processes
    most = 300
    breakers = [Breaker(most) for _ in processes]
    for breaker in breakers[:2]:
        for _ in range(most // 2):
            breaker.heard(403, {})
        breaker.check()
    for sessions, breaker in ((first, breakers[0]), (second, breakers[1])):
        news = breaker.news(START)
        assert news is not None
        await sessions.keep_refusals(news)
    for sessions, breaker in zip(processes, breakers, strict=True):
        breaker.hear_others(await sessions.others_refusals(), START)
        with pytest.raises(Paused, match="refusals"):
            breaker.check()
    assert len(await third.others_refusals()) == 2
    successor = Breaker(most)
    kept = await first.kept_refusals()
    assert kept is not None and await third.kept_refusals() is None
    successor.recall(kept, START)
    successor.check()
    successor.hear_others(await first.others_refusals(), START)
    with pytest.raises(Paused, match="refusals"):
        successor.check()
