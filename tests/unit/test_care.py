"""Away days, the hours of reminders, and the calendar, for all dates."""

import contextlib
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.domain.away import DAYS_A_YEAR, Away, cancelled, check, days_left
from bot.domain.errors import Refusal
from bot.domain.reminders import due_at
from bot.domain.streaks import MILESTONES, Streak, StreakState
from bot.services.streaks import CALENDAR_WEEKS, StreakDay, StreakMark, StreakNews, StreakView
from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.cards import Imprint, Person
from bot.ui.charts.palette import SHADES
from bot.ui.charts.rendering import render
from bot.ui.charts.streaks import streak_picture, streak_words
from bot.ui.refusals import explain
from tests.builders import track
from tests.drawn import assert_legible, boxes, height, one, texts

TODAY = date(2026, 11, 23)
DATES = st.dates(TODAY - timedelta(days=5), TODAY + timedelta(days=400))


@given(st.lists(st.tuples(DATES, st.integers(0, 40)), max_size=25))
def test_no_day_is_taken_twice_and_no_year_has_more_than_thirty(wishes: list[tuple[date, int]]):
    taken: list[Away] = []
    for first, more in wishes:
        wanted = Away(first, first + timedelta(days=more))
        with contextlib.suppress(Refusal):
            check(wanted, TODAY, taken)
            taken.append(wanted)
    days = [day for away in taken for day in away]
    assert len(days) == len(set(days)) and all(day > TODAY for day in days)
    for year in (2026, 2027):
        assert days_left(year, taken) == DAYS_A_YEAR - sum(day.year == year for day in days) >= 0


@given(DATES, st.integers(0, 40), DATES)
def test_cancelling_keeps_what_is_past_and_today(first: date, more: int, today: date):
    away = Away(first, first + timedelta(days=more))
    kept = cancelled(away, today)
    assert (list(kept) if kept else []) == [day for day in away if day <= today]


def test_thirty_days_are_fine_and_one_more_is_not():
    first = TODAY + timedelta(days=60)
    check(Away(first, first + timedelta(days=29)), TODAY, [])
    with pytest.raises(Refusal, match=r"away\.too_many") as refused:
        check(Away(first, first + timedelta(days=30)), TODAY, [])
    assert "31 days in 2027, and you have 30 of 30 left" in explain(refused.value)


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.integers(1, 7 * 24),
    st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"]),
    st.one_of(st.none(), st.integers(0, 23)),
)
def test_a_reminder_is_due_while_the_question_is_open(opened: datetime, hours: int, zone: str, hour: int | None):
    closes = opened + timedelta(hours=hours)
    due = due_at(opened, closes, zone, hour)
    assert opened < due < closes
    if hour is not None and hours >= 50:
        local = due.astimezone(ZoneInfo(zone))
        # An hour that a clock change skips comes an hour later.
        assert local.hour in (hour, (hour + 1) % 24) and due - opened <= timedelta(hours=50)
    if hour is None:
        assert due - opened == 0.8 * (closes - opened)


def view(
    today: date, days: list[StreakDay], *, current: int = 0, deeds: Mapping[date, int] | None = None
) -> StreakView:
    return StreakView(
        track=track(),
        streak=Streak(current, current, 0, StreakState.NEW, ()),
        deeds=deeds or {},
        today=today,
        days=tuple(days),
        coming=(),
        waiting=None,
        milestones=(),
        offer=None,
        once=StreakNews(0, False),
    )


@settings(max_examples=8, deadline=None)
@given(
    st.integers(0, 6),
    st.lists(st.sampled_from(list(StreakMark)), min_size=1, max_size=600),
    st.integers(0, 1500),
    st.text(max_size=40),
)
def test_every_streak_can_be_drawn_and_told(weekday: int, marks: list[StreakMark], current: int, name: str):
    today = TODAY + timedelta(days=weekday)
    days = [StreakDay(today - timedelta(days=len(marks) - 1 - at), mark) for at, mark in enumerate(marks)]
    shown = view(today, days, current=current)
    weeks = (today - shown.calendar_start).days // 7 + 1
    assert shown.calendar_start.weekday() == 0 and weeks <= CALENDAR_WEEKS
    assert weeks == CALENDAR_WEEKS or shown.calendar_start <= days[0].date
    svg = streak_picture(shown, Person(name), Imprint("#practice", today))
    assert_legible(svg)
    assert {str(current), "in a row", f"{today:%b} {today.day}, {today.year}"} <= set(texts(svg))
    words = streak_words(shown)
    assert len(words) <= 512 and all(mark in words for mark in {day.mark for day in shown.calendar})


def test_it_begins_with_the_week_of_the_first_answer_and_few_weeks_stand_as_rows():
    svg = card([StreakDay(TODAY, StreakMark.ON_TIME)])
    assert {
        "M",
        "T",
        "W",
        "F",
        "S",
        "1 answer this week",
        f"Next goal: {MILESTONES[0]}",
        f"{MILESTONES[0] - 1} to go",
    } <= set(texts(svg))
    assert height(svg) < height(card([StreakDay(TODAY - timedelta(weeks=20), StreakMark.LATE)]))
    whole = card([StreakDay(TODAY - timedelta(weeks=40), StreakMark.LATE), StreakDay(TODAY, StreakMark.LATE)])
    assert "1 answer in 26 weeks" in texts(whole) and "Nov" in texts(whole)


def card(days: list[StreakDay], deeds: Mapping[date, int] | None = None) -> str:
    return streak_picture(view(TODAY, days, current=1, deeds=deeds), Person("Anna"), Imprint("#practice", TODAY))


def test_a_calendar_differs_with_what_happened_and_with_how_much_was_done():
    pictures = {card([StreakDay(TODAY, mark)]) for mark in StreakMark}
    assert len(pictures) == len(StreakMark)
    shades = {card([StreakDay(TODAY, StreakMark.ON_TIME)], {TODAY: points}) for points in (0, 1, 20)}
    assert len(shades) == 3 and shades & pictures == {card([StreakDay(TODAY, StreakMark.ON_TIME)])}


def test_weeks_are_columns_and_weekdays_rows_once_there_are_many():
    start = TODAY - timedelta(days=TODAY.weekday(), weeks=CALENDAR_WEEKS - 1)
    days = [StreakDay(start + timedelta(days=at), StreakMark.ON_TIME) for at in (0, 9)]
    svg = card(days)
    first, second = [box for box in boxes(svg) if box.fill == SHADES[1] and box.x < WIDTH and box.height > 10][:2]
    assert (
        second.x > first.x
        and second.y > first.y
        and one(svg, "W").y == pytest.approx(second.y + second.height / 2, abs=1.5)
    )
    assert max(box.x + box.width for box in boxes(svg)) <= WIDTH - 12


def test_what_differs_in_color_differs_in_gray_too():
    gray = [Image.open(io.BytesIO(render(card([StreakDay(TODAY, mark)])))).convert("L") for mark in StreakMark]
    for first, second in combinations(gray, 2):
        assert max(ImageChops.difference(first, second).tobytes()) > 25
