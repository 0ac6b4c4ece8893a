"""Seasons: the calendar months of a server's board, each with a champion."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import schedule
from bot.domain.points import month_key

NOON = time(12)
"""On the first of a month people read the last one's champion when they are awake, and the last answers are in."""
MADE_UP = timedelta(days=3)
"""So late a champion is still told."""
FEWEST_DAYS = 7
"""Who begins in the last days of a month plays for the next one: nobody is champion of two days."""
LONG_AWAY = timedelta(days=62)
"""After so long nobody is told of the months in between, and only the last one is recorded."""
CHAMPION = 0
"""Stands for the champion where milestones have their days: both give roles."""


@dataclass(frozen=True, slots=True)
class SeasonMonth:
    """A calendar month in a server's zone, by its first day."""

    first: date
    zone: str

    @classmethod
    def at(cls, instant: datetime, zone: str) -> "SeasonMonth":
        """The month in which an instant lies."""
        return cls(schedule.local_date(instant, zone).replace(day=1), zone)

    @property
    def key(self) -> str:
        """As boards name it: `2026-11`."""
        return month_key(self.first)

    @property
    def after(self) -> "SeasonMonth":
        """The next month."""
        return SeasonMonth((self.first + timedelta(days=31)).replace(day=1), self.zone)

    @property
    def before(self) -> "SeasonMonth":
        """The month before."""
        return SeasonMonth((self.first - timedelta(days=1)).replace(day=1), self.zone)

    @property
    def end(self) -> datetime:
        """The instant in which it is over."""
        return schedule.day_begins(self.after.first, self.zone)

    @property
    def turn(self) -> datetime:
        """The instant in which its champions are crowned: soon after it is over."""
        return datetime.combine(self.after.first, NOON, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


def first_turn(now: datetime, zone: str) -> datetime:
    """When a server that begins now has its first champion."""
    month = SeasonMonth.at(now, zone)
    return (month if month.end - now >= timedelta(days=FEWEST_DAYS) else month.after).turn


def next_turn(now: datetime, zone: str) -> datetime:
    """The first turn after an instant."""
    month = SeasonMonth.at(now, zone)
    return month.before.turn if month.before.turn > now else month.turn


def turned(due: datetime, now: datetime, zone: str) -> list[SeasonMonth]:
    """The months that have turned since the planned turn, oldest first; after a long absence only the last one."""
    month = SeasonMonth.at(now, zone).before
    if month.turn > now:
        month = month.before
    found = [month]
    while now - due <= LONG_AWAY and found[0].before.turn >= due:
        found.insert(0, found[0].before)
    return found


def is_told(month: SeasonMonth, due: datetime, now: datetime) -> bool:
    """Whether a month's champion is still told: not long after its turn, and not where the bot was long away."""
    return now - month.turn <= MADE_UP and now - due <= LONG_AWAY
