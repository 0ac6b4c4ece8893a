"""What a track is, as every other room sees it, and what changes in its plan."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time

from bot.domain.bank import FIRST_PACK
from bot.domain.drills import Mode
from bot.domain.errors import Problem
from bot.domain.schedule import WEEKDAYS, Plan
from bot.domain.selection import Order

NOTHING = 0
"""No role or channel, where None would mean that it stays."""
REMOVABLE = ("ping_role_id", "log_channel_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One practice channel's plan, as stored."""

    id: int
    guild_id: int
    channel_id: int
    zone: str
    at: time
    days: frozenset[int]
    topics: tuple[str, ...]
    packs: tuple[str, ...]
    order: Order
    mode: Mode
    ping_role_id: int | None
    hints: bool = True
    last_call: bool = False
    log_channel_id: int | None = None
    manager_id: int | None = None
    active: bool
    paused: bool
    paused_until: date | None
    next_date: date | None
    next_due_utc: datetime | None
    last_date: date | None
    refill: int
    problem: Problem | None
    created_at: datetime
    digest_day: int | None = None
    digest_hour: int | None = None
    digest_due_utc: datetime | None = None

    @property
    def plan(self) -> Plan:
        """When it posts."""
        return Plan(self.zone, self.at, self.days)

    @property
    def chosen(self) -> "TrackPlan":
        """What a manager has chosen for it."""
        return TrackPlan(
            self.zone,
            self.at,
            self.days,
            self.topics,
            self.packs,
            self.order,
            self.mode,
            self.ping_role_id,
            self.hints,
            self.log_channel_id,
            self.last_call,
        )

    @property
    def rests(self) -> bool:
        """Whether nothing comes until somebody says so: removed, or paused without an end."""
        return not self.active or (self.paused and self.paused_until is None)

    @property
    def not_before(self) -> date | None:
        """The first date on which it posts again after a pause; None where it is not paused."""
        return self.paused_until if self.paused else None


@dataclass(frozen=True, slots=True)
class TrackPlan:
    """What a manager chooses for a track; the defaults are those of a first one, but for its zone."""

    zone: str
    at: time = time(9)
    days: frozenset[int] = WEEKDAYS
    topics: tuple[str, ...] = ()
    packs: tuple[str, ...] = (FIRST_PACK,)
    order: Order = Order.CURRICULUM
    mode: Mode = Mode.OPEN
    ping_role_id: int | None = None
    hints: bool = True
    log_channel_id: int | None = None
    last_call: bool = False


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What a manager asks for; None keeps what is there, NOTHING takes a role or a channel away."""

    zone: str | None = None
    at: time | None = None
    days: frozenset[int] | None = None
    topics: tuple[str, ...] | None = None
    packs: tuple[str, ...] | None = None
    order: Order | None = None
    mode: Mode | None = None
    ping_role_id: int | None = None
    hints: bool | None = None
    log_channel_id: int | None = None
    last_call: bool | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return self == PlanChange()

    def applied(self, plan: TrackPlan) -> TrackPlan:
        """A plan with this change."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        wanted = {name: value for name, value in named.items() if value is not None}
        wanted |= {name: wanted[name] or None for name in REMOVABLE if name in wanted}
        return replace(plan, **wanted)
