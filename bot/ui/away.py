"""Away days as their member reads them."""

from collections.abc import Iterable, Mapping

from bot.domain.away import DAYS_A_YEAR, Away
from bot.services.away import AwayGivenBack, AwayTaken
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import Sentence, weekday_and_day


def _too_many(asked: int, year: int, left: int) -> str:
    return f"That's {counted(asked, 'day')} of {year}, and you have {left} of {DAYS_A_YEAR} left. Pick fewer days."


REFUSALS: Mapping[str, Sentence] = {
    "away.reversed": "{first} comes after {last}. `from` is the first day, `until` the last.",
    "away.too_early": "Away starts tomorrow at the earliest. Set `from` to {tomorrow} or later.",
    "away.too_far": "{last} is more than a year away. Pick dates within a year.",
    "away.overlap": ("You're already away {taken}. Pick other days, or free these with `/away cancel`."),
    "away.too_many": _too_many,
    "away.no_channel": "There's no practice channel here yet. A manager can make one with `/setup`.",
    "away.over": "Those days are over or already canceled. `/streak` shows what's coming up.",
    "away.none_coming": "You have no away days coming up. `/away set` takes some.",
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
        f"{count} off, and your streaks rest. If you answer anyway, it counts as usual.",
        _left(taken.left),
        buttons=[Button("Take it back", f"mb:away:cancel:{taken.id}")],
    )


def given_back_page(given: AwayGivenBack) -> Page:
    """What `/away cancel` answers."""
    return Page(
        f"{counted(len(given.days), 'away day')} canceled. Questions on those days count toward your streak again.",
        _left(given.left),
    )


def coming_line(coming: Iterable[Away]) -> str | None:
    """The away days to come, for `/streak`."""
    ranges = ", ".join(map(dates, coming))
    return f"🌴 Away: {ranges}. `/away cancel` takes it back." if ranges else None
