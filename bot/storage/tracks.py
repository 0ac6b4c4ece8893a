"""Queries on tracks and their skipped dates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.errors import Problem
from bot.domain.tracks import Track, TrackPlan
from bot.storage.dialects import among
from bot.storage.rows import columns, load, many, names_of, one
from bot.storage.schema import skips, tracks
from bot.storage.shards import is_ours

_THIS = tracks.c.id == sa.bindparam("track_id")
_GET = sa.select(tracks).where(_THIS)
_GIVES_HINTS = sa.select(tracks.c.hints).where(_THIS)
_IN_CHANNEL = sa.select(tracks).where(tracks.c.channel_id == sa.bindparam("in_channel"))
_OF_SERVER = (
    sa.select(tracks).where(tracks.c.guild_id == sa.bindparam("of_guild"), tracks.c.active).order_by(tracks.c.id)
)
_ONE_OR_TWO = _OF_SERVER.with_only_columns(tracks.c.id).limit(sa.literal_column("2"))
_OURS = is_ours(tracks.c.guild_id)
_NEXT_DUE = sa.select(sa.func.min(tracks.c.next_due_utc)).where(
    tracks.c.next_due_utc > sa.bindparam("after", type_=tracks.c.next_due_utc.type), tracks.c.active, _OURS
)
_EVERYWHERE = sa.select(tracks).where(tracks.c.active)
_PRACTICED_IN = sa.select(tracks.c.guild_id, tracks.c.channel_id).where(
    among("guild_ids", tracks.c.guild_id), tracks.c.active
)
_OUTLOOK = sa.select(sa.func.count().label("tracks"), sa.func.min(tracks.c.next_due_utc).label("next_due")).where(
    tracks.c.active, _OURS
)


@dataclass(frozen=True, slots=True)
class NextPost:
    """When a track posts next: its local date and the instant in UTC."""

    day: date
    at: datetime


class PracticePlace(NamedTuple):
    """A practice channel and its server."""

    guild_id: int
    channel_id: int


class Outlook(NamedTuple):
    """How many tracks there are, and when the next question is due."""

    tracks: int
    next_due: datetime | None


def get(conn: Connection, track_id: int) -> Track | None:
    """The track with this id."""
    return one(conn, Track, _GET, track_id=track_id)


def gives_hints(conn: Connection, track_id: int) -> bool:
    """Whether a track gives hints on answers."""
    return bool(conn.execute(_GIVES_HINTS, {"track_id": track_id}).scalar())


def in_channel(conn: Connection, channel_id: int) -> Track | None:
    """The track of a channel, also one that was removed."""
    return one(conn, Track, _IN_CHANNEL, in_channel=channel_id)


def of_server(conn: Connection, guild_id: int) -> list[Track]:
    """A server's running and paused tracks, oldest first."""
    return many(conn, Track, _OF_SERVER, of_guild=guild_id)


def only_of_server(conn: Connection, guild_id: int) -> int | None:
    """The id of a server's track where it has exactly one that was not removed."""
    found = conn.execute(_ONE_OR_TWO, {"of_guild": guild_id}).all()
    return found[0].id if len(found) == 1 else None


def everywhere(conn: Connection) -> list[Track]:
    """All tracks that were not removed."""
    return many(conn, Track, _EVERYWHERE)


def practiced_in(conn: Connection, guild_ids: Collection[int]) -> list[PracticePlace]:
    """The practice channels of servers."""
    return many(conn, PracticePlace, _PRACTICED_IN, guild_ids=guild_ids)


def outlook(conn: Connection) -> Outlook:
    """What there is to do in all servers."""
    return load(Outlook, conn.execute(_OUTLOOK).one())


_PLAN_COLUMNS: dict[str, sa.BindParameter[Any]] = {
    name: sa.bindparam(f"set_{name}") for name in names_of(TrackPlan)
}
_ADD = tracks.insert().returning(tracks)
_BY = sa.bindparam("by_id", type_=tracks.c.manager_id.type)
_CHANGE_PLAN = (
    tracks.update()
    .where(_THIS)
    .values(active=True, manager_id=sa.func.coalesce(tracks.c.manager_id, _BY), **_PLAN_COLUMNS)
    .returning(tracks)
)
_MOVE = tracks.update().where(_THIS).values(channel_id=sa.bindparam("to_channel"), problem=None)


def add(
    conn: Connection, guild_id: int, channel_id: int, plan: TrackPlan, now: datetime, by: int | None = None
) -> Track:
    """Stores a new track; it posts nothing until its next post is set.

    Args:
        by: the manager who sets it up.
    """
    known = {"guild_id": guild_id, "channel_id": channel_id, "created_at": now, "manager_id": by}
    fresh = {"active": True, "paused": False, "refill": 0}
    return load(Track, conn.execute(_ADD, known | fresh | columns(plan)).one())


def change_plan(conn: Connection, track_id: int, plan: TrackPlan, by: int | None = None) -> Track:
    """Sets what a manager chose for a track, takes one up again that was removed, and returns it.

    Args:
        by: that manager; where nobody knows who set the track up, it is they from now on.
    """
    values = {f"set_{name}": value for name, value in columns(plan).items()}
    return load(Track, conn.execute(_CHANGE_PLAN, {"track_id": track_id, "by_id": by, **values}).one())


def move(conn: Connection, track_id: int, channel_id: int) -> None:
    """Moves a track to another channel; what was wrong with the old one is over."""
    conn.execute(_MOVE, {"track_id": track_id, "to_channel": channel_id})


_SCHEDULE = (
    tracks.update()
    .where(_THIS)
    .values(next_date=sa.bindparam("day"), next_due_utc=sa.bindparam("due"))
    .returning(tracks)
)
_MARK_CLAIMED = (
    tracks.update()
    .where(_THIS)
    .values(
        last_date=sa.bindparam("used"),
        refill=sa.bindparam("to_refill"),
        paused=sa.bindparam("rests"),
        paused_until=sa.bindparam("rests_until"),
        problem=sa.bindparam("why"),
        next_date=sa.bindparam("day"),
        next_due_utc=sa.bindparam("due"),
    )
    .returning(tracks)
)
_PAUSE = tracks.update().where(_THIS).values(paused=True, paused_until=sa.bindparam("until")).returning(tracks)
_RESUME = tracks.update().where(_THIS).values(paused=False, paused_until=None).returning(tracks)
_QUIET = {"alert_since": None, "alert_due_utc": None, "alerted_for": None, "missed_from": None}
_END = (
    tracks.update().where(_THIS).values(active=False, paused=False, paused_until=None, **_QUIET).returning(tracks)
)
_REPORT = tracks.update().where(_THIS).values(problem=sa.bindparam("why"))
_MEND = tracks.update().where(_THIS).values(problem=None).returning(tracks)
_HEARD = sa.or_(tracks.c.alerted_for.is_not(None), tracks.c.alert_since.is_not(None))
_AT = sa.bindparam("instant", type_=tracks.c.alert_since.type)
_MARK_POSTED = _MEND.values(
    # Also where somebody is being told just now that it did not come.
    alert_since=sa.case((_HEARD, _AT), else_=sa.null()),
    alert_due_utc=sa.case((_HEARD, _AT), else_=sa.null()),
)
_SET_DIGEST = (
    tracks.update()
    .where(_THIS)
    .values(digest_day=sa.bindparam("weekday"), digest_hour=sa.bindparam("hour"), digest_due_utc=None)
    .returning(tracks)
)
_SCHEDULE_DIGEST = tracks.update().where(_THIS).values(digest_due_utc=sa.bindparam("due"))


def _next(following: NextPost | None) -> dict[str, object]:
    return {"day": following and following.day, "due": following and following.at}


def schedule(conn: Connection, track_id: int, following: NextPost | None) -> Track:
    """Sets when a track posts next, None for not until somebody says so, and returns the track."""
    return load(Track, conn.execute(_SCHEDULE, {"track_id": track_id, **_next(following)}).one())


def mark_claimed(conn: Connection, track: Track, following: NextPost | None) -> Track:
    """Stores how far a track has come when a question was claimed or missed, with its next post.

    Args:
        track: as it is from now on: its last date, refill, pause and problem are stored.
        following: when it posts next.
    """
    values = {
        "track_id": track.id,
        "used": track.last_date,
        "to_refill": track.refill,
        "rests": track.paused,
        "rests_until": track.paused_until,
        "why": track.problem,
        **_next(following),
    }
    return load(Track, conn.execute(_MARK_CLAIMED, values).one())


def pause(conn: Connection, track_id: int, until: date | None) -> Track:
    """Stops posting until a date, or until somebody says so, and returns the track."""
    return load(Track, conn.execute(_PAUSE, {"track_id": track_id, "until": until}).one())


def resume(conn: Connection, track_id: int) -> Track:
    """Ends a pause and returns the track."""
    return load(Track, conn.execute(_RESUME, {"track_id": track_id}).one())


def end(conn: Connection, track_id: int) -> Track:
    """Ends practice in a track's channel and returns the track; its history stays."""
    return load(Track, conn.execute(_END, {"track_id": track_id}).one())


def report(conn: Connection, track_id: int, problem: Problem) -> None:
    """Stores what keeps a track's messages from coming, for its managers."""
    conn.execute(_REPORT, {"track_id": track_id, "why": problem})


def mend(conn: Connection, track_id: int) -> Track:
    """What was wrong with a track is over; returns the track."""
    return load(Track, conn.execute(_MEND, {"track_id": track_id}).one())


def mark_posted(conn: Connection, track_id: int, at: datetime) -> Track:
    """A question has come, so what was wrong is over: whoever heard of it hears that, too. Returns the track."""
    return load(Track, conn.execute(_MARK_POSTED, {"track_id": track_id, "instant": at}).one())


def set_digest(conn: Connection, track_id: int, weekday: int | None, hour: int | None) -> Track:
    """Sets on which weekday (0 is Monday) and at which hour a track's digest comes, None for never."""
    values = {"track_id": track_id, "weekday": weekday, "hour": hour}
    return load(Track, conn.execute(_SET_DIGEST, values).one())


def schedule_digest(conn: Connection, track_id: int, due: datetime | None) -> None:
    """Sets when a track's next digest is due."""
    conn.execute(_SCHEDULE_DIGEST, {"track_id": track_id, "due": due})


_SKIPPED = sa.select(skips.c.date).where(skips.c.track_id == sa.bindparam("track_id"))
_ADD_SKIP = skips.insert()
_REMOVE_SKIP = skips.delete().where(
    skips.c.track_id == sa.bindparam("track_id"), skips.c.date == sa.bindparam("day")
)


def skipped(conn: Connection, track_id: int) -> Collection[date]:
    """The dates on which the track posts nothing."""
    return frozenset(conn.execute(_SKIPPED, {"track_id": track_id}).scalars())


def add_skip(conn: Connection, track: Track, day: date) -> None:
    """Skips a date; raises IntegrityError when it is skipped already."""
    conn.execute(_ADD_SKIP, {"guild_id": track.guild_id, "track_id": track.id, "date": day})


def remove_skip(conn: Connection, track: Track, day: date) -> bool:
    """Takes a skip back; returns whether there was one."""
    return conn.execute(_REMOVE_SKIP, {"track_id": track.id, "day": day}).rowcount > 0


def next_due(conn: Connection, after: datetime) -> datetime | None:
    """The earliest instant after this one at which a track's question is due."""
    return conn.execute(_NEXT_DUE, {"after": after}).scalar()
