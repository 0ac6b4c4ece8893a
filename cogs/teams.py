"""`/team`: make, rename, delete, join, leave, list."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refusal
from bot.domain.servers import Thing
from bot.services.team_boards import TeamBoardService
from bot.services.teams import TeamService
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, an
from bot.ui.kit.members import actor
from bot.ui.kit.responses import edit, reply, say
from bot.ui.kit.router import FOR_MANAGERS, handles, require_manager
from bot.ui.teams import (
    created_text,
    delete_page,
    deleted_text,
    joined_text,
    left_text,
    renamed_text,
    team_list_page,
)


@app_commands.guild_only()
@dataclass(eq=False, repr=False)
class TeamsCog(commands.GroupCog, name="team", description="Teams: make, join, leave, list"):
    """Teams. What changes a team for others asks for Manage Server when it runs.

    Times are Discord's, of the interaction or message itself, so that what came first also counts first.
    """

    _teams: TeamService
    _team_boards: TeamBoardService

    @app_commands.command(description="Create a team (needs Manage Server)", extras=FOR_MANAGERS)
    @app_commands.describe(
        name="1 to 50 characters",
        role="Its members are those with this role; if left out, people join by themselves",
    )
    async def create(self, interaction: discord.Interaction, name: str, role: discord.Role | None = None) -> None:
        """Makes a team to join, or one whose members have a role."""
        require_manager(interaction)
        if role is not None and (role.is_default() or role.is_bot_managed()):
            raise Refusal("teams.role_unfit")
        team = await self._teams.create(actor(interaction), name, role.id if role else None)
        await say(interaction, created_text(team))

    @app_commands.command(description="Give a team another name (needs Manage Server)", extras=FOR_MANAGERS)
    @app_commands.describe(name="The team", new_name="1 to 50 characters")
    async def rename(self, interaction: discord.Interaction, name: str, new_name: str) -> None:
        """Members, points and streak stay with the team."""
        require_manager(interaction)
        guild_id, _ = options.where(interaction)
        old, team = await self._teams.rename(guild_id, name, new_name)
        await say(interaction, renamed_text(old, team))

    @app_commands.command(description="Delete a team (needs Manage Server)", extras=FOR_MANAGERS)
    @app_commands.describe(name="The team")
    async def delete(self, interaction: discord.Interaction, name: str) -> None:
        """Asks first, and says what stays."""
        require_manager(interaction)
        guild_id, _ = options.where(interaction)
        team, members = await self._teams.find(guild_id, name, interaction.created_at)
        await reply(interaction, delete_page(team, members))

    @handles("team", "delete", an(Thing.TEAM))
    async def delete_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The confirmation of `/team delete`."""
        require_manager(interaction)
        guild_id, _ = options.where(interaction)
        team = await self._teams.end(guild_id, int(words[0]), interaction.created_at)
        await say(interaction, deleted_text(team))

    @app_commands.command(description="Join a team")
    @app_commands.describe(name="The team")
    async def join(self, interaction: discord.Interaction, name: str) -> None:
        """Comes into a team, and leaves the one before."""
        team, left = await self._teams.join(actor(interaction), name)
        await say(interaction, joined_text(team, left))

    @handles("team", "join", an(Thing.TEAM))
    async def join_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button at a team's side in `/team list`."""
        team, left = await self._teams.join_listed(actor(interaction), int(words[0]))
        await say(interaction, joined_text(team, left))

    @app_commands.command(description="Leave your team")
    async def leave(self, interaction: discord.Interaction) -> None:
        """Leaves the team; what was earned for it stays there."""
        team = await self._teams.leave(actor(interaction))
        await say(interaction, left_text(team))

    @app_commands.command(name="list", description="See the teams, who's on them, and their scores this week")
    async def list_teams(self, interaction: discord.Interaction) -> None:
        """Shows the teams; managers also read what needs them."""
        await self._list(interaction, 0, turning=False)

    @handles("team", "list", NUMBER)
    async def turn(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Next and Back of the list."""
        await self._list(interaction, int(words[0]), turning=True)

    async def _list(self, interaction: discord.Interaction, number: int, *, turning: bool) -> None:
        here = actor(interaction)
        found = await self._team_boards.listing(here.guild_id, here.member_id, here.existing, here.now, number)
        page = team_list_page(found, manager=interaction.permissions.manage_guild)
        if turning:
            await edit(interaction, page)
        else:
            await reply(interaction, page)

    @rename.autocomplete("name")
    @delete.autocomplete("name")
    @join.autocomplete("name")
    async def _names(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        guild_id, _ = options.where(interaction)
        return options.name_choices(await self._teams.names(guild_id), typed)
