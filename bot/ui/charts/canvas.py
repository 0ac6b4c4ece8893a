"""The drawing kit: a canvas of SVG, text that fits, bars, cells, lines and their marks, in one palette.

A canvas is about as wide as a phone shows it, so that its units are a phone's pixels: text of 13 is read without
zooming.
"""

import math
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from typing import Literal

from bot.ui.charts.fonts import CAPITALS, ELLIPSIS, FAMILY, face, fitting, writable
from bot.ui.charts.palette import CARD, INK, TRACK
from bot.ui.kit.words import right_to_left

WIDTH = 400
SCALE, DOTS = 2, 720_000
"""So many dots a unit, and so many in a picture at most: sharp on a phone, and drawn in time."""
CORNER = 12
"""How round the corners of a card are; what lies outside them is clear."""
_TURNED = "\u200f"
"""Takes the ellipsis to the end of a word that is written from right to left: to its left."""


class Canvas:
    """A picture in the making: an SVG on its own background.

    Args:
        height: in the units of its width, which is 400.
    """

    def __init__(self, height: float) -> None:
        scale = min(SCALE, math.sqrt(DOTS / (WIDTH * height)))
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * scale:.0f}" height="{height * scale:.0f}" '
            f'viewBox="0 0 {WIDTH} {_n(height)}" font-family="{FAMILY}">'
        ]
        self.box(0, 0, WIDTH, height, CARD, corner=CORNER)

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
        least: float | None = None,
    ) -> None:
        """Writes one line, cut where it needs more room.

        Args:
            y: the middle of its capital letters.
            align: what of it stands at x.
            least: how small its letters may become before it is cut; as large as `size` if left out.
        """
        wide = face(bold=bold).width(writable(text), size)
        if least is not None and wide > room:
            size = max(least, size * room / wide)
        said = fitting(writable(text), size, room, bold=bold)
        if said.endswith(ELLIPSIS) and any(map(right_to_left, said)):
            said += _TURNED
        weight = ' font-weight="bold"' if bold else ""
        place = f'x="{_n(x)}" y="{_n(y + size * CAPITALS / 2)}" text-anchor="{align}"'
        self._parts.append(
            f'<text {place} font-size="{_n(size)}"{weight} fill="{color}">{escape(said, quote=False)}</text>'
        )

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

    def bar(self, x: float, y: float, width: float, height: float, *shares: tuple[float, str]) -> None:
        """A track and shares (0 to 1) of it in their colors, all from the left: the longest comes first."""
        self.box(x, y, width, height, TRACK, corner=height / 2)
        for share, fill in shares:
            if share > 0:
                # Never narrower than it is high: a first step is a dot.
                self.box(x, y, max(height, width * min(share, 1)), height, fill, corner=height / 2)

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

    def cross(self, x: float, y: float, reach: float, color: str) -> None:
        """A ✕ around a point, so wide on each side."""
        far = _n(2 * reach)
        path = f"M{_n(x - reach)} {_n(y - reach)}l{far} {far}m0 -{far}l-{far} {far}"
        self._parts.append(f'<path d="{path}" stroke="{color}" stroke-width="1.6" stroke-linecap="round"/>')

    def shape(self, x: float, y: float, size: float, path: str, fill: str) -> None:
        """A shape drawn in a square of 24, put into a square of this size with its upper left at (x, y)."""
        place = f'transform="translate({_n(x)} {_n(y)}) scale({_n(size / 24)})"'
        self._parts.append(f'<path d="{path}" {place} fill="{fill}"/>')

    def portrait(self, x: float, y: float, reach: float, image: bytes) -> None:
        """A PNG in a circle around a point, so wide on each side."""
        name = f"round{len(self._parts)}"
        data = b64encode(image).decode()
        left, top, side = _n(x - reach), _n(y - reach), _n(2 * reach)
        self._parts.append(
            f'<clipPath id="{name}"><circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(reach)}"/></clipPath>'
            f'<image x="{left}" y="{top}" width="{side}" height="{side}" clip-path="url(#{name})" '
            f'preserveAspectRatio="xMidYMid slice" href="data:image/png;base64,{data}"/>'
        )

    def svg(self) -> str:
        """The picture as the renderer takes it: what it shows, and nothing else, makes its text."""
        return "\n".join([*self._parts, "</svg>"])


def _path(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """A number as short as dots allow."""
    return f"{value:.5g}"
