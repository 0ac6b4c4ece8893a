"""Dates and zones: no date is lost or doubled, whatever the clocks do."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.schedule import (
    Plan,
    due_dates,
    format_days,
    instant,
    local_date,
    next_post,
    parse_date,
    parse_days,
    parse_time,
    parse_zone,
    split_late,
    use_packaged_zones,
    zone_names,
)
from bot.ui.kit.options import date_choices
from bot.ui.refusals import explain

use_packaged_zones()
days = st.frozensets(st.integers(0, 6), min_size=1)


def offset_changes(zone: ZoneInfo) -> list[tuple[date, timedelta | None]]:
    """(local date, new offset) of 2025-2028 on whose day or eve the zone's offset changes."""
    changes: list[tuple[date, timedelta | None]] = []
    at = datetime(2025, 1, 1, tzinfo=UTC)
    before = at.astimezone(zone).utcoffset()
    while at.year < 2029:
        at += timedelta(days=1)
        offset = at.astimezone(zone).utcoffset()
        if offset != before:
            changes.append((at.astimezone(zone).date(), offset))
        before = offset
    return changes


def test_every_offset_change_of_four_years_posts_each_date_once():
    seen = 0
    distinct: dict[tuple[tuple[date, timedelta | None], ...], list[str]] = {}
    for name in zone_names():
        changes = tuple(offset_changes(ZoneInfo(name)))
        if changes:
            distinct.setdefault(changes, []).append(name)
    for changes, names in distinct.items():
        for change, _offset in changes:
            seen += 1
            for at in (time(0, 0), time(0, 30), time(1, 30), time(2, 30), time(9, 0)):
                plan = Plan(names[0], at, frozenset(range(7)))
                first = change - timedelta(days=3)
                now, last, posted = instant(first, plan) - timedelta(seconds=1), None, list[date]()
                for _step in range(6):
                    last, now = next_post(plan, now, after=last)
                    posted.append(last)
                assert posted == [first + timedelta(days=step) for step in range(6)], (names[0], at)
    assert seen > 200


def test_a_time_that_does_not_exist_moves_forward_and_a_double_one_means_the_first():
    new_york = Plan("America/New_York", time(2, 30), frozenset(range(7)))
    assert instant(date(2026, 3, 8), new_york) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    twice = Plan("America/New_York", time(1, 30), frozenset(range(7)))
    assert instant(date(2026, 11, 1), twice) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@given(days, st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)), st.sampled_from(zone_names()))  # noqa: DTZ001
def test_next_post_is_the_first_scheduled_instant_after_now(chosen: frozenset[int], now: datetime, zone: str):
    plan, now = Plan(zone, time(9), chosen), now.replace(tzinfo=UTC)
    day, at = next_post(plan, now)
    assert at > now and day.weekday() in chosen and at == instant(day, plan)
    assert due_dates(plan, now, at - timedelta(seconds=1)) == [
        d for d in [local_date(now, zone)] if instant(d, plan) == now and d.weekday() in chosen
    ]


def test_skips_and_pauses_move_the_next_post():
    plan = Plan("Europe/Berlin", time(9), parse_days("mon-fri"))
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert next_post(plan, now)[0] == date(2026, 11, 24)
    assert next_post(plan, now, skipped={date(2026, 11, 24)})[0] == date(2026, 11, 25)
    assert next_post(plan, now, not_before=date(2026, 11, 28))[0] == date(2026, 11, 30)


def test_after_an_outage_only_the_newest_date_is_posted_and_only_when_it_is_fresh():
    plan = Plan("UTC", time(9), frozenset(range(7)))
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    dates = due_dates(plan, datetime(2026, 11, 20, 12, tzinfo=UTC), now)
    assert dates == [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]
    assert split_late(plan, dates, now, timedelta(hours=6)) == (dates[-1], dates[:-1])
    assert split_late(plan, dates, now, timedelta(hours=2)) == (None, dates)


@given(days)
def test_days_are_read_back_as_written(chosen: frozenset[int]):
    assert parse_days(format_days(chosen)) == chosen


def test_what_people_type():
    assert parse_zone("europe/berlin") == "Europe/Berlin"
    assert parse_zone("New York") == "America/New_York"
    assert {parse_time(typed) for typed in ("9:05", "9.05", " 9h05", "09:05 AM", "9:05a.m.")} == {time(9, 5)}
    assert [parse_time(typed).hour for typed in ("9", "9am", "6pm", "6 PM", "12am", "12pm")] == [
        9,
        9,
        18,
        18,
        0,
        12,
    ]
    assert parse_days("fri-mon") == {4, 5, 6, 0}
    assert parse_days("Monday, wed") == parse_days("mondays & Wed") == {0, 2}
    for typed in ("Mon to Fri", "mon – fri", "weekdays", "monday through friday", "Mon, Tue, Wed, Thu and Fri"):
        assert parse_days(typed) == {0, 1, 2, 3, 4}, typed
    assert parse_days("Mon, Wed & Fri") == parse_days("mon wed fri") == parse_days("mon/wed/fri") == {0, 2, 4}
    assert parse_days("weekends") == {5, 6} and parse_days("weekends and wed") == {2, 5, 6}
    assert len(parse_days("every day")) == len(parse_days("Daily")) == 7
    for typed in ("", " , ", "mon-wed-fri", "noday", "mon to", "to"):
        with pytest.raises(Refusal, match="not_days"):
            parse_days(typed)


SATURDAY = date(2026, 11, 28)
DATES = {
    "2026-11-30": (2026, 11, 30),
    "30 Nov": (2026, 11, 30),
    "Nov 30": (2026, 11, 30),
    "30 November": (2026, 11, 30),
    "November 30, 2027": (2027, 11, 30),
    "30.11.": (2026, 11, 30),
    "30.11.2027": (2027, 11, 30),
    "Mon 30 Nov": (2026, 11, 30),
    "Mon, 30 Nov": (2026, 11, 30),
    "Mon, Nov 30": (2026, 11, 30),
    "Mon, Nov 30, 2026": (2026, 11, 30),
    "27 Nov": (2027, 11, 27),
    "28 nov": (2026, 11, 28),
    "29 Feb": (2028, 2, 29),
    "4 jan": (2027, 1, 4),
    "today": (2026, 11, 28),
    " Tomorrow ": (2026, 11, 29),
    "monday": (2026, 11, 30),
    "next monday": (2026, 11, 30),
    "sat": (2026, 12, 5),
    "next week": (2026, 11, 30),
}


@pytest.mark.parametrize("typed", DATES)
def test_dates_are_read_as_people_write_them(typed: str):
    assert parse_date(typed, SATURDAY) == date(*DATES[typed])


@pytest.mark.parametrize(
    "typed", ["", "11/30", "31 Feb", "soon", "2026-13-01", "30", "someday", "30 Nov 99999", "x" * 9000]
)
def test_what_is_no_date_is_refused_with_examples(typed: str):
    with pytest.raises(Refusal, match=r"schedule.not_a_date") as refused:
        parse_date(typed, SATURDAY)
    assert "tomorrow" in explain(refused.value)


def test_the_next_fourteen_days_are_offered_in_words():
    offered = date_choices("", SATURDAY)
    assert [choice.name for choice in offered[:3]] == [
        "Today (Sat, Nov 28)",
        "Tomorrow (Sun, Nov 29)",
        "Mon, Nov 30",
    ]
    assert [choice.value for choice in offered] == [str(SATURDAY + timedelta(days=step)) for step in range(14)]
    assert [choice.name for choice in date_choices("mon", SATURDAY)] == ["Mon, Nov 30", "Mon, Dec 7"]
    assert [choice.name for choice in date_choices("24 Dec", SATURDAY)] == ["Thu, Dec 24, 2026"]
    assert all(parse_date(choice.name, SATURDAY) for choice in offered[2:])


@pytest.mark.parametrize("zone", ["Europe/Berlim", "localtime", "America", "../etc", ""])
def test_unknown_zones_are_refused_with_a_way_on(zone: str):
    with pytest.raises(Refusal, match=r"schedule.unknown_zone") as refused:
        parse_zone(zone)
    assert re.search(r"Did you mean|Write it like", explain(refused.value))


@pytest.mark.parametrize("text", ["25:99", "24", "09:00:00", "", "²:00", "nine", "13pm", "0am", "9:5", "-9"])
def test_bad_times_are_refused_with_an_example(text: str):
    with pytest.raises(Refusal, match=r"schedule.not_a_time") as refused:
        parse_time(text)
    assert "09:00" in explain(refused.value)


@pytest.mark.parametrize("text", ["", "mo", "mon-", "mon--fri", "someday"])
def test_bad_days_are_refused_with_an_example(text: str):
    with pytest.raises(Refusal, match=r"schedule.not_days") as refused:
        parse_days(text)
    assert "mon-fri" in explain(refused.value)
