"""A bot that is refused again and again begins fewer than a hundred sessions in any day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.services.sessions import FREE, begin, prove, rest

START = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("pace", [timedelta(0), timedelta(seconds=5), timedelta(minutes=10)])
def test_no_day_of_refusals_has_a_hundred_sessions(conn: Connection, pace: timedelta):
    now, begun = START, list[datetime]()
    while now < START + timedelta(days=3):
        now += rest(conn, now, 1)
        begin(conn, now)
        begun.append(now)
        now += max(pace, timedelta(milliseconds=1))
    for first in begun:
        assert sum(first <= at < first + timedelta(days=1) for at in begun) < 100


def test_a_session_that_lasted_ends_the_count_and_so_does_a_day(conn: Connection):
    for _ in range(FREE + 8):
        begin(conn, START)
    assert rest(conn, START, 1) > timedelta(minutes=20) and not rest(conn, START, 2)
    assert rest(conn, START - timedelta(days=9), 1) <= timedelta(minutes=30)  # the clock was set back
    begin(conn, START + timedelta(days=2))
    assert not rest(conn, START + timedelta(days=2), 1)
    for _ in range(FREE):
        begin(conn, START)
    prove(conn)
    assert not rest(conn, START, 1)
