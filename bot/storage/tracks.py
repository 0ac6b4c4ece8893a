"""Queries on tracks, their skipped dates and their queues."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import Mode
from bot.domain.selection import Order
from bot.domain.tracks import Track
from bot.storage.schema import skips, tracks


def _track(row: Any) -> Track:
    values = dict(row._mapping)
    values["days"] = frozenset(int(day) for day in values["days"].split(","))
    values["topics"] = tuple(values["topics"])
    values["order"] = Order(values["order"])
    values["mode"] = Mode(values["mode"])
    return Track(**values)


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    out = dict(values)
    if "days" in out:
        out["days"] = ",".join(str(day) for day in sorted(out["days"]))
    if "topics" in out:
        out["topics"] = list(out["topics"])
    return out


def get(conn: Connection, track_id: int) -> Track | None:
    """The track with this id."""
    row = conn.execute(sa.select(tracks).where(tracks.c.id == track_id)).first()
    return None if row is None else _track(row)


def in_channel(conn: Connection, channel_id: int) -> Track | None:
    """The track of a channel, also one that was removed."""
    row = conn.execute(sa.select(tracks).where(tracks.c.channel_id == channel_id)).first()
    return None if row is None else _track(row)


def of_server(conn: Connection, guild_id: int) -> list[Track]:
    """A server's running and paused tracks, oldest first."""
    query = sa.select(tracks).where(tracks.c.guild_id == guild_id, tracks.c.active).order_by(tracks.c.id)
    return [_track(row) for row in conn.execute(query)]


def everywhere(conn: Connection) -> list[Track]:
    """All tracks that were not removed."""
    return [_track(row) for row in conn.execute(sa.select(tracks).where(tracks.c.active))]


def due(conn: Connection, now: datetime) -> list[int]:
    """Ids of tracks whose next post is due, most overdue first."""
    query = (
        sa.select(tracks.c.id).where(tracks.c.next_due_utc <= now, tracks.c.active).order_by(tracks.c.next_due_utc)
    )
    return list(conn.execute(query).scalars())


def add(conn: Connection, values: dict[str, Any]) -> int:
    """Stores a new track and returns its id."""
    row = conn.execute(tracks.insert().values(**_columns(values)).returning(tracks.c.id)).one()
    return row.id


def change(conn: Connection, track_id: int, **values: Any) -> None:
    """Changes the named columns of a track."""
    conn.execute(tracks.update().where(tracks.c.id == track_id).values(**_columns(values)))


def skipped(conn: Connection, track_id: int) -> frozenset[date]:
    """The dates on which the track posts nothing."""
    rows = conn.execute(sa.select(skips.c.date).where(skips.c.track_id == track_id))
    return frozenset(rows.scalars())


def add_skip(conn: Connection, track: Track, day: date) -> None:
    """Skips a date; raises IntegrityError when it is skipped already."""
    conn.execute(skips.insert().values(guild_id=track.guild_id, track_id=track.id, date=day))


def remove_skip(conn: Connection, track: Track, day: date) -> bool:
    """Takes a skip back; returns whether there was one."""
    done = conn.execute(skips.delete().where(skips.c.track_id == track.id, skips.c.date == day))
    return done.rowcount > 0
