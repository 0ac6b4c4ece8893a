"""`/help`: where to begin, and what there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.help import HelpService
from bot.ui.help import Mentions, help_page
from bot.ui.kit import options
from bot.ui.kit.responses import reply


@dataclass(eq=False, repr=False)
class HelpCog(commands.Cog):
    """Lists the commands that are registered, no others.

    Args:
        ids: the ids of the registered commands, by name.
    """

    _tree: app_commands.CommandTree[Any]
    _ids: Mapping[str, int]
    _help: HelpService

    @app_commands.command(description="See what Mockingbird can do")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: discord.Interaction) -> None:
        """Shows members' commands to everyone and managers' commands to managers."""
        members: list[str] = []
        managers: list[str] = []
        for command in self._tree.walk_commands():
            if isinstance(command, app_commands.Group):
                continue
            root = command.root_parent or command
            guarded = root.default_permissions is not None or "for_managers" in command.extras
            (managers if guarded else members).append(command.qualified_name)
        state, manages = None, False
        if interaction.guild_id is not None:
            manages = interaction.permissions.manage_guild
            state = await self._help.state(*options.where(interaction), interaction.user.id)
        await reply(interaction, help_page(Mentions(self._ids), state, members, managers, manages=manages))
