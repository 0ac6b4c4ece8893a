"""Away days as their member reads them."""

from collections.abc import Iterable, Mapping

from bot.domain.away import DAYS_A_YEAR, Away
from bot.services.away import AwayGivenBack, AwayTaken
from bot.ui.kit.layouts import Button, Page, counted


def _left(left: Mapping[int, int]) -> str:
    years = ", ".join(f"**{days}** of {DAYS_A_YEAR} in {year}" for year, days in left.items())
    return f"-# Away days left: {years}."


def taken_page(taken: AwayTaken) -> Page:
    """What `/away set` answers, with the way back."""
    count = counted(len(list(taken.away)), "day")
    return Page(
        f"### Away: {taken.away}\n{count} on which your streaks rest. An answer on such a day counts as usual.",
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
    ranges = ", ".join(map(str, coming))
    return f"🌴 Away: {ranges}. `/away cancel` takes it back." if ranges else None
