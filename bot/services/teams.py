"""Use cases of teams: make, rename, end, join, leave; and follow the names and roles that come by."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.domain.teams import Placement, Team, folded, parse_name, place
from bot.services.use_cases import Service, reads, writes
from bot.storage import departures, ledger, members, servers, teams
from bot.storage.members import MemberNews
from bot.storage.teams import Membership


def _named(conn: Connection, guild_id: int, name: str) -> Team:
    team = teams.named(conn, guild_id, name)
    if team is not None:
        return team
    raise Refusal("teams.unknown" if teams.of_server(conn, guild_id) else "teams.none_yet")


def create(conn: Connection, actor: Actor, name: str, role_id: int | None) -> Team:
    """Makes a team of a parsed name; raises Refusal when its name or role is taken."""
    guild_id = actor.guild_id
    if teams.named(conn, guild_id, name) is not None:
        raise Refusal("teams.name_taken")
    if role_id is not None and teams.of_role(conn, guild_id, role_id) is not None:
        raise Refusal("teams.role_taken")
    servers.ensure(conn, guild_id)
    team = teams.add(conn, guild_id, name, role_id, actor.now)
    record(conn, actor)
    return team


def rename(conn: Connection, guild_id: int, name: str, new_name: str) -> tuple[str, Team]:
    """(old name, team) after a team got another, parsed name; raises Refusal without it or when that is taken."""
    team = _named(conn, guild_id, name)
    if folded(new_name) != folded(team.name) and teams.named(conn, guild_id, new_name) is not None:
        raise Refusal("teams.name_taken")
    teams.rename(conn, team.id, new_name)
    return team.name, _named(conn, guild_id, new_name)


def find(conn: Connection, guild_id: int, name: str, now: datetime) -> tuple[Team, int]:
    """A team by its name, and how many are in it; raises Refusal without it."""
    team = _named(conn, guild_id, name)
    return team, sum(stay.team_id == team.id for stay in teams.stays_at(conn, guild_id, now))


def end(conn: Connection, guild_id: int, team_id: int, now: datetime) -> Team:
    """Ends a team; what its members earned stays theirs. Raises Refusal when it has ended before."""
    team = _of_server(conn, guild_id, team_id)
    stays = teams.stays_at(conn, guild_id, now)
    teams.end(conn, team_id, now)
    for stay in stays:
        ledger.reassign(conn, guild_id, stay.member_id, now)
    return team


def join(conn: Connection, actor: Actor, name: str) -> tuple[Team, Team | None]:
    """(the team that the member is in now, the one they left); raises Refusal where a role decides."""
    return _join(conn, actor, _named(conn, actor.guild_id, name))


def join_listed(conn: Connection, actor: Actor, team_id: int) -> tuple[Team, Team | None]:
    """The same for a team of a list, which may be deleted since; raises Refusal then too."""
    return _join(conn, actor, _of_server(conn, actor.guild_id, team_id))


def _join(conn: Connection, actor: Actor, wanted: Team) -> tuple[Team, Team | None]:
    left = _followed(conn, actor)
    if left is not None and left.id == wanted.id:
        raise Refusal("teams.already_in")
    if wanted.by_role(actor.existing):
        raise Refusal("teams.by_role")
    _check_may_leave(left, actor)
    _move(conn, actor, Placement(wanted.id), max(actor.now, _newest_change(conn, actor)))
    return wanted, left


def leave(conn: Connection, actor: Actor) -> Team:
    """The team that the member left; raises Refusal without one, or where a role decides."""
    left = _followed(conn, actor)
    if left is None:
        raise Refusal("teams.in_none")
    _check_may_leave(left, actor)
    _move(conn, actor, Placement(None), max(actor.now, _newest_change(conn, actor)))
    return left


def _of_server(conn: Connection, guild_id: int, team_id: int) -> Team:
    team = next((team for team in teams.of_server(conn, guild_id) if team.id == team_id), None)
    if team is None:
        raise Refusal("teams.deleted")
    return team


def _check_may_leave(team: Team | None, actor: Actor) -> None:
    if team is not None and team.by_role(actor.existing):
        raise Refusal("teams.held_by_role")


def is_elsewhere(actor: Actor, news: MemberNews) -> bool:
    """Whether a member is not in the team to which their roles belong."""
    return news.here != place(news.here.team_id, news.team_roles, actor.roles, actor.existing)


def record(conn: Connection, actor: Actor) -> None:
    """Stores the name of a known member who came by, and moves them to where their roles belong."""
    members.record_known(conn, actor.guild_id, actor.member_id, actor.name, actor.now)
    _follow(conn, actor, *teams.with_stay(conn, actor.guild_id, actor.member_id))


def _followed(conn: Connection, actor: Actor) -> Team | None:
    """The team in which a member is once their roles were followed."""
    known, stay = teams.with_stay(conn, actor.guild_id, actor.member_id)
    if _follow(conn, actor, known, stay):
        known, stay = teams.with_stay(conn, actor.guild_id, actor.member_id)
    return next((team for team in known if stay is not None and team.id == stay.team_id), None)


def _follow(conn: Connection, actor: Actor, known: Sequence[Team], stay: Membership | None) -> bool:
    """Moves a member to where their roles belong; returns whether that was another place."""
    here = Placement(None) if stay is None else Placement(stay.team_id, stay.also_id)
    to = place(here.team_id, {team.id: team.role_id for team in known}, actor.roles, actor.existing)
    if to == here or _newest_change(conn, actor) > actor.now:
        return False
    made = next((team.made_at for team in known if team.id == to.team_id), actor.now)
    _move(conn, actor, to, max(actor.now, made))
    return True


def _newest_change(conn: Connection, actor: Actor) -> datetime:
    """When the member last came to a team, or left one or the server: what was seen before says nothing now."""
    stays = teams.of_member(conn, actor.guild_id, actor.member_id)
    left = departures.left_at(conn, actor.guild_id, actor.member_id)
    return max((*(stay.left_at or stay.joined_at for stay in stays), *([left] if left else ())), default=actor.now)


def _move(conn: Connection, actor: Actor, to: Placement, at: datetime) -> None:
    """Moves a member at an instant, and with them what they earned since."""
    members.record(conn, actor.guild_id, actor.member_id, actor.name, at)
    teams.move(conn, actor.guild_id, actor.member_id, to, at)
    ledger.reassign(conn, actor.guild_id, actor.member_id, at)


class TeamService(Service):
    """Keeps who is in which team from when to when."""

    find = reads(find)
    end = writes(end)
    join = writes(join)
    join_listed = writes(join_listed)
    leave = writes(leave)

    async def create(self, actor: Actor, name: str, role_id: int | None) -> Team:
        """Makes a team; raises Refusal for a name that is none, and when its name or role is taken."""
        clean = parse_name(name)
        return await self.write(create, actor, clean, role_id)

    async def rename(self, guild_id: int, name: str, new_name: str) -> tuple[str, Team]:
        """(old name, team) after a team got another name; raises Refusal when there is none or it is taken."""
        clean = parse_name(new_name)
        return await self.write(rename, guild_id, name, clean)

    async def names(self, guild_id: int) -> list[str]:
        """The names of a server's teams, oldest first."""
        return [team.name for team in await self.read(teams.of_server, guild_id=guild_id)]
