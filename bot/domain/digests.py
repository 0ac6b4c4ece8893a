"""When a track's weekly digest comes, and which week it tells of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import schedule
from bot.domain.errors import Refusal
from bot.domain.schedule import Plan
from bot.domain.tracks import Track

FRIDAY, FIVE = 4, 17
"""When the digest of a new track comes; a manager who turns it on again is offered the same."""
OFF = ("", "off", "none", "never")
HALF = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DigestWeek:
    """An ISO week in a zone, by its Monday."""

    monday: date
    zone: str

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> "DigestWeek":
        """The week before."""
        return DigestWeek(self.monday - timedelta(days=7), self.zone)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The instants between which it lies; the second is no part of it."""
        days = (self.monday, self.monday + timedelta(days=7))
        first, end = (datetime.combine(day, time(), tzinfo=ZoneInfo(self.zone)) for day in days)
        return first, end

    def by_day(self, instants: Iterable[datetime]) -> tuple[int, ...]:
        """How many of these instants lie on each of its days."""
        found = [(schedule.local_date(instant, self.zone) - self.monday).days for instant in instants]
        return tuple(found.count(day) for day in range(7))


def digest_plan(track: Track) -> Plan | None:
    """When a track's digest comes; None where it is off."""
    if track.digest_day is None or track.digest_hour is None:
        return None
    return Plan(track.zone, time(track.digest_hour), frozenset({track.digest_day}))


def next_digest(track: Track, now: datetime) -> datetime | None:
    """When a track's digest is due: as it was planned, if that still is one of its instants, else the next one."""
    plan = digest_plan(track)
    if plan is None or not track.active:
        return None
    due = track.digest_due_utc
    return due if due is not None and due == same_digest(track) else schedule.next_post(plan, now)[1]


def same_digest(track: Track) -> datetime | None:
    """The instant of a planned digest as zone, day and hour give it now: the nearest one to what was planned."""
    plan, due, weekday = digest_plan(track), track.digest_due_utc, track.digest_day
    if plan is None or due is None or weekday is None:
        return None
    day = schedule.local_date(due, plan.zone)
    return schedule.instant(day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3), plan)


def told_week(day: date, zone: str) -> DigestWeek:
    """The week of which a digest on this date tells: from Thursday on its own, before that the one just over."""
    most = day - HALF
    return DigestWeek(most - timedelta(days=most.weekday()), zone)


def parse_digest(day: str, hour: str) -> tuple[int, int] | None:
    """(weekday, hour) from a manager's words; None turns the digest off.

    Raises:
        Refusal: `digests.one_day` for several days, `digests.bad_hour`, or what `schedule.parse_days` refuses.
    """
    if day.strip().lower() in OFF:
        return None
    days = schedule.parse_days(day)
    if len(days) != 1:
        raise Refusal("digests.one_day")
    digits = hour.strip().removesuffix(":00")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 2 and int(digits) < 24):
        raise Refusal("digests.bad_hour", text=hour.strip()[:20])
    return next(iter(days)), int(digits)
