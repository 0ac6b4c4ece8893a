"""Queries on who wants reminders, and on those that are due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.domain.drills import DrillState
from bot.storage.schema import answers, aways, drills, members, reminded, reminders, servers, tracks


def get(conn: Connection, member_id: int) -> Any:
    """A member's wish, or None."""
    return conn.execute(sa.select(reminders).where(reminders.c.member_id == member_id)).first()


def turn_on(conn: Connection, member_id: int, hour: int | None) -> None:
    """Stores that a member wants reminders, and at which hour."""
    values = {"active": True, "hour": hour, "closed_at": None, "closed_told": False}
    row = insert(reminders).values(member_id=member_id, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["member_id"], set_=values))


def change(conn: Connection, member_id: int, **values: Any) -> None:
    """Changes the named columns of a member's wish."""
    conn.execute(reminders.update().where(reminders.c.member_id == member_id).values(**values))


def closed_untold(conn: Connection, member_id: int) -> bool:
    """Whether a member's reminders were switched off because Discord refused them, and nobody has said so yet."""
    query = sa.select(reminders.c.member_id).where(
        reminders.c.member_id == member_id, reminders.c.closed_at.is_not(None), reminders.c.closed_told.is_(False)
    )
    return conn.execute(query).first() is not None


def wishes(conn: Connection, guild_id: int) -> dict[int, int | None]:
    """The hour of each member of a server who wants reminders; None means the usual time."""
    query = (
        sa.select(reminders.c.member_id, reminders.c.hour)
        .join(members, members.c.member_id == reminders.c.member_id)
        .where(members.c.guild_id == guild_id, members.c.gone_at.is_(None), reminders.c.active)
    )
    return {row.member_id: row.hour for row in conn.execute(query)}


def open_for(conn: Connection, member_id: int) -> list[tuple[int, int]]:
    """(drill, track) of what is open in the servers that know a member."""
    query = (
        sa.select(drills.c.id, drills.c.track_id)
        .join(members, members.c.guild_id == drills.c.guild_id)
        .where(members.c.member_id == member_id, members.c.gone_at.is_(None), drills.c.state == DrillState.OPEN)
    )
    return [(row.id, row.track_id) for row in conn.execute(query)]


def known(conn: Connection, member_id: int) -> bool:
    """Whether a server with a practice channel knows a member."""
    query = (
        sa.select(tracks.c.id)
        .join(members, members.c.guild_id == tracks.c.guild_id)
        .where(members.c.member_id == member_id, members.c.gone_at.is_(None), tracks.c.active)
        .limit(1)
    )
    return conn.execute(query).first() is not None


def plan(conn: Connection, guild_id: int, drill_id: int, due: Mapping[int, datetime]) -> None:
    """Sets when members' reminders of a drill are due; those that are settled stay so."""
    if not due:
        return
    row = insert(reminded)
    conn.execute(
        row.on_conflict_do_update(
            index_elements=["drill_id", "member_id"],
            set_={"due_at": row.excluded.due_at},
            where=reminded.c.at.is_(None),
        ),
        [dict(guild_id=guild_id, drill_id=drill_id, member_id=who, due_at=at) for who, at in due.items()],
    )


def move(conn: Connection, drill_id: int, due: Mapping[int, datetime]) -> None:
    """Sets when planned reminders of a drill are due; what is not planned, or settled, stays so."""
    if not due:
        return
    conn.execute(
        reminded.update()
        .where(
            reminded.c.drill_id == drill_id,
            reminded.c.member_id == sa.bindparam("who"),
            reminded.c.at.is_(None),
        )
        .values(due_at=sa.bindparam("due")),
        [{"who": who, "due": at} for who, at in due.items()],
    )


def unplan(conn: Connection, member_id: int, drill_id: int | None = None) -> None:
    """Takes a member's planned reminders out, of all drills or of one."""
    where = [reminded.c.member_id == member_id, reminded.c.at.is_(None)]
    if drill_id is not None:
        where.append(reminded.c.drill_id == drill_id)
    conn.execute(reminded.delete().where(*where))


def due(conn: Connection, now: datetime, limit: int) -> list[Any]:
    """Reminders that are due, oldest first: drill, member, tries so far, and whether it is still `wanted`.

    It is not once the drill is over, its channel or server has ended practice, or the member has answered, is away,
    or wants no reminders any more.
    """
    answered = sa.exists().where(
        answers.c.drill_id == reminded.c.drill_id,
        answers.c.member_id == reminded.c.member_id,
        answers.c.counted_at.is_not(None),
    )
    away = sa.exists().where(
        aways.c.guild_id == drills.c.guild_id,
        aways.c.member_id == reminded.c.member_id,
        aways.c.first <= drills.c.date,
        aways.c.last >= drills.c.date,
    )
    practising = sa.exists().where(
        tracks.c.id == drills.c.track_id,
        tracks.c.active,
        servers.c.guild_id == tracks.c.guild_id,
        servers.c.removed_at.is_(None),
    )
    is_open = sa.and_(drills.c.state == DrillState.OPEN, drills.c.closes_at > now, practising)
    wanted = sa.and_(is_open, reminders.c.active, ~answered, ~away)
    query = (
        sa.select(reminded.c.drill_id, reminded.c.member_id, reminded.c.attempts, wanted.label("wanted"))
        .join(drills, drills.c.id == reminded.c.drill_id)
        .join(reminders, reminders.c.member_id == reminded.c.member_id)
        .where(reminded.c.at.is_(None), reminded.c.due_at <= now)
        .order_by(reminded.c.due_at)
        .limit(limit)
    )
    return list(conn.execute(query).all())


def settle(conn: Connection, drill_id: int, member_id: int, at: datetime) -> bool:
    """Takes a reminder on, before it is sent; False when somebody has taken it already."""
    done = conn.execute(
        reminded.update()
        .where(reminded.c.drill_id == drill_id, reminded.c.member_id == member_id, reminded.c.at.is_(None))
        .values(at=at, attempts=reminded.c.attempts + 1)
    )
    return done.rowcount > 0


def put_off(conn: Connection, drill_id: int, member_id: int, until: datetime) -> None:
    """Owes a reminder again that could not be sent."""
    conn.execute(
        reminded.update()
        .where(reminded.c.drill_id == drill_id, reminded.c.member_id == member_id)
        .values(at=None, due_at=until)
    )
