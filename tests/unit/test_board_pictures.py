"""The picture of a board, and names that can hold anything."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.boards import Trend, TrendLine
from bot.ui.charts.boards import ALT_LIMIT, BOTTOM, TOP, drawable, spread, ticks, trend_picture, trend_words
from bot.ui.charts.canvas import WIDTH
from bot.ui.kit.words import shown
from tests.drawn import SVG, assert_legible, one, parsed, texts, written

ODD = ("日本語", "مرحبا", "😀" * 40, "$x^{2$", "x" * 100)


def trend(*names: str) -> Trend:
    mondays = [date(2026, 10, 5) + timedelta(weeks=week) for week in range(8)]
    lines = [TrendLine(at, name, [at * week for week in range(8)]) for at, name in enumerate(names, start=1)]
    return Trend(mondays, lines)


def test_odd_names_do_no_harm_to_the_picture():
    svg = trend_picture(trend(*ODD))
    assert {"#1", "مرحبا", "#3", "$x^{2$"} < set(texts(svg))
    assert_legible(svg)
    assert len(trend_words(trend(*ODD))) <= ALT_LIMIT
    assert "Anna: 0, 1, 2" in trend_words(trend("Anna"))


def test_a_line_goes_through_its_points_and_ends_at_its_name():
    weeks = trend("Anna", "Ben")
    svg = trend_picture(Trend(weeks.mondays, [TrendLine(1, "Anna", [0, 50] * 4), TrendLine(2, "Ben", [25] * 8)]))
    lines = [
        [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        for line in parsed(svg).iter(f"{SVG}polyline")
    ]
    ben, anna = (line for line in lines if len(line) == 8)  # the best is drawn last
    assert [y for _, y in anna] == [BOTTOM, TOP] * 4 and {y for _, y in ben} == {(TOP + BOTTOM) / 2}
    assert [x for x, _ in anna] == [x for x, _ in ben]
    assert one(svg, "Anna").y == pytest.approx(TOP, abs=0.1)
    assert one(svg, "Ben").y == pytest.approx((TOP + BOTTOM) / 2, abs=0.1)
    for x, day in zip([x for x, _ in anna][1::2], ("12 Oct", "26 Oct", "9 Nov", "23 Nov"), strict=True):
        assert one(svg, day).middle == pytest.approx(x, abs=0.1)
    for points in ("0", "10", "20", "30", "40"):
        on_axis = one(svg, points)
        assert on_axis.right < anna[0][0]
        assert on_axis.y == pytest.approx(BOTTOM - (BOTTOM - TOP) * int(points) / 50, abs=0.1)


def test_each_line_has_a_mark_of_its_own():
    weeks = trend("Anna", "Ben", "Cem", "Dana", "Eli")
    drawn = [(mark.attrib["d"], mark.attrib["fill"]) for mark in parsed(trend_picture(weeks)).iter(f"{SVG}path")]
    assert len(drawn) == 5 * 9  # eight weeks, and beside the name
    assert len(set(drawn)) == len({shape for shape, _ in drawn}) == 5


@given(st.floats(1, 1e7))
def test_the_axis_has_a_few_round_numbers(top: float):
    steps = list(ticks(top))
    assert steps[0] == 0 and 2 <= len(steps) <= 6 and steps[-1] <= top
    assert str(steps[1]).rstrip("0") in ("1", "2", "5") and steps == [steps[1] * at for at in range(len(steps))]


def test_wide_names_leave_room_for_the_points():
    wide = trend("W" * 32, "@" * 32, "M M M M M M M M", "Anna")
    most = Trend(wide.mondays, [TrendLine(line.rank, line.name, [12345.6] * 8) for line in wide.lines])
    svg = trend_picture(most)
    assert texts(svg).count("12,345.6") == 4 and max(line.right for line in written(svg)) < WIDTH - 4
    assert_legible(svg)


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Anna", "Anna"),
        ("日本語", "#3"),
        ("مرحبا", "مرحبا"),
        ("ᚠᚢᚦ", "#3"),
        ("Zoë 日本", "Zoë"),
        ("a" * 40, "a" * 13 + "…"),
        ("", "#3"),
    ],
)
def test_what_the_font_lacks_is_left_out(name: str, left: str):
    assert drawable(name, 3) == left


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_names_in_the_picture_never_lie_on_each_other(wanted: list[float]):
    placed = spread(wanted, 0.1)
    heights = sorted(placed)
    assert all(upper - lower > 0.0999 for lower, upper in pairwise(heights))
    assert heights[-1] <= 1
    order = sorted(range(len(wanted)), key=lambda at: (placed[at], at))
    assert [wanted[at] for at in order] == sorted(wanted)


@given(st.text(max_size=100))
def test_shown_names_are_short_lines_without_links_or_mentions(name: str):
    text = shown(name)
    assert text and "\n" not in text and "<@" not in text and "://" not in text
    assert len(text) <= 2 * 40 + 45


def test_a_name_from_right_to_left_cannot_turn_the_line():
    assert shown("مرحبا") == "\u2068مرحبا\u2069"
    assert shown("a\u202eb") == "ab"
    assert shown("\u200b") == "A member"
