"""Days on which a member's streaks rest: which may be taken, and how many are left."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.errors import BadInput

DAYS_A_YEAR = 30
PLAN_AHEAD = timedelta(days=366)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Away:
    """A range of dates on which a member is away; both ends count."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + step * _DAY for step in range((self.last - self.first).days + 1))

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


def days_left(year: int, taken: Iterable[Away]) -> int:
    """How many away days a calendar year still holds."""
    return DAYS_A_YEAR - sum(day.year == year for away in taken for day in away)


def check(wanted: Away, today: date, taken: Sequence[Away]) -> None:
    """Raises BadInput, with what to do next, for a range that cannot be taken."""
    if wanted.last < wanted.first:
        raise BadInput(f"{wanted.first} comes after {wanted.last}. `from` is the first day, `until` the last.")
    if wanted.first <= today:
        raise BadInput(f"Away begins tomorrow at the earliest: name `from` as {today + _DAY} or later.")
    if wanted.last > today + PLAN_AHEAD:
        raise BadInput(f"{wanted.last} is more than a year away. Name dates within a year.")
    for away in taken:
        if wanted.first <= away.last and away.first <= wanted.last:
            raise BadInput(
                f"You are away {away} already. Name other days, or take the coming ones back with `/away cancel`."
            )
    for year in sorted({wanted.first.year, wanted.last.year}):
        asked, left = sum(day.year == year for day in wanted), days_left(year, taken)
        if asked > left:
            raise BadInput(
                f"That is {asked} {'day' if asked == 1 else 'days'} of {year}, and you have {left} left of "
                f"{DAYS_A_YEAR} a year. Name fewer days."
            )


def cancelled(away: Away, today: date) -> Away | None:
    """What stays of a range when the days from tomorrow on are given back; None when nothing does."""
    if away.last <= today:
        return away
    return Away(away.first, today) if away.first <= today else None
