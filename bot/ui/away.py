"""Away days as their member reads them."""

from collections.abc import Iterable, Mapping

from bot.domain.away import DAYS_A_YEAR, Away
from bot.services.away import AwayGivenBack, AwayTaken
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import Sentence, weekday_and_day


def _too_many(asked: int, year: int, left: int) -> str:
    return (
        f"That is {counted(asked, 'day')} of {year}, and you have {left} left of {DAYS_A_YEAR} a year. "
        "Name fewer days."
    )


REFUSALS: Mapping[str, Sentence] = {
    "away.reversed": "{first} comes after {last}. `from` is the first day, `until` the last.",
    "away.too_early": "Away begins tomorrow at the earliest: name `from` as {tomorrow} or later.",
    "away.too_far": "{last} is more than a year away. Name dates within a year.",
    "away.overlap": (
        "You are away {taken} already. Name other days, or take the coming ones back with `/away cancel`."
    ),
    "away.too_many": _too_many,
    "away.no_channel": "There is no practice channel here yet. A manager can make one with `/setup`.",
    "away.over": "These days are over or given back already. `/streak` shows which are to come.",
    "away.none_coming": "You have no away days from tomorrow on. `/away set` takes some.",
}


def dates(away: Away) -> str:
    """The days of a range; both ends count."""
    first, last = weekday_and_day(away.first), weekday_and_day(away.last)
    return first if away.first == away.last else f"{first} to {last}"


def _left(left: Mapping[int, int]) -> str:
    years = ", ".join(f"**{days}** of {DAYS_A_YEAR} in {year}" for year, days in left.items())
    return f"-# Away days left: {years}."


def taken_page(taken: AwayTaken) -> Page:
    """What `/away set` answers, with the way back."""
    count = counted(len(list(taken.away)), "day")
    return Page(
        f"### Away: {dates(taken.away)}\n"
        f"{count} on which your streaks rest. An answer on such a day counts as usual.",
        _left(taken.left),
        buttons=[Button("Take it back", f"mb:away:cancel:{taken.id}")],
    )


def given_back_page(given: AwayGivenBack) -> Page:
    """What `/away cancel` answers."""
    return Page(
        f"{counted(len(given.days), 'away day')} given back: a question missed on them counts again.",
        _left(given.left),
    )


def coming_line(coming: Iterable[Away]) -> str | None:
    """The away days to come, for `/streak`."""
    ranges = ", ".join(map(dates, coming))
    return f"🌴 Away: {ranges}. `/away cancel` takes it back." if ranges else None
