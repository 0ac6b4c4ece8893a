"""Which reactions are votes, how long they count, and which answer is best."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drills import LIFETIME, Drill, DrillState, Mode
from bot.domain.votes import best, is_thumb, paid, takes_votes, votes_end
from bot.services.drills import unposted
from tests.builders import track

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TRACK = track()


def drill(mode: Mode, state: DrillState, closed_at: datetime | None = None) -> Drill:
    made = unposted(TRACK, date(2026, 11, 23), "genai-001", NOON)
    return replace(made, mode=mode, state=state, opened_at=NOON, closes_at=NOON + LIFETIME, closed_at=closed_at)


@pytest.mark.parametrize("emoji", ["👍", "👍🏻", "👍🏼", "👍🏽", "👍🏾", "👍🏿", "👍\N{VARIATION SELECTOR-16}"])
def test_a_thumb_is_a_thumb_in_every_skin_tone(emoji: str):
    assert is_thumb(emoji)


@pytest.mark.parametrize("emoji", ["👎", "👎🏽", "🎉", "👍👍", "🏽", "", "thumbsup"])
def test_nothing_else_is_a_thumb(emoji: str):
    assert not is_thumb(emoji)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=8))
def test_best_is_the_first_of_those_with_most_votes(rows: list[tuple[int, int]]):
    answers = [(at, votes) for at, (_, votes) in enumerate(rows)]
    most = max((votes for _, votes in answers), default=0)
    expected = next(((at, votes) for at, votes in answers if votes == most), None) if most else None
    assert best(answers) == expected


@given(st.lists(st.integers(), unique=True))
def test_the_first_five_voters_bring_points(voters: list[int]):
    assert list(paid(voters)) == voters[:5]


@given(st.timedeltas(-timedelta(days=1), timedelta(days=20)))
def test_open_drills_take_votes_as_long_as_answers(after: timedelta):
    running, at = drill(Mode.OPEN, DrillState.OPEN), NOON + after
    assert takes_votes(running, at, None) is (at < NOON + LIFETIME)
    closed = drill(Mode.OPEN, DrillState.CLOSED, NOON + timedelta(days=1))
    assert takes_votes(closed, at, None) is (at < NOON + timedelta(days=1))


@given(st.timedeltas(timedelta(), timedelta(days=20)), st.none() | st.integers(1, 20))
def test_blind_drills_take_votes_until_the_next_has_closed_but_seven_days_at_most(
    after: timedelta, next_days: int | None
):
    closed_at = NOON + timedelta(days=1)
    closed = drill(Mode.BLIND, DrillState.CLOSED, closed_at)
    following = None if next_days is None else closed_at + timedelta(days=next_days)
    ends = closed_at + timedelta(days=min(7, next_days or 7))
    assert votes_end(closed, following) == ends
    assert takes_votes(closed, closed_at + after, following) is (closed_at + after < ends)


def test_hidden_void_and_counted_drills_take_no_votes():
    assert votes_end(drill(Mode.BLIND, DrillState.OPEN), None) is None
    assert not takes_votes(drill(Mode.BLIND, DrillState.OPEN), NOON, None)
    assert not takes_votes(drill(Mode.OPEN, DrillState.VOID), NOON, None)
    counted = replace(drill(Mode.BLIND, DrillState.CLOSED, NOON), voted_until=NOON)
    assert not takes_votes(counted, NOON, None)
