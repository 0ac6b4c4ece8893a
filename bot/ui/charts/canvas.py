"""The drawing kit: a canvas of SVG, text that fits, bars, cells, lines and their marks, in one palette.

A canvas is about as wide as a phone shows it, so that its units are a phone's pixels: text of 13 is read without
zooming. Colors are Okabe and Ito's; whatever they tell apart, a sign, a shape or a number tells too.
"""

import math
from collections.abc import Iterable
from typing import Literal
from xml.sax.saxutils import escape

from bot.ui.charts.fonts import CAPITALS, ELLIPSIS, FAMILY, fitting, writable
from bot.ui.kit.words import right_to_left

WIDTH = 400
SCALE, DOTS = 2, 900_000
"""So many dots a unit, and so many in a picture at most: sharp on a phone, and drawn in time."""
PAPER, INK, FAINT, GRID, EMPTY = "#FFFFFF", "#1F2328", "#5A6470", "#E3E7EB", "#E7EAEE"
"""The background, which pictures bring along for both themes; words, lesser words, faint lines, and empty cells."""
BLUE, SKY, GREEN, ORANGE, YELLOW, RED, PINK = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#F0E442",
    "#D55E00",
    "#CC79A7",
)
MARKS = {
    "circle": "M-3,0a3,3 0 1,0 6,0a3,3 0 1,0 -6,0Z",
    "square": "M-2.7,-2.7H2.7V2.7H-2.7Z",
    "triangle": "M0,-3.4L3.4,2.6H-3.4Z",
    "diamond": "M0,-3.9L3.9,0L0,3.9L-3.9,0Z",
    "wedge": "M0,3.4L3.4,-2.6H-3.4Z",
}
"""Shapes around (0, 0), for lines that are told apart by more than their colors."""
_TURNED = "\u200f"
"""Takes the ellipsis to the end of a word that is written from right to left: to its left."""


class Canvas:
    """A picture in the making: an SVG on its own background.

    Args:
        height: in the units of its width, which is 400.
        paper: the color of its background.
    """

    def __init__(self, height: float, paper: str = PAPER) -> None:
        scale = min(SCALE, math.sqrt(DOTS / (WIDTH * height)))
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * scale:.0f}" height="{height * scale:.0f}" '
            f'viewBox="0 0 {WIDTH} {_n(height)}" font-family="{FAMILY}">'
        ]
        self.box(0, 0, WIDTH, height, paper)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 13,
        color: str = INK,
        bold: bool = False,
        align: Literal["start", "middle", "end"] = "start",
        room: float = WIDTH,
    ) -> None:
        """Writes one line, cut where it needs more room.

        Args:
            y: the middle of its capital letters.
            align: what of it stands at x.
        """
        said = fitting(writable(text), size, room, bold=bold)
        if said.endswith(ELLIPSIS) and any(map(right_to_left, said)):
            said += _TURNED
        weight = ' font-weight="bold"' if bold else ""
        place = f'x="{_n(x)}" y="{_n(y + size * CAPITALS / 2)}" text-anchor="{align}"'
        self._parts.append(f'<text {place} font-size="{_n(size)}"{weight} fill="{color}">{escape(said)}</text>')

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        edge: str | None = None,
        corner: float = 0,
    ) -> None:
        """A rectangle, with round corners where it has some; its edge lies inside."""
        rim = ""
        if edge:
            x, y, width, height, rim = x + 0.5, y + 0.5, width - 1, height - 1, f' stroke="{edge}"'
        place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self._parts.append(f'<rect {place} rx="{_n(corner)}" fill="{fill}"{rim}/>')

    def bar(self, x: float, y: float, width: float, height: float, share: float) -> None:
        """A share (0 to 1) of a track."""
        self.box(x, y, width, height, GRID)
        self.box(x, y, width * share, height, BLUE)

    def hatched(self, x: float, y: float, width: float, height: float, fill: str, ink: str) -> None:
        """A rectangle under slanted lines, told from a plain one without color."""
        self.box(x, y, width, height, fill, edge=ink)
        slants = (at * 5 for at in range(1, int((width + height) / 5) + 1))
        lines = "".join(
            f"M{_n(x + max(0, at - height))} {_n(y + min(at, height))}"
            f"L{_n(x + min(at, width))} {_n(y + max(0, at - width))}"
            for at in slants
        )
        self._parts.append(f'<path d="{lines}" stroke="{ink}" stroke-width="0.8"/>')

    def line(
        self, points: Iterable[tuple[float, float]], color: str, *, width: float = 1, dashed: bool = False
    ) -> None:
        """A line through points."""
        pen = f'stroke="{color}" stroke-width="{_n(width)}" stroke-linejoin="round"'
        gaps = ' stroke-dasharray="5 4"' if dashed else ""
        self._parts.append(f'<polyline points="{_path(points)}" fill="none" {pen}{gaps}/>')

    def area(self, points: Iterable[tuple[float, float]], fill: str) -> None:
        """What lies between points."""
        self._parts.append(f'<polygon points="{_path(points)}" fill="{fill}"/>')

    def disc(self, x: float, y: float, reach: float, fill: str, *, edge: str | None = None) -> None:
        """A circle around a point, so wide on each side."""
        rim = f' stroke="{edge}" stroke-width="1.5"' if edge else ""
        self._parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(reach)}" fill="{fill}"{rim}/>')

    def mark(self, x: float, y: float, shape: str, color: str) -> None:
        """One of the MARKS, with a rim that keeps it apart from lines below it."""
        place = f'transform="translate({_n(x)} {_n(y)})"'
        self._parts.append(f'<path d="{MARKS[shape]}" {place} fill="{color}" stroke="{PAPER}" stroke-width="0.8"/>')

    def cross(self, x: float, y: float, reach: float, color: str) -> None:
        """A ✕ around a point, so wide on each side."""
        far = _n(2 * reach)
        path = f"M{_n(x - reach)} {_n(y - reach)}l{far} {far}m0 -{far}l-{far} {far}"
        self._parts.append(f'<path d="{path}" stroke="{color}" stroke-width="1.6" stroke-linecap="round"/>')

    def svg(self) -> str:
        """The picture as the renderer takes it: what it shows, and nothing else, makes its text."""
        return "\n".join([*self._parts, "</svg>"])


def _path(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """A number as short as dots allow."""
    return f"{value:.5g}"
