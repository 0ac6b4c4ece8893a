"""The picture of a board, and names that can hold anything."""

import io
import struct
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread

from bot.services.boards import Trend, TrendLine
from bot.ui.charts.boards import ALT_LIMIT, drawable, spread, trend_picture, trend_words
from bot.ui.kit.words import shown

ODD = ("日本語", "مرحبا", "😀" * 40, "$x^{2$", "x" * 100)


def trend(*names: str) -> Trend:
    mondays = [date(2026, 10, 5) + timedelta(weeks=week) for week in range(8)]
    lines = [TrendLine(at, name, [at * week for week in range(8)]) for at, name in enumerate(names, start=1)]
    return Trend(mondays, lines)


def test_odd_names_do_no_harm_to_the_picture():
    png = trend_picture(trend(*ODD))
    assert png.startswith(b"\x89PNG") and struct.unpack(">II", png[16:24]) == (1152, 648)
    assert len(trend_words(trend(*ODD))) <= ALT_LIMIT
    assert "Anna: 0, 1, 2" in trend_words(trend("Anna"))


def test_wide_names_leave_room_for_the_points():
    wide = trend("W" * 32, "@" * 32, "M M M M M M M M", "Anna")
    most = Trend(wide.mondays, [TrendLine(line.rank, line.name, [12345.6] * 8) for line in wide.lines])
    pixels: Any = imread(io.BytesIO(trend_picture(most)))
    assert pixels[:, -4:, :3].min() == 1  # nothing touches the right edge


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Anna", "Anna"),
        ("日本語", "#3"),
        ("مرحبا", "#3"),
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
