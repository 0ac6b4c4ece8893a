"""Queries on members: the names under which they were last seen, and who stays off boards."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import Insert, insert

from bot.domain.departures import ask_after
from bot.storage.schema import members, servers


def saw(
    conn: Connection, guild_id: int, member_id: int, name: str, at: datetime, *, stand_in: bool = False
) -> None:
    """Keeps the name under which a member was last seen, so that boards never ask Discord for it.

    Whoever had left and is seen after that is there again.

    Args:
        stand_in: the name is not known to be the one shown in this server, so it gives way to any that is.
    """
    row = insert(members).values(_row(guild_id, member_id, name, at))
    conn.execute(_there(row) if stand_in else _newer(row))


def _row(guild_id: int, member_id: int, name: str, at: datetime) -> dict[str, Any]:
    return {
        "guild_id": guild_id,
        "member_id": member_id,
        "name": name[:100],
        "seen_at": at,
        "ask_at": ask_after(at),
    }


def _still_gone(seen_at: Any) -> sa.ColumnElement[Any]:
    """Since when a member is gone who was seen at an instant: what they did before they left brings nobody back."""
    return sa.case((members.c.gone_at > seen_at, members.c.gone_at), else_=None)


def _newer(row: Insert) -> Insert:
    """What was seen earlier but is read later must not take the place of the newer name."""
    new = row.excluded
    return row.on_conflict_do_update(
        index_elements=["guild_id", "member_id"],
        set_={
            "name": new.name,
            "seen_at": new.seen_at,
            "ask_at": new.ask_at,
            "gone_at": _still_gone(new.seen_at),
        },
        where=new.seen_at >= members.c.seen_at,
    )


def _there(row: Insert) -> Insert:
    """Says no more of somebody who is known than that they were there."""
    new = row.excluded
    return row.on_conflict_do_update(
        index_elements=["guild_id", "member_id"],
        set_={"ask_at": new.ask_at, "gone_at": _still_gone(new.seen_at)},
        where=new.ask_at > members.c.ask_at,
    )


def renamed(conn: Connection, guild_id: int, member_id: int, name: str, at: datetime) -> None:
    """Keeps the newer name of a member who is known, and that they are there; others stay unknown."""
    known = (members.c.guild_id == guild_id, members.c.member_id == member_id, members.c.seen_at <= at)
    values = {"name": name[:100], "seen_at": at, "ask_at": ask_after(at), "gone_at": _still_gone(at)}
    conn.execute(members.update().where(*known).values(values))


def is_news(conn: Connection, guild_id: int, member_id: int, name: str, at: datetime) -> bool:
    """Whether a member who is known comes by under another name, or again after they had left."""
    query = sa.select(members.c.member_id).where(
        members.c.guild_id == guild_id,
        members.c.member_id == member_id,
        sa.or_(members.c.name != name[:100], members.c.gone_at <= at),
    )
    return conn.execute(query).first() is not None


def saw_all(conn: Connection, guild_id: int, people: dict[int, str], at: datetime) -> None:
    """Keeps the names of several members, by their ids."""
    conn.execute(_newer(insert(members)), [_row(guild_id, who, name, at) for who, name in people.items()])


def names(conn: Connection, guild_id: int, ids: list[int]) -> dict[int, str]:
    """Last seen names of these members."""
    query = sa.select(members.c.member_id, members.c.name).where(
        members.c.guild_id == guild_id, members.c.member_id.in_(ids)
    )
    return {row.member_id: row.name for row in conn.execute(query)}


def board_names(conn: Connection, guild_id: int, ids: list[int]) -> dict[int, str]:
    """Last seen names of those of these members who do not stay off boards."""
    query = sa.select(members.c.member_id, members.c.name).where(
        members.c.guild_id == guild_id, members.c.member_id.in_(ids), ~members.c.off_boards
    )
    return {row.member_id: row.name for row in conn.execute(query)}


def stay_off_boards(conn: Connection, guild_id: int, member_id: int, *, off: bool) -> None:
    """Keeps a known member off public boards, or shows them again."""
    where = (members.c.guild_id == guild_id, members.c.member_id == member_id)
    conn.execute(members.update().where(*where).values(off_boards=off))


def off_boards(conn: Connection, guild_id: int) -> frozenset[int]:
    """Who stays off public boards."""
    query = sa.select(members.c.member_id).where(members.c.guild_id == guild_id, members.c.off_boards)
    return frozenset(conn.execute(query).scalars())


def _asker_query() -> sa.Select[*tuple[Any, ...]]:
    guild_id = sa.bindparam("guild_id", type_=sa.BigInteger)
    member_id = sa.bindparam("member_id", type_=sa.BigInteger)
    off = sa.select(members.c.off_boards).where(members.c.guild_id == guild_id, members.c.member_id == member_id)
    return sa.select(servers.c.zone, off.scalar_subquery()).where(servers.c.guild_id == guild_id)


_ASKER = _asker_query()
"""Built once, since every board asks it."""


def asker(conn: Connection, guild_id: int, member_id: int) -> tuple[str, bool]:
    """A server's zone (UTC until its first track is made), and whether this member stays off public boards."""
    row = conn.execute(_ASKER, {"guild_id": guild_id, "member_id": member_id}).first()
    return ("UTC", False) if row is None else (row[0] or "UTC", bool(row[1]))
