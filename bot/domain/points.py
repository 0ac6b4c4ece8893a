"""Points, the periods in which they are counted, and ranks."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.bank import Difficulty

ON_TIME_POINTS = 10
LATE_POINTS = 5
VOTE_POINTS = 1
PAID_VOTES = 5
BEST_POINTS = 5
SOLO_POINTS = {Difficulty.EASY: 1, Difficulty.MEDIUM: 2, Difficulty.HARD: 3}
SOLO_DAILY_BOUND = 10
ALL_TIME = "all"


class Reason(StrEnum):
    """What points were given for."""

    ON_TIME = "on_time"
    LATE = "late"
    ITEM = "item"
    LIVE = "live"
    VOTE = "vote"
    BEST = "best"


def answer_reference(track_id: int, day: date, member_id: int) -> str:
    """A member has one answer a drill, so on time and late share the reference."""
    return f"answer:{track_id}:{day}:{member_id}"


def item_reference(member_id: int, item_id: str, day: date) -> str:
    """One right item counts once a day."""
    return f"{items_prefix(member_id, day)}{item_id}"


def items_prefix(member_id: int, day: date) -> str:
    """How the references of a member's right items of a day begin."""
    return f"item:{day}:{member_id}:"


def live_prefix(live_id: int) -> str:
    """How the references of a live quiz's points begin; the member's id follows, once each."""
    return f"live:{live_id}:"


def vote_reference(answer_id: int, voter_id: int) -> str:
    """One vote of a member on an answer, on however many of its messages."""
    return f"{votes_prefix(answer_id)}{voter_id}"


def votes_prefix(answer_id: int) -> str:
    """How the references of an answer's votes begin."""
    return f"vote:{answer_id}:"


def best_reference(drill_id: int) -> str:
    """A drill has one best answer."""
    return f"best:{drill_id}"


class Period(StrEnum):
    """What a board sums."""

    THIS_WEEK = "this-week"
    LAST_WEEK = "last-week"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    ALL_TIME = "all-time"

    @property
    def over(self) -> bool:
        """Whether it has ended, so that nothing earned from now on counts in it."""
        return self in (Period.LAST_WEEK, Period.LAST_MONTH)


def period_key(period: Period, today: date) -> str:
    """The name under which a period's standings are kept: an ISO week, a calendar month, or all."""
    match period:
        case Period.THIS_WEEK:
            return week_key(today)
        case Period.LAST_WEEK:
            return week_key(today - timedelta(days=7))
        case Period.THIS_MONTH:
            return month_key(today)
        case Period.LAST_MONTH:
            return month_key(today.replace(day=1) - timedelta(days=1))
        case Period.ALL_TIME:
            return ALL_TIME


def last_day(period: Period, today: date) -> date:
    """The last date of a period; today for all time."""
    match period:
        case Period.THIS_WEEK:
            return today + timedelta(days=6 - today.weekday())
        case Period.LAST_WEEK:
            return today - timedelta(days=today.weekday() + 1)
        case Period.THIS_MONTH:
            return (today.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case Period.LAST_MONTH:
            return today.replace(day=1) - timedelta(days=1)
        case Period.ALL_TIME:
            return today


def key_before(period: Period, today: date) -> tuple[str, date] | None:
    """The week or month before a period: its key and its last date; None for all time."""
    match period:
        case Period.ALL_TIME:
            return None
        case Period.THIS_WEEK | Period.LAST_WEEK:
            day = last_day(period, today) - timedelta(days=7)
            return week_key(day), day
        case Period.THIS_MONTH | Period.LAST_MONTH:
            day = last_day(period, today).replace(day=1) - timedelta(days=1)
            return month_key(day), day


def recent_weeks(period: Period, today: date, count: int) -> list[tuple[str, date]]:
    """(key, Monday) of the last weeks of a period that have begun, oldest first."""
    end = min(today, last_day(period, today))
    mondays = [end - timedelta(days=end.weekday(), weeks=back) for back in range(count)]
    return [(week_key(monday), monday) for monday in reversed(mondays)]


def week_key(day: date) -> str:
    """The ISO week of a date, such as 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_key(day: date) -> str:
    """The calendar month of a date, such as 2026-11."""
    return f"{day:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One row of a board: equal totals share a rank (1, 2, 2, 4); without points there is no rank.

    Attributes:
        name: as last seen in the server; empty where it was not seen.
        before: the rank a week or month earlier; None without points then, or where nothing is compared.
    """

    rank: int
    member_id: int
    points: int
    name: str
    before: int | None
