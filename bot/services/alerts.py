"""What managers are told of a track: once that a question did not come, and once that questions come again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bot.domain.backoff import LONGEST
from bot.domain.drills import Drill
from bot.domain.errors import Problem
from bot.domain.tracks import Track
from bot.services.use_cases import Service, writes
from bot.storage import alerts, drills
from bot.storage.alerts import PendingAlert
from bot.storage.database import Database
from bot.storage.drill_deliveries import DrillDelivery

AT_ONCE = 50
PASSING = frozenset({"discord", "paused", "posting_failed"})
"""Codes of problems that may end by themselves."""
KEEPS_AWAY = PASSING | {"cannot_see", "missing", "no_questions", "no_tag", "question_gone", "wrong_kind"}
"""Codes of all problems with which no question comes."""
PATIENCE = timedelta(minutes=5)
"""How long a question is owed before anybody is told of a problem that may end by itself."""


class AlertKind(StrEnum):
    """What is told: a question is owed, dates had none, or questions come again."""

    HELD_UP = "held-up"
    MISSED = "missed"
    MENDED = "mended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something to tell a track's managers.

    Attributes:
        problem: what keeps, or kept, the question away; None where the bot was not at work.
        owed: the question that is owed, and when it is tried again.
        gives_up: when it is given up.
        posted: the question that has come.
        missed: dates without a question of which nobody was told.
        since: when it came up.
        looks: an earlier try may have sent it.
        missed_from: the first missed date, as it is stored.
    """

    kind: AlertKind
    track: Track
    problem: Problem | None
    owed: DrillDelivery | None
    gives_up: datetime | None
    posted: Drill | None
    missed: tuple[date, ...]
    since: datetime
    looks: bool
    missed_from: date | None

    @property
    def key(self) -> str:
        """Tells it from all other alerts of its track: of a date and a problem there is one."""
        about = self.owed.drill if self.owed is not None else self.posted
        day = about.date if about is not None else self.missed[-1] if self.missed else self.since.date()
        code = f":{self.problem.code}" if self.problem is not None and self.kind is AlertKind.HELD_UP else ""
        return f"alert:{self.kind}:{day}{code}"


def hold_up(conn: Connection, track_id: int, problem: Problem, owed_since: datetime, now: datetime) -> None:
    """A question does not come: managers hear of it at once, or in a while where it may end by itself.

    Where the bot was removed from the server nobody is told.
    """
    if problem.code == "not_in_server":
        return
    passing = problem.code in PASSING
    when = max(now, owed_since + PATIENCE) if passing else now
    alerts.hold_up(conn, track_id, problem.code, now, due=when, passing=passing)


def look(conn: Connection, pending: PendingAlert, late_limit: timedelta) -> Alert | None:
    """What there is to tell of a track as things stand; None where it was told already, or has ended untold."""
    track = pending.track
    owed = drills.owed(conn, track.id)
    problem = track.problem if track.problem is not None and track.problem.code in KEEPS_AWAY else None
    missed = () if pending.missed_from is None else drills.missed_from(conn, track.id, pending.missed_from)
    newest = drills.newest(conn, track.id)
    posted = None
    if newest is not None and newest.opened_at is not None and newest.opened_at >= pending.since:
        posted = newest
    stands = problem if owed is not None or (problem and problem.code == "no_questions") else None
    if stands is not None and stands.code != pending.told_for:
        kind = AlertKind.HELD_UP
    elif pending.told_for is not None and posted is not None:
        kind = AlertKind.MENDED
    elif pending.told_for is None and missed:
        kind = AlertKind.MISSED
    else:
        return None
    return Alert(
        kind=kind,
        track=track,
        problem=problem,
        owed=owed,
        gives_up=None if owed is None else owed.drill.claimed_at + late_limit,
        posted=posted,
        missed=tuple(missed),
        since=pending.since,
        looks=pending.due > pending.since + PATIENCE,
        missed_from=pending.missed_from,
    )


def mark_told(conn: Connection, alert: Alert) -> None:
    """Managers know, or nobody can be told: this is not tried again."""
    stands = None if alert.kind is AlertKind.MENDED else alert.problem
    told_for = None if stands is None else stands.code
    alerts.mark_told(conn, alert.track.id, alert.since, told_for, alert.missed_from)


def put_off(conn: Connection, alert: Alert, now: datetime) -> datetime:
    """Managers are told later; returns when."""
    until = now + LONGEST
    alerts.put_off(conn, alert.track.id, until)
    return until


class AlertService(Service):
    """Hands out what managers have to be told.

    Args:
        late_limit: how late a scheduled drill may be posted.
    """

    told = writes(mark_told)
    failed = writes(put_off)

    def __init__(self, database: Database, late_limit: timedelta) -> None:
        super().__init__(database)
        self._late_limit = late_limit

    async def due(self, now: datetime) -> list[Alert]:
        """What to tell now; what has ended untold is dropped."""
        found, over = await self._db.read(lambda conn: _due(conn, now, self._late_limit))
        for pending in over:
            await self.write(alerts.mark_nothing, pending.track.id, pending.since)
        return found


def _due(conn: Connection, now: datetime, late_limit: timedelta) -> tuple[list[Alert], list[PendingAlert]]:
    """(what to tell now, what has ended untold)."""
    found: list[Alert] = []
    over: list[PendingAlert] = []
    for pending in alerts.due(conn, now, AT_ONCE):
        alert = look(conn, pending, late_limit)
        if alert is None:
            over.append(pending)
        else:
            found.append(alert)
    return found, over
