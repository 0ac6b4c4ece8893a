"""The picture of a board: points a week of its best. It brings its own background, for both of Discord's themes."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ticker import MaxNLocator

from bot.services.boards import Trend, TrendLine
from bot.ui.charts.canvas import alone, png
from bot.ui.kit.layouts import cut
from bot.ui.kit.words import plain, right_to_left

FILE_NAME, FONT = "board.png", "DejaVu Sans"
ALT_LIMIT = 1024
NAME_DRAWN = 14
LABEL_SIZE, LABEL_WIDTH = 10.5, 1.45
"""In points and inches: what stands right of the lines."""
# Okabe and Ito's palette without the colours that vanish on white; each line also has its own marker and its name.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v")
INK, FAINT, GRID, PAPER = "#1F2328", "#5A6470", "#E3E7EB", "#FFFFFF"
SIZE, DOTS_PER_INCH = (4.8, 2.7), 240
LEFT, BOTTOM, WIDTH, HEIGHT = 0.1, 0.13, 0.48, 0.7
APART = 0.12
"""How far names stand from each other, as a share of the axis."""


@alone
def trend_picture(trend: Trend) -> bytes:
    """A PNG with one line for each of the best and its name at the end. Takes a while: call it in a thread."""
    figure = Figure(figsize=SIZE, dpi=DOTS_PER_INCH, facecolor=PAPER)
    axes = figure.add_axes((LEFT, BOTTOM, WIDTH, HEIGHT))
    weeks = range(len(trend.mondays))
    top = max(10, *(max(line.points) for line in trend.lines))
    axes.set_xlim(-0.3, len(weeks) - 1)
    axes.set_ylim(-top * 0.04, top * 1.05)
    for at in reversed(range(len(trend.lines))):
        axes.plot(
            weeks,
            trend.lines[at].points,
            color=COLOURS[at],
            marker=MARKERS[at],
            markersize=6,
            markeredgecolor=PAPER,
            linewidth=2.2,
            clip_on=False,
            zorder=10 - at,
        )
    heights = spread([line.points[-1] / top for line in trend.lines], APART)
    for at, (line, height) in enumerate(zip(trend.lines, heights, strict=True)):
        end, place = len(weeks) - 1, len(weeks) - 0.55
        leader = [end + 0.12, place - 0.05], [line.points[-1], height * top]
        axes.plot(*leader, color=COLOURS[at], linewidth=0.8, clip_on=False)
        axes.plot([place], [height * top], color=COLOURS[at], marker=MARKERS[at], markersize=6, clip_on=False)
        label = _label(line)
        # A $ in a name is a $, no formula.
        axes.text(place + 0.26, height * top, label, va="center", color=INK, fontsize=LABEL_SIZE, parse_math=False)
    # Every other week, the newest among them: all would run into one another.
    named = list(weeks)[::-2]
    axes.set_xticks(named, [f"{trend.mondays[at]:%-d %b}" for at in named], fontsize=9.5, color=FAINT)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.tick_params(axis="y", labelsize=9.5, labelcolor=FAINT, length=0)
    axes.tick_params(axis="x", length=0, pad=6)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    figure.text(0.03, 0.93, "Points a week", va="center", color=INK, fontsize=13, weight="bold")
    return png(figure)


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


def _label(line: TrendLine) -> str:
    """A name, as much of it as leaves room for the points."""
    points = plain(line.points[-1])
    labels = (f"{drawable(line.name, line.rank, length)} {points}" for length in range(NAME_DRAWN, 0, -1))
    return next((label for label in labels if _width(label) <= LABEL_WIDTH), f"#{line.rank} {points}")


def _width(text: str) -> float:
    font = get_font(findfont(FONT))
    font.set_size(LABEL_SIZE, 72)
    font.set_text(text)
    return font.get_width_height()[0] / 64 / 72


@lru_cache
def _drawn() -> frozenset[int]:
    return frozenset(get_font(findfont(FONT)).get_charmap())


def drawable(name: str, rank: int, length: int = NAME_DRAWN) -> str:
    """What the font can write of a name, from left to right; the rank where nothing is left."""
    left = "".join(sign for sign in name if ord(sign) in _drawn() and not right_to_left(sign))
    return cut(" ".join(left.split()), length) or f"#{rank}"
