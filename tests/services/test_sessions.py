"""However often a bot ends and starts again, it begins fewer than a hundred sessions of a shard in any day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.services.sessions import DAY, FREE, PROVEN, SPACE, begin, prove, rest
from bot.storage.schema import metadata

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
