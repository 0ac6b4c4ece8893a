"""The weeks of a streak: brighter where more was done, with a sign where none came in time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.services.streaks import StreakDay, StreakMark
from bot.ui.charts.canvas import Canvas
from bot.ui.charts.fonts import face
from bot.ui.charts.palette import ACCENT, FAINT, INK, PANEL, SHADES, TRACK
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.words import month, weekday_letter

MUCH = 8
"""With so many points beside its answer's a day is among the brightest."""
WEEK = 7
GAP = 2.4
DAYS_HIGH, NAMES_HIGH = 13, 17
"""A row of cells where weeks are columns, and the months above them."""
SIGNS = {
    StreakMark.MISSED: N_("missed"),
    StreakMark.FREEZE: N_("freeze"),
    StreakMark.AWAY: N_("away"),
    StreakMark.REPAIRED: N_("repaired"),
}
"""What the legend says of marks that are no shade."""
COUNTED = {
    StreakMark.ON_TIME: N_("{number} on time"),
    StreakMark.LATE: N_("{number} late"),
    StreakMark.FREEZE: N_("{number} freeze"),
    StreakMark.MISSED: N_("{number} missed"),
    StreakMark.AWAY: N_("{number} away"),
    StreakMark.REPAIRED: N_("{number} repaired"),
    StreakMark.OPEN: N_("{number} open"),
}
LEGEND, LEAST = 12, 9
"""The letters of the legend: smaller ones where its words are long."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The dates from a Monday to today.

    Attributes:
        deeds: points beside those for answers, by date: quizzes, votes, best answers.
    """

    start: date
    today: date
    days: Sequence[StreakDay]
    deeds: Mapping[date, int]

    @property
    def weeks(self) -> int:
        """How many weeks it covers, the running one among them."""
        return (self.today - self.start).days // WEEK + 1

    def cells(self) -> Iterator[tuple[int, int, StreakMark | None, int]]:
        """(week, weekday, mark or None, shade) of each date; shade 0 is an empty cell."""
        marks = {day.date: day.mark for day in self.days}
        for step in range((self.today - self.start).days + 1):
            day = self.start + timedelta(days=step)
            mark, extra = marks.get(day), self.deeds.get(day, 0)
            more = (extra > 0) + (extra >= MUCH)
            base = {StreakMark.ON_TIME: 2, StreakMark.LATE: 1}.get(mark, 0) if mark else 0
            yield step // WEEK, step % WEEK, mark, min(base + more, len(SHADES))


def draw_columns(canvas: Canvas, calendar: Calendar, x: float, y: float, width: float) -> None:
    """Weeks as columns under the names of their months, weekdays as rows."""
    left = x + 15
    wide = (width - 15) / calendar.weeks
    for row in range(0, WEEK, 2):
        middle = y + NAMES_HIGH + (row + 0.5) * DAYS_HIGH
        canvas.text(x, middle, weekday_letter(row), size=11, color=FAINT)
    mondays = [calendar.start + timedelta(weeks=week) for week in range(calendar.weeks)]
    end = x + width
    for week, monday in reversed(list(enumerate(mondays))):
        named, at = month(monday), left + week * wide
        # A month whose last week alone is shown leaves the room to the next one.
        if (week == 0 or monday.day <= WEEK) and at + face().width(named, 12) <= end:
            canvas.text(at, y + 5, named, size=12, color=FAINT)
            end = at - 6
    for week, day, mark, shade in calendar.cells():
        place = left + week * wide, y + NAMES_HIGH + day * DAYS_HIGH
        _cell(canvas, *place, wide - GAP, DAYS_HIGH - GAP, mark, shade)


def draw_rows(canvas: Canvas, calendar: Calendar, x: float, y: float, width: float, high: float) -> None:
    """A few weeks as rows under the letters of their weekdays, as calendars on walls have them."""
    wide = width / WEEK
    for day, letter in enumerate(map(weekday_letter, range(WEEK))):
        canvas.text(x + (day + 0.5) * wide - GAP / 2, y + 5, letter, size=12, color=FAINT, align="middle")
    for day in range(calendar.weeks * WEEK):
        canvas.box(
            x + day % WEEK * wide, y + NAMES_HIGH + day // WEEK * high, wide - GAP, high - GAP, PANEL, corner=4
        )
    for week, day, mark, shade in calendar.cells():
        _cell(canvas, x + day * wide, y + NAMES_HIGH + week * high, wide - GAP, high - GAP, mark, shade, corner=4)


def draw_legend(canvas: Canvas, calendar: Calendar, x: float, y: float, right: float) -> None:
    """From less to more, and what the signs mean, as far as they stand there; y is the middle."""
    size, letters = 10, LEGEND
    less, more = pgettext("shades of a calendar", "Less"), pgettext("shades of a calendar", "More")
    seen = {day.mark for day in calendar.days}
    names = {mark: _(name) for mark, name in SIGNS.items() if mark in seen}
    shades = len(SHADES) * (size + 2) + 21
    while letters > LEAST and x + shades + _legend_width([less, more, *names.values()], size, letters) > right:
        letters -= 1
    canvas.text(x, y, less, size=letters, color=FAINT)
    x += face().width(less, letters) + 5
    for shade in SHADES:
        canvas.box(x, y - size / 2, size, size, shade, corner=2.5)
        x += size + 2
    canvas.text(x + 3, y, more, size=letters, color=FAINT)
    x += face().width(more, letters) + 13
    for mark, name in names.items():
        width = size + 4 + face().width(name, letters)
        if x + width <= right:
            _cell(canvas, x, y - size / 2, size, size, mark, 0)
            canvas.text(x + size + 4, y, name, size=letters, color=FAINT)
            x += width + 10


def _legend_width(words: Sequence[str], size: float, letters: float) -> float:
    """What the words of a legend need with the signs before all but the first two."""
    return sum(face().width(word, letters) for word in words) + (len(words) - 2) * (size + 14) - 10


def calendar_words(weeks: int, days: Sequence[StreakDay]) -> str:
    """The same in words, for those who cannot see the picture."""
    counts = Counter(day.mark for day in days)
    said = ", ".join(_(COUNTED[mark], number=counts[mark]) for mark in StreakMark if counts[mark])
    marks = said or _("no question")
    if weeks == 1:
        return _("Calendar of this week: {marks}.", marks=marks)
    return ngettext(
        "Calendar of the last {number} week: {marks}.",
        "Calendar of the last {number} weeks: {marks}.",
        weeks,
        marks=marks,
    )


def _cell(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    mark: StreakMark | None,
    shade: int,
    *,
    corner: float = 2.5,
) -> None:
    """A date: filled where something was done; what is no answer in time has a sign of its own."""
    fill = SHADES[shade - 1] if shade else TRACK
    middle = x + width / 2, y + height / 2
    match mark:
        case StreakMark.OPEN:
            canvas.box(x, y, width, height, fill, edge=ACCENT, corner=corner)
        case StreakMark.MISSED:
            canvas.box(x, y, width, height, fill, corner=corner)
            canvas.cross(*middle, 2.2, INK)
        case StreakMark.FREEZE:
            canvas.box(x, y, width, height, fill, corner=corner)
            canvas.disc(*middle, 2.2, ACCENT)
        case StreakMark.AWAY:
            canvas.box(x, y, width, height, fill, corner=corner)
            canvas.line([(middle[0] - 3, middle[1]), (middle[0] + 3, middle[1])], FAINT, width=1.6)
        case StreakMark.REPAIRED:
            canvas.box(x, y, width, height, SHADES[1], corner=corner)
            canvas.line([(middle[0] - 2.8, middle[1]), (middle[0] + 2.8, middle[1])], INK, width=1.6)
            canvas.line([(middle[0], middle[1] - 2.8), (middle[0], middle[1] + 2.8)], INK, width=1.6)
        case _:
            canvas.box(x, y, width, height, fill, corner=corner)
