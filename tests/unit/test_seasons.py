"""When months turn, of which ones people are told, and the picture of who won."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.points import Ranked
from bot.domain.seasons import FEWEST_DAYS, LONG_AWAY, MADE_UP, SeasonMonth, first_turn, is_told, next_turn, turned
from bot.services.seasons import SeasonStory, SeasonWinner
from bot.ui.charts.cards import Imprint
from bot.ui.charts.seasons import season_picture, season_words
from tests.drawn import assert_legible, texts
from tests.unit.test_digest import INSTANTS, ZONES
from tests.unit.test_pictures import COUNTS, IMPRINTS, NAMES


@given(ZONES, INSTANTS)
def test_a_month_turns_at_noon_of_the_first_and_each_turn_leads_to_the_next(zone: str, now: datetime):
    turn = next_turn(now, zone)
    local = turn.astimezone(ZoneInfo(zone))
    assert now < turn <= now + timedelta(days=32) and (local.day, local.hour, local.minute) == (1, 12, 0)
    (month,) = turned(turn, turn, zone)
    assert month.turn == turn and month.end < turn and month.after.first == local.date()
    assert month.after.before == month and next_turn(turn, zone) == month.after.turn


@given(ZONES, INSTANTS)
def test_who_begins_plays_for_a_week_at_least(zone: str, now: datetime):
    (month,) = turned(first_turn(now, zone), first_turn(now, zone), zone)
    assert timedelta(days=FEWEST_DAYS) <= month.end - now <= timedelta(days=31 + FEWEST_DAYS, hours=2)


@given(ZONES, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_after_an_absence_no_month_is_left_out_and_the_last_one_alone_is_told(
    zone: str, now: datetime, away: timedelta
):
    due = next_turn(now, zone)
    back = due + away
    months = turned(due, back, zone)
    assert months[-1].turn <= back < months[-1].after.turn
    if away <= LONG_AWAY:
        assert months[0].turn == due and all(a.after == b for a, b in pairwise(months))
    else:
        assert len(months) == 1 and not is_told(months[0], due, back)
    assert sum(is_told(month, due, back) for month in months) == (
        away <= LONG_AWAY and back - months[-1].turn <= MADE_UP
    )


def test_a_month_is_its_zones():
    tokyo = SeasonMonth.at(datetime(2026, 11, 30, 16, tzinfo=UTC), "Asia/Tokyo")
    assert (tokyo.key, tokyo.first) == ("2026-12", date(2026, 12, 1))
    assert tokyo.before.turn == datetime(2026, 12, 1, 3, tzinfo=UTC)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(NAMES, COUNTS), min_size=0, max_size=9),
    st.integers(1, 4),
    st.lists(NAMES, max_size=3),
    IMPRINTS,
)
def test_no_season_overflows(rows: list[tuple[str, int]], shared: int, teams: list[str], imprint: Imprint):
    ordered = sorted(rows, key=lambda row: -row[1])
    most = ordered[0][1] if ordered else 0
    story = SeasonStory(
        month=SeasonMonth(date(2026, 11, 1), "UTC"),
        champions=[SeasonWinner("2026-11", at + 1, name, most, 1) for at, (name, _) in enumerate(ordered[:shared])],
        teams=[SeasonWinner("2026-11", None, name, 1000, 3) for name in teams],
        others=[
            Ranked(at + 1, at + 1, points, name, None) for at, (name, points) in enumerate(ordered) if at >= shared
        ],
        people=len(rows),
        role_id=None,
    )
    svg = season_picture(story, "September 2026", imprint)
    assert_legible(svg)
    assert {"September 2026", "Champions of the month"} <= set(texts(svg))
    assert len(season_words(story, "September 2026")) <= 1024
