"""What stands in a drawn picture, and where: tests read the SVG as a person reads the picture."""

from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.fonts import CAPITALS, face

SVG = "{http://www.w3.org/2000/svg}"
LEAST_SIZE = 9
"""Smaller words are not read on a phone."""
EDGE_ROOM = 4
"""Words keep so far from the card's edge."""


@dataclass(frozen=True, slots=True)
class Written:
    """A line of text; `y` is the middle of its capital letters."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool

    @property
    def middle(self) -> float:
        """Halfway between its ends."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str | None


def parsed(svg: str) -> ElementTree.Element:
    """A picture as XML."""
    return ElementTree.fromstring(svg)


def height(svg: str) -> float:
    """How high a picture is, in units of its width."""
    return float(parsed(svg).attrib["viewBox"].split()[3])


def written(svg: str) -> list[Written]:
    """All text of a picture, in the order in which it was drawn."""
    found: list[Written] = []
    for line in parsed(svg).iter(f"{SVG}text"):
        size, bold = float(line.attrib["font-size"]), "font-weight" in line.attrib
        width = face(bold=bold).width(line.text or "", size)
        left = float(line.attrib["x"]) - width * {"start": 0, "middle": 0.5, "end": 1}[line.attrib["text-anchor"]]
        y = float(line.attrib["y"]) - size * CAPITALS / 2
        found.append(Written(line.text or "", left, left + width, y, size, bold))
    return found


def texts(svg: str) -> list[str]:
    """The words of a picture alone."""
    return [line.text for line in written(svg)]


def one(svg: str, text: str) -> Written:
    """The only line with this text."""
    (line,) = (line for line in written(svg) if line.text == text)
    return line


def boxes(svg: str) -> list[Box]:
    """The rectangles of a picture, without its paper."""
    found: list[Box] = []
    for box in parsed(svg).iter(f"{SVG}rect"):
        x, y, width, high = (float(box.attrib[at]) for at in ("x", "y", "width", "height"))
        found.append(Box(x, y, width, high, box.attrib["fill"], box.get("stroke")))
    return found[1:]


def assert_legible(svg: str) -> None:
    """All words are large enough, stand on the card, and none on another; no box leaves the card."""
    lines = [line for line in written(svg) if line.text]
    for line in lines:
        assert line.size >= LEAST_SIZE, line
        assert line.left >= EDGE_ROOM and line.right <= WIDTH - EDGE_ROOM, line
        assert line.size / 2 <= line.y <= height(svg) - line.size / 2, line
    for one, other in combinations(lines, 2):
        apart = one.right <= other.left or other.right <= one.left
        assert apart or abs(one.y - other.y) >= (one.size + other.size) / 2 * CAPITALS, (one, other)
    for box in boxes(svg):
        assert box.x >= 0 and box.x + box.width <= WIDTH and box.y >= 0 and box.y + box.height <= height(svg), box


def contrast(one: str, other: str) -> float:
    """How far two colors are apart, from 1 to 21, as WCAG 2 measures it: text needs 4.5."""

    def light(color: str) -> float:
        shares = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
