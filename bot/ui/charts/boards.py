"""The picture of a board: points a week of its best. It brings its own background, for both of Discord's themes."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from bot.services.boards import Trend, TrendLine
from bot.ui.charts.canvas import BLUE, FAINT, GREEN, GRID, MARKS, PINK, RED, SKY, WIDTH, Canvas
from bot.ui.charts.fonts import face, fitting, shortened, writable
from bot.ui.kit.layouts import cut
from bot.ui.kit.words import day_and_month, plain

FILE_NAME = "board.png"
ALT_LIMIT = 1024
NAME_DRAWN = 14
# Without the colours that vanish on white; each line also has its own mark and its name.
COLORS = (BLUE, RED, GREEN, PINK, SKY)
HEIGHT, MARGIN = 225, 14
TOP, BOTTOM = 48, 190
"""Where the highest and the lowest points stand."""
SIZE, FAINT_SIZE = 14, 13
LABEL_ROOM, SPACE = 132, 6
"""How wide a name and its points may become, and what lies between them."""
BESIDE = 34
"""What lies between the newest week and the names: a line leads from one to the other."""
APART = 0.13
"""How far names stand from each other, as a share of the axis."""
STEPS = 5
"""So many lines lie at most between the lowest points and the highest."""


def trend_picture(trend: Trend) -> str:
    """An SVG with one line for each of the best, and its name and points at the end."""
    canvas = Canvas(HEIGHT)
    canvas.text(MARGIN, 21, "Points a week", size=18, bold=True)
    top = max(10, *(max(line.points) for line in trend.lines))
    labels = [label(line) for line in trend.lines]
    names, points = (max(face().width(said, SIZE) for said in column) for column in zip(*labels, strict=True))
    named = WIDTH - MARGIN - names - SPACE - points
    weeks = _axes(canvas, trend.mondays, top, named - BESIDE)
    heights = spread([line.points[-1] / top for line in trend.lines], APART)
    drawn = list(zip(trend.lines, labels, heights, COLORS, MARKS, strict=False))
    for line, (name, said), share, color, shape in reversed(drawn):  # the best last, above the others
        places = [(x, _height(week / top)) for x, week in zip(weeks, line.points, strict=True)]
        y = _height(share)
        canvas.line([places[-1], (named - 14, y)], color)
        canvas.line(places, color, width=2)
        for place in (*places, (named - 11, y)):
            canvas.mark(*place, shape, color)
        canvas.text(named, y, name, size=SIZE)
        canvas.text(WIDTH - MARGIN, y, said, size=SIZE, align="end")
    return canvas.svg()


def _axes(canvas: Canvas, mondays: Sequence[date], top: float, right: float) -> list[float]:
    """Draws what the lines are read by, and returns where the weeks stand."""
    steps = list(ticks(top))
    left = MARGIN + face().width(f"{steps[-1]:,}", FAINT_SIZE) + 12
    for step in steps:
        y = _height(step / top)
        canvas.line([(left - 4, y), (right + 4, y)], GRID)
        canvas.text(left - 9, y, f"{step:,}", size=FAINT_SIZE, color=FAINT, align="end")
    weeks = [left + (right - left) * at / (len(mondays) - 1) for at in range(len(mondays))]
    # Every other week, the newest among them: all would run into one another.
    for x, monday in list(zip(weeks, mondays, strict=True))[::-2]:
        canvas.text(x, BOTTOM + 19, day_and_month(monday), size=FAINT_SIZE, color=FAINT, align="middle")
    return weeks


def _height(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share


def trend_words(trend: Trend) -> str:
    """The picture in words, for those who do not see it."""
    lines = [f"{line.name or f'#{line.rank}'}: {', '.join(map(plain, line.points))}" for line in trend.lines]
    return cut(f"Points a week over the last {len(trend.mondays)} weeks. " + "; ".join(lines), ALT_LIMIT)


def spread(wanted: Sequence[float], apart: float) -> list[float]:
    """Heights near those wanted, in the same order from low to high, with room for a name between any two."""
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], -at))
    placed = list(wanted)
    for lower, upper in pairwise(order):
        placed[upper] = max(placed[upper], placed[lower] + apart)
    ceiling = 1.0
    for at in reversed(order):
        placed[at] = min(placed[at], ceiling)
        ceiling = placed[at] - apart
    return placed


def ticks(top: float) -> Iterator[int]:
    """Round numbers from 0 to the highest points, as few as an axis has room for."""
    step = next(
        unit * 10**power
        for power in range(len(f"{top:.0f}"))
        for unit in (1, 2, 5)
        if top / (unit * 10**power) <= STEPS
    )
    return iter(range(0, int(top) + 1, step))


def label(line: TrendLine) -> tuple[str, str]:
    """A name, as much of it as leaves room for the points, and the points of the newest week."""
    points = plain(line.points[-1])
    room = LABEL_ROOM - SPACE - face().width(points, SIZE)
    return fitting(drawable(line.name, line.rank), SIZE, room) or f"#{line.rank}", points


def drawable(name: str, rank: int) -> str:
    """What the font can write of a name, not too long; the rank where nothing is left."""
    left = writable(name)
    return (left if len(left) <= NAME_DRAWN else shortened(left, NAME_DRAWN - 1)) or f"#{rank}"
