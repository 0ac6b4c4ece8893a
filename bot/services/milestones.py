"""Milestones: noticed with the answer that reaches them, told once, rewarded with roles that a manager chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.domain.drills import LIFETIME, Drill
from bot.domain.streaks import MILESTONES, fold
from bot.domain.text import NOBODY
from bot.services.members import SeenMember
from bot.storage import answers, drills, members, milestones, servers
from bot.storage.answers import PastDrill, outcomes_of
from bot.storage.database import Database
from bot.storage.milestones import Milestone

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
    problems: dict[int, str]
    leaving: dict[int, int]


def note(
    conn: Connection,
    guild_id: int,
    track_id: int,
    member_id: int,
    now: datetime,
    rows: Sequence[PastDrill] | None = None,
) -> list[Milestone]:
    """Stores the milestones that a member's answers have reached just now, and owes their roles.

    One that was reached with a drill long over is not told any more.

    Args:
        rows: the member's history in the track, where it has been read already.
    """
    known = milestones.of_member(conn, track_id, member_id)
    ahead = next((days for days in MILESTONES if days not in known), None)
    if ahead is None or (rows is None and answers.on_time_of_member(conn, track_id, member_id) < ahead):
        return []
    rows = answers.history(conn, track_id, member_id) if rows is None else rows
    found: list[Milestone] = []
    for days, position in fold(outcomes_of(rows)).reached:
        if days in known:
            continue
        drill = drills.get(conn, rows[position].drill_id)
        assert drill is not None
        over = drill.ends is not None and now >= drill.ends + LIFETIME
        reached = Milestone(guild_id, track_id, member_id, days, drill.id, now, told=over)
        milestones.add(conn, reached)
        found.append(reached)
        role = milestones.roles(conn, guild_id).get(days)
        if role is not None:
            milestones.owe_to(conn, reached, role.role_id)
    return found


class MilestoneService:
    """What the worker tells and gives, and what a manager chooses."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def untold(self) -> list[MilestoneNews]:
        """Milestones to tell in their drills' threads."""

        def work(conn: Connection) -> list[MilestoneNews]:
            found: list[MilestoneNews] = []
            for milestone in milestones.untold(conn, AT_ONCE):
                drill = drills.get(conn, milestone.drill_id)
                assert drill is not None
                names = members.names(conn, milestone.guild_id, [milestone.member_id])
                found.append(MilestoneNews(milestone, drill, names.get(milestone.member_id, NOBODY)))
            return found

        return await self._db.read(work)

    async def told(self, milestone: Milestone) -> None:
        """Records that a milestone was told."""
        await self._db.write(lambda conn: milestones.tell(conn, milestone))

    async def reached_with(self, drill_id: int, member_id: int) -> list[int]:
        """The milestones that a member reached with a drill."""
        return await self._db.read(lambda conn: milestones.reached_with(conn, drill_id, member_id))

    async def roles(self, guild_id: int) -> MilestoneRoles:
        """A server's milestone roles and how they stand."""

        def work(conn: Connection) -> MilestoneRoles:
            rows = milestones.roles(conn, guild_id)
            return MilestoneRoles(
                {days: row.role_id for days, row in rows.items()},
                {row.role_id: row.problem for row in rows.values() if row.problem is not None},
                milestones.to_take_back(conn, guild_id),
            )

        return await self._db.read(work)

    async def choose(self, guild_id: int, chosen: Mapping[int, int]) -> None:
        """Sets which role each milestone gives; one left out gives none, and what it gave is taken back."""

        def work(conn: Connection) -> None:
            servers.ensure(conn, guild_id)
            before = milestones.roles(conn, guild_id)
            for days in MILESTONES:
                old = before[days].role_id if days in before else None
                new = chosen.get(days)
                if old is not None and old != new:
                    milestones.owe_back(conn, guild_id, days, old)
                milestones.set_role(conn, guild_id, days, new)
                if new is not None:
                    milestones.owe(conn, guild_id, days, new)

        await self._db.write(work)

    async def owing(self, now: datetime) -> list[tuple[int, int]]:
        """(server, role) of which something is owed now."""
        return await self._db.read(lambda conn: milestones.owing(conn, now))

    async def owed(self, guild_id: int, role_id: int, state: str, now: datetime) -> list[Any]:
        """Grants to give or to take back now; a role that another milestone gives as well is not taken back."""

        def work(conn: Connection) -> list[Any]:
            rows = milestones.owed(conn, guild_id, role_id, state, now, AT_ONCE)
            kept: list[Any] = []
            for row in rows:
                if row.state == milestones.TAKING and milestones.held_otherwise(conn, row):
                    milestones.drop(conn, row)
                else:
                    kept.append(row)
            return kept

        return await self._db.write(work)

    async def came_by(self, seen: SeenMember, joined_at: datetime) -> None:
        """Owes the roles that a member lost by leaving the server; who never left keeps losing what managers take.

        Args:
            joined_at: when the member came to the server, the last time if they had left it.
        """
        missing = seen.existing - seen.roles
        lost = await self._db.read(lambda c: milestones.lost(c, seen.guild_id, seen.member_id, joined_at))
        lost = [row for row in lost if row.role_id in missing]

        def work(conn: Connection) -> None:
            for row in lost:
                milestones.owe_again(conn, seen.guild_id, seen.member_id, row.days, row.role_id)

        if lost:
            await self._db.write(work)

    async def settled(self, grant: Any) -> None:
        """Records that a role was given or taken back."""
        await self._db.write(lambda conn: milestones.settle(conn, grant))

    async def gone(self, grant: Any) -> None:
        """Forgets what is owed to a member who has left."""
        await self._db.write(lambda conn: milestones.drop(conn, grant))

    async def taken_back(self, guild_id: int, role_id: int) -> None:
        """Records that nobody has a role any more that was to be taken back."""
        await self._db.write(lambda conn: milestones.drop_taking(conn, guild_id, role_id))

    async def stand(self, guild_id: int, role_id: int, problem: str | None) -> None:
        """Records why a role cannot be given now; None says that it can."""
        await self._db.write(lambda conn: milestones.set_problem(conn, guild_id, role_id, problem))

    async def refused(self, guild_id: int, role_id: int, problem: str, until: datetime) -> None:
        """Records that Discord refused to change a role, and puts the next try off."""

        def work(conn: Connection) -> None:
            milestones.set_problem(conn, guild_id, role_id, problem)
            milestones.put_off(conn, guild_id, role_id, until)

        await self._db.write(work)

    async def put_off(self, guild_id: int, role_id: int, until: datetime) -> None:
        """Lets what is owed of a role wait."""
        await self._db.write(lambda conn: milestones.put_off(conn, guild_id, role_id, until))
