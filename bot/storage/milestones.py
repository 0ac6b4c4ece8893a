"""Queries on milestones, the roles that servers give for them, and who was given which."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.domain.drills import DrillState, Mode, Reveal
from bot.storage.schema import drills, milestone_roles, milestones, role_grants

GIVEN, GIVING, TAKING = "given", "giving", "taking"
_OWED = role_grants.c.state != sa.literal_column("'given'")  # as the index says it, so that it serves


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone that a member reached with a drill."""

    guild_id: int
    track_id: int
    member_id: int
    days: int
    drill_id: int
    reached_at: datetime
    told: bool


def of_member(conn: Connection, track_id: int, member_id: int) -> list[int]:
    """The milestones that a member has reached in a track, smallest first."""
    query = (
        sa.select(milestones.c.days)
        .where(milestones.c.track_id == track_id, milestones.c.member_id == member_id)
        .order_by(milestones.c.days)
    )
    return list(conn.execute(query).scalars())


def reached_with(conn: Connection, drill_id: int, member_id: int) -> list[int]:
    """The milestones that a member reached with a drill."""
    query = (
        sa.select(milestones.c.days)
        .where(milestones.c.drill_id == drill_id, milestones.c.member_id == member_id)
        .order_by(milestones.c.days)
    )
    return list(conn.execute(query).scalars())


def add(conn: Connection, reached: Milestone) -> None:
    """Stores a milestone; reached before, it stays as it was."""
    values = {name: getattr(reached, name) for name in Milestone.__slots__}
    conn.execute(insert(milestones).values(**values).on_conflict_do_nothing())


def untold(conn: Connection, limit: int) -> list[Milestone]:
    """Milestones that are to be told where everyone reads it; those of hidden answers wait for the reveal."""
    has_place = sa.or_(
        drills.c.thread_id.is_not(None),
        sa.and_(drills.c.mode == Mode.OPEN, drills.c.thread_note.is_not(None)),
        drills.c.reveal == Reveal.DONE,
    )
    query = (
        sa.select(milestones)
        .join(drills, drills.c.id == milestones.c.drill_id)
        .where(milestones.c.told.is_(False), drills.c.state != DrillState.VOID, has_place)
        .order_by(milestones.c.drill_id, milestones.c.member_id)
        .limit(limit)
    )
    return [Milestone(**row) for row in conn.execute(query).mappings()]


def tell(conn: Connection, reached: Milestone) -> None:
    """Notes that a milestone was told."""
    conn.execute(
        milestones.update()
        .where(
            milestones.c.track_id == reached.track_id,
            milestones.c.member_id == reached.member_id,
            milestones.c.days == reached.days,
        )
        .values(told=True)
    )


def roles(conn: Connection, guild_id: int) -> dict[int, Any]:
    """A server's milestone roles: rows with `role_id` and `problem`, by milestone."""
    query = (
        sa.select(milestone_roles).where(milestone_roles.c.guild_id == guild_id).order_by(milestone_roles.c.days)
    )
    return {row.days: row for row in conn.execute(query)}


def set_role(conn: Connection, guild_id: int, days: int, role_id: int | None) -> None:
    """Sets the role of a milestone; None takes the setting away."""
    where = (milestone_roles.c.guild_id == guild_id, milestone_roles.c.days == days)
    conn.execute(milestone_roles.delete().where(*where))
    if role_id is not None:
        values = {"guild_id": guild_id, "days": days, "role_id": role_id}
        conn.execute(milestone_roles.insert().values(**values))


def set_problem(conn: Connection, guild_id: int, role_id: int, problem: str | None) -> None:
    """Keeps why a role cannot be given now."""
    conn.execute(
        milestone_roles.update()
        .where(milestone_roles.c.guild_id == guild_id, milestone_roles.c.role_id == role_id)
        .values(problem=problem)
    )


def owe(conn: Connection, guild_id: int, days: int, role_id: int) -> None:
    """Owes a milestone's role to everyone in the server who has reached it and does not have it from us."""
    reached = (
        sa.select(
            milestones.c.guild_id,
            milestones.c.days,
            milestones.c.member_id,
            sa.literal(role_id),
            sa.literal(GIVING),
        )
        .where(milestones.c.guild_id == guild_id, milestones.c.days == days)
        .distinct()
    )
    row = insert(role_grants).from_select(["guild_id", "days", "member_id", "role_id", "state"], reached)
    conn.execute(
        row.on_conflict_do_update(
            index_elements=["guild_id", "days", "member_id", "role_id"],
            set_={"state": GIVING, "retry_at": None},
            where=role_grants.c.state == TAKING,
        )
    )


def owe_to(conn: Connection, reached: Milestone, role_id: int) -> None:
    """Owes a milestone's role to one member; had before, it stays."""
    values = {"guild_id": reached.guild_id, "days": reached.days, "member_id": reached.member_id}
    row = insert(role_grants).values(**values, role_id=role_id, state=GIVING)
    conn.execute(row.on_conflict_do_nothing())


def lost(conn: Connection, guild_id: int, member_id: int, joined_at: datetime) -> list[Any]:
    """(days, role) of a member who came to the server after reaching a milestone: nothing is owed of these now."""
    same = sa.and_(
        role_grants.c.guild_id == milestone_roles.c.guild_id,
        role_grants.c.days == milestone_roles.c.days,
        role_grants.c.role_id == milestone_roles.c.role_id,
        role_grants.c.member_id == member_id,
    )
    reached = sa.exists().where(
        milestones.c.guild_id == milestone_roles.c.guild_id,
        milestones.c.days == milestone_roles.c.days,
        milestones.c.member_id == member_id,
        milestones.c.reached_at < joined_at,
    )
    query = (
        sa.select(milestone_roles.c.days, milestone_roles.c.role_id)
        .outerjoin(role_grants, same)
        .where(
            milestone_roles.c.guild_id == guild_id,
            sa.or_(role_grants.c.state.is_(None), role_grants.c.state == GIVEN),
            reached,
        )
    )
    return list(conn.execute(query).all())


def owe_again(conn: Connection, guild_id: int, member_id: int, days: int, role_id: int) -> None:
    """Owes a role to a member who lost it, or never had it; what is owed already stays as it is."""
    values = {"guild_id": guild_id, "days": days, "member_id": member_id, "role_id": role_id}
    row = insert(role_grants).values(**values, state=GIVING)
    conn.execute(
        row.on_conflict_do_update(
            index_elements=["guild_id", "days", "member_id", "role_id"],
            set_={"state": GIVING, "retry_at": None},
            where=role_grants.c.state == GIVEN,
        )
    )


def owe_back(conn: Connection, guild_id: int, days: int, role_id: int) -> None:
    """Owes that a milestone's role is taken back from those who have it; who does not have it yet gets none."""
    where = (role_grants.c.guild_id == guild_id, role_grants.c.days == days, role_grants.c.role_id == role_id)
    conn.execute(role_grants.delete().where(*where, role_grants.c.state == GIVING))
    conn.execute(role_grants.update().where(*where).values(state=TAKING, retry_at=None))


def _tried(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(role_grants.c.retry_at.is_(None), role_grants.c.retry_at <= now)


def owing(conn: Connection, now: datetime) -> list[tuple[int, int]]:
    """(server, role) of which something is owed now."""
    query = sa.select(role_grants.c.guild_id, role_grants.c.role_id).where(_OWED, _tried(now)).distinct()
    return [(row.guild_id, row.role_id) for row in conn.execute(query)]


def owed(conn: Connection, guild_id: int, role_id: int, state: str, now: datetime, limit: int) -> list[Any]:
    """Grants of a role that are in this state and may be tried now."""
    query = (
        sa.select(role_grants)
        .where(
            _OWED,
            role_grants.c.state == state,
            role_grants.c.guild_id == guild_id,
            role_grants.c.role_id == role_id,
            _tried(now),
        )
        .order_by(role_grants.c.member_id)
        .limit(limit)
    )
    return list(conn.execute(query).all())


def _grant(row: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        role_grants.c.guild_id == row.guild_id,
        role_grants.c.days == row.days,
        role_grants.c.member_id == row.member_id,
        role_grants.c.role_id == row.role_id,
        role_grants.c.state == row.state,
    )


def held_otherwise(conn: Connection, grant: Any) -> bool:
    """Whether a member has the role of a grant for another milestone as well."""
    query = sa.select(role_grants.c.days).where(
        role_grants.c.guild_id == grant.guild_id,
        role_grants.c.member_id == grant.member_id,
        role_grants.c.role_id == grant.role_id,
        role_grants.c.days != grant.days,
        role_grants.c.state != TAKING,
    )
    return conn.execute(query).first() is not None


def settle(conn: Connection, grant: Any) -> None:
    """Notes that a grant was given, or taken back; one that was called off meanwhile is taken back."""
    if grant.state != GIVING:
        drop(conn, grant)
        return
    done = conn.execute(role_grants.update().where(*_grant(grant)).values(state=GIVEN))
    if done.rowcount == 0:
        row = insert(role_grants).values(**{**grant._mapping, "state": TAKING})
        conn.execute(row.on_conflict_do_nothing())


def drop(conn: Connection, grant: Any) -> None:
    """Forgets a grant: it was taken back, or its member is gone."""
    conn.execute(role_grants.delete().where(*_grant(grant)))


def drop_taking(conn: Connection, guild_id: int, role_id: int) -> None:
    """Forgets all grants of a role that are to be taken back."""
    where = (role_grants.c.guild_id == guild_id, role_grants.c.role_id == role_id, role_grants.c.state == TAKING)
    conn.execute(role_grants.delete().where(_OWED, *where))


def put_off(conn: Connection, guild_id: int, role_id: int, until: datetime) -> None:
    """Lets everything owed of a role wait."""
    conn.execute(
        role_grants.update()
        .where(_OWED, role_grants.c.guild_id == guild_id, role_grants.c.role_id == role_id)
        .values(retry_at=until)
    )


def to_take_back(conn: Connection, guild_id: int) -> dict[int, int]:
    """How many members still have a role that is to be taken back, by role."""
    query = (
        sa.select(role_grants.c.role_id, sa.func.count().label("members"))
        .where(_OWED, role_grants.c.guild_id == guild_id, role_grants.c.state == TAKING)
        .group_by(role_grants.c.role_id)
    )
    return {row.role_id: row.members for row in conn.execute(query)}
