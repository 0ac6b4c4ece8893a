"""What a track, a drill and an answer are, as every other room sees them."""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.drills import Mode
from bot.domain.schedule import Plan
from bot.domain.selection import Order


@dataclass(frozen=True, slots=True)
class Track:
    """One practice channel's plan, as stored."""

    id: int
    guild_id: int
    channel_id: int
    zone: str
    at: time
    days: frozenset[int]
    topics: tuple[str, ...]
    order: Order
    mode: Mode
    ping_role_id: int | None
    active: bool
    paused: bool
    paused_until: date | None
    next_date: date | None
    next_due_utc: datetime | None
    last_date: date | None
    refill: int
    problem: str | None
    created_at: datetime
    digest_day: int | None = None
    digest_hour: int | None = None
    digest_due_utc: datetime | None = None

    @property
    def plan(self) -> Plan:
        """When it posts."""
        return Plan(self.zone, self.at, self.days)
