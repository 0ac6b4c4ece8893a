"""`/help`: what there is, and how the day goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.kit.layouts import Page

if TYPE_CHECKING:
    from bot.app import PracticeBot

HOW = (
    "### How it works\nEvery practice day I post one question. Answer in its thread, by replying to it, or with "
    "the button **Answer**. An answer in time keeps your streak: ✅ counts, 🕒 was late, ✏️ is too short yet. When "
    "the next question comes, the model answer of the last one appears in its thread. A 👍 on "
    "somebody's answer is a vote: it brings them a point, and the answer with most votes is named the best."
)
FOOT = "-# Mockingbird is for practice. It must not be used to select people for jobs."


@dataclass(eq=False, repr=False)
class HelpCog(commands.Cog):
    """Lists the commands that are registered, no others."""

    _tree: app_commands.CommandTree[Any]

    @app_commands.command(description="What Mockingbird can do")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: discord.Interaction) -> None:
        """Shows members' commands to everyone and managers' commands to managers."""
        members: list[str] = []
        managers: list[str] = []
        for command in self._tree.walk_commands():
            if isinstance(command, app_commands.Group):
                continue
            root = command.root_parent or command
            line = f"`/{command.qualified_name}` {command.description}"
            guarded = root.default_permissions is not None or "for_managers" in command.extras
            (managers if guarded else members).append(line)
        blocks = [HOW, "### Commands\n" + "\n".join(members)]
        if managers and interaction.guild_id is not None and interaction.permissions.manage_guild:
            blocks.append("### For managers\n" + "\n".join(managers))
        await interaction.response.send_message(view=Page(*blocks, FOOT), ephemeral=True)


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(HelpCog(bot.tree))
