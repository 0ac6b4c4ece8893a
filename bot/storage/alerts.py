"""Queries on what managers have to be told: that a question did not come, and that questions come again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.tracks import Track
from bot.storage.drills import MissedDate
from bot.storage.rows import load
from bot.storage.schema import Instant, tracks
from bot.storage.shards import is_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAlert:
    """A track of which there may be something to tell.

    Attributes:
        since: when it came up.
        due: when it may be told: later than it came up where there is a chance that it ends by itself, or where an
            earlier try failed.
        told_for: the code of the problem that was told and stands still; None where there is none.
        missed_from: the first date without a question of which nobody was told.
    """

    track: Track
    since: datetime
    due: datetime
    told_for: str | None
    missed_from: date | None


_THIS = tracks.c.id == sa.bindparam("track_id")
_AT = sa.bindparam("instant", type_=Instant)
_DUE_AT = sa.bindparam("then", type_=Instant)
_DUE = sa.and_(
    tracks.c.alert_due_utc <= sa.bindparam("now", type_=Instant), tracks.c.active, is_ours(tracks.c.guild_id)
)
ANY_DUE = sa.exists().where(_DUE)
"""Whether there may be something to tell at `now`."""
_FIRST_DUE = sa.select(tracks).where(_DUE).order_by(tracks.c.alert_due_utc, tracks.c.id).limit(sa.bindparam("most"))
_HOLD_UP = (
    tracks.update().where(_THIS, tracks.c.alert_since.is_(None)).values(alert_since=_AT, alert_due_utc=_DUE_AT)
)
_HOLD_UP_FIRST = _HOLD_UP.where(tracks.c.alerted_for.is_(None))
_HOLD_UP_ANEW = _HOLD_UP.where(sa.func.coalesce(tracks.c.alerted_for, "") != sa.bindparam("code"))
_MISS = (
    tracks.update()
    .where(_THIS)
    .values(
        missed_from=sa.func.coalesce(tracks.c.missed_from, sa.bindparam("day", type_=sa.Date)),
        alert_since=sa.func.coalesce(tracks.c.alert_since, _AT),
        alert_due_utc=sa.func.coalesce(tracks.c.alert_due_utc, _AT),
    )
)
_IS_TOLD = tracks.c.alert_since == sa.bindparam("told_since", type_=Instant)
_DROP = {
    "alert_since": sa.case((_IS_TOLD, sa.null()), else_=tracks.c.alert_since),
    "alert_due_utc": sa.case((_IS_TOLD, sa.null()), else_=tracks.c.alert_due_utc),
}
_MARK_TOLD = (
    tracks.update()
    .where(_THIS)
    .values(
        _DROP
        | {
            "alerted_for": sa.bindparam("code"),
            "missed_from": sa.case(
                (tracks.c.missed_from == sa.bindparam("told_from", type_=sa.Date), sa.null()),
                else_=tracks.c.missed_from,
            ),
        }
    )
)
_MARK_NOTHING = tracks.update().where(_THIS).values(_DROP)
_PUT_OFF = tracks.update().where(_THIS, tracks.c.alert_since.is_not(None)).values(alert_due_utc=_DUE_AT)


def hold_up(conn: Connection, track_id: int, code: str, at: datetime, *, due: datetime, passing: bool) -> None:
    """A track's question does not come: its managers hear of it, unless they know.

    Args:
        passing: it may end by itself, so that it is nothing new to whoever knows of another problem.
    """
    values = {"track_id": track_id, "instant": at, "then": due}
    if passing:
        conn.execute(_HOLD_UP_FIRST, values)
    else:
        conn.execute(_HOLD_UP_ANEW, {**values, "code": code})


def miss(conn: Connection, missed: Sequence[MissedDate], at: datetime) -> None:
    """On these dates no question came."""
    first: dict[int, date] = {}
    for one in sorted(missed):
        first.setdefault(one.track_id, one.date)
    if first:
        conn.execute(_MISS, [{"track_id": track_id, "day": day, "instant": at} for track_id, day in first.items()])


def due(conn: Connection, now: datetime, limit: int) -> list[PendingAlert]:
    """Tracks of which there may be something to tell, those that have waited longest first."""
    return [
        PendingAlert(
            track=load(Track, row),
            since=row.alert_since,
            due=row.alert_due_utc,
            told_for=row.alerted_for,
            missed_from=row.missed_from,
        )
        for row in conn.execute(_FIRST_DUE, {"now": now, "most": limit})
    ]


def mark_told(
    conn: Connection, track_id: int, since: datetime, told_for: str | None, missed_from: date | None
) -> None:
    """Managers were told; what has come up meanwhile is told yet.

    Args:
        since: when what they were told had come up.
        told_for: the code of the problem that stands; None where all is well.
        missed_from: the first missed date of which they were told.
    """
    values = {"track_id": track_id, "told_since": since, "code": told_for, "told_from": missed_from}
    conn.execute(_MARK_TOLD, values)


def mark_nothing(conn: Connection, track_id: int, since: datetime) -> None:
    """There was nothing to tell after all."""
    conn.execute(_MARK_NOTHING, {"track_id": track_id, "told_since": since})


def put_off(conn: Connection, track_id: int, until: datetime) -> None:
    """Managers could not be told, and are at an instant."""
    conn.execute(_PUT_OFF, {"track_id": track_id, "then": until})
