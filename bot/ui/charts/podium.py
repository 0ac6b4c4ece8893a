"""Three steps with names for the best of a board or a quiz, and bars for those who follow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.ui.charts.canvas import WIDTH, Canvas
from bot.ui.charts.cards import FULL, MARGIN, Person, PictureCard
from bot.ui.charts.fonts import face, writable
from bot.ui.charts.palette import ACCENT, CARD, DARK, EDGE, FAINT, INK, PANEL, SHADES
from bot.ui.kit.catalog import N_, _, ngettext

STEPS = 3
STEP, APART = 116, 10
"""How wide a step is, and what lies between two."""
HIGH = {1: 84, 2: 70, 3: 58}
SPARK, SPARK_WIDTH = 14, 60
"""How high and wide a sparkline is; steps are higher by as much where they hold one."""
REACH, NAMED = 24, 22
"""Half of a portrait over a step, and what its name needs."""
ROW = 30
SMALL = 11
"""How small letters on a step become before words are cut."""
YOU = N_("You")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody, or a team, on a podium or below it.

    Attributes:
        score: what ranks are made of; bars show it.
        said: the score in words as short as can be.
        own: whoever asked is meant.
        weeks: scores of weeks that are over, oldest first.
        running: that of the running week, None where there is none.
        note: a few words beside the score, in the place of a line.
    """

    rank: int
    person: Person
    score: float
    said: str
    own: bool = False
    weeks: Sequence[float] = ()
    running: float | None = None
    note: str = ""

    @property
    def shown(self) -> str:
        """What the face can write of the name, else the rank."""
        return writable(self.person.name) or f"#{self.rank}"

    @property
    def has_line(self) -> bool:
        """Whether two weeks that are over make a line."""
        return len(self.since) > 1

    @property
    def since(self) -> Sequence[float]:
        """The weeks from the first one with points on."""
        first = next((at for at, points in enumerate(self.weeks) if points), len(self.weeks))
        return self.weeks[first:]


def points_said(place: Place) -> str:
    """A score in points on a step; plurals know whole numbers only."""
    return ngettext("{score} point", "{score} points", 1 if place.score == 1 else 2, score=place.said)


def podium_height(best: Sequence[Place]) -> float:
    """What `draw_podium` needs."""
    return 2 * REACH + NAMED + HIGH[1] + _line_room(best)


def draw_podium(
    card: PictureCard, top: float, best: Sequence[Place], *, said: Callable[[Place], str] | None = None
) -> None:
    """Up to three places on steps, the first in the middle; who shares a rank stands on steps of one height.

    Args:
        said: words a score where it is more than its number.
    """
    order = {1: [0], 2: [0, 1]}.get(len(best), [1, 0, 2])
    base = top + podium_height(best)
    left = (WIDTH - len(best) * STEP - (len(best) - 1) * APART) / 2
    for column, at in enumerate(order):
        place, x = best[at], left + column * (STEP + APART)
        _step(card, x, base, HIGH[place.rank] + _line_room(best), place, said(place) if said else place.said)


def _line_room(best: Sequence[Place]) -> float:
    return SPARK + 4 if any(place.has_line or place.note for place in best) else 0


def _step(card: PictureCard, x: float, base: float, high: float, place: Place, said: str) -> None:
    first, top, middle = place.rank == 1, base - high, x + STEP / 2
    card.face(middle, top - NAMED - REACH, REACH, place.person, strong=place.own)
    if place.own:
        _tag(card, middle + REACH, top - NAMED - 2 * REACH + 4)
    card.text(middle, top - 11, place.shown, size=14, bold=True, align="middle", room=STEP + APART - 4)
    card.box(x, top, STEP, high, ACCENT if first else PANEL, corner=8)
    ink, lesser = (DARK, DARK) if first else (INK, FAINT)
    card.text(middle, top + 20, str(place.rank), size=26, bold=True, color=ink, align="middle")
    card.text(middle, top + 42, said, size=15, bold=True, color=ink, align="middle", room=STEP - 10, least=SMALL)
    if place.has_line:
        draw_sparkline(card, middle - SPARK_WIDTH / 2, top + 54, place, ink)
    card.text(middle, top + 61, place.note, size=13, color=lesser, align="middle", room=STEP - 10, least=SMALL)


def draw_rows(card: PictureCard, top: float, rows: Sequence[Place], most: float) -> None:
    """Places below one another, each name on a bar.

    Args:
        most: the score of the longest bar.
    """
    for at, place in enumerate(rows):
        y, high = top + at * ROW, ROW - 4
        middle = y + high / 2
        card.box(MARGIN, y, FULL, high, PANEL, edge=ACCENT if place.own else None, corner=6)
        share = max(0.0, min(1.0, place.score / most)) if most else 0.0
        if share:
            card.box(MARGIN + 1, y + 1, max(12, (FULL - 2) * share), high - 2, SHADES[0], corner=5)
        card.text(MARGIN + 32, middle, str(place.rank), size=14, bold=True, align="end", room=28)
        card.face(MARGIN + 50, middle, 10, place.person, strong=place.own)
        said_room = max(44, face(bold=True).width(place.said, 14))
        right = WIDTH - MARGIN - 10
        card.text(right, middle, place.said, size=14, bold=True, align="end")
        line = right - said_room - 12 - SPARK_WIDTH
        if place.has_line:
            draw_sparkline(card, line, middle - SPARK / 2, place, FAINT)
        elif place.note:
            line = right - said_room - 12 - face().width(place.note, 13)
            card.text(line, middle, place.note, size=13, color=FAINT)
        left = MARGIN + 68
        room = (line if place.has_line or place.note else right - said_room) - 10 - left
        tagged = place.own and place.shown != _(YOU)
        if tagged:
            room -= _tag_width() + 6
        card.text(left, middle, place.shown, size=14, room=room)
        if tagged:
            named = min(face().width(place.shown, 14), room)
            _tag(card, left + named + 6 + _tag_width() / 2, middle)


def _tag_width() -> float:
    return max(32, face(bold=True).width(_(YOU), SMALL) + 12)


def _tag(card: PictureCard, x: float, y: float) -> None:
    """Says that somebody is the reader, around a point; its rim sets it off from a portrait of its color."""
    wide, rim = _tag_width(), 2
    card.box(x - wide / 2 - rim, y - 8 - rim, wide + 2 * rim, 16 + 2 * rim, CARD, corner=8 + rim)
    card.box(x - wide / 2, y - 8, wide, 16, ACCENT, corner=8)
    card.text(x, y, _(YOU), size=SMALL, bold=True, color=DARK, align="middle")


def draw_sparkline(canvas: Canvas, x: float, y: float, place: Place, color: str) -> None:
    """Weeks that are over as a line; the running one is dashed, and left out while it has less than the last."""
    weeks = list(place.since)
    rises = place.running is not None and place.running >= weeks[-1]
    top = max(*weeks, place.running or 0, 1)
    step = SPARK_WIDTH / (len(weeks) - (0 if rises else 1))
    points = [(x + at * step, y + SPARK * (1 - points / top)) for at, points in enumerate(weeks)]
    canvas.line(points, color, width=1.8)
    if rises and place.running is not None:
        now = x + SPARK_WIDTH, y + SPARK * (1 - place.running / top)
        canvas.line([points[-1], now], color, width=1.8, dashed=True)
        canvas.disc(*now, 2.6, EDGE, edge=color)
    else:
        canvas.disc(*points[-1], 2.6, color)
