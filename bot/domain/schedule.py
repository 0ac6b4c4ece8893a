"""When a track posts: local dates, zones and the instants they mean.

The instant of a post is `combine(date, time, tzinfo=zone)` with fold 0: a time that does not exist moves forward
by the gap, one that exists twice means the first.
"""

import re
import zoneinfo
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain import zones
from bot.domain.errors import Refusal

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKENDS = DAILY - WEEKDAYS
HORIZON_DAYS = 400
TYPED_LIMIT = 100
DAYS_AHEAD = {"today": 0, "tomorrow": 1, "tmrw": 1}
DATE_FORMS = (
    *("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d.%m.%Y"),
    *("%d %b", "%d %B", "%b %d", "%B %d", "%d.%m.", "%d.%m"),
)
"""How people write dates; which number of `11/30` is the month nobody can know."""
_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))? ?(?:uhr|h|([ap])\.?m\.?)?")
_SPAN = re.compile(r"\s*(?:[-–—]|\b(?:to|through|until)\b)\s*")
_LIST = re.compile(r"(?:[\s,;&+/]|\band\b)+")
_NAMED_DAYS = {"daily": DAILY, "weekdays": WEEKDAYS, "weekends": WEEKENDS, "weekend": WEEKENDS}
_NOT_ZONES = {"localtime", "Factory", "posixrules"}


@dataclass(frozen=True, slots=True)
class Plan:
    """When a track posts: IANA zone, local time, weekdays (0 is Monday)."""

    zone: str
    at: time
    days: frozenset[int]


def use_packaged_zones() -> None:
    """Reads zone data from the tzdata package only, since systems carry outdated ones."""
    zoneinfo.reset_tzpath(to=[])
    zone_names.cache_clear()
    zones.forget_zones()


@lru_cache
def zone_names() -> tuple[str, ...]:
    """All IANA names a track may have, sorted."""
    return tuple(sorted(zoneinfo.available_timezones() - _NOT_ZONES))


def parse_zone(text: str) -> str:
    """The zone that a person names.

    Raises:
        Refusal: `schedule.choose_zone` with the zones that it can be, `schedule.unknown_zone` with close ones.
    """
    zone = zones.take(text)
    if zone is not None:
        return zone
    if found := zones.choices(text):
        raise Refusal("schedule.choose_zone", text=text, zones=found)
    raise Refusal("schedule.unknown_zone", text=text, near=zones.near(text, 3))


def parse_time(text: str) -> time:
    """A local time of day as people write it: `09:00`, `9`, `9.30`, `9am`, `6:30 pm`; raises Refusal."""
    found = _TIME.fullmatch(text[:TYPED_LIMIT].strip().lower())
    if found is not None:
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if minute < 60 and (1 <= hour <= 12 if half else hour < 24):
            return time(hour % 12 + 12 * (half == "p") if half else hour, minute)
    raise Refusal("schedule.not_a_time", text=text)


def _day_number(name: str) -> int | None:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return next((i for i, day in enumerate(full) if len(name) >= 3 and f"{day}s".startswith(name)), None)


def parse_days(text: str) -> frozenset[int]:
    """Weekdays as people write them: `mon-fri`, `Mon to Fri`, `weekends`, `Mon, Wed & Fri`; raises Refusal."""
    joined = _SPAN.sub("-", text[:TYPED_LIMIT].strip().lower().replace("every day", "daily"))
    days: set[int] = set()
    for piece in filter(None, _LIST.split(joined)):
        if piece in _NAMED_DAYS:
            days |= _NAMED_DAYS[piece]
            continue
        ends = [_day_number(end) for end in piece.split("-")]
        if len(ends) > 2 or None in ends:
            raise Refusal("schedule.not_days", text=text)
        first, last = ends[0] or 0, ends[-1] or 0
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    if not days:
        raise Refusal("schedule.not_days", text=text)
    return frozenset(days)


def format_days(days: Collection[int]) -> str:
    """The shortest text that `parse_days` reads back."""
    if len(set(days)) == len(DAY_NAMES):
        return "daily"
    ordered = sorted(days)
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{DAY_NAMES[ordered[0]]}-{DAY_NAMES[ordered[-1]]}"
    return ",".join(DAY_NAMES[day] for day in ordered)


def parse_date(text: str, today: date) -> date:
    """The date that a person means: `2026-11-30`, `30 Nov`, `Nov 30`, `30.11.`, `tomorrow`, `monday`, `next week`.

    Without a year it is the next such date, a weekday the next one after today, and next week its Monday.

    Raises:
        Refusal: `schedule.not_a_date`.
    """
    said = " ".join(text[:TYPED_LIMIT].lower().replace(",", " ").split())
    if said in DAYS_AHEAD:
        return today + timedelta(days=DAYS_AHEAD[said])
    if said == "next week":
        return today + timedelta(days=7 - today.weekday())
    number = _day_number(said.removeprefix("next "))
    if number is not None:
        return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    first, _, rest = said.partition(" ")
    found = _in_year(said, today) or (_in_year(rest, today) if _day_number(first) is not None else None)
    if found is None:
        raise Refusal("schedule.not_a_date", text=text)
    return found


def _in_year(said: str, today: date) -> date | None:
    """A date of a text that has its day and month, the next one where it has no year."""
    for form in DATE_FORMS:
        dated = "%Y" in form
        for year in range(today.year, today.year + (1 if dated else 8)):  # 29 February comes within 8 years
            written = (said, form) if dated else (f"{said} {year}", f"{form} %Y")
            try:
                found = datetime.strptime(f"{written[0]} +0000", f"{written[1]} %z").date()
            except ValueError:
                continue
            if dated or found >= today:
                return found
    return None


def instant(day: date, plan: Plan) -> datetime:
    """The UTC instant at which the plan posts on a local date."""
    return datetime.combine(day, plan.at, tzinfo=ZoneInfo(plan.zone)).astimezone(UTC)


def local_date(now: datetime, zone: str) -> date:
    """The calendar date in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def day_begins(day: date, zone: str) -> datetime:
    """The instant in which a local date begins."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _posts_on(
    day: date, plan: Plan, after: date | None, skipped: Collection[date], not_before: date | None
) -> bool:
    return (
        day.weekday() in plan.days
        and (after is None or day > after)
        and day not in skipped
        and (not_before is None or day >= not_before)
    )


def next_post(
    plan: Plan,
    now: datetime,
    *,
    after: date | None = None,
    skipped: Collection[date] = frozenset(),
    not_before: date | None = None,
) -> tuple[date, datetime]:
    """The first scheduled (local date, UTC instant) strictly after `now`.

    Args:
        after: the last date that was used; no date is posted twice.
        skipped: dates on which nothing is posted.
        not_before: the first date on which a paused track posts again.
    """
    day = local_date(now, plan.zone) - timedelta(days=1)
    day = max(day, not_before or day, (after or day))
    while True:
        if _posts_on(day, plan, after, skipped, not_before):
            at = instant(day, plan)
            if at > now:
                return day, at
        day += timedelta(days=1)


def due_dates(
    plan: Plan,
    since: datetime,
    now: datetime,
    *,
    after: date | None = None,
    skipped: Collection[date] = frozenset(),
    not_before: date | None = None,
) -> list[date]:
    """Scheduled dates whose instants lie in [since, now], oldest first, at most the last 400 days."""
    first = max(local_date(since, plan.zone), local_date(now, plan.zone) - timedelta(days=HORIZON_DAYS))
    last = local_date(now, plan.zone)
    days = (first + timedelta(days=step) for step in range(-1, (last - first).days + 2))
    return [
        day
        for day in days
        if _posts_on(day, plan, after, skipped, not_before) and since <= instant(day, plan) <= now
    ]


def split_late(plan: Plan, dates: list[date], now: datetime, limit: timedelta) -> tuple[date | None, list[date]]:
    """(the newest date when it is at most `limit` late, the others, which are missed): never a burst."""
    if dates and now - instant(dates[-1], plan) <= limit:
        return dates[-1], dates[:-1]
    return None, dates
