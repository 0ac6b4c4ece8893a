"""Queries on who may have left a server, and on who has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.departures import AGAIN
from bot.storage.schema import members, team_members
from bot.storage.shards import is_ours


class MemberKey(NamedTuple):
    """One member in one server."""

    guild_id: int
    member_id: int


_PEOPLE: sa.BindParameter[Any] = sa.bindparam("people", expanding=True)
_AT = sa.bindparam("at", type_=members.c.gone_at.type)
_KEY = sa.tuple_(members.c.guild_id, members.c.member_id)
_STAY = sa.tuple_(team_members.c.guild_id, team_members.c.member_id)
_DUE = sa.select(members.c.guild_id, members.c.member_id).where(
    members.c.gone_at.is_(None), members.c.ask_at <= sa.bindparam("now"), is_ours(members.c.guild_id)
)
_FIRST_DUE = _DUE.order_by(members.c.ask_at).limit(sa.bindparam("most"))
ANY_DUE = _DUE.exists()
"""Whether there is anybody to ask Discord about at `now`."""
_CLAIM = members.update().where(_KEY.in_(_PEOPLE)).values(ask_at=sa.bindparam("again_at"))
_MARK_LEFT = (
    members.update()
    .where(_KEY.in_(_PEOPLE), members.c.gone_at.is_(None), members.c.seen_at < _AT)
    .values(gone_at=_AT)
    .returning(members.c.guild_id, members.c.member_id)
)
_END_STAYS = team_members.update().where(_STAY.in_(_PEOPLE), team_members.c.left_at.is_(None)).values(left_at=_AT)
_LEFT_AT = sa.select(members.c.gone_at).where(
    members.c.guild_id == sa.bindparam("guild_id"), members.c.member_id == sa.bindparam("member_id")
)


def claim(conn: Connection, now: datetime, limit: int) -> list[MemberKey]:
    """The members to ask about now, first those who were due first; not again within a week."""
    found = [MemberKey(*row) for row in conn.execute(_FIRST_DUE, {"now": now, "most": limit})]
    conn.execute(_CLAIM, {"people": found, "again_at": now + AGAIN})
    return found


def mark_left(conn: Connection, people: Sequence[MemberKey], at: datetime) -> list[MemberKey]:
    """Records that members were not in their server at an instant, and ends their stays in teams.

    Returns those of whom it was news.

    Args:
        at: the instant before Discord was asked: whoever came by since is there.
    """
    left = [MemberKey(*row) for row in conn.execute(_MARK_LEFT, {"people": people, "at": at})]
    if left:
        conn.execute(_END_STAYS, {"people": left, "at": at})
    return left


def left_at(conn: Connection, guild_id: int, member_id: int) -> datetime | None:
    """Since when a member is known to have left a server; None for those who are there."""
    return conn.execute(_LEFT_AT, {"guild_id": guild_id, "member_id": member_id}).scalar()
