"""Queries on the days on which members are away."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.away import Away
from bot.storage.schema import aways

_MEMBERS: sa.BindParameter[int] = sa.bindparam("member_ids", expanding=True)
_DAY = sa.bindparam("day", type_=sa.Date)
_OF_MEMBER = (
    sa.select(aways.c.id, aways.c.first, aways.c.last)
    .where(aways.c.guild_id == sa.bindparam("guild_id"), aways.c.member_id == sa.bindparam("member_id"))
    .order_by(aways.c.first)
)
_AWAY_UNTIL = sa.select(aways.c.member_id, aways.c.last).where(
    aways.c.guild_id == sa.bindparam("guild_id"),
    aways.c.member_id.in_(_MEMBERS),
    aways.c.first <= _DAY,
    aways.c.last >= _DAY,
)
_ADD = aways.insert().returning(aways.c.id)
_SHORTEN = aways.update().where(aways.c.id == sa.bindparam("key_id")).values(last=sa.bindparam("new_last"))
_REMOVE = aways.delete().where(aways.c.id == sa.bindparam("key_id"))


def of_member(conn: Connection, guild_id: int, member_id: int) -> dict[int, Away]:
    """A member's ranges in a server by id, oldest first."""
    found = conn.execute(_OF_MEMBER, {"guild_id": guild_id, "member_id": member_id})
    return {row.id: Away(row.first, row.last) for row in found}


def away_until(conn: Connection, guild_id: int, member_ids: Sequence[int], day: date) -> dict[int, date]:
    """Those of these members who are away on a date, each with the last day of that range."""
    found = conn.execute(_AWAY_UNTIL, {"guild_id": guild_id, "member_ids": member_ids, "day": day})
    return {row.member_id: row.last for row in found}


def add(conn: Connection, guild_id: int, member_id: int, away: Away, at: datetime) -> int:
    """Stores a range and returns its id."""
    values = {"guild_id": guild_id, "member_id": member_id, "first": away.first, "last": away.last, "made_at": at}
    return conn.execute(_ADD, values).scalar_one()


def shorten(conn: Connection, away_id: int, last: date) -> None:
    """Lets a range end earlier."""
    conn.execute(_SHORTEN, {"key_id": away_id, "new_last": last})


def remove(conn: Connection, away_id: int) -> None:
    """Takes a range out."""
    conn.execute(_REMOVE, {"key_id": away_id})
