"""Queries on who lets a model read their answers, and on how often it was asked today."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.dialects import insert
from bot.storage.rows import one
from bot.storage.schema import opinions


@dataclass(frozen=True, slots=True)
class OpinionWish:
    """What a member decided about the model at a host."""

    host: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class OpinionCount:
    """How often the model was asked on a day: about a member's answers, and in all of the server."""

    member: int
    server: int


_SERVER = opinions.c.guild_id == sa.bindparam("server_id")
_THEIRS = (_SERVER, opinions.c.member_id == sa.bindparam("whose"))
_TODAY = opinions.c.day == sa.bindparam("today")
_WISH = sa.select(opinions.c.host, opinions.c.agreed).where(*_THEIRS)
_NEW = insert(opinions)
_DECIDE = _NEW.on_conflict_do_update(
    index_elements=["guild_id", "member_id"],
    set_={
        "host": _NEW.excluded.host,
        "agreed": _NEW.excluded.agreed,
        "decided_at": _NEW.excluded.decided_at,
    },
)
_IS_THEIRS = opinions.c.member_id == sa.bindparam("whose")
_COUNT = sa.select(
    sa.func.coalesce(sa.func.sum(sa.case((_IS_THEIRS, opinions.c.asked), else_=0)), 0).label("member"),
    sa.func.coalesce(sa.func.sum(opinions.c.asked), 0).label("server"),
).where(_SERVER, _TODAY)
_ADD_ONE = (
    opinions.update()
    .where(*_THEIRS)
    .values(day=sa.bindparam("today"), asked=sa.case((_TODAY, opinions.c.asked), else_=0) + 1)
)
_DROP_NOBODYS = opinions.delete().where(
    _SERVER, opinions.c.member_id < 0, sa.or_(opinions.c.day.is_(None), opinions.c.day < sa.bindparam("today"))
)


def wish(conn: Connection, guild_id: int, member_id: int) -> OpinionWish | None:
    """What a member decided; None before they did."""
    return one(conn, OpinionWish, _WISH, server_id=guild_id, whose=member_id)


def decide(conn: Connection, guild_id: int, member_id: int, host: str, *, agreed: bool, at: datetime) -> None:
    """Stores whether the model at a host may read a member's answers."""
    values = {"guild_id": guild_id, "member_id": member_id, "host": host, "agreed": agreed, "decided_at": at}
    conn.execute(_DECIDE, values)


def count(conn: Connection, guild_id: int, member_id: int, today: date) -> OpinionCount:
    """How often the model was asked on a day."""
    found = one(conn, OpinionCount, _COUNT, server_id=guild_id, whose=member_id, today=today)
    assert found is not None
    return found


def mark_asked(conn: Connection, guild_id: int, member_id: int, today: date) -> None:
    """The model is about to be asked once more; what nobody left behind on earlier days goes."""
    conn.execute(_ADD_ONE, {"server_id": guild_id, "whose": member_id, "today": today})
    conn.execute(_DROP_NOBODYS, {"server_id": guild_id, "today": today})
