"""Queries on teams and on who was in them from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.teams import Placement, Team, folded
from bot.storage.rows import load, many, one
from bot.storage.schema import team_members, teams


@dataclass(frozen=True, slots=True)
class Membership:
    """One stay in a team; `left_at` is None while it lasts, `also_id` a second team whose role the member has."""

    guild_id: int
    team_id: int
    member_id: int
    joined_at: datetime
    left_at: datetime | None
    also_id: int | None

    def covers(self, at: datetime) -> bool:
        """Whether the member was in the team at an instant."""
        return self.joined_at <= at and (self.left_at is None or at < self.left_at)


def covers(at: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """Whether a row of `team_members` is a stay that lasted at an instant, for statements."""
    left = team_members.c.left_at
    return sa.and_(team_members.c.joined_at <= at, sa.or_(left.is_(None), left > at))


_GUILD = sa.bindparam("guild_id", type_=sa.BigInteger)
_MEMBER = sa.bindparam("member_id", type_=sa.BigInteger)
_AT = sa.bindparam("at", type_=team_members.c.joined_at.type)
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_STAY: list[sa.Column[Any]] = [team_members.c[name] for name in Membership.__slots__]
_LASTS = team_members.c.left_at.is_(None)

_ADD = teams.insert().returning(teams.c.id)
_RENAME = (
    teams.update()
    .where(teams.c.id == sa.bindparam("key_id"))
    .values(name=sa.bindparam("new_name"), folded=sa.bindparam("new_folded"))
)
_END = teams.update().where(teams.c.id == sa.bindparam("key_id")).values(deleted_at=sa.bindparam("at"))
_END_STAYS = (
    team_members.update()
    .where(team_members.c.team_id == sa.bindparam("key_id"), _LASTS)
    .values(left_at=sa.bindparam("at"))
)
_END_SECOND = team_members.update().where(team_members.c.also_id == sa.bindparam("key_id")).values(also_id=None)
_THERE = sa.and_(teams.c.guild_id == _GUILD, teams.c.deleted_at.is_(None))
_OF_SERVER = sa.select(teams).where(_THERE).order_by(teams.c.id)
_EVER = sa.select(teams).where(teams.c.guild_id == _GUILD).order_by(teams.c.id)
_NAMED = sa.select(teams).where(_THERE, teams.c.folded == sa.bindparam("folded"))
_OF_ROLE = sa.select(teams).where(_THERE, teams.c.role_id == sa.bindparam("role_id"))
_WITH_STAY = (
    sa.select(teams, *(column.label(f"stay_{column.name}") for column in _STAY))
    .select_from(
        teams.outerjoin(
            team_members,
            sa.and_(team_members.c.team_id == teams.c.id, team_members.c.member_id == _MEMBER, _LASTS),
        )
    )
    .where(_THERE)
    .order_by(teams.c.id)
)
TEAM_ROLES = sa.select(teams.c.id, teams.c.role_id).where(_THERE, teams.c.role_id.is_not(None))
"""A server's teams whose members are those who have a role."""
STAY = sa.select(team_members.c.team_id, team_members.c.also_id).where(
    team_members.c.guild_id == _GUILD, team_members.c.member_id == _MEMBER, _LASTS
)
"""The team in which a member is."""
_HERE = (
    team_members.c.guild_id == sa.bindparam("key_guild_id"),
    team_members.c.member_id == sa.bindparam("key_member_id"),
    _LASTS,
)
_SET_SECOND = (
    team_members.update()
    .where(*_HERE, team_members.c.team_id == sa.bindparam("key_team_id"))
    .values(also_id=sa.bindparam("second_id"))
)
_END_STAY = team_members.update().where(*_HERE).values(left_at=sa.bindparam("at"))
_BEGIN_STAY = team_members.insert()
_STAYS = (
    sa.select(*_STAY).where(team_members.c.guild_id == _GUILD).order_by(team_members.c.joined_at, team_members.c.id)
)
_STAYS_OF_MEMBER = _STAYS.where(team_members.c.member_id == _MEMBER)
_STAYS_AT = _STAYS.where(covers(_AT))
_NAMES_OF_MEMBERS = (
    sa.select(team_members.c.member_id, teams.c.name)
    .join(teams, teams.c.id == team_members.c.team_id)
    .where(team_members.c.guild_id == _GUILD, team_members.c.member_id.in_(_IDS), _LASTS)
)


def add(conn: Connection, guild_id: int, name: str, role_id: int | None, at: datetime) -> Team:
    """Stores a team and returns it; raises IntegrityError when its name or role is taken."""
    values = {"guild_id": guild_id, "name": name, "folded": folded(name), "role_id": role_id, "made_at": at}
    team_id = conn.execute(_ADD, values).one().id
    return Team(team_id, guild_id, name, role_id, at, None)


def rename(conn: Connection, team_id: int, name: str) -> None:
    """Changes a name; raises IntegrityError when it is taken."""
    conn.execute(_RENAME, {"key_id": team_id, "new_name": name, "new_folded": folded(name)})


def end(conn: Connection, team_id: int, at: datetime) -> None:
    """Ends a team and everybody's stay in it; boards of finished periods still name it."""
    conn.execute(_END, {"key_id": team_id, "at": at})
    conn.execute(_END_STAYS, {"key_id": team_id, "at": at})
    conn.execute(_END_SECOND, {"key_id": team_id})


def of_server(conn: Connection, guild_id: int) -> list[Team]:
    """A server's teams of now, oldest first."""
    return many(conn, Team, _OF_SERVER, guild_id=guild_id)


def ever(conn: Connection, guild_id: int) -> list[Team]:
    """All teams that a server ever had, oldest first."""
    return many(conn, Team, _EVER, guild_id=guild_id)


def named(conn: Connection, guild_id: int, name: str) -> Team | None:
    """The team of this name, capitals or not."""
    return one(conn, Team, _NAMED, guild_id=guild_id, folded=folded(name))


def of_role(conn: Connection, guild_id: int, role_id: int) -> Team | None:
    """The team whose members have this role."""
    return one(conn, Team, _OF_ROLE, guild_id=guild_id, role_id=role_id)


def with_stay(conn: Connection, guild_id: int, member_id: int) -> tuple[list[Team], Membership | None]:
    """A server's teams, oldest first, and the member's present stay in one of them, in one query."""
    rows = conn.execute(_WITH_STAY, {"guild_id": guild_id, "member_id": member_id}).all()
    stay = next((row for row in rows if row.stay_team_id is not None), None)
    return [load(Team, row) for row in rows], None if stay is None else load(Membership, stay, "stay_")


def move(conn: Connection, guild_id: int, member_id: int, to: Placement, at: datetime) -> None:
    """Ends a member's present stay and begins the next one at the same instant."""
    here = {"key_guild_id": guild_id, "key_member_id": member_id}
    same = here | {"key_team_id": to.team_id, "second_id": to.also_id}
    if to.team_id is not None and conn.execute(_SET_SECOND, same).rowcount:
        return
    conn.execute(_END_STAY, here | {"at": at})
    if to.team_id is not None:
        stay = {"guild_id": guild_id, "team_id": to.team_id, "member_id": member_id}
        conn.execute(_BEGIN_STAY, stay | {"joined_at": at, "also_id": to.also_id})


def of_member(conn: Connection, guild_id: int, member_id: int) -> list[Membership]:
    """All of a member's stays, oldest first."""
    return many(conn, Membership, _STAYS_OF_MEMBER, guild_id=guild_id, member_id=member_id)


def stays(conn: Connection, guild_id: int) -> list[Membership]:
    """All stays in a server's teams that there ever were, oldest first."""
    return many(conn, Membership, _STAYS, guild_id=guild_id)


def stays_at(conn: Connection, guild_id: int, at: datetime) -> list[Membership]:
    """Who was in which of a server's teams at an instant, those who joined first in front."""
    return many(conn, Membership, _STAYS_AT, guild_id=guild_id, at=at)


def names_of_members(conn: Connection, guild_id: int, member_ids: Sequence[int]) -> dict[int, str]:
    """The names of the teams in which these members are."""
    found = conn.execute(_NAMES_OF_MEMBERS, {"guild_id": guild_id, "ids": member_ids})
    return {row.member_id: row.name for row in found}
