"""The digest's picture: answers on each day of its week beside those of the week before.

The two series differ in lightness and hatching as well as in colour, and carry their numbers, so that it reads
for colour-blind people, in grey, on a phone, and on its own background in either theme.
"""

from collections.abc import Sequence

from bot.ui.charts.canvas import GRID, WIDTH, Canvas
from bot.ui.charts.fonts import face

NOW, BEFORE, HATCH = "#0B5CAD", "#F3C77A", "#8A5A00"
HEIGHT, MARGIN = 244, 12
TOP, BOTTOM = 84, 216
"""Where the highest bar ends and all bars begin."""
BAR = 0.4
"""A bar's width, as a share of its day's."""
LEAST = 4
"""The axis reaches at least this far: a single answer is no tower."""
NUMBER = 15
"""The size of the numbers, where there is room for it."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def week_picture(dates: str, answers: Sequence[int], before: Sequence[int]) -> str:
    """An SVG of the week with these dates, from Monday to Sunday."""
    canvas = Canvas(HEIGHT)
    canvas.text(MARGIN, 21, "Answers a day", size=18, bold=True)
    canvas.hatched(MARGIN, 41, 20, 13, BEFORE, HATCH)
    canvas.text(MARGIN + 27, 48, "The week before", size=15)
    canvas.box(185, 41, 20, 13, NOW)
    canvas.text(212, 48, dates, size=15, room=WIDTH - MARGIN - 212)
    top, day = max(*answers, *before, LEAST), (WIDTH - 2 * MARGIN) / len(DAYS)
    size = _size(max(*answers, *before), day / 2)
    for at, name in enumerate(DAYS):
        middle = MARGIN + (at + 0.5) * day
        for count, left in ((before[at], middle - BAR * day), (answers[at], middle)):
            height = (BOTTOM - TOP) * count / top
            place = left, BOTTOM - height, BAR * day, height
            if count and left < middle:
                canvas.hatched(*place, BEFORE, HATCH)
            elif count:
                canvas.box(*place, NOW)
            if count:
                canvas.text(left + BAR * day / 2, BOTTOM - height - 10, str(count), size=size, align="middle")
        canvas.text(middle, BOTTOM + 15, name, size=15, align="middle")
    canvas.line([(MARGIN, BOTTOM), (WIDTH - MARGIN, BOTTOM)], GRID)
    return canvas.svg()


def week_in_words(dates: str, answers: Sequence[int], before: Sequence[int]) -> str:
    """What the picture shows, for those who do not see it."""

    def listed(counts: Sequence[int]) -> str:
        return ", ".join(f"{day} {count}" for day, count in zip(DAYS, counts, strict=True))

    return f"Answers a day. {dates}: {listed(answers)}. The week before: {listed(before)}."


def _size(highest: int, room: float) -> float:
    """A font size in which the widest number keeps to the room beside its neighbour."""
    return min(NUMBER, NUMBER * (room - 2) / face().width(str(highest), NUMBER))
