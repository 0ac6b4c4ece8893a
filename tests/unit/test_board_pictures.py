"""The picture of a board, and names that can hold anything."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.points import Period
from bot.services.boards import Trend, TrendLine
from bot.ui.charts.boards import ALT_LIMIT, board_picture, board_words
from bot.ui.charts.cards import Imprint
from bot.ui.charts.palette import ACCENT
from bot.ui.charts.podium import STEP, STEPS
from bot.ui.kit.words import shown
from tests.drawn import SVG, assert_legible, boxes, one, parsed, texts

ODD = ("日本語", "مرحبا", "😀" * 40, "$x^{2$", "x" * 100)
MONDAYS = [date(2026, 10, 5) + timedelta(weeks=week) for week in range(8)]
IMPRINT = Imprint("#practice", date(2026, 11, 27))


def board(*names: str, ranks: Sequence[int] = (), own: int = -1, running: bool = True) -> Trend:
    """A board on which each has ten points less than the one before, after eight weeks of slow rise."""
    lines = [
        TrendLine(
            rank=ranks[at] if ranks else at + 1,
            name=name,
            points=[week * 5 for week in range(8)],
            total=100 - 10 * at,
            own=at == own,
        )
        for at, name in enumerate(names)
    ]
    return trend(lines, running=running)


def trend(lines: list[TrendLine], *, running: bool = True) -> Trend:
    return Trend(Period.THIS_WEEK if running else Period.LAST_WEEK, "2026-W48", MONDAYS, lines)


def drawn(shown: Trend) -> str:
    return board_picture("Leaderboard", "This week", shown, IMPRINT)


def steps(svg: str) -> list[tuple[float, float, str]]:
    """(left edge, upper edge, color) of the steps, from the left."""
    return sorted((box.x, box.y, box.fill) for box in boxes(svg) if box.width == STEP)


def test_the_first_stands_in_the_middle_and_highest_and_the_others_below_in_bars():
    svg = drawn(board("Anna", "Ben", "Cem", "Dana", "Eli"))
    second, first, third = steps(svg)
    assert first[1] < second[1] < third[1] and [step[2] == ACCENT for step in (second, first, third)] == [
        False,
        True,
        False,
    ]
    for name, step in zip(("Ben", "Anna", "Cem"), (second, first, third), strict=True):
        assert one(svg, name).middle == pytest.approx(step[0] + STEP / 2, abs=0.1) and one(svg, name).y < step[1]
    assert one(svg, "Dana").y < one(svg, "Eli").y and one(svg, "Dana").left == one(svg, "Eli").left
    assert {"1", "100 points", "2", "90 points", "3", "80 points", "4", "70", "5", "60"} <= set(texts(svg))
    assert_legible(svg)


@pytest.mark.parametrize(
    ("ranks", "heights"), [((1, 1, 3), 2), ((1, 2, 2), 2), ((1, 1, 1, 1), 1), ((1,), 1), ((1, 2), 2)]
)
def test_who_shares_a_rank_stands_as_high(ranks: tuple[int, ...], heights: int):
    svg = drawn(board(*"ABCD"[: len(ranks)], ranks=ranks))
    found = steps(svg)
    assert len(found) == min(len(ranks), STEPS) and len({top for _, top, _ in found}) == heights
    assert sum(fill == ACCENT for *_, fill in found) == min(ranks.count(1), STEPS)
    assert found[0][0] + found[-1][0] + STEP == pytest.approx(400, abs=0.1)  # in the middle, however many
    assert_legible(svg)


def test_the_reader_is_marked_on_the_podium_below_it_and_far_below():
    for at in (0, 2, 4):
        svg = drawn(board("Anna", "Ben", "Cem", "Dana", "Eli", own=at))
        assert texts(svg).count("You") == 1
        assert_legible(svg)
    far = board("Anna", "Ben", "Cem", "Dana", "", ranks=(1, 2, 3, 4, 123), own=4)
    assert {"You", "123"} <= set(texts(drawn(far))) and "123. You" in board_words("This week", far)
    assert "You" not in texts(drawn(far.public)) and "You" not in board_words("This week", far.public)
    own = board("Anna", own=0)
    assert "You" not in texts(drawn(own.public)) and "Anna" in texts(drawn(own.public))


def lines(svg: str) -> list[list[tuple[float, float]]]:
    """Sparklines, as points."""
    return [
        [(float(x), float(y)) for x, y in (point.split(",") for point in line.attrib["points"].split())]
        for line in parsed(svg).iter(f"{SVG}polyline")
    ]


def test_the_readers_mark_leaves_the_line_beside_a_long_name_alone():
    svg = drawn(board("Anna", "Ben", "Cem", "A name that goes on and on and on", own=3))
    mark = one(svg, "You")
    tag = min((box for box in boxes(svg) if box.fill == ACCENT and box.height == 16), key=lambda box: box.width)
    beside = min(x for line in lines(svg) for x, y in line if abs(y - mark.y) < 16)
    assert tag.x < mark.left and mark.right < tag.x + tag.width < beside


def test_a_running_week_is_dashed_as_it_rises_and_never_drawn_as_a_fall():
    rising = board("Anna")
    past, now = lines(drawn(rising))
    assert (
        len(past) == 6 and now[0] == past[-1] and now[1][1] < now[0][1]
    )  # weeks before the first points are left out
    falling = trend([TrendLine(1, "Anna", [0, 10, 20, 30, 30, 30, 40, 10], 10)])
    (past,) = lines(drawn(falling))
    assert [y for _, y in past] == sorted((y for _, y in past), reverse=True)
    (over,) = lines(drawn(trend(falling.lines, running=False)))
    assert len(over) == 7 and over[-1][1] > over[-2][1]


def test_a_first_week_has_no_line():
    assert lines(drawn(trend([TrendLine(1, "Anna", [0] * 7 + [10], 10)]))) == []


def test_odd_names_do_no_harm_to_the_picture():
    svg = drawn(board(*ODD))
    assert {"#1", "مرحبا", "#3", "$x^{2$"} < set(texts(svg))
    assert_legible(svg)
    assert len(board_words("This week", board(*ODD))) <= ALT_LIMIT
    assert "1. Anna 100 (0, 5, 10, " in board_words("This week", board("Anna"))


@given(st.text(max_size=100))
def test_shown_names_are_short_lines_without_links_or_mentions(name: str):
    text = shown(name)
    assert text and "\n" not in text and "<@" not in text and "://" not in text
    assert len(text) <= 2 * 40 + 45


def test_a_name_from_right_to_left_cannot_turn_the_line():
    assert shown("مرحبا") == "\u2068مرحبا\u2069"
    assert shown("a\u202eb") == "ab"
    assert shown("\u200b") == "A member"
