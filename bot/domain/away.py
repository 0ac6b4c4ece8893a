"""Days on which a member's streaks rest: which may be taken, and how many are left."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.errors import Refusal

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
    """Raises Refusal for a range that cannot be taken."""
    if wanted.last < wanted.first:
        raise Refusal("away.reversed", first=wanted.first, last=wanted.last)
    if wanted.first <= today:
        raise Refusal("away.too_early", tomorrow=today + _DAY)
    if wanted.last > today + PLAN_AHEAD:
        raise Refusal("away.too_far", last=wanted.last)
    for away in taken:
        if wanted.first <= away.last and away.first <= wanted.last:
            raise Refusal("away.overlap", taken=away)
    for year in sorted({wanted.first.year, wanted.last.year}):
        asked, left = sum(day.year == year for day in wanted), days_left(year, taken)
        if asked > left:
            raise Refusal("away.too_many", asked=asked, year=year, left=left)


def cancelled(away: Away, today: date) -> Away | None:
    """What stays of a range when the days from tomorrow on are given back; None when nothing does."""
    if away.last <= today:
        return away
    return Away(away.first, today) if away.first <= today else None
