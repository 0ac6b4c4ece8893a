"""Queries on teams and on who was in them from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.teams import Placement, Team, folded
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


def _team(row: Any) -> Team:
    return Team(row.id, row.guild_id, row.name, row.role_id, row.made_at, row.deleted_at)


_STAY = (
    team_members.c.guild_id,
    team_members.c.team_id,
    team_members.c.member_id,
    team_members.c.joined_at,
    team_members.c.left_at,
    team_members.c.also_id,
)


def _covers(at: datetime) -> sa.ColumnElement[bool]:
    left = team_members.c.left_at
    return sa.and_(team_members.c.joined_at <= at, sa.or_(left.is_(None), left > at))


def _stays(conn: Connection, *where: sa.ColumnElement[bool]) -> list[Membership]:
    query = sa.select(*_STAY).where(*where).order_by(team_members.c.joined_at, team_members.c.id)
    return [Membership(*row) for row in conn.execute(query)]


def add(conn: Connection, guild_id: int, name: str, role_id: int | None, at: datetime) -> int:
    """Stores a team; raises IntegrityError when its name or role is taken."""
    values = {"guild_id": guild_id, "name": name, "folded": folded(name), "role_id": role_id, "made_at": at}
    return conn.execute(teams.insert().values(**values).returning(teams.c.id)).one().id


def rename(conn: Connection, team_id: int, name: str) -> None:
    """Changes a name; raises IntegrityError when it is taken."""
    conn.execute(teams.update().where(teams.c.id == team_id).values(name=name, folded=folded(name)))


def end(conn: Connection, team_id: int, at: datetime) -> None:
    """Ends a team and everybody's stay in it; boards of finished periods still name it."""
    conn.execute(teams.update().where(teams.c.id == team_id).values(deleted_at=at))
    here = (team_members.c.team_id == team_id, team_members.c.left_at.is_(None))
    conn.execute(team_members.update().where(*here).values(left_at=at))
    conn.execute(team_members.update().where(team_members.c.also_id == team_id).values(also_id=None))


def of_server(conn: Connection, guild_id: int) -> list[Team]:
    """A server's teams of now, oldest first."""
    query = sa.select(teams).where(teams.c.guild_id == guild_id, teams.c.deleted_at.is_(None)).order_by(teams.c.id)
    return [_team(row) for row in conn.execute(query)]


def standing_at(conn: Connection, guild_id: int, at: datetime) -> list[Team]:
    """The teams that a server had at an instant, oldest first."""
    query = (
        sa.select(teams)
        .where(
            teams.c.guild_id == guild_id,
            teams.c.made_at <= at,
            sa.or_(teams.c.deleted_at.is_(None), teams.c.deleted_at > at),
        )
        .order_by(teams.c.id)
    )
    return [_team(row) for row in conn.execute(query)]


def named(conn: Connection, guild_id: int, name: str) -> Team | None:
    """The team of this name, capitals or not."""
    query = sa.select(teams).where(
        teams.c.guild_id == guild_id, teams.c.folded == folded(name), teams.c.deleted_at.is_(None)
    )
    row = conn.execute(query).first()
    return None if row is None else _team(row)


def of_role(conn: Connection, guild_id: int, role_id: int) -> Team | None:
    """The team whose members have this role."""
    query = sa.select(teams).where(
        teams.c.guild_id == guild_id, teams.c.role_id == role_id, teams.c.deleted_at.is_(None)
    )
    row = conn.execute(query).first()
    return None if row is None else _team(row)


def with_stay(conn: Connection, guild_id: int, member_id: int) -> tuple[list[Team], Membership | None]:
    """A server's teams, oldest first, and the member's present stay in one of them, in one query."""
    here = sa.and_(
        team_members.c.team_id == teams.c.id,
        team_members.c.member_id == member_id,
        team_members.c.left_at.is_(None),
    )
    query = (
        sa.select(teams, *(column.label(f"stay_{column.name}") for column in _STAY))
        .select_from(teams.outerjoin(team_members, here))
        .where(teams.c.guild_id == guild_id, teams.c.deleted_at.is_(None))
        .order_by(teams.c.id)
    )
    rows = conn.execute(query).all()
    stay = next((row for row in rows if row.stay_team_id is not None), None)
    return [_team(row) for row in rows], None if stay is None else Membership(*stay[-len(_STAY) :])


def move(conn: Connection, guild_id: int, member_id: int, to: Placement, at: datetime) -> None:
    """Ends a member's present stay and begins the next one at the same instant."""
    here = (
        team_members.c.guild_id == guild_id,
        team_members.c.member_id == member_id,
        team_members.c.left_at.is_(None),
    )
    same = team_members.update().where(*here, team_members.c.team_id == to.team_id).values(also_id=to.also_id)
    if to.team_id is not None and conn.execute(same).rowcount:
        return
    conn.execute(team_members.update().where(*here).values(left_at=at))
    if to.team_id is not None:
        conn.execute(
            team_members.insert().values(
                guild_id=guild_id, team_id=to.team_id, member_id=member_id, joined_at=at, also_id=to.also_id
            )
        )


def of_member(conn: Connection, guild_id: int, member_id: int) -> list[Membership]:
    """All of a member's stays, oldest first."""
    return _stays(conn, team_members.c.guild_id == guild_id, team_members.c.member_id == member_id)


def ever(conn: Connection, guild_id: int, team_ids: Sequence[int]) -> list[Membership]:
    """All stays in some teams, oldest first."""
    return _stays(conn, team_members.c.guild_id == guild_id, team_members.c.team_id.in_(team_ids))


def stays_at(conn: Connection, guild_id: int, at: datetime) -> list[Membership]:
    """Who was in which of a server's teams at an instant, those who joined first in front."""
    return _stays(conn, team_members.c.guild_id == guild_id, _covers(at))


def at(conn: Connection, guild_id: int, member_id: int, instant: datetime) -> int | None:
    """The team in which a member was at an instant."""
    query = sa.select(team_members.c.team_id).where(
        team_members.c.guild_id == guild_id, team_members.c.member_id == member_id, _covers(instant)
    )
    return conn.execute(query).scalar()


def names_of_members(conn: Connection, guild_id: int, member_ids: Sequence[int]) -> dict[int, str]:
    """The names of the teams in which these members are."""
    query = (
        sa.select(team_members.c.member_id, teams.c.name)
        .join(teams, teams.c.id == team_members.c.team_id)
        .where(
            team_members.c.guild_id == guild_id,
            team_members.c.member_id.in_(member_ids),
            team_members.c.left_at.is_(None),
        )
    )
    return {row.member_id: row.name for row in conn.execute(query)}
