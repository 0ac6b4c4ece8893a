"""Queries on drills: find them, claim and miss dates, open, close and reveal them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import LIFETIME, POSTED, Drill, DrillState, Reveal
from bot.domain.errors import Problem
from bot.domain.tracks import Track
from bot.storage.dialects import among, insert, least
from bot.storage.drill_deliveries import CARD_CHANGED, DrillDelivery, to_delivery
from bot.storage.rows import load, many, one
from bot.storage.schema import Instant, answers, drills
from bot.storage.shards import is_ours


class MissedDate(NamedTuple):
    """A date on which a track had no question, and will have none."""

    guild_id: int
    channel_id: int
    track_id: int
    date: date


_THIS = drills.c.id == sa.bindparam("drill_id")
_OF_TRACK = drills.c.track_id == sa.bindparam("of_track")
_OPEN = drills.c.state == DrillState.OPEN
_NEWEST_FIRST = drills.c.id.desc()
_GET = sa.select(drills).where(_THIS)
_BY_MESSAGE = sa.select(drills).where(drills.c.message_id == sa.bindparam("message"))
_BY_THREAD = (
    sa.select(drills)
    .where(sa.or_(drills.c.thread_id == sa.bindparam("thread"), drills.c.forum_post_id == sa.bindparam("thread")))
    .limit(1)
)
_BY_DATE = sa.select(drills).where(
    _OF_TRACK, drills.c.date == sa.bindparam("day"), drills.c.state != DrillState.VOID
)
_BY_KEY = (
    sa.select(drills)
    .where(
        drills.c.channel_id == sa.bindparam("channel"),
        drills.c.date == sa.bindparam("day"),
        drills.c.question_id == sa.bindparam("question"),
    )
    .order_by(_NEWEST_FIRST)
    .limit(1)
)
_CURRENT = sa.select(drills).where(_OF_TRACK, _OPEN).order_by(_NEWEST_FIRST).limit(1)
_NEWEST = (
    sa.select(drills).where(_OF_TRACK, drills.c.state.in_(POSTED)).order_by(drills.c.opened_at.desc()).limit(1)
)
_IN_CHANNEL = sa.select(drills).where(drills.c.channel_id == sa.bindparam("channel"), drills.c.state.in_(POSTED))
_ANY_IN_CHANNEL = sa.select(drills.c.id).where(drills.c.channel_id == sa.bindparam("channel")).limit(1)
_FOLLOWING = (
    sa.select(drills)
    .where(_OF_TRACK, drills.c.state.in_(POSTED), drills.c.opened_at > sa.bindparam("opened", type_=Instant))
    .order_by(drills.c.opened_at)
    .limit(1)
)


def get(conn: Connection, drill_id: int) -> Drill | None:
    """The drill with this id."""
    return one(conn, Drill, _GET, drill_id=drill_id)


def by_message(conn: Connection, message_id: int) -> Drill | None:
    """The drill whose card is this message."""
    return one(conn, Drill, _BY_MESSAGE, message=message_id)


def by_thread(conn: Connection, thread_id: int) -> Drill | None:
    """The drill whose thread, or whose post in a forum, this is."""
    return one(conn, Drill, _BY_THREAD, thread=thread_id)


def by_date(conn: Connection, track_id: int, day: date) -> Drill | None:
    """The drill that holds a date; void ones do not."""
    return one(conn, Drill, _BY_DATE, of_track=track_id, day=day)


def by_key(conn: Connection, channel_id: int, day: date, question_id: str) -> Drill | None:
    """The newest drill with the key that its buttons carry."""
    return one(conn, Drill, _BY_KEY, channel=channel_id, day=day, question=question_id)


def current(conn: Connection, track_id: int) -> Drill | None:
    """The track's open drill."""
    return one(conn, Drill, _CURRENT, of_track=track_id)


def newest(conn: Connection, track_id: int) -> Drill | None:
    """The track's newest posted drill, open or closed."""
    return one(conn, Drill, _NEWEST, of_track=track_id)


def in_channel(conn: Connection, channel_id: int) -> list[Drill]:
    """All posted drills of a channel."""
    return many(conn, Drill, _IN_CHANNEL, channel=channel_id)


def any_in_channel(conn: Connection, channel_id: int) -> bool:
    """Whether a channel is or was one to practice in."""
    return conn.execute(_ANY_IN_CHANNEL, {"channel": channel_id}).first() is not None


def following(conn: Connection, track_id: int, opened_at: datetime) -> Drill | None:
    """The track's first posted drill that opened after an instant."""
    return one(conn, Drill, _FOLLOWING, of_track=track_id, opened=opened_at)


_UNANSWERED = sa.select(drills).where(
    drills.c.guild_id == sa.bindparam("guild"),
    _OPEN,
    ~sa.exists().where(
        answers.c.drill_id == drills.c.id,
        answers.c.member_id == sa.bindparam("member"),
        answers.c.status != AnswerStatus.SHORT,
    ),
)


def unanswered(conn: Connection, guild_id: int, member_id: int) -> list[Drill]:
    """A server's open drills without an answer of this member that counts."""
    return many(conn, Drill, _UNANSWERED, guild=guild_id, member=member_id)


_UNREVEALED = drills.c.reveal.in_((Reveal.DUE, Reveal.CARD))
_USED = (
    sa.select(drills.c.question_id)
    .where(_OF_TRACK, drills.c.refill == sa.bindparam("in_refill"), drills.c.question_id.is_not(None))
    .order_by(drills.c.id)
)
_HELD_UP = (
    sa.select(drills.c.thread_note)
    .where(_OF_TRACK, _UNREVEALED, drills.c.forum_post_id.is_not(None), drills.c.thread_note.is_not(None))
    .order_by(_NEWEST_FIRST)
)


def used_since_refill(conn: Connection, track_id: int, refill: int) -> list[str]:
    """Question ids used since the last refill, oldest first."""
    return list(conn.execute(_USED, {"of_track": track_id, "in_refill": refill}).scalars())


def held_up(conn: Connection, track_id: int) -> list[Problem]:
    """Why closed drills of a track in a forum cannot show their reveal, newest first."""
    return list(conn.execute(_HELD_UP, {"of_track": track_id}).scalars())


def collecting(since: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Drills that are open or were closed after an instant; written so that an index finds both kinds."""
    return sa.or_(_OPEN, sa.and_(drills.c.state == DrillState.CLOSED, drills.c.closed_at > since))


_COLLECTING = collecting(sa.bindparam("since", type_=Instant))
_IN_SERVERS = among("guild_ids", drills.c.guild_id)
_STILL_COLLECTING = sa.select(drills).where(_COLLECTING, _IN_SERVERS).order_by(drills.c.id)
_ADVANCE = (
    drills.update()
    .where(
        _IN_SERVERS,
        _COLLECTING,
        drills.c.cursor < sa.bindparam("to"),
        *(
            sa.func.coalesce(place, 0).not_in(sa.bindparam("unread", type_=sa.BigInteger, expanding=True))
            for place in (drills.c.channel_id, drills.c.thread_id, drills.c.forum_post_id)
        ),
    )
    .values(cursor=sa.bindparam("to"))
)


def still_collecting(conn: Connection, guild_ids: Collection[int], since: datetime) -> list[DrillDelivery]:
    """Servers' open drills, and those closed after `since`: messages for them may still count."""
    values = {"guild_ids": guild_ids, "since": since}
    return [to_delivery(row) for row in conn.execute(_STILL_COLLECTING, values)]


def advance_cursors(
    conn: Connection, guild_ids: Collection[int], to: int, since: datetime, unread: Collection[int] = ()
) -> None:
    """Stores that messages up to a snowflake were read, for servers' drills that still collect.

    Args:
        unread: channels and threads that could not be read; their drills stay behind.
    """
    values = {"guild_ids": guild_ids, "to": to, "since": since, "unread": list(unread)}
    conn.execute(_ADVANCE, values)


def _new(track: Track, day: date, state: DrillState, since: datetime) -> dict[str, object]:
    return {
        "guild_id": track.guild_id,
        "track_id": track.id,
        "channel_id": track.channel_id,
        "date": day,
        "zone": track.zone,
        "mode": track.mode,
        "state": state,
        "claimed_at": since,
        "refill": track.refill,
        "reveal": Reveal.NONE,
        "late": False,
        "attempts": 0,
    }


_CLAIMED = drills.c.state == DrillState.CLAIMED
_TOO_LATE = sa.bindparam("too_late", type_=Instant)
_CLAIM = drills.insert().returning(drills)
_MISS_DATES = insert(drills).on_conflict_do_nothing()
_MISS_CLAIMED = (
    drills.update()
    .where(_OF_TRACK, _CLAIMED)
    .values(state=DrillState.MISSED, question_id=None, retry_at=None)
    .returning(drills.c.guild_id, drills.c.channel_id, drills.c.track_id, drills.c.date)
)
_MISS_OVERDUE = (
    drills.update()
    .where(_CLAIMED, drills.c.claimed_at < _TOO_LATE, is_ours(drills.c.guild_id))
    .values(state=DrillState.MISSED, question_id=None, retry_at=None)
    .returning(drills.c.guild_id, drills.c.channel_id, drills.c.track_id, drills.c.date)
)
_OWED = sa.select(drills).where(_OF_TRACK, _CLAIMED).order_by(_NEWEST_FIRST).limit(1)
_MISSED_FROM = (
    sa.select(drills.c.date)
    .where(_OF_TRACK, drills.c.state == DrillState.MISSED, drills.c.date >= sa.bindparam("first"))
    .order_by(drills.c.date)
)


def claim(
    conn: Connection, track: Track, day: date, question_id: str, *, refill: int, since: datetime, late: bool
) -> DrillDelivery:
    """Stores a drill that is owed to its channel since an instant; its first try is booked with it.

    Raises:
        IntegrityError: the date is taken.
    """
    new = _new(track, day, DrillState.CLAIMED, since)
    mine = {"question_id": question_id, "refill": refill, "late": late, "attempts": 1}
    return to_delivery(conn.execute(_CLAIM, new | mine).one())


def owed(conn: Connection, track_id: int) -> DrillDelivery | None:
    """The question that a track owes its channel."""
    row = conn.execute(_OWED, {"of_track": track_id}).first()
    return None if row is None else to_delivery(row)


def miss_dates(conn: Connection, track: Track, days: Sequence[date], now: datetime) -> list[MissedDate]:
    """Stores that nothing was posted on these dates; those that have a drill keep it."""
    if days:
        conn.execute(_MISS_DATES, [_new(track, day, DrillState.MISSED, now) for day in days])
    return [MissedDate(track.guild_id, track.channel_id, track.id, day) for day in days]


def miss_claimed(conn: Connection, track_id: int) -> list[MissedDate]:
    """Gives up what a track still owes: a newer question takes its place, and its own is free again."""
    return many(conn, MissedDate, _MISS_CLAIMED, of_track=track_id)


def miss_overdue(conn: Connection, claimed_before: datetime) -> list[MissedDate]:
    """Gives up what is owed since before an instant; its questions are free again."""
    return many(conn, MissedDate, _MISS_OVERDUE, too_late=claimed_before)


def missed_from(conn: Connection, track_id: int, first: date) -> list[date]:
    """The dates from this one on without a question that was due."""
    return list(conn.execute(_MISSED_FROM, {"of_track": track_id, "first": first}).scalars())


_AT = sa.bindparam("at", type_=Instant)
_CLOSING = {"state": DrillState.CLOSED, "closed_at": least(drills.c.closes_at, _AT), "reveal": Reveal.DUE}
_MARK_POSTED = (
    drills.update()
    .where(_THIS)
    .values(
        state=DrillState.OPEN,
        message_id=sa.bindparam("message"),
        forum_post_id=sa.bindparam("forum_post"),
        question_id=sa.bindparam("question"),
        opened_at=_AT,
        closes_at=sa.bindparam("until"),
        cursor=sa.bindparam("message"),
        shown_at=_AT,
        attempts=0,
        retry_at=None,
    )
    .returning(drills)
)
_CLOSE_OTHERS = drills.update().where(_OF_TRACK, _OPEN, drills.c.id != sa.bindparam("drill_id")).values(_CLOSING)
_CLOSE = drills.update().where(_THIS, _OPEN).values(_CLOSING)
_VOID = drills.update().where(_THIS).values(state=DrillState.VOID, reveal=Reveal.NONE)


def mark_posted(
    conn: Connection, drill_id: int, *, message_id: int, forum_post_id: int | None, question_id: str, at: datetime
) -> Drill:
    """Opens a drill whose message stands in its channel since an instant, and returns it."""
    values = {
        "drill_id": drill_id,
        "message": message_id,
        "forum_post": forum_post_id,
        "question": question_id,
        "at": at,
        "until": at + LIFETIME,
    }
    return load(Drill, conn.execute(_MARK_POSTED, values).one())


def close_others(conn: Connection, drill: Drill, at: datetime) -> None:
    """Closes the track's other open drills at the instant in which this one opened."""
    conn.execute(_CLOSE_OTHERS, {"of_track": drill.track_id, "drill_id": drill.id, "at": at})


def close(conn: Connection, drill_id: int, at: datetime) -> None:
    """Closes a drill, unless it is closed; its reveal is owed from then on."""
    conn.execute(_CLOSE, {"drill_id": drill_id, "at": at})


def void(conn: Connection, drill_id: int) -> None:
    """Ends a drill whose message was deleted: its date is free again."""
    conn.execute(_VOID, {"drill_id": drill_id})


_SET_THREAD = drills.update().where(_THIS).values(thread_id=sa.bindparam("thread"), thread_note=sa.bindparam("why"))
_MARK_THREADED = _SET_THREAD.values(attempts=0, retry_at=None)


def mark_threaded(conn: Connection, drill_id: int, thread_id: int | None, note: Problem | None) -> None:
    """Stores the thread that the bot opened for a drill, or why there is none."""
    conn.execute(_MARK_THREADED, {"drill_id": drill_id, "thread": thread_id, "why": note})


def set_thread(conn: Connection, drill_id: int, thread_id: int | None, note: Problem | None = None) -> None:
    """Stores a drill's thread that somebody opened or took away, and why there is none."""
    conn.execute(_SET_THREAD, {"drill_id": drill_id, "thread": thread_id, "why": note})


_MARK_REVEALED = (
    drills.update()
    .where(_THIS)
    .values(
        reveal=sa.bindparam("step"),
        attempts=0,
        retry_at=None,
        # In a forum it says what held the reveal up, elsewhere why there is no thread.
        thread_note=sa.case((drills.c.forum_post_id.is_(None), drills.c.thread_note), else_=None),
    )
)


def mark_revealed(conn: Connection, drill_id: int, step: Reveal) -> None:
    """Stores how far a drill's reveal has come."""
    conn.execute(_MARK_REVEALED, {"drill_id": drill_id, "step": step})


_OUTDATE = drills.update().values(shown_answers=CARD_CHANGED)
_OUTDATE_CARD = _OUTDATE.where(_OF_TRACK, _OPEN).returning(drills)
_COUNT_ANEW = _OUTDATE.where(_THIS)


def count_anew(conn: Connection, drill_id: int) -> None:
    """Stores that the card of a drill shows another number of answers than there are."""
    conn.execute(_COUNT_ANEW, {"drill_id": drill_id})


def outdate_card(conn: Connection, track_id: int) -> Drill | None:
    """Stores that the card of a track's open drill shows something that has changed, and returns that drill."""
    return max(many(conn, Drill, _OUTDATE_CARD, of_track=track_id), key=lambda drill: drill.id, default=None)
