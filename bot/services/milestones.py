"""Milestones: noticed with the answer that reaches them, told once, rewarded with roles that a manager chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.domain.drills import LIFETIME, Drill
from bot.domain.errors import Problem
from bot.domain.seasons import CHAMPION
from bot.domain.streaks import MILESTONES, fold
from bot.services.use_cases import Service, reads, writes
from bot.storage import answers, drills, members, milestones, seasons, servers
from bot.storage.answers import PastDrill, outcomes_of
from bot.storage.milestones import LostRole, Milestone, RoleGrant

AT_ONCE = 20
REFUSED_PAUSE = timedelta(hours=1)
FAILED_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MilestoneNews:
    """A milestone to tell, with its drill and the member's name."""

    milestone: Milestone
    drill: Drill
    name: str


@dataclass(frozen=True, slots=True)
class MilestoneRoles:
    """A server's milestone roles.

    Attributes:
        chosen: the role of each milestone that has one.
        problems: why a role cannot be given now, as far as it was tried.
        leaving: how many members a role is still to be taken back from.
    """

    chosen: dict[int, int]
    problems: dict[int, Problem]
    leaving: dict[int, int]


def check(
    conn: Connection,
    drill_id: int,
    guild_id: int,
    track_id: int,
    member_id: int,
    now: datetime,
    rows: Sequence[PastDrill] | None = None,
) -> list[Milestone]:
    """Stores the milestones that a member's answers have reached just now, and owes their roles.

    One that was reached with a drill long over is not told any more, nor is one that was passed before this drill
    was answered or repaired: it was no milestone then.

    Args:
        drill_id: the drill that was answered or repaired just now.
        rows: the member's history in the track, where it has been read already.
    """
    known = milestones.of_member(conn, track_id, member_id)
    ahead = next((days for days in MILESTONES if days not in known), None)
    if ahead is None or (rows is None and answers.on_time_of_member(conn, track_id, member_id) < ahead):
        return []
    rows = answers.history(conn, track_id, member_id) if rows is None else rows
    reached = [(days, rows[at].drill_id) for days, at in fold(outcomes_of(rows)).reached if days not in known]
    if not reached:
        return []
    before = [row._replace(status=None, repaired=False) if row.drill_id == drill_id else row for row in rows]
    passed = {days for days, _ in fold(outcomes_of(before)).reached}
    roles = milestones.roles(conn, guild_id)
    found: list[Milestone] = []
    for days, with_drill in reached:
        told = days in passed or _is_over(conn, with_drill, now)
        found.append(Milestone(guild_id, track_id, member_id, days, with_drill, now, told))
        milestones.add(conn, found[-1])
        if days in roles:
            milestones.owe_to(conn, found[-1], roles[days].role_id)
    return found


def _is_over(conn: Connection, drill_id: int, now: datetime) -> bool:
    """Whether nobody looks at a drill's thread any more."""
    drill = drills.get(conn, drill_id)
    assert drill is not None
    return drill.ends is not None and now >= drill.ends + LIFETIME


def unannounced(conn: Connection) -> list[MilestoneNews]:
    """Milestones to tell in their drills' threads."""
    found: list[MilestoneNews] = []
    for milestone in milestones.unannounced(conn, AT_ONCE):
        drill = drills.get(conn, milestone.drill_id)
        assert drill is not None
        names = members.names(conn, milestone.guild_id, [milestone.member_id])
        found.append(MilestoneNews(milestone, drill, names.get(milestone.member_id, "")))
    return found


def roles_of(conn: Connection, guild_id: int) -> MilestoneRoles:
    """A server's milestone roles and how they stand."""
    roles = milestones.roles(conn, guild_id)
    return MilestoneRoles(
        {days: role.role_id for days, role in roles.items()},
        {role.role_id: role.problem for role in roles.values() if role.problem is not None},
        milestones.to_take_back(conn, guild_id),
    )


def choose(conn: Connection, guild_id: int, days: int, role_id: int | None) -> None:
    """Sets which role a milestone or a title gives; None gives none, and what it gave is taken back."""
    servers.ensure(conn, guild_id)
    before = milestones.roles(conn, guild_id)
    old = before[days].role_id if days in before else None
    if old is not None and old != role_id:
        milestones.owe_back(conn, guild_id, days, old)
    if role_id is not None:
        milestones.set_role(conn, guild_id, days, role_id)
        milestones.owe_to_all(conn, guild_id, days, role_id)
        for member_id in seasons.champions(conn, guild_id) if days == CHAMPION else ():
            milestones.owe_again(conn, guild_id, member_id, days, role_id)
    elif old is not None:
        milestones.remove_role(conn, guild_id, days)


def restore(conn: Connection, guild_id: int, member_id: int, lost: Sequence[LostRole]) -> None:
    """Owes a member roles that they lost by leaving the server."""
    for role in lost:
        milestones.owe_again(conn, guild_id, member_id, role.days, role.role_id)


def forget(conn: Connection, grants: Sequence[RoleGrant]) -> None:
    """Forgets grants that need no change any more."""
    for grant in grants:
        milestones.forget(conn, grant)


def refuse(conn: Connection, guild_id: int, role_id: int, problem: Problem, until: datetime) -> None:
    """Stores that Discord refused to change a role, and puts the next try off."""
    milestones.set_problem(conn, guild_id, role_id, problem)
    milestones.put_off(conn, guild_id, role_id, until)


class MilestoneService(Service):
    """What the worker tells and gives, and what a manager chooses."""

    unannounced = reads(unannounced)
    announced = writes(milestones.mark_announced)
    reached_with = reads(milestones.reached_with)
    roles = reads(roles_of)
    choose = writes(choose)
    pending_roles = reads(milestones.pending_roles)
    granted = writes(milestones.mark_granted)
    forget = writes(milestones.forget)
    taken_back = writes(milestones.forget_taking)
    set_problem = writes(milestones.set_problem)
    refused = writes(refuse)
    put_off = writes(milestones.put_off)

    async def pending(self, guild_id: int, role_id: int, now: datetime, *, giving: bool) -> list[RoleGrant]:
        """Grants to give or to take back now; a role that another milestone gives as well is not taken back."""
        work = partial(milestones.pending, giving=giving, limit=AT_ONCE)
        found = await self.read(work, guild_id, role_id, now)
        kept = [grant for grant in found if not grant.giving and grant.held_otherwise]
        if kept:
            await self.write(forget, grants=kept)
        return [grant for grant in found if grant not in kept]
