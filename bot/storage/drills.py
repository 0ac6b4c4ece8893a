"""Queries on drills."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import Drill, DrillState, Mode, Reveal
from bot.storage.schema import answers, drills

POSTED = (DrillState.OPEN, DrillState.CLOSED)


def to_drill(row: Any) -> Drill:
    """The drill that a row of its table is."""
    values = dict(row._mapping)
    values["mode"] = Mode(values["mode"])
    values["state"] = DrillState(values["state"])
    values["reveal"] = Reveal(values["reveal"])
    return Drill(**values)


def _one(conn: Connection, *where: Any, order: Any = None) -> Drill | None:
    query = sa.select(drills).where(*where).limit(1)
    row = conn.execute(query if order is None else query.order_by(order)).first()
    return None if row is None else to_drill(row)


def _many(conn: Connection, *where: Any) -> list[Drill]:
    return [to_drill(row) for row in conn.execute(sa.select(drills).where(*where).order_by(drills.c.id))]


def get(conn: Connection, drill_id: int) -> Drill | None:
    """The drill with this id."""
    return _one(conn, drills.c.id == drill_id)


def by_message(conn: Connection, message_id: int) -> Drill | None:
    """The drill whose card is this message."""
    return _one(conn, drills.c.message_id == message_id)


def by_thread(conn: Connection, thread_id: int) -> Drill | None:
    """The drill whose thread, or whose post in a forum, this is."""
    return _one(conn, sa.or_(drills.c.thread_id == thread_id, drills.c.forum_post_id == thread_id))


def by_date(conn: Connection, track_id: int, day: date) -> Drill | None:
    """The drill that holds a date; void ones do not."""
    return _one(conn, drills.c.track_id == track_id, drills.c.date == day, drills.c.state != DrillState.VOID)


def by_key(conn: Connection, channel_id: int, day: date, question_id: str) -> Drill | None:
    """The newest drill with the key that its buttons carry."""
    return _one(
        conn,
        drills.c.channel_id == channel_id,
        drills.c.date == day,
        drills.c.question_id == question_id,
        order=drills.c.id.desc(),
    )


def current(conn: Connection, track_id: int) -> Drill | None:
    """The track's open drill."""
    return _one(conn, drills.c.track_id == track_id, drills.c.state == DrillState.OPEN, order=drills.c.id.desc())


def newest(conn: Connection, track_id: int) -> Drill | None:
    """The track's newest posted drill, open or closed."""
    return _one(conn, drills.c.track_id == track_id, drills.c.state.in_(POSTED), order=drills.c.opened_at.desc())


def add(conn: Connection, values: dict[str, Any]) -> int:
    """Stores a drill; raises IntegrityError when its date is taken."""
    row = conn.execute(drills.insert().values(**values).returning(drills.c.id)).one()
    return row.id


def change(conn: Connection, drill_id: int, **values: Any) -> None:
    """Changes the named columns of a drill."""
    conn.execute(drills.update().where(drills.c.id == drill_id).values(**values))


def used_since_refill(conn: Connection, track_id: int, refill: int) -> list[str]:
    """Question ids used since the last refill, oldest first."""
    query = (
        sa.select(drills.c.question_id)
        .where(drills.c.track_id == track_id, drills.c.refill == refill, drills.c.question_id.is_not(None))
        .order_by(drills.c.id)
    )
    return list(conn.execute(query).scalars())


def claimed(conn: Connection, now: datetime) -> list[Drill]:
    """Drills owed to their channels whose next try is due."""
    return _many(
        conn,
        drills.c.state == DrillState.CLAIMED,
        sa.or_(drills.c.retry_at.is_(None), drills.c.retry_at <= now),
    )


def threadless(conn: Connection, now: datetime) -> list[Drill]:
    """Open drills that still want a thread."""
    return _many(
        conn,
        drills.c.state == DrillState.OPEN,
        drills.c.mode == Mode.OPEN,
        # Not IS NULL: SQLite would take the index of threads, in which every missed drill of all years is NULL.
        sa.func.coalesce(drills.c.thread_id, 0) == 0,
        drills.c.thread_note.is_(None),
        sa.or_(drills.c.retry_at.is_(None), drills.c.retry_at <= now),
    )


def claimed_before(conn: Connection, instant: datetime) -> list[Drill]:
    """Drills that were claimed before an instant and never posted."""
    return _many(conn, drills.c.state == DrillState.CLAIMED, drills.c.claimed_at < instant)


def with_old_cards(conn: Connection, now: datetime, shown_before: datetime) -> list[Drill]:
    """Open drills whose cards show another number of answers than there are, and may be edited again."""
    count = (
        sa.select(sa.func.count())
        .where(answers.c.drill_id == drills.c.id, answers.c.status == "on_time")
        .scalar_subquery()
    )
    return _many(
        conn,
        drills.c.state == DrillState.OPEN,
        drills.c.shown_at <= shown_before,
        drills.c.shown_answers != count,
        sa.or_(drills.c.retry_at.is_(None), drills.c.retry_at <= now),
    )


def expired(conn: Connection, now: datetime) -> list[Drill]:
    """Open drills whose seven days are over."""
    return _many(conn, drills.c.state == DrillState.OPEN, drills.c.closes_at <= now)


def to_reveal(conn: Connection, now: datetime) -> list[Drill]:
    """Closed drills that still owe their reveal or their closed card."""
    return _many(
        conn,
        drills.c.reveal.in_((Reveal.DUE, Reveal.CARD)),
        sa.or_(drills.c.retry_at.is_(None), drills.c.retry_at <= now),
    )


def held_up(conn: Connection, track_id: int) -> list[str]:
    """Why closed drills of a track in a forum cannot show their reveal, newest first."""
    query = (
        sa.select(drills.c.thread_note)
        .where(
            drills.c.track_id == track_id,
            drills.c.reveal.in_((Reveal.DUE, Reveal.CARD)),
            drills.c.forum_post_id.is_not(None),
            drills.c.thread_note.is_not(None),
        )
        .order_by(drills.c.id.desc())
    )
    return list(conn.execute(query).scalars())


def collecting(since: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Drills that are open or were closed after an instant; written so that an index finds both kinds."""
    return sa.or_(
        drills.c.state == DrillState.OPEN,
        sa.and_(drills.c.state == DrillState.CLOSED, drills.c.closed_at > since),
    )


def still_collecting(conn: Connection, since: datetime) -> list[Drill]:
    """Open drills, and those closed after `since`: messages for them may still count."""
    return _many(conn, collecting(since))


def miss_claimed(conn: Connection, track_id: int) -> None:
    """Gives up what a track still owes: a newer question takes its place, and its own is free again."""
    conn.execute(
        drills.update()
        .where(drills.c.track_id == track_id, drills.c.state == DrillState.CLAIMED)
        .values(state=DrillState.MISSED, question_id=None, retry_at=None)
    )


def close_open(conn: Connection, track_id: int, at: datetime, *, besides: int) -> None:
    """Closes the track's other open drills at the instant in which the next one opened."""
    conn.execute(
        drills.update()
        .where(drills.c.track_id == track_id, drills.c.state == DrillState.OPEN, drills.c.id != besides)
        .values(state=DrillState.CLOSED, closed_at=sa.func.min(drills.c.closes_at, at), reveal=Reveal.DUE)
    )


def outdate_card(conn: Connection, track_id: int) -> None:
    """Notes that the card of a track's open drill shows something that has changed."""
    conn.execute(
        drills.update()
        .where(drills.c.track_id == track_id, drills.c.state == DrillState.OPEN)
        .values(shown_answers=-1)
    )


def advance_cursors(conn: Connection, guild_ids: Sequence[int], to: int, since: datetime) -> None:
    """Notes that messages up to a snowflake were read, for drills that still collect."""
    conn.execute(
        drills.update()
        .where(
            drills.c.guild_id.in_(guild_ids),
            collecting(since),
            drills.c.cursor < to,
        )
        .values(cursor=to)
    )
