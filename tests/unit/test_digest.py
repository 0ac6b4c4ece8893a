"""When a digest comes, of which week it tells, and its picture."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import DigestWeek, next_digest, parse_digest, same_digest, told_week
from bot.domain.errors import Refusal
from bot.domain.points import Ranked
from bot.services.digests import Digest
from bot.services.votes import BestAnswer
from bot.ui.charts.cards import Imprint
from bot.ui.charts.digests import digest_picture, digest_words
from bot.ui.charts.palette import ACCENT
from bot.ui.charts.week import HIGH
from bot.ui.digests import week_dates
from bot.ui.kit.words import weekday
from tests.drawn import assert_legible, boxes, one, texts, written
from tests.unit.test_votes import TRACK

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago"])
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(ZONES, st.integers(0, 6), st.integers(0, 23), INSTANTS)
def test_it_comes_once_a_week_on_its_day_and_at_its_hour_where_that_exists(
    zone: str, day: int, hour: int, now: datetime
):
    track = replace(TRACK, zone=zone, digest_day=day, digest_hour=hour)
    due = next_digest(track, now)
    assert due is not None and now < due <= now + timedelta(days=7, hours=2)
    local = due.astimezone(ZoneInfo(zone))
    exists = (local.weekday(), local.hour, local.minute) == (day, hour, 0)
    assert exists or local.utcoffset() != (local - timedelta(days=1)).utcoffset()
    planned = replace(track, digest_due_utc=due)
    assert next_digest(planned, due + timedelta(hours=3)) == due == same_digest(planned)


@given(ZONES, st.integers(0, 6), st.integers(0, 23), INSTANTS, st.sampled_from([-60, -30, 30, 60]))
def test_zone_data_that_move_it_a_little_never_change_its_date(
    zone: str, day: int, hour: int, now: datetime, minutes: int
):
    track = replace(TRACK, zone=zone, digest_day=day, digest_hour=hour)
    due = next_digest(track, now)
    assert due is not None
    assert same_digest(replace(track, digest_due_utc=due + timedelta(minutes=minutes))) == due


def test_off_or_removed_there_is_none():
    assert next_digest(TRACK, datetime(2026, 1, 1, tzinfo=UTC)) is None and same_digest(TRACK) is None
    removed = replace(TRACK, digest_day=4, digest_hour=17, active=False)
    assert next_digest(removed, datetime(2026, 1, 1, tzinfo=UTC)) is None


@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)))
def test_from_thursday_on_it_tells_of_its_own_week_before_that_of_the_last(day: date):
    week = told_week(day, "UTC")
    own = day.isocalendar()[:2] == week.monday.isocalendar()[:2]
    assert week.monday.weekday() == 0 and own == (day.weekday() >= 3)
    assert timedelta(days=3) <= day - week.monday <= timedelta(days=9)


@given(ZONES, st.dates(date(2025, 1, 6), date(2029, 1, 1)), st.lists(st.integers(0, 7 * 24 * 60 - 181)))
def test_every_instant_of_a_week_lies_on_one_of_its_days(zone: str, day: date, minutes: list[int]):
    week = told_week(day, zone)
    first, end = week.span
    instants = [first.astimezone(UTC) + timedelta(minutes=minute) for minute in minutes]
    assert all(first <= at < end for at in instants) and sum(week.by_day(instants)) == len(instants)
    assert week.before.span[1] == first


@pytest.mark.parametrize(
    ("day", "hour", "when"),
    [
        ("fri", "17", (4, 17)),
        ("Monday", " 9 ", (0, 9)),
        ("sun", "17:00", (6, 17)),
        ("off", "17", None),
        (" ", "", None),
    ],
)
def test_a_manager_s_words_are_read(day: str, hour: str, when: tuple[int, int] | None):
    assert parse_digest(day, hour) == when


@pytest.mark.parametrize(
    ("day", "hour", "code"),
    [
        ("fri,mon", "17", "digests.one_day"),
        ("fri", "-1", "digests.bad_hour"),
        ("fri", "17:30", "digests.bad_hour"),
        ("fri", "²", "digests.bad_hour"),
    ],
)
def test_other_words_are_not(day: str, hour: str, code: str):
    with pytest.raises(Refusal, match=code):
        parse_digest(day, hour)


def test_a_day_that_nobody_can_read_is_not():
    with pytest.raises(Refusal):
        parse_digest("x", "17")


NOVEMBER = DigestWeek(date(2026, 11, 23), "UTC")
DATES, IMPRINT = "Nov 23 to Nov 29", Imprint("#practice", date(2026, 11, 27))
NONE = (0,) * 7


def digest(answers: tuple[int, ...], before: tuple[int, ...] = NONE, **told: Any) -> Digest:
    """A week with so many answers on its days."""
    due = replace(TRACK, next_due_utc=datetime(2026, 11, 30, 9, tzinfo=UTC))
    known = {"top": [], "people": 7, "track": due, "best": None, "total": 100} | told
    return Digest(week=NOVEMBER, answers=answers, before=before, teams=[], missed=None, left=3, posted=5, **known)


def test_the_picture_has_one_number_one_highlight_and_one_call():
    told = digest((5, 6, 4, 3, 6, 0, 0), (5, 4, 4, 3, 5, 1, 0), best=BestAnswer("Anna", 4, None))
    said = texts(digest_picture(told, DATES, IMPRINT))
    assert {"24", "answers", "from 7 people", "+2 over the week before", DATES} <= set(said)
    assert {"Best answer: Anna", "4 votes", "Next question", "Mon, Nov 30, 09:00"} <= set(said)
    tied = digest((1, *NONE[1:]), top=[Ranked(1, 1, 50, "Anna", None), Ranked(1, 2, 50, "Ben", None)], people=1)
    said = texts(digest_picture(tied, DATES, IMPRINT))
    assert {"1", "answer", "from 1 person", "Tied: Anna, Ben", "50 points"} <= set(said)
    assert "The week before" not in said
    alone = digest((1, *NONE[1:]), top=[Ranked(1, 1, 50, "Anna", None)], track=TRACK)
    assert "Most points: Anna" in texts(digest_picture(alone, DATES, IMPRINT))
    assert "Next question" not in texts(digest_picture(replace(alone, total=0), DATES, IMPRINT))


def test_a_week_with_less_than_the_one_before_says_nothing_of_it():
    said = texts(digest_picture(digest((2, 0, 1, 0, 0, 0, 0), (5,) * 7), DATES, IMPRINT))
    assert "3" in said and not any("over the week before" in line for line in said)


def test_each_day_stands_before_the_outline_of_the_week_before():
    svg = digest_picture(digest((3, 0, 4, 12, 5, 0, 0), (6, 0, 0, 1, 0, 0, 0)), DATES, IMPRINT)
    in_key, *now = sorted((box for box in boxes(svg) if box.fill == ACCENT), key=lambda box: -box.y)
    now.sort(key=lambda box: box.x)
    outlines = [box for box in boxes(svg) if box.fill == "none" and box.y < in_key.y - 9]
    assert len(now) == 4 and len(outlines) == 2 and all(box.edge for box in outlines)
    middles = [one(svg, day).middle for day in map(weekday, range(7))]
    for box, day, count in zip(now, (0, 2, 3, 4), (3, 4, 12, 5), strict=True):
        assert box.x + box.width / 2 == pytest.approx(middles[day], abs=0.1)
        assert box.height == pytest.approx(HIGH * count / 12, abs=0.1)
        number = next(line for line in written(svg) if line.text == str(count) and line.left > box.x - 2)
        assert number.middle == pytest.approx(box.x + box.width / 2, abs=0.1) and number.y < box.y
    assert outlines[0].x + outlines[0].width / 2 == pytest.approx(middles[0], abs=0.1)
    assert len({round(box.y + box.height) for box in now}) == 1
    assert_legible(svg)


@pytest.mark.parametrize(
    ("answers", "before"),
    [((1, 0, 0, 0, 0, 0, 0), NONE), ((12031, 9, 11, 7, 905, 0, 3), (1105, 9, 1, 983, 717, 1, 0))],
)
def test_few_answers_are_no_tower_and_large_numbers_keep_apart(answers: tuple[int, ...], before: tuple[int, ...]):
    svg = digest_picture(digest(answers, before), DATES, IMPRINT)
    assert_legible(svg)
    tallest = max(box.height for box in boxes(svg) if box.fill == ACCENT)
    assert tallest <= max(HIGH * max(*answers, *before) / 4, 10) and tallest <= HIGH


def test_the_picture_in_words_fits_discord():
    words = digest_words(digest((1000,) * 7, (1000,) * 7, best=BestAnswer("W" * 100, 4, None)), DATES)
    assert words.startswith("7,000 answers, Nov 23 to Nov 29: Mon 1000, ") and len(words) < 1024
    assert words.endswith("4 votes. Next question: Mon, Nov 30, 09:00.")
    assert week_dates(NOVEMBER) == "Nov 23 to Nov 29"
