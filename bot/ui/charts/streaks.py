"""A streak as a card: its flame and number, the next goal, and the weeks since the first answer."""

from bot.domain.streaks import FREEZES_HELD, MILESTONES
from bot.services.streaks import StreakMark, StreakView
from bot.ui.charts.calendar import (
    DAYS_HIGH,
    NAMES_HIGH,
    WEEK,
    Calendar,
    calendar_words,
    draw_columns,
    draw_legend,
    draw_rows,
)
from bot.ui.charts.canvas import WIDTH
from bot.ui.charts.cards import FOOT, FULL, HEAD, LEAST, MARGIN, Imprint, Person, PictureCard
from bot.ui.charts.fonts import face
from bot.ui.charts.palette import ACCENT, FAINT, FLAME
from bot.ui.kit.catalog import _, ngettext

FILE_NAME = "streak.png"
FEW_WEEKS = 6
"""So many weeks stand as rows beside the number; more of them as columns below it."""
FLAME_SIZE, NUMBER = 64, 58
BESIDE = 218
"""Where the right half begins."""
ROW = 22
ANSWERED = (StreakMark.ON_TIME, StreakMark.LATE)


def streak_picture(view: StreakView, person: Person, imprint: Imprint) -> str:
    """An SVG of a streak with a history."""
    calendar = _calendar(view)
    few = calendar.weeks <= FEW_WEEKS
    below = HEAD + 84
    end = (
        max(HEAD + 141, HEAD + 10 + NAMES_HIGH + calendar.weeks * ROW)
        if few
        else below + NAMES_HIGH + WEEK * DAYS_HIGH
    )
    legend = end + 15
    card = PictureCard(legend + 14 + FOOT, imprint)
    goal = BESIDE - 2 * MARGIN if few else WIDTH - MARGIN - BESIDE
    best = _("Best {streak}", streak=view.streak.best)
    room = goal - face(bold=True).width(_next(view), 14) - face().width(best, 13) - 8
    card.head(person.shown, _done(calendar) if room >= 0 else f"{_done(calendar)} · {best}", person=person)
    _number(card, view.streak.current, HEAD + 8)
    if few:
        draw_rows(card, calendar, BESIDE, HEAD + 10, WIDTH - MARGIN - BESIDE, ROW)
        _goal(card, view, MARGIN, HEAD + 96, goal, best if room >= 0 else "")
    else:
        _goal(card, view, BESIDE, HEAD + 22, goal, best if room >= 0 else "")
        draw_columns(card, calendar, MARGIN, below, FULL)
    draw_legend(card, calendar, MARGIN, legend, WIDTH - MARGIN)
    return card.svg()


def streak_words(view: StreakView) -> str:
    """The same in words, for those who cannot see the picture."""
    words = calendar_words(_calendar(view).weeks, view.calendar)
    ahead = _ahead(view)
    said = [_("{streak} in a row, best {best}.", streak=view.streak.current, best=view.streak.best)]
    if ahead:
        said.append(_("Next goal: {goal} in a row.", goal=ahead))
    return " ".join([*said, words])


def _calendar(view: StreakView) -> Calendar:
    return Calendar(view.calendar_start, view.today, view.calendar, view.deeds)


def _done(calendar: Calendar) -> str:
    answers, weeks = sum(day.mark in ANSWERED for day in calendar.days), calendar.weeks
    if weeks == 1:
        return ngettext("{number} answer this week", "{number} answers this week", answers)
    return ngettext("{number} answer in {weeks} weeks", "{number} answers in {weeks} weeks", answers, weeks=weeks)


def _number(card: PictureCard, current: int, y: float) -> None:
    """The flame, how many in a row, and that it is so many in a row."""
    card.flame(MARGIN - 6, y, FLAME_SIZE, lit=current > 0)
    left, in_a_row = MARGIN + FLAME_SIZE - 2, _("in a row")
    room = BESIDE - 14 - left - face().width(in_a_row, 14)
    size = min(NUMBER, NUMBER * room / face(bold=True).width(str(current), NUMBER))
    card.text(left, y + FLAME_SIZE / 2 + 4, str(current), size=size, bold=True)
    right = left + face(bold=True).width(str(current), size)
    card.text(right + 8, y + FLAME_SIZE / 2 + 18, in_a_row, size=14, color=FAINT)


def _ahead(view: StreakView) -> int | None:
    return next((days for days in MILESTONES if days > view.streak.current and days not in view.milestones), None)


def _next(view: StreakView) -> str:
    ahead = _ahead(view)
    return _("All goals reached") if ahead is None else _("Next goal: {goal}", goal=ahead)


def _goal(card: PictureCard, view: StreakView, x: float, y: float, width: float, best: str) -> None:
    """How far it is to the next milestone, and the best run so far.

    Args:
        best: that run in words; empty where there is no room for it.
    """
    ahead, current = _ahead(view), view.streak.current
    card.text(x + width, y, best, size=13, color=FAINT, align="end")
    card.text(x, y, _next(view), size=14, bold=True, room=width, least=LEAST)
    card.bar(x, y + 14, width, 10, (current / ahead if ahead else 1, FLAME))
    if ahead is None:
        return
    freezes = _("Freezes")
    room = width - 16 * FREEZES_HELD - face().width(freezes, 13) - 8
    card.text(x, y + 38, _("{days} to go", days=ahead - current), size=13, color=FAINT, room=room, least=LEAST)
    for at in range(FREEZES_HELD):
        fill = ACCENT if at < view.streak.freezes else "none"
        card.disc(x + width - 6 - (FREEZES_HELD - 1 - at) * 16, y + 38, 5, fill, edge=ACCENT)
    card.text(x + width - 16 * FREEZES_HELD, y + 38, freezes, size=13, color=FAINT, align="end")
