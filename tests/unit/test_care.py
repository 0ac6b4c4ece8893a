"""Away days, the hours of reminders, and the calendar, for all dates."""

import contextlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.away import DAYS_A_YEAR, Away, cancelled, check, days_left
from bot.domain.errors import Refusal
from bot.domain.reminders import due_at
from bot.domain.streaks import Streak, StreakState
from bot.services.streaks import CALENDAR_WEEKS, StreakDay, StreakMark, StreakNews, StreakView
from bot.ui.charts.calendar import STYLES, calendar_picture, calendar_words
from bot.ui.charts.canvas import WIDTH
from bot.ui.refusals import explain
from tests.builders import track
from tests.drawn import assert_legible, boxes, one, texts, written

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
    assert "31 days of 2027, and you have 30 left" in explain(refused.value)


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


def view(today: date, days: list[StreakDay]) -> StreakView:
    return StreakView(
        track=track(),
        streak=Streak(0, 0, 0, StreakState.NEW, ()),
        today=today,
        days=tuple(days),
        coming=(),
        milestones=(),
        offer=None,
        once=StreakNews(0, False),
    )


@settings(max_examples=5)
@given(st.integers(0, 6), st.lists(st.sampled_from(list(StreakMark)), min_size=200, max_size=200))
def test_every_calendar_can_be_drawn_and_told(weekday: int, marks: list[StreakMark]):
    today = TODAY + timedelta(days=weekday)
    days = [StreakDay(today - timedelta(days=len(marks) - 1 - at), mark) for at, mark in enumerate(marks)]
    shown = view(today, days)
    assert shown.calendar_start.weekday() == 0
    assert len(shown.calendar) == 7 * (CALENDAR_WEEKS - 1) + today.weekday() + 1
    svg = calendar_picture(shown.calendar_start, today, shown.calendar)
    assert_legible(svg)
    assert {str(day.mark) for day in shown.calendar} < set(texts(svg))
    words = calendar_words(shown.calendar)
    assert len(words) <= 256 and all(mark in words for mark in {day.mark for day in shown.calendar})


def test_a_calendar_differs_with_what_happened():
    start = TODAY - timedelta(weeks=CALENDAR_WEEKS - 1)
    pictures = {calendar_picture(start, TODAY, [StreakDay(TODAY, mark)]) for mark in StreakMark}
    assert len(pictures) == len(StreakMark)


def test_weeks_are_columns_and_weekdays_rows():
    start = TODAY - timedelta(weeks=CALENDAR_WEEKS - 1)
    days = [StreakDay(start, StreakMark.ON_TIME), StreakDay(start + timedelta(days=9), StreakMark.LATE)]
    svg = calendar_picture(start, TODAY, days)
    cells = boxes(svg)
    *drawn, on_time, late, none = cells
    assert len(drawn) == 7 * (CALENDAR_WEEKS - 1) + 1
    assert [cells.index(cell) for cell in cells if cell.fill == on_time.fill] == [0, len(drawn)]
    (ninth,) = (cell for cell in drawn if cell.fill == late.fill)
    assert ninth is drawn[9] and ninth.x == drawn[7].x > drawn[2].x and ninth.y == drawn[2].y
    assert [line.text for line in written(svg) if line.bold] == ["L", "L"]
    letter = next(line for line in written(svg) if line.text == "L")
    assert letter.middle == pytest.approx(ninth.x + ninth.width / 2, abs=0.1)
    assert letter.y == pytest.approx(ninth.y + ninth.height / 2, abs=0.1)
    assert one(svg, "Mon").y == pytest.approx(drawn[0].y + drawn[0].height / 2, abs=1)
    assert texts(svg)[-4:] == ["on time", "L", "late", "no question"]
    assert none.fill == drawn[1].fill and max(cell.x + cell.width for cell in drawn) < WIDTH


def test_what_differs_in_color_differs_in_its_sign_or_edge_too():
    signs = [(style.sign, style.edge is None) for style in STYLES.values()]
    assert len(set(signs)) == len(signs) == len(StreakMark)
