"""The last weeks of a streak as a picture: weeks as columns, weekdays as rows, told by shape and colour."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.services.streaks import CALENDAR_WEEKS, StreakDay, StreakMark
from bot.ui.charts.canvas import BLUE, EMPTY, FAINT, GREEN, INK, ORANGE, PAPER, RED, SKY, WIDTH, YELLOW, Canvas

FILE_NAME = "streak.png"
CELL, GAP, LEFT, TOP, KEY_ROW = 13.7, 1.4, 39, 27, 25
ROWS_END = TOP + 7 * CELL
KEY_TOP, KEY_COLUMNS = ROWS_END + 12, 3
NAME_WEEKS = 3
"""So many columns hold a month's name."""
MISSED = "missed"


@dataclass(frozen=True, slots=True)
class _Style:
    """A cell's fill and edge, and the sign in it, which tells it apart without colour; a miss is crossed out."""

    fill: str
    edge: str | None
    sign: str = ""
    ink: str = INK


STYLES = {
    StreakMark.ON_TIME: _Style(BLUE, None),
    StreakMark.LATE: _Style(ORANGE, None, "L"),
    StreakMark.FREEZE: _Style("#A8DCF5", SKY, "F"),
    StreakMark.MISSED: _Style(PAPER, RED, "✕", "#B34700"),
    StreakMark.AWAY: _Style(YELLOW, "#B8AE1E", "A"),
    StreakMark.REPAIRED: _Style(GREEN, None, "R", PAPER),
    StreakMark.OPEN: _Style(PAPER, BLUE),
}
NO_QUESTION = _Style(EMPTY, None)


def calendar_picture(start: date, today: date, days: Sequence[StreakDay]) -> str:
    """An SVG of the weeks from a Monday to today."""
    marks = {day.date: day.mark for day in days}
    key = [(str(mark), style) for mark, style in STYLES.items() if mark in marks.values()]
    key.append(("no question", NO_QUESTION))
    canvas = Canvas(KEY_TOP + -(-len(key) // KEY_COLUMNS) * KEY_ROW)
    for step in range((today - start).days + 1):
        day = start + timedelta(days=step)
        style = STYLES[marks[day]] if day in marks else NO_QUESTION
        _cell(canvas, LEFT + step // 7 * CELL, TOP + step % 7 * CELL, style)
    _names(canvas, start)
    for at, (name, style) in enumerate(key):
        x, y = LEFT + at % KEY_COLUMNS * (WIDTH - LEFT) / KEY_COLUMNS, KEY_TOP + at // KEY_COLUMNS * KEY_ROW
        _cell(canvas, x, y, style)
        canvas.text(x + CELL + 4, y + CELL / 2, name, size=14)
    return canvas.svg()


def calendar_words(days: Sequence[StreakDay]) -> str:
    """The same in words, for those who cannot see the picture."""
    counts = Counter(day.mark for day in days)
    said = ", ".join(f"{counts[mark]} {mark}" for mark in StreakMark if counts[mark])
    return f"Calendar of the last {CALENDAR_WEEKS} weeks: {said or 'no question'}."


def _cell(canvas: Canvas, x: float, y: float, style: _Style) -> None:
    size, middle = CELL - GAP, (CELL - GAP) / 2
    canvas.box(x, y, size, size, style.fill, edge=style.edge, corner=2)
    if style.sign == "✕":
        canvas.cross(x + middle, y + middle, 2.8, style.ink)
    elif style.sign:
        canvas.text(x + middle, y + middle, style.sign, size=10, bold=True, color=style.ink, align="middle")


def _names(canvas: Canvas, start: date) -> None:
    """Month names over the weeks in which they begin, and every other weekday beside its row."""
    mondays = [start + timedelta(weeks=week) for week in range(CALENDAR_WEEKS)]
    begins = [w for w, monday in enumerate(mondays) if w == 0 or monday.month != mondays[w - 1].month]
    if begins[1] < NAME_WEEKS:
        begins = begins[1:]
    for week in begins:
        canvas.text(LEFT + week * CELL, TOP - 12, f"{mondays[week]:%b}", size=14)
    for row in (0, 2, 4, 6):
        name = f"{start + timedelta(days=row):%a}"
        canvas.text(LEFT - 5, TOP + (row + 0.5) * CELL, name, color=FAINT, align="end")
