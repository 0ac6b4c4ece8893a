"""Away days as their member reads them."""

from collections.abc import Iterable, Mapping

from bot.domain.away import DAYS_A_YEAR, Away
from bot.services.away import AwayGivenBack, AwayTaken
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import Sentence, weekday_and_day


def _too_many(asked: int, year: int, left: int) -> str:
    return ngettext(
        "That's {number} day in {year}, and you have {left} of {most} left. Pick fewer days.",
        "That's {number} days in {year}, and you have {left} of {most} left. Pick fewer days.",
        asked,
        year=year,
        left=left,
        most=DAYS_A_YEAR,
    )


REFUSALS: Mapping[str, Sentence] = {
    "away.reversed": N_("{first} comes after {last}. `from` is the first day, `until` the last."),
    "away.too_early": N_("Away starts tomorrow at the earliest. Set `from` to {tomorrow} or later."),
    "away.too_far": N_("{last} is more than a year away. Pick dates within a year."),
    "away.overlap": N_("You're already away {taken}. Pick other days, or free these with `/away cancel`."),
    "away.too_many": _too_many,
    "away.no_channel": N_("There's no practice channel here yet. A manager can set one up with `/setup`."),
    "away.over": N_("Those days are over or already canceled. Use `/streak` to see what's coming up."),
    "away.none_coming": N_("You have no away days coming up. Use `/away set` to take some."),
}


def dates(away: Away) -> str:
    """The days of a range; both ends count."""
    first, last = weekday_and_day(away.first), weekday_and_day(away.last)
    return first if away.first == away.last else _("{first} to {last}", first=first, last=last)


def _left(left: Mapping[int, int]) -> str:
    years = [
        _("**{days}** of {most} in {year}", days=days, most=DAYS_A_YEAR, year=year) for year, days in left.items()
    ]
    return _("-# Away days left: {years}.", years=", ".join(years))


def taken_page(taken: AwayTaken) -> Page:
    """What `/away set` answers, with the way back."""
    said = ngettext(
        "### Away: {dates}\n{number} day off, and your streaks rest. If you answer anyway, it counts as usual.",
        "### Away: {dates}\n{number} days off, and your streaks rest. If you answer anyway, it counts as usual.",
        len(list(taken.away)),
        dates=dates(taken.away),
    )
    return Page(said, _left(taken.left), buttons=[Button(_("Take it back"), f"mb:away:cancel:{taken.id}")])


def given_back_page(given: AwayGivenBack) -> Page:
    """What `/away cancel` answers."""
    return Page(
        ngettext(
            "{number} away day canceled. Questions on that day count toward your streak again.",
            "{number} away days canceled. Questions on those days count toward your streak again.",
            len(given.days),
        ),
        _left(given.left),
    )


def coming_line(coming: Iterable[Away]) -> str | None:
    """The away days to come, for `/streak`."""
    ranges = "; ".join(map(dates, coming))
    return _("🌴 Away: {dates}. Use `/away cancel` to take it back.", dates=ranges) if ranges else None
