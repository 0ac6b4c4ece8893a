"""Teams: their names, who is in which, their scores and their streaks."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.text import visible

NAME_LIMIT = 50
FEWEST_COUNTED = 3
ACTIVE_DRILLS = 10


@dataclass(frozen=True, slots=True)
class Team:
    """A team of a server. Without a role one joins it; with one its members are those who have the role."""

    id: int
    guild_id: int
    name: str
    role_id: int | None
    made_at: datetime
    deleted_at: datetime | None

    def existed(self, at: datetime) -> bool:
        """Whether there was this team at an instant."""
        return self.made_at <= at and (self.deleted_at is None or at < self.deleted_at)

    def by_role(self, existing: Collection[int]) -> bool:
        """Whether a role decides who is in it; a team whose role was deleted goes on as one to join."""
        return self.role_id is not None and self.role_id in existing


def parse_name(text: str) -> str:
    """A team's name as it is kept: visible, on one line, 1 to 50 characters; raises Refusal."""
    name = visible(text)
    if not any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in name):
        raise Refusal("teams.no_name")
    if len(name) > NAME_LIMIT:
        raise Refusal("teams.name_too_long", length=len(name))
    return name


def folded(name: str) -> str:
    """A name as it is compared: two teams of a server differ in more than capitals and what cannot be seen.

    A name copied from a page brings signs along that keep the direction of its line.
    """
    return unicodedata.normalize("NFKC", visible(name)).casefold()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a member belongs; `also_id` is a second team whose role the member has as well."""

    team_id: int | None
    also_id: int | None = None


def place(
    current: int | None, team_roles: Mapping[int, int | None], roles: Collection[int], existing: Collection[int]
) -> Placement:
    """Where a member with these roles belongs.

    Args:
        current: the team in which the member is, if any.
        team_roles: the roles of the server's teams, oldest team first: of two roles the older team's counts.
        roles: the member's roles.
        existing: all roles of the server.
    """
    by_role = {team_id: role_id for team_id, role_id in team_roles.items() if role_id in existing}
    held = [team_id for team_id, role_id in by_role.items() if role_id in roles]
    if held:
        return Placement(held[0], held[1] if len(held) > 1 else None)
    return Placement(None if current in by_role else current)


def counted_members(sizes: Sequence[int]) -> int:
    """How many of its best members make a team's score: the median size, rounded down, but at least 3."""
    if not sizes:
        return FEWEST_COUNTED
    ordered, middle = sorted(sizes), len(sizes) // 2
    median = ordered[middle] if len(sizes) % 2 else (ordered[middle - 1] + ordered[middle]) // 2
    return max(FEWEST_COUNTED, median)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one member earned for a team, and when the last of it."""

    member_id: int
    points: int
    reached_at: datetime


@dataclass(frozen=True, slots=True)
class TeamScore:
    """One row of the teams' board; the score is `total / counted`."""

    rank: int
    team_id: int
    total: int
    counted: int
    contributors: tuple[Contribution, ...]

    @property
    def score(self) -> float:
        """Points for each counted member; missing members count 0."""
        return self.total / self.counted


def scores(earned: Mapping[int, Sequence[Contribution]], counted: int) -> list[TeamScore]:
    """Teams by their score, best first; equal scores share a rank in the order in which they were reached."""
    best = {
        team_id: tuple(sorted((c for c in everybody if c.points > 0), key=_standing)[:counted])
        for team_id, everybody in earned.items()
    }
    totals = {team_id: sum(c.points for c in counting) for team_id, counting in best.items() if counting}
    reached = {team_id: max(c.reached_at for c in best[team_id]) for team_id in totals}
    rows: list[TeamScore] = []
    for team_id in sorted(totals, key=lambda team_id: (-totals[team_id], reached[team_id], team_id)):
        total = totals[team_id]
        rank = 1 + sum(other > total for other in totals.values())
        rows.append(TeamScore(rank, team_id, total, counted, best[team_id]))
    return rows


def _standing(contribution: Contribution) -> tuple[int, datetime, int]:
    return -contribution.points, contribution.reached_at, contribution.member_id


@dataclass(frozen=True, slots=True)
class TeamDrill:
    """One posted drill as a team met it.

    Attributes:
        members: who was in the team when it closed (now, while it is open).
        answered: who answered it, on time or late, in the team or not.
        on_time: who answered it on time.
        excused: who was away on its date or repaired it, in the team or not.
    """

    members: frozenset[int]
    answered: frozenset[int]
    on_time: frozenset[int]
    excused: frozenset[int]
    open: bool


@dataclass(frozen=True, slots=True)
class TeamRun:
    """A team's streak: its length, and how many of the newest drills lie since what ended the last one."""

    length: int
    span: int


def team_run(drills: Sequence[TeamDrill]) -> TeamRun:
    """The run of drills, oldest first, that at least half of the active members answered on time.

    Active is who answered that drill or one of the nine before. Those who are excused and did not answer on time
    are left out, as in their own streaks; a drill for which that leaves nobody changes nothing. A drill without
    active members ends the run; the open one can only add to it.
    """
    run = span = 0
    for at, drill in enumerate(drills):
        recent = drills[max(0, at - ACTIVE_DRILLS + 1) : at + 1]
        active = drill.members & frozenset[int]().union(*(before.answered for before in recent))
        on_time = active & drill.on_time
        asked = active - (drill.excused - on_time)
        span += 1
        if asked and 2 * len(on_time) >= len(asked):
            run += 1
        elif not drill.open and not (active and not asked):
            run = span = 0
    return TeamRun(run, span)
