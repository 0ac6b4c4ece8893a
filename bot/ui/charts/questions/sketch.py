"""The vocabulary of drawings that explain an answer: boxes, arrows, rows of tokens, matrices, curves and notes.

A dark card with one accent, which marks what the drawing is about; what that tells apart, a word, a sign, an edge
or a place tells too. Lengths are a phone's pixels, as on every canvas.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal

from bot.ui.charts.canvas import WIDTH, Canvas
from bot.ui.charts.fonts import face, fitting, writable
from bot.ui.charts.palette import ACCENT, DARK, EDGE, FAINT, INK, PANEL

SIZE, TITLE_SIZE, MARGIN = 14, 17, 14
HEAD, TIP = 40, 8
Point = tuple[float, float]


class Sketch(Canvas):
    """A drawing in the making, below its title.

    Args:
        height: with the title, which takes the first 40.
    """

    def __init__(self, title: str, height: float) -> None:
        super().__init__(height)
        self.label(MARGIN, 22, title, size=TITLE_SIZE, bold=True, align="start")

    def label(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        color: str = INK,
        bold: bool = False,
        align: Literal["start", "middle", "end"] = "middle",
        room: float = WIDTH,
    ) -> None:
        """Writes one line, whole.

        Raises:
            ValueError: it does not fit its room, or the fonts lack one of its signs.
        """
        if fitting(writable(text), size, room, bold=bold) != text:
            raise ValueError(f"“{text}” has no room here, or no letters")
        self.text(x, y, text, size=size, color=color, bold=bold, align=align)

    def note(self, y: float, *lines: str) -> None:
        """What the drawing says in words, in lines from the left."""
        for number, line in enumerate(lines):
            self.label(MARGIN, y + 20 * number, line, color=FAINT, align="start", room=WIDTH - 2 * MARGIN)

    def node(
        self, x: float, y: float, width: float, height: float, *lines: str, strong: bool = False, size: float = SIZE
    ) -> None:
        """A box with words in its middle; a strong one is filled with the accent."""
        self.box(x, y, width, height, ACCENT if strong else PANEL, edge=None if strong else EDGE, corner=6)
        first = y + height / 2 - (size + 4) * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            at = first + (size + 4) * number
            color = DARK if strong else INK
            self.label(x + width / 2, at, line, size=size, color=color, bold=strong, room=width - 6)

    def arrow(self, *points: Point, strong: bool = False, dashed: bool = False) -> None:
        """A line through points with a tip at the last; a strong one has the accent, and is thicker."""
        color, (x, y), (end_x, end_y) = ACCENT if strong else FAINT, points[-2], points[-1]
        angle = math.atan2(end_y - y, end_x - x)
        back = end_x - TIP * math.cos(angle), end_y - TIP * math.sin(angle)
        self.line([*points[:-1], back], color, width=2.4 if strong else 1.4, dashed=dashed)
        sides = [(angle + turn, TIP * 1.3) for turn in (2.7, -2.7)]
        self.area(
            [(end_x, end_y), *((end_x + far * math.cos(way), end_y + far * math.sin(way)) for way, far in sides)],
            color,
        )

    def tokens(
        self,
        x: float,
        y: float,
        words: Sequence[str],
        *,
        strong: Collection[int] = (),
        height: float = 28,
        gap: float = 6,
        width: float | None = None,
    ) -> list[float]:
        """A row of small boxes, as wide as their words or of one width; returns their middles."""
        middles: list[float] = []
        for number, word in enumerate(words):
            bold = number in strong
            wide = width or face(bold=bold).width(word, SIZE) + 16
            self.node(x, y, wide, height, word, strong=bold)
            middles.append(x + wide / 2)
            x += wide + gap
        return middles

    def grid(
        self, x: float, y: float, rows: Sequence[Sequence[str]], cell: float, *, strong: Collection[Point] = ()
    ) -> None:
        """A matrix of cells with a short text each; strong ones, as (row, column), are filled with the accent."""
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                lit = (row, column) in strong
                left, top = x + column * cell, y + row * cell
                self.box(left, top, cell - 2, cell - 2, ACCENT if lit else PANEL, edge=None if lit else EDGE)
                color = DARK if lit else INK
                self.label(left + cell / 2 - 1, top + cell / 2 - 1, text, color=color, bold=lit, room=cell)

    def curve(self, points: Iterable[Point], *, strong: bool = False, dashed: bool = False) -> None:
        """A curve without a tip."""
        self.line(points, ACCENT if strong else FAINT, width=2.6 if strong else 1.8, dashed=dashed)


def points_of(
    function: Callable[[float], float], start: float, end: float, place: Callable[[float, float], Point]
) -> list[Point]:
    """Points of a function's curve between two values, placed on a card."""
    values = (start + (end - start) * at / 60 for at in range(61))
    return [place(value, function(value)) for value in values]
