"""When weekly quizzes come, what leads up to them, and how people write their day."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.live_quiz_plans import LATEST, REMIND, TOLD, Missed, QuizPlan, QuizWish, parse_quiz_day
from tests.unit.test_digest import INSTANTS, ZONES

TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def plan(zone: str, day: int, at: time, now: datetime) -> QuizPlan:
    new = QuizPlan(
        id=1, guild_id=1, channel_id=2, host_id=3, zone=zone, day=day, at=at, topic=None, questions=5
    )  # fmt: skip
    return new.wished(QuizWish(day, at, None, 5), zone, now)


@given(ZONES, st.integers(0, 6), TIMES, INSTANTS)
def test_it_comes_once_a_week_and_is_reminded_of_unless_that_is_too_soon(
    zone: str, day: int, at: time, now: datetime
):
    made = plan(zone, day, at, now)
    due = made.due_utc
    assert due is not None and now < due <= now + timedelta(days=7, hours=2)
    local = due.astimezone(ZoneInfo(zone))
    exists = (local.weekday(), local.time()) == (day, at)
    assert exists or local.utcoffset() != (local - timedelta(days=1)).utcoffset()
    assert made.remind_utc == (due - REMIND if due - now > REMIND else None)
    assert made.event_utc == made.next_utc == now
    later = made.opened(due)
    assert later.due_utc is not None and timedelta(days=6, hours=22) < later.due_utc - due < timedelta(
        days=7, hours=2
    )
    wish = (later.day, later.at, later.topic, later.questions)
    assert wish == (made.day, made.at, made.topic, made.questions) and later.missed_utc is None


@given(ZONES, st.integers(0, 6), TIMES, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_what_comes_too_late_is_left_out_and_told_within_a_day(
    zone: str, day: int, at: time, now: datetime, late: timedelta
):
    made = plan(zone, day, at, now)
    assert made.due_utc is not None and made.is_due(made.due_utc)
    back = made.due_utc + late
    assert made.is_too_late(back) == (late > LATEST)
    missed = made.without(Missed.AWAY, back)
    assert missed.missed_utc == made.due_utc and (missed.tell_utc is not None) == (late <= TOLD)
    assert missed.due_utc is not None and missed.due_utc > back


def test_a_stopped_one_only_has_its_event_left():
    now = datetime.fromisoformat("2026-11-27T12:00:00+00:00")
    stopped = plan("UTC", 4, time(18), now).stopped(now)
    assert (stopped.due_utc, stopped.remind_utc, stopped.tell_utc, stopped.next_utc) == (None, None, None, now)


@pytest.mark.parametrize(
    ("typed", "day"), [("fri", 4), ("Fridays", 4), ("every friday", 4), ("Thurs", 3), ("tues", 1), ("SUN", 6)]
)
def test_a_day_is_read_as_people_write_it(typed: str, day: int):
    assert parse_quiz_day(typed) == day


def test_several_days_are_refused():
    with pytest.raises(Refusal, match=r"live_quiz_plans.one_day"):
        parse_quiz_day("mon-fri")
    with pytest.raises(Refusal, match=r"schedule.not_days"):
        parse_quiz_day("someday")
