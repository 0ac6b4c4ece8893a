"""Queries on weekly digests and on what they tell."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import POSTED
from bot.domain.tracks import Track
from bot.storage.dialects import insert
from bot.storage.rows import load
from bot.storage.schema import answers, digests, drills, live_choices, live_rounds, rounds, tracks, votes
from bot.storage.shards import is_ours


class DigestState(StrEnum):
    """How a digest stands: claimed and not sent yet, sent, or given up."""

    PENDING = "owed"
    SENT = "sent"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class DigestDelivery:
    """How the sending of a track's digest stands.

    Attributes:
        week: the ISO week that it tells of, such as `2026-W48`.
        since: the instant at which it was due; from there its lateness counts.
        attempts: tries so far; each may have sent it.
    """

    id: int
    track_id: int
    week: str
    state: DigestState
    since: datetime
    attempts: int


_DUE = sa.select(tracks.c.id).where(
    tracks.c.digest_due_utc <= sa.bindparam("now"), tracks.c.active, is_ours(tracks.c.guild_id)
)
_DUE_FIRST = _DUE.order_by(tracks.c.digest_due_utc)
_CLAIM = insert(digests).on_conflict_do_nothing(index_elements=["track_id", "week"]).returning(digests)
_CLAIMED = sa.select(digests.c.id).where(
    digests.c.track_id == sa.bindparam("track_id"), digests.c.week == sa.bindparam("iso_week")
)
_IS_PENDING = sa.and_(digests.c.state == DigestState.PENDING, is_ours(digests.c.guild_id))
_PENDING = sa.select(digests).where(
    _IS_PENDING, sa.or_(digests.c.retry_at.is_(None), digests.c.retry_at <= sa.bindparam("now"))
)
_PENDING_IN_ORDER = _PENDING.order_by(digests.c.id)
_TOO_LATE = (_IS_PENDING, digests.c.claimed_at < sa.bindparam("late_before"))
_ANY_TOO_LATE = sa.select(sa.exists().where(*_TOO_LATE))
ANY_DUE = sa.or_(_DUE.exists(), _PENDING.exists(), sa.exists().where(*_TOO_LATE))
"""Whether a digest is to be claimed, sent or given up at `now`; those due before `late_before` are too late."""
_NEWEST = (
    sa.select(digests)
    .where(digests.c.track_id == sa.bindparam("track_id"))
    .order_by(digests.c.week.desc())
    .limit(1)
)
_THIS = digests.c.id == sa.bindparam("digest_id")
_MARK_TRIED = digests.update().where(_THIS).values(attempts=sa.bindparam("tries"))
_MARK_SENT = (
    digests.update().where(_THIS).values(state=DigestState.SENT, message_id=sa.bindparam("sent_as"), retry_at=None)
)
_PUT_OFF = digests.update().where(_THIS).values(attempts=sa.bindparam("tries"), retry_at=sa.bindparam("until"))
_GIVE_UP = digests.update().where(*_TOO_LATE).values(state=DigestState.MISSED, retry_at=None)


def _delivery(row: sa.Row[Any]) -> DigestDelivery:
    return load(DigestDelivery, row, state=DigestState(row.state), since=row.claimed_at)


def due(conn: Connection, now: datetime) -> list[int]:
    """Ids of tracks whose digest is due, most overdue first."""
    return list(conn.execute(_DUE_FIRST, {"now": now}).scalars())


def claim(conn: Connection, track: Track, week: str, since: datetime, attempts: int) -> DigestDelivery | None:
    """Claims a track's digest of a week, due since an instant; None for a week that was claimed before."""
    values = {
        "guild_id": track.guild_id,
        "track_id": track.id,
        "week": week,
        "state": DigestState.PENDING,
        "claimed_at": since,
        "attempts": attempts,
    }
    row = conn.execute(_CLAIM, values).first()
    return None if row is None else _delivery(row)


def is_claimed(conn: Connection, track_id: int, week: str) -> bool:
    """Whether a track's digest of a week was claimed before."""
    return conn.execute(_CLAIMED, {"track_id": track_id, "iso_week": week}).first() is not None


def pending(conn: Connection, now: datetime) -> list[DigestDelivery]:
    """Digests that are to be sent and whose next try is due."""
    return [_delivery(row) for row in conn.execute(_PENDING_IN_ORDER, {"now": now})]


def newest(conn: Connection, track_id: int) -> DigestDelivery | None:
    """A track's digest of the newest week; None before the first."""
    row = conn.execute(_NEWEST, {"track_id": track_id}).first()
    return None if row is None else _delivery(row)


def mark_tried(conn: Connection, digest_id: int, attempts: int) -> None:
    """A digest may have been sent, in this many tries."""
    conn.execute(_MARK_TRIED, {"digest_id": digest_id, "tries": attempts})


def mark_sent(conn: Connection, digest_id: int, message_id: int) -> None:
    """A digest was sent as this message."""
    conn.execute(_MARK_SENT, {"digest_id": digest_id, "sent_as": message_id})


def put_off(conn: Connection, digest_id: int, attempts: int, until: datetime) -> None:
    """A digest could not be sent in this many tries, and is not tried again before an instant."""
    conn.execute(_PUT_OFF, {"digest_id": digest_id, "tries": attempts, "until": until})


def any_too_late(conn: Connection, before: datetime) -> bool:
    """Whether a digest that was due before an instant could not be sent."""
    return conn.execute(_ANY_TOO_LATE, {"late_before": before}).scalar_one()


def give_up(conn: Connection, before: datetime) -> None:
    """Digests that were due before an instant and could not be sent are missed."""
    conn.execute(_GIVE_UP, {"late_before": before})


_POSTED_BETWEEN = sa.select(sa.func.count()).where(
    drills.c.track_id == sa.bindparam("track_id"),
    drills.c.date.between(sa.bindparam("first"), sa.bindparam("last")),
    drills.c.state.in_(POSTED),
)
_ANSWERED = sa.select(answers.c.member_id, answers.c.counted_at).where(
    answers.c.track_id == sa.bindparam("track_id"),
    answers.c.counted_at >= sa.bindparam("first"),
    answers.c.counted_at < sa.bindparam("end"),
)
_VOTED = (
    sa.select(answers.c.id, sa.func.count(votes.c.voter_id.distinct()).label("number"))
    .join(votes, votes.c.answer_id == answers.c.id)
    .where(
        votes.c.guild_id == sa.bindparam("guild_id"),
        votes.c.given_at >= sa.bindparam("first"),
        votes.c.given_at < sa.bindparam("end"),
        answers.c.track_id == sa.bindparam("track_id"),
        answers.c.counted_at.is_not(None),
    )
    .group_by(answers.c.id)
    .order_by(answers.c.counted_at, answers.c.id)
)
_WRONG = sa.union(
    sa.select(rounds.c.item_id, rounds.c.member_id).where(
        rounds.c.guild_id == sa.bindparam("guild_id"),
        rounds.c.answered_at >= sa.bindparam("first"),
        rounds.c.answered_at < sa.bindparam("end"),
        rounds.c.right.is_(False),
    ),
    sa.select(live_rounds.c.item_id, live_choices.c.member_id)
    .join(
        live_choices,
        sa.and_(live_rounds.c.live_id == live_choices.c.live_id, live_rounds.c.position == live_choices.c.position),
    )
    .where(
        live_choices.c.guild_id == sa.bindparam("guild_id"),
        live_choices.c.chosen_at >= sa.bindparam("first"),
        live_choices.c.chosen_at < sa.bindparam("end"),
        live_choices.c.right.is_(False),
    ),
).subquery()
_MISSED = (
    sa.select(_WRONG.c.item_id, sa.func.count().label("people"))
    .group_by(_WRONG.c.item_id)
    .order_by(sa.func.count().desc(), _WRONG.c.item_id)
)


def posted_between(conn: Connection, track_id: int, first: date, last: date) -> int:
    """How many drills a track posted on these dates."""
    return conn.execute(_POSTED_BETWEEN, {"track_id": track_id, "first": first, "last": last}).scalar_one()


def answered(conn: Connection, track_id: int, first: datetime, end: datetime) -> list[tuple[int, datetime]]:
    """(member, when) of the answers that began to count in a span."""
    rows = conn.execute(_ANSWERED, {"track_id": track_id, "first": first, "end": end})
    return [(row.member_id, row.counted_at) for row in rows]


def voted(conn: Connection, guild_id: int, track_id: int, first: datetime, end: datetime) -> list[tuple[int, int]]:
    """(answer, voters) of the votes that a track's answers got in a span, in the order of the answers."""
    rows = conn.execute(_VOTED, {"guild_id": guild_id, "track_id": track_id, "first": first, "end": end})
    return [(row.id, row.number) for row in rows]


def missed(conn: Connection, guild_id: int, first: datetime, end: datetime) -> list[tuple[str, int]]:
    """(item, members) of the items that were answered wrong in a server's quizzes in a span, most missed first."""
    rows = conn.execute(_MISSED, {"guild_id": guild_id, "first": first, "end": end})
    return [(row.item_id, row.people) for row in rows]
