"""The last weeks of a streak as a picture: weeks as columns, weekdays as rows, told by shape and colour."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from bot.services.streaks import CALENDAR_WEEKS, StreakDay, StreakMark
from bot.ui.charts.canvas import alone, png

FILE_NAME = "streak.png"
PAPER, INK, FAINT = "#FFFFFF", "#1F2328", "#5A6470"
DOTS_PER_INCH = 200
CELL, GAP, LEFT, TOP, KEY_ROW = 0.19, 0.022, 0.5, 0.34, 0.32
"""In inches, as everything here: a phone shows the whole width in about 2.8, half of it."""
WIDTH = LEFT + CALENDAR_WEEKS * CELL + 0.08
KEY_COLUMNS = 3
NAME_WEEKS = 3
"""So many columns hold a month's name."""


@dataclass(frozen=True, slots=True)
class _Style:
    """A cell's fill and edge (Okabe and Ito's palette), and the sign in it, which tells it apart without colour."""

    fill: str
    edge: str
    sign: str
    ink: str


STYLES = {
    StreakMark.ON_TIME: _Style("#0072B2", "#0072B2", "", "#FFFFFF"),
    StreakMark.LATE: _Style("#E69F00", "#E69F00", "L", "#000000"),
    StreakMark.FREEZE: _Style("#A8DCF5", "#56B4E9", "F", "#000000"),
    StreakMark.MISSED: _Style("#FFFFFF", "#D55E00", "✕", "#B34700"),
    StreakMark.AWAY: _Style("#F0E442", "#B8AE1E", "A", "#000000"),
    StreakMark.REPAIRED: _Style("#009E73", "#009E73", "R", "#FFFFFF"),
    StreakMark.OPEN: _Style("#FFFFFF", "#0072B2", "", "#000000"),
}
NO_QUESTION = _Style("#E7EAEE", "#E7EAEE", "", "#000000")


@alone
def calendar_picture(start: date, today: date, days: Sequence[StreakDay]) -> bytes:
    """A PNG of the weeks from a Monday to today. Takes a while: call it in a thread."""
    marks = {day.date: day.mark for day in days}
    entries = [(str(mark), style) for mark, style in STYLES.items() if mark in marks.values()]
    entries.append(("no question", NO_QUESTION))
    height = TOP + 7 * CELL + 0.14 + math.ceil(len(entries) / KEY_COLUMNS) * KEY_ROW
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_PER_INCH, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    for step in range((today - start).days + 1):
        day = start + timedelta(days=step)
        style = STYLES[marks[day]] if day in marks else NO_QUESTION
        _cell(axes, LEFT + step // 7 * CELL, TOP + step % 7 * CELL, style)
    _names(axes, start)
    _key(axes, entries)
    return png(figure)


def calendar_words(days: Sequence[StreakDay]) -> str:
    """The same in words, for those who cannot see the picture."""
    counts = Counter(day.mark for day in days)
    said = ", ".join(f"{counts[mark]} {mark}" for mark in StreakMark if counts[mark])
    return f"Calendar of the last {CALENDAR_WEEKS} weeks: {said or 'no question'}."


def _cell(axes: Axes, x: float, y: float, style: _Style) -> None:
    size = CELL - 2 * GAP
    axes.add_patch(
        FancyBboxPatch(
            (x + GAP, y + GAP),
            size,
            size,
            boxstyle="round,pad=0,rounding_size=0.025",
            facecolor=style.fill,
            edgecolor=style.edge,
            linewidth=1,
        )
    )
    if style.sign:
        axes.text(
            x + CELL / 2,
            y + CELL / 2 + 0.004,
            style.sign,
            ha="center",
            va="center_baseline",
            color=style.ink,
            fontsize=8,
            weight="bold",
        )


def _names(axes: Axes, start: date) -> None:
    """Month names over the weeks in which they begin, and every other weekday beside its row."""
    mondays = [start + timedelta(weeks=week) for week in range(CALENDAR_WEEKS)]
    begins = [w for w, monday in enumerate(mondays) if w == 0 or monday.month != mondays[w - 1].month]
    if begins[1] < NAME_WEEKS:
        begins = begins[1:]
    for week in begins:
        name = f"{mondays[week]:%b}"
        axes.text(LEFT + week * CELL + GAP, TOP - 0.13, name, color=INK, fontsize=13.5, va="center")
    for row in (0, 2, 4, 6):
        name = f"{start + timedelta(days=row):%a}"
        axes.text(LEFT - 0.06, TOP + (row + 0.5) * CELL, name, color=FAINT, fontsize=13, ha="right", va="center")


def _key(axes: Axes, entries: Sequence[tuple[str, _Style]]) -> None:
    """What the cells mean, for those that occur."""
    column = (WIDTH - LEFT) / KEY_COLUMNS
    for at, (name, style) in enumerate(entries):
        x, y = LEFT + at % KEY_COLUMNS * column, TOP + 7 * CELL + 0.14 + at // KEY_COLUMNS * KEY_ROW
        _cell(axes, x, y, style)
        axes.text(x + CELL + 0.05, y + CELL / 2, name, color=INK, fontsize=13.5, va="center")
