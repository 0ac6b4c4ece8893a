"""Queries on the days on which members are away."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.away import Away
from bot.storage.schema import aways


def of_member(conn: Connection, guild_id: int, member_id: int) -> dict[int, Away]:
    """A member's ranges in a server by id, oldest first."""
    query = (
        sa.select(aways).where(aways.c.guild_id == guild_id, aways.c.member_id == member_id).order_by(aways.c.first)
    )
    return {row.id: Away(row.first, row.last) for row in conn.execute(query)}


def away_until(conn: Connection, guild_id: int, ids: Collection[int], day: date) -> dict[int, date]:
    """Those of these members who are away on a date, each with the last day of that range."""
    query = sa.select(aways.c.member_id, aways.c.last).where(
        aways.c.guild_id == guild_id, aways.c.member_id.in_(ids), aways.c.first <= day, aways.c.last >= day
    )
    return {row.member_id: row.last for row in conn.execute(query)}


def add(conn: Connection, guild_id: int, member_id: int, away: Away, at: datetime) -> int:
    """Stores a range and returns its id."""
    values = {"guild_id": guild_id, "member_id": member_id, "first": away.first, "last": away.last, "made_at": at}
    return conn.execute(aways.insert().values(**values).returning(aways.c.id)).one().id


def change(conn: Connection, away_id: int, away: Away | None) -> None:
    """Shortens a range, or takes it out."""
    if away is None:
        conn.execute(aways.delete().where(aways.c.id == away_id))
    else:
        conn.execute(aways.update().where(aways.c.id == away_id).values(first=away.first, last=away.last))
