"""`/help`: what there is, and how the day goes."""

from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.help import help_page
from bot.ui.kit.responses import reply


@dataclass(eq=False, repr=False)
class HelpCog(commands.Cog):
    """Lists the commands that are registered, no others."""

    _tree: app_commands.CommandTree[Any]

    @app_commands.command(description="What Mockingbird can do")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: discord.Interaction) -> None:
        """Shows members' commands to everyone and managers' commands to managers."""
        members: list[tuple[str, str]] = []
        managers: list[tuple[str, str]] = []
        for command in self._tree.walk_commands():
            if isinstance(command, app_commands.Group):
                continue
            root = command.root_parent or command
            guarded = root.default_permissions is not None or "for_managers" in command.extras
            (managers if guarded else members).append((command.qualified_name, command.description))
        manages = interaction.guild_id is not None and interaction.permissions.manage_guild
        await reply(interaction, help_page(members, managers if manages else []))
