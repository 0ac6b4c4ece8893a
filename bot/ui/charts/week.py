"""Answers a day as bars, each before the outline of the same day a week earlier."""

from collections.abc import Sequence

from bot.ui.charts.cards import FULL, MARGIN, PictureCard
from bot.ui.charts.fonts import face
from bot.ui.charts.palette import ACCENT, EDGE, FAINT, TRACK

HIGH, BASE = 64, 86
"""The highest bar, and where all bars end, from the top."""
BELOW = 22
"""What the names of the days need."""
LEAST = 4
"""The axis reaches at least this far: a single answer is no tower."""
NUMBER = 14
"""The size of the numbers, where there is room for it."""


def draw_week(
    card: PictureCard, top: float, names: Sequence[str], now: Sequence[int | None], before: Sequence[int | None]
) -> None:
    """Draws days with their names; None stands for a day without a question.

    The days before are outlines, so that they are told apart without color.
    """
    base, day = top + BASE, FULL / len(names)
    wide, most = day * 0.56, max(*(count or 0 for count in (*now, *before)), LEAST)
    size = min(NUMBER, NUMBER * (day - 3) / face(bold=True).width(str(most), NUMBER))
    for at, name in enumerate(names):
        middle = MARGIN + (at + 0.5) * day
        count, earlier = now[at] or 0, before[at] or 0
        high, ghost = HIGH * count / most, HIGH * earlier / most
        if earlier:
            card.box(middle - wide / 2 - 4, base - ghost, wide + 8, ghost, "none", edge=EDGE, corner=3)
        if count:
            card.box(middle - wide / 2, base - high, wide, high, ACCENT, corner=3)
            # Above the outline too, whose line would go through the number.
            above = base - (ghost if ghost - 2 < high + 18 and ghost > high else high)
            card.text(middle, above - 9, str(count), size=size, bold=True, align="middle")
        card.text(middle, base + 13, name, size=13, color=FAINT, align="middle")
    card.line([(MARGIN, base), (MARGIN + FULL, base)], TRACK, width=1.4)


def draw_key(card: PictureCard, y: float, now: str, before: str) -> None:
    """What bars and outlines mean, as far as there are any; y is the middle."""
    card.box(MARGIN, y - 5, 16, 10, ACCENT, corner=2)
    card.text(MARGIN + 22, y, now, size=13, color=FAINT)
    if not before:
        return
    left = MARGIN + 22 + face().width(now, 13) + 18
    card.box(left, y - 5, 16, 10, "none", edge=EDGE, corner=2)
    card.text(left + 22, y, before, size=13, color=FAINT)
