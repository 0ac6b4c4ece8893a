"""Queries on milestones, the roles that servers give for them, and who was given which."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import DrillState, Mode, Reveal
from bot.domain.errors import Problem
from bot.storage.dialects import insert
from bot.storage.rows import columns, many
from bot.storage.schema import ID, drills, milestone_roles, milestones, role_grants
from bot.storage.shards import is_ours

GIVEN, GIVING, TAKING = "given", "giving", "taking"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone that a member reached with a drill; `told` where everyone reads it."""

    guild_id: int
    track_id: int
    member_id: int
    days: int
    drill_id: int
    reached_at: datetime
    told: bool


@dataclass(frozen=True, slots=True)
class MilestoneRole:
    """The role that a server gives for a milestone, and why it cannot be given now, as far as it was tried."""

    days: int
    role_id: int
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A milestone's role that is to be given to a member, or to be taken back.

    Attributes:
        state: `GIVING` or `TAKING`.
        held_otherwise: the member has the role for another milestone as well.
    """

    guild_id: int
    days: int
    member_id: int
    role_id: int
    state: str
    held_otherwise: bool

    @property
    def giving(self) -> bool:
        """Whether it is to be given, not taken back."""
        return self.state == GIVING


@dataclass(frozen=True, slots=True)
class LostRole:
    """A milestone's role of which nothing is pending for a member who came to the server after reaching it."""

    days: int
    role_id: int


_GUILD = sa.bindparam("guild_id", type_=sa.BigInteger)
_TRACK = sa.bindparam("track_id", type_=ID)
_MEMBER = sa.bindparam("member_id", type_=sa.BigInteger)
_ROLE = sa.bindparam("role_id", type_=sa.BigInteger)
_DAYS = sa.bindparam("days", type_=sa.Integer)
_KEY_GUILD = sa.bindparam("key_guild_id", type_=sa.BigInteger)
_KEY_ROLE = sa.bindparam("key_role_id", type_=sa.BigInteger)
_KEY_MEMBER = sa.bindparam("key_member_id", type_=sa.BigInteger)
_KEY_DAYS = sa.bindparam("key_days", type_=sa.Integer)
_NOW = sa.bindparam("now", type_=role_grants.c.retry_at.type)

_OF_MEMBER = (
    sa.select(milestones.c.days)
    .where(milestones.c.track_id == _TRACK, milestones.c.member_id == _MEMBER)
    .order_by(milestones.c.days)
)
_REACHED_WITH = (
    sa.select(milestones.c.days)
    .where(milestones.c.drill_id == sa.bindparam("drill_id"), milestones.c.member_id == _MEMBER)
    .order_by(milestones.c.days)
)
_ADD = insert(milestones).on_conflict_do_nothing()
_HAS_PLACE = sa.or_(
    drills.c.thread_id.is_not(None),
    sa.and_(drills.c.mode == Mode.OPEN, drills.c.thread_note.is_not(None)),
    drills.c.reveal == Reveal.DONE,
)
_UNANNOUNCED = (
    sa.select(milestones)
    .join(drills, drills.c.id == milestones.c.drill_id)
    .where(
        milestones.c.told.is_(False),
        drills.c.state != DrillState.VOID,
        _HAS_PLACE,
        is_ours(milestones.c.guild_id),
    )
)
_FIRST_UNANNOUNCED = _UNANNOUNCED.order_by(milestones.c.drill_id, milestones.c.member_id).limit(
    sa.bindparam("most")
)
_MARK_ANNOUNCED = (
    milestones.update()
    .where(
        milestones.c.track_id == sa.bindparam("key_track_id"),
        milestones.c.member_id == _KEY_MEMBER,
        milestones.c.days == _KEY_DAYS,
    )
    .values(told=True)
)

_ROLES = sa.select(milestone_roles).where(milestone_roles.c.guild_id == _GUILD).order_by(milestone_roles.c.days)
_NEW_ROLE = insert(milestone_roles)
_SET_ROLE = _NEW_ROLE.on_conflict_do_update(
    index_elements=["guild_id", "days"], set_={"role_id": _NEW_ROLE.excluded.role_id, "problem": None}
)
_REMOVE_ROLE = milestone_roles.delete().where(
    milestone_roles.c.guild_id == _KEY_GUILD, milestone_roles.c.days == _KEY_DAYS
)
_SET_PROBLEM = (
    milestone_roles.update()
    .where(milestone_roles.c.guild_id == _KEY_GUILD, milestone_roles.c.role_id == _KEY_ROLE)
    .values(problem=sa.bindparam("new_problem"))
)

PENDING = role_grants.c.state != sa.literal_column("'given'")  # as the index says it, so that it serves
_OF_ROLE = (role_grants.c.guild_id == _KEY_GUILD, role_grants.c.role_id == _KEY_ROLE)
_GRANT = (*_OF_ROLE, role_grants.c.days == _KEY_DAYS, role_grants.c.member_id == _KEY_MEMBER)
_STATE = role_grants.c.state == sa.bindparam("key_state", type_=sa.String)
_GRANT_KEY = ["guild_id", "days", "member_id", "role_id"]
_NEW_GRANT = insert(role_grants)
_OWE_TO_ALL = (
    insert(role_grants)
    .from_select(
        [*_GRANT_KEY, "state"],
        sa.select(milestones.c.guild_id, milestones.c.days, milestones.c.member_id, _ROLE, sa.literal(GIVING))
        .where(milestones.c.guild_id == _GUILD, milestones.c.days == _DAYS)
        .distinct(),
    )
    .on_conflict_do_update(
        index_elements=_GRANT_KEY, set_={"state": GIVING, "retry_at": None}, where=role_grants.c.state == TAKING
    )
)
_OWE_TO = _NEW_GRANT.on_conflict_do_nothing()
_OWE_AGAIN = _NEW_GRANT.on_conflict_do_update(
    index_elements=_GRANT_KEY, set_={"state": GIVING, "retry_at": None}, where=role_grants.c.state == GIVEN
)
_CALL_OFF = role_grants.delete().where(*_OF_ROLE, role_grants.c.days == _KEY_DAYS, role_grants.c.state == GIVING)
_OWE_BACK = (
    role_grants.update().where(*_OF_ROLE, role_grants.c.days == _KEY_DAYS).values(state=TAKING, retry_at=None)
)
_MAY_BE_TRIED = sa.or_(role_grants.c.retry_at.is_(None), role_grants.c.retry_at <= _NOW)
_OWED_HERE = (PENDING, _MAY_BE_TRIED, is_ours(role_grants.c.guild_id))
_PENDING_ROLES = sa.select(role_grants.c.guild_id, role_grants.c.role_id).where(*_OWED_HERE).distinct()
ANY_DUE = sa.or_(_UNANNOUNCED.exists(), sa.exists().where(*_OWED_HERE))
"""Whether a milestone is to be told, or a role to be given or taken back at `now`."""
_OTHER = role_grants.alias("other")
_HELD_OTHERWISE = sa.exists().where(
    _OTHER.c.guild_id == role_grants.c.guild_id,
    _OTHER.c.member_id == role_grants.c.member_id,
    _OTHER.c.role_id == role_grants.c.role_id,
    _OTHER.c.days != role_grants.c.days,
    _OTHER.c.state != TAKING,
)
_PENDING_OF_ROLE = (
    sa.select(role_grants, _HELD_OTHERWISE.label("held_otherwise"))
    .where(PENDING, _STATE, *_OF_ROLE, _MAY_BE_TRIED)
    .order_by(role_grants.c.member_id)
    .limit(sa.bindparam("most"))
)
_SAME = sa.and_(
    role_grants.c.guild_id == milestone_roles.c.guild_id,
    role_grants.c.days == milestone_roles.c.days,
    role_grants.c.role_id == milestone_roles.c.role_id,
    role_grants.c.member_id == _MEMBER,
)
_REACHED_BEFORE = sa.exists().where(
    milestones.c.guild_id == milestone_roles.c.guild_id,
    milestones.c.days == milestone_roles.c.days,
    milestones.c.member_id == _MEMBER,
    milestones.c.reached_at < sa.bindparam("joined_at"),
)
# Roles of milestones that a member reached before they came to the server, the last time if they had left it.
LOST_ROLES = (
    sa.select(milestone_roles.c.days, milestone_roles.c.role_id)
    .outerjoin(role_grants, _SAME)
    .where(
        milestone_roles.c.guild_id == _GUILD,
        sa.or_(role_grants.c.state.is_(None), role_grants.c.state == GIVEN),
        _REACHED_BEFORE,
    )
)
_MARK_GIVEN = role_grants.update().where(*_GRANT, _STATE).values(state=GIVEN)
_FORGET = role_grants.delete().where(*_GRANT, _STATE)
_FORGET_TAKING = role_grants.delete().where(PENDING, *_OF_ROLE, role_grants.c.state == TAKING)
_PUT_OFF = role_grants.update().where(PENDING, *_OF_ROLE).values(retry_at=sa.bindparam("until"))
_TO_TAKE_BACK = (
    sa.select(role_grants.c.role_id, sa.func.count().label("members"))
    .where(PENDING, role_grants.c.guild_id == _GUILD, role_grants.c.state == TAKING)
    .group_by(role_grants.c.role_id)
)


def of_member(conn: Connection, track_id: int, member_id: int) -> list[int]:
    """The milestones that a member has reached in a track, smallest first."""
    return list(conn.execute(_OF_MEMBER, {"track_id": track_id, "member_id": member_id}).scalars())


def reached_with(conn: Connection, drill_id: int, member_id: int) -> list[int]:
    """The milestones that a member reached with a drill."""
    return list(conn.execute(_REACHED_WITH, {"drill_id": drill_id, "member_id": member_id}).scalars())


def add(conn: Connection, reached: Milestone) -> None:
    """Stores a milestone; reached before, it stays as it was."""
    conn.execute(_ADD, columns(reached))


def unannounced(conn: Connection, limit: int) -> list[Milestone]:
    """Milestones that are to be told where everyone reads it; those of hidden answers wait for the reveal."""
    return many(conn, Milestone, _FIRST_UNANNOUNCED, most=limit)


def mark_announced(conn: Connection, reached: Milestone) -> None:
    """Records that a milestone was told."""
    key = {"key_track_id": reached.track_id, "key_member_id": reached.member_id, "key_days": reached.days}
    conn.execute(_MARK_ANNOUNCED, key)


def roles(conn: Connection, guild_id: int) -> dict[int, MilestoneRole]:
    """A server's milestone roles by milestone, smallest first."""
    return {role.days: role for role in many(conn, MilestoneRole, _ROLES, guild_id=guild_id)}


def set_role(conn: Connection, guild_id: int, days: int, role_id: int) -> None:
    """Sets the role of a milestone; what kept the one before from being given is forgotten."""
    conn.execute(_SET_ROLE, {"guild_id": guild_id, "days": days, "role_id": role_id})


def remove_role(conn: Connection, guild_id: int, days: int) -> None:
    """Lets a milestone give no role."""
    conn.execute(_REMOVE_ROLE, {"key_guild_id": guild_id, "key_days": days})


def set_problem(conn: Connection, guild_id: int, role_id: int, problem: Problem | None) -> None:
    """Stores why a role cannot be given now; None says that it can."""
    conn.execute(_SET_PROBLEM, {"key_guild_id": guild_id, "key_role_id": role_id, "new_problem": problem})


def owe_to_all(conn: Connection, guild_id: int, days: int, role_id: int) -> None:
    """Owes a milestone's role to everyone in the server who has reached it and does not have it from us."""
    conn.execute(_OWE_TO_ALL, {"guild_id": guild_id, "days": days, "role_id": role_id})


def _giving(guild_id: int, days: int, member_id: int, role_id: int) -> dict[str, object]:
    return {"guild_id": guild_id, "days": days, "member_id": member_id, "role_id": role_id, "state": GIVING}


def owe_to(conn: Connection, reached: Milestone, role_id: int) -> None:
    """Owes a milestone's role to one member; had before, it stays."""
    conn.execute(_OWE_TO, _giving(reached.guild_id, reached.days, reached.member_id, role_id))


def owe_again(conn: Connection, guild_id: int, member_id: int, days: int, role_id: int) -> None:
    """Owes a role to a member who lost it, or never had it; what is pending already stays as it is."""
    conn.execute(_OWE_AGAIN, _giving(guild_id, days, member_id, role_id))


def owe_back(conn: Connection, guild_id: int, days: int, role_id: int) -> None:
    """Owes that a milestone's role is taken back from those who have it; who does not have it yet gets none."""
    key = {"key_guild_id": guild_id, "key_days": days, "key_role_id": role_id}
    conn.execute(_CALL_OFF, key)
    conn.execute(_OWE_BACK, key)


def pending_roles(conn: Connection, now: datetime) -> list[tuple[int, int]]:
    """(server, role) of which something is to be given or taken back now."""
    return [(row.guild_id, row.role_id) for row in conn.execute(_PENDING_ROLES, {"now": now})]


def pending(
    conn: Connection, guild_id: int, role_id: int, now: datetime, limit: int, *, giving: bool
) -> list[RoleGrant]:
    """Grants of a role that may be tried now: those to give, or those to take back."""
    state = GIVING if giving else TAKING
    values = {"key_guild_id": guild_id, "key_role_id": role_id, "key_state": state, "now": now, "most": limit}
    return many(conn, RoleGrant, _PENDING_OF_ROLE, **values)


def _key(grant: RoleGrant) -> dict[str, object]:
    return {
        "key_guild_id": grant.guild_id,
        "key_days": grant.days,
        "key_member_id": grant.member_id,
        "key_role_id": grant.role_id,
        "key_state": grant.state,
    }


def mark_granted(conn: Connection, grant: RoleGrant) -> None:
    """Records that a role was given, or taken back; one that was called off meanwhile is to be taken back."""
    if not grant.giving:
        forget(conn, grant)
    elif conn.execute(_MARK_GIVEN, _key(grant)).rowcount == 0:
        called_off = _giving(grant.guild_id, grant.days, grant.member_id, grant.role_id) | {"state": TAKING}
        conn.execute(_OWE_TO, called_off)


def forget(conn: Connection, grant: RoleGrant) -> None:
    """Forgets a grant: it was taken back, or its member is gone."""
    conn.execute(_FORGET, _key(grant))


def forget_taking(conn: Connection, guild_id: int, role_id: int) -> None:
    """Forgets all grants of a role that are to be taken back."""
    conn.execute(_FORGET_TAKING, {"key_guild_id": guild_id, "key_role_id": role_id})


def put_off(conn: Connection, guild_id: int, role_id: int, until: datetime) -> None:
    """Lets everything pending of a role wait."""
    conn.execute(_PUT_OFF, {"key_guild_id": guild_id, "key_role_id": role_id, "until": until})


def to_take_back(conn: Connection, guild_id: int) -> dict[int, int]:
    """How many members still have a role that is to be taken back, by role."""
    return {row.role_id: row.members for row in conn.execute(_TO_TAKE_BACK, {"guild_id": guild_id})}
