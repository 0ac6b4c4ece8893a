"""Use cases of teams: make, rename, end, join, leave; and follow the names and roles that come by."""

from datetime import datetime

from sqlalchemy import Connection

from bot.domain.errors import BadInput
from bot.domain.teams import Placement, Team, folded, parse_name, place
from bot.services.members import SeenMember
from bot.storage import departures, ledger, members, servers, teams
from bot.storage.database import Database
from bot.storage.teams import Membership

NONE_YET = "There is no team here yet. A manager can make one with `/team create`."
NAME_TAKEN = "There is a team of that name already. Choose another name; `/team list` shows the teams."


class TeamService:
    """Keeps who is in which team from when to when."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def _named(self, conn: Connection, guild_id: int, name: str) -> Team:
        team = teams.named(conn, guild_id, name)
        if team is not None:
            return team
        some = teams.of_server(conn, guild_id)
        raise BadInput("There is no team of that name here. `/team list` shows the teams." if some else NONE_YET)

    async def create(self, guild_id: int, name: str, role_id: int | None, now: datetime) -> Team:
        """Makes a team; raises BadInput when its name or role is taken."""
        clean = parse_name(name)

        def work(conn: Connection) -> Team:
            if teams.named(conn, guild_id, clean) is not None:
                raise BadInput(NAME_TAKEN)
            if role_id is not None and teams.of_role(conn, guild_id, role_id) is not None:
                raise BadInput("Another team has this role already. Choose another role; `/team list` shows which.")
            servers.touch(conn, guild_id)
            teams.add(conn, guild_id, clean, role_id, now)
            return self._named(conn, guild_id, clean)

        return await self._db.write(work)

    async def rename(self, guild_id: int, name: str, new_name: str) -> tuple[str, Team]:
        """(old name, team) after a team got another name; raises BadInput when there is none or it is taken."""
        clean = parse_name(new_name)

        def work(conn: Connection) -> tuple[str, Team]:
            team = self._named(conn, guild_id, name)
            if folded(clean) != folded(team.name) and teams.named(conn, guild_id, clean) is not None:
                raise BadInput(NAME_TAKEN)
            teams.rename(conn, team.id, clean)
            return team.name, self._named(conn, guild_id, clean)

        return await self._db.write(work)

    async def find(self, guild_id: int, name: str, now: datetime) -> tuple[Team, int]:
        """A team by its name, and how many are in it."""

        def work(conn: Connection) -> tuple[Team, int]:
            team = self._named(conn, guild_id, name)
            stays = teams.stays_at(conn, guild_id, now)
            return team, sum(stay.team_id == team.id for stay in stays)

        return await self._db.read(work)

    async def end(self, guild_id: int, team_id: int, now: datetime) -> Team:
        """Ends a team; what its members earned stays theirs."""

        def work(conn: Connection) -> Team:
            for team in teams.of_server(conn, guild_id):
                if team.id == team_id:
                    members = teams.stays_at(conn, guild_id, now)
                    teams.end(conn, team_id, now)
                    for stay in members:
                        ledger.moved(conn, guild_id, stay.member_id, now)
                    return team
            raise BadInput("This team was deleted already. `/team list` shows how things stand.")

        return await self._db.write(work)

    async def join(self, seen: SeenMember, name: str, now: datetime) -> tuple[Team, Team | None]:
        """(the team that the member is in now, the one they left); raises BadInput where a role decides."""

        def work(conn: Connection) -> tuple[Team, Team | None]:
            wanted = self._named(conn, seen.guild_id, name)
            self._follow(conn, seen, now)
            known, stay = teams.with_stay(conn, seen.guild_id, seen.member_id)
            left = next((team for team in known if stay is not None and team.id == stay.team_id), None)
            if left is not None and left.id == wanted.id:
                raise BadInput("You are in this team already.")
            if wanted.by_role(seen.existing):
                raise BadInput("This team takes its members by a role. Ask a manager for the role.")
            self._may_leave(left, seen)
            self._move(conn, seen, Placement(wanted.id), max(now, self._newest_change(conn, seen, now)))
            return wanted, left

        return await self._db.write(work)

    async def leave(self, seen: SeenMember, now: datetime) -> Team:
        """The team that the member left; raises BadInput without one, or where a role decides."""

        def work(conn: Connection) -> Team:
            self._follow(conn, seen, now)
            known, stay = teams.with_stay(conn, seen.guild_id, seen.member_id)
            left = next((team for team in known if stay is not None and team.id == stay.team_id), None)
            if left is None:
                raise BadInput("You are in no team. `/team list` shows the teams.")
            self._may_leave(left, seen)
            self._move(conn, seen, Placement(None), max(now, self._newest_change(conn, seen, now)))
            return left

        return await self._db.write(work)

    def _may_leave(self, team: Team | None, seen: SeenMember) -> None:
        if team is not None and team.by_role(seen.existing):
            raise BadInput("You are in your team because of a role. Ask a manager to take the role away first.")

    async def notice(self, seen: SeenMember, at: datetime) -> None:
        """Follows the name and the roles with which a member came by: a write only when one of them changed.

        It also writes when somebody comes back who had left the server.
        """

        def changed(conn: Connection) -> bool:
            if members.is_news(conn, seen.guild_id, seen.member_id, seen.name, at):
                return True
            known, stay = teams.with_stay(conn, seen.guild_id, seen.member_id)
            here = _placement(stay)
            return place(here.team_id, known, seen.roles, seen.existing) != here

        def follow(conn: Connection) -> None:
            members.renamed(conn, seen.guild_id, seen.member_id, seen.name, at)
            self._follow(conn, seen, at)

        if await self._db.read(changed):
            await self._db.write(follow)

    def _follow(self, conn: Connection, seen: SeenMember, at: datetime) -> None:
        known, stay = teams.with_stay(conn, seen.guild_id, seen.member_id)
        here = _placement(stay)
        to = place(here.team_id, known, seen.roles, seen.existing)
        if to == here or self._newest_change(conn, seen, at) > at:
            return
        made = next((team.made_at for team in known if team.id == to.team_id), at)
        self._move(conn, seen, to, max(at, made))

    def _newest_change(self, conn: Connection, seen: SeenMember, at: datetime) -> datetime:
        """When the member last came to a team, or left one or the server: what was seen before says nothing now."""
        stays = teams.of_member(conn, seen.guild_id, seen.member_id)
        gone = departures.gone_since(conn, seen.guild_id, seen.member_id)
        return max((*(stay.left_at or stay.joined_at for stay in stays), *([gone] if gone else ())), default=at)

    def _move(self, conn: Connection, seen: SeenMember, to: Placement, at: datetime) -> None:
        """Moves a member at an instant, and with them what they earned since."""
        members.saw(conn, seen.guild_id, seen.member_id, seen.name, at)
        teams.move(conn, seen.guild_id, seen.member_id, to, at)
        ledger.moved(conn, seen.guild_id, seen.member_id, at)

    async def names(self, guild_id: int) -> list[str]:
        """The names of a server's teams, oldest first."""
        return [team.name for team in await self._db.read(lambda conn: teams.of_server(conn, guild_id))]


def _placement(stay: Membership | None) -> Placement:
    return Placement(None) if stay is None else Placement(stay.team_id, stay.also_id)
