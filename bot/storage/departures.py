"""Queries on who may have left a server, and on who has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.departures import AGAIN
from bot.storage.schema import members, team_members


class MemberKey(NamedTuple):
    """One member in one server."""

    guild_id: int
    member_id: int


_KEY = sa.tuple_(members.c.guild_id, members.c.member_id)


def _due(now: datetime, limit: int) -> sa.Select[Any, Any]:
    return (
        sa.select(members.c.guild_id, members.c.member_id)
        .where(members.c.gone_at.is_(None), members.c.ask_at <= now)
        .order_by(members.c.ask_at)
        .limit(limit)
    )


def any_due(conn: Connection, now: datetime) -> bool:
    """Whether there is anybody to ask Discord about."""
    return conn.execute(_due(now, 1)).first() is not None


def take(conn: Connection, now: datetime, limit: int) -> list[MemberKey]:
    """The members to ask about now, first those who were due first; not again within a week."""
    found = [MemberKey(*row) for row in conn.execute(_due(now, limit))]
    conn.execute(members.update().where(_KEY.in_(found)).values(ask_at=now + AGAIN))
    return found


def gone(conn: Connection, people: Sequence[MemberKey], at: datetime) -> list[MemberKey]:
    """Notes that members were not in their server at an instant, and ends their stays in teams.

    Returns those of whom it was news. Who has been seen since is there again.
    """
    noted = (
        members.update()
        .where(_KEY.in_(people), members.c.gone_at.is_(None), members.c.seen_at < at)
        .values(gone_at=at)
        .returning(members.c.guild_id, members.c.member_id)
    )
    left = [MemberKey(*row) for row in conn.execute(noted)]
    stays = sa.tuple_(team_members.c.guild_id, team_members.c.member_id)
    if left:
        conn.execute(
            team_members.update().where(stays.in_(left), team_members.c.left_at.is_(None)).values(left_at=at)
        )
    return left


def gone_since(conn: Connection, guild_id: int, member_id: int) -> datetime | None:
    """Since when a member is known to have left a server; None for those who are there."""
    query = sa.select(members.c.gone_at).where(members.c.guild_id == guild_id, members.c.member_id == member_id)
    return conn.execute(query).scalar()
