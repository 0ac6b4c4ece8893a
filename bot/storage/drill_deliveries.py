"""Queries on how far Discord has drills, and on what is to be done about them now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.backoff import LONGEST
from bot.domain.drills import Drill, DrillState, Mode, Reveal
from bot.domain.errors import Problem
from bot.storage.dialects import among
from bot.storage.rows import load
from bot.storage.schema import Instant, answers, drills, tracks
from bot.storage.shards import is_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillDelivery:
    """A drill with how far Discord has it.

    Attributes:
        attempts: tries since the last success that may have sent something.
        retry_at: when the next try may come; None for at once.
        cursor: the newest message that was read for it.
        shown_at: when its card was brought up to date last.
        card_changed: whether its card shows an old number of answers, or something else that has changed.
    """

    drill: Drill
    attempts: int
    retry_at: datetime | None
    cursor: int
    shown_at: datetime | None
    card_changed: bool


_THIS = drills.c.id == sa.bindparam("drill_id")
CARD_CHANGED = -1
"""In place of the number of answers that a card shows, where that or something else on it has changed."""
_GET = sa.select(drills).where(_THIS)


def to_delivery(row: sa.Row[Any]) -> DrillDelivery:
    """The drill that a row of its table is, with how far Discord has it."""
    card_changed = row.shown_answers == CARD_CHANGED
    return load(DrillDelivery, row, drill=load(Drill, row), card_changed=card_changed)


def delivery(conn: Connection, drill_id: int) -> DrillDelivery | None:
    """The drill with this id, with how far Discord has it."""
    row = conn.execute(_GET, {"drill_id": drill_id}).first()
    return None if row is None else to_delivery(row)


class PendingDrill(NamedTuple):
    """A drill with something to do, and the track whose channel it is for."""

    id: int
    track_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingDrills:
    """What there is to do about tracks and drills at an instant.

    Attributes:
        due: ids of tracks whose next post is due, most overdue first.
        overdue: claimed drills that could not be posted within the late limit.
        expired: open drills whose seven days are over.
        claimed: drills owed to their channels whose next try is due.
        to_tend: posted drills that want a thread, a reveal, a closed card or another number of answers.
    """

    due: list[int]
    overdue: list[PendingDrill]
    expired: list[PendingDrill]
    claimed: list[PendingDrill]
    to_tend: list[PendingDrill]

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.due or self.overdue or self.expired or self.claimed or self.to_tend)


_OPEN = drills.c.state == DrillState.OPEN
_CLAIMED = drills.c.state == DrillState.CLAIMED
_UNREVEALED = drills.c.reveal.in_((Reveal.DUE, Reveal.CARD))
_NOW = sa.bindparam("now", type_=Instant)
_TOO_LATE = sa.bindparam("too_late", type_=Instant)
_READY = sa.or_(drills.c.retry_at.is_(None), drills.c.retry_at <= _NOW)


def _kind(name: str, *where: sa.ColumnElement[bool]) -> sa.Select[str, int, int, datetime]:
    kind: sa.ColumnElement[str] = sa.literal_column(f"'{name}'", sa.String).label("kind")
    return sa.select(kind, drills.c.id, drills.c.track_id, drills.c.claimed_at.label("since")).where(
        *where, is_ours(drills.c.guild_id)
    )


_PENDING = sa.union_all(
    sa.select(
        sa.literal_column("'due'", sa.String).label("kind"),
        tracks.c.id,
        tracks.c.id.label("track_id"),
        tracks.c.next_due_utc.label("since"),
    ).where(tracks.c.next_due_utc <= _NOW, tracks.c.active, is_ours(tracks.c.guild_id)),
    _kind("overdue", _CLAIMED, drills.c.claimed_at < _TOO_LATE),
    _kind("expired", _OPEN, drills.c.closes_at <= _NOW),
    _kind("claimed", _CLAIMED, drills.c.claimed_at >= _TOO_LATE, _READY),
    _kind(
        "threadless",
        _OPEN,
        drills.c.mode == Mode.OPEN,
        # As the index says it, so that it serves.
        sa.func.coalesce(drills.c.thread_id, sa.literal_column("0")) == sa.literal_column("0"),
        drills.c.thread_note.is_(None),
        _READY,
    ),
    _kind("unrevealed", _UNREVEALED, _READY),
    _kind(
        "old card",
        _OPEN,
        drills.c.shown_at <= sa.bindparam("shown_before", type_=Instant),
        drills.c.shown_answers == CARD_CHANGED,
        _READY,
    ),
)


def pending(conn: Connection, now: datetime, *, late_limit: timedelta, card_refresh: timedelta) -> PendingDrills:
    """Everything there is to do about tracks and drills now.

    Args:
        late_limit: how late a scheduled drill may be posted.
        card_refresh: how long a card stays as it is although people answer.
    """
    values = {"now": now, "too_late": now - late_limit, "shown_before": now - card_refresh}
    rows = conn.execute(_PENDING, values).all()

    def of(*kinds: str) -> list[PendingDrill]:
        return sorted({PendingDrill(row.id, row.track_id) for row in rows if row.kind in kinds})

    due = sorted((row.since, row.id) for row in rows if row.kind == "due")
    return PendingDrills(
        due=[track_id for _, track_id in due],
        overdue=of("overdue"),
        expired=of("expired"),
        claimed=of("claimed"),
        to_tend=of("threadless", "unrevealed", "old card"),
    )


_BOOK_TRY = drills.update().where(_THIS).values(attempts=drills.c.attempts + 1)
_PUT_OFF = (
    drills.update()
    .where(_THIS)
    .values(attempts=sa.bindparam("tries"), retry_at=sa.bindparam("then"), late=sa.bindparam("is_late"))
)
_END_PAUSES_IN = (
    drills.update()
    .where(
        sa.or_(_CLAIMED, _OPEN, _UNREVEALED),
        among("guild_ids", drills.c.guild_id),
        drills.c.retry_at.between(sa.bindparam("now", type_=Instant), sa.bindparam("until", type_=Instant)),
    )
    .values(retry_at=None)
)
_RETRY_AT_ONCE = drills.update().where(_THIS).values(retry_at=None)


def book_try(conn: Connection, drill_id: int) -> None:
    """Stores before a send that it may have happened: the next try looks first."""
    conn.execute(_BOOK_TRY, {"drill_id": drill_id})


def put_off(conn: Connection, drill_id: int, *, attempts: int, until: datetime, late: bool) -> None:
    """Stores when the next try may come, how many there were, and whether the drill counts as late."""
    conn.execute(_PUT_OFF, {"drill_id": drill_id, "tries": attempts, "then": until, "is_late": late})


def end_pauses_in(conn: Connection, guild_ids: Collection[int], now: datetime) -> None:
    """Lets what failed in servers be tried at once; what rests for longer than a pause has other reasons."""
    conn.execute(_END_PAUSES_IN, {"guild_ids": guild_ids, "now": now, "until": now + LONGEST})


def retry_at_once(conn: Connection, drill_id: int) -> None:
    """Lets the next try happen at once."""
    conn.execute(_RETRY_AT_ONCE, {"drill_id": drill_id})


_REST_LOCKED = drills.update().where(_THIS).values(thread_note=sa.bindparam("why"), retry_at=sa.bindparam("then"))
_MARK_UNLOCKED = drills.update().where(_THIS).values(thread_note=None, retry_at=None)


def rest_locked(conn: Connection, drill_id: int, note: Problem, until: datetime) -> None:
    """Lets a drill rest whose post in a forum is locked."""
    conn.execute(_REST_LOCKED, {"drill_id": drill_id, "why": note, "then": until})


def mark_unlocked(conn: Connection, drill_id: int) -> None:
    """Goes on with a drill whose post can be written in again."""
    conn.execute(_MARK_UNLOCKED, {"drill_id": drill_id})


_AT = sa.bindparam("at", type_=Instant)
_ON_TIME = (
    sa.select(sa.func.count())
    .where(answers.c.drill_id == drills.c.id, answers.c.status == AnswerStatus.ON_TIME)
    .scalar_subquery()
)
_COUNT = sa.bindparam("count", type_=sa.Integer)
_MARK_SHOWN = (
    drills.update()
    .where(_THIS)
    .values(
        # Somebody may have answered while the card was edited.
        shown_answers=sa.case((_COUNT == _ON_TIME, _COUNT), else_=CARD_CHANGED),
        shown_at=_AT,
        attempts=0,
        retry_at=None,
    )
)


def mark_shown(conn: Connection, drill_id: int, count: int, at: datetime) -> None:
    """Stores how many answers a card shows since an instant."""
    conn.execute(_MARK_SHOWN, {"drill_id": drill_id, "count": count, "at": at})
