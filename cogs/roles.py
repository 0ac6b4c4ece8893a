"""Follows the roles of people who write or use the bot: a role can decide who is in a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.ui.people import seen

if TYPE_CHECKING:
    from bot.app import PracticeBot

BY_PEOPLE = (
    discord.InteractionType.application_command,
    discord.InteractionType.component,
    discord.InteractionType.modal_submit,
)


class Roles(commands.Cog):
    """The Members intent is not asked for: roles are those last seen in a message or an interaction.

    It may run after what the message or interaction brought: points go to the team of their own instant.
    """

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Follows the roles of who wrote."""
        await self._notice(message.author, message)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Follows the roles of who used a command, a button or a form."""
        if interaction.type in BY_PEOPLE:
            await self._notice(interaction.user, interaction)

    async def _notice(
        self, person: discord.User | discord.Member, event: discord.Message | discord.Interaction
    ) -> None:
        here = seen(person)
        if here is not None:
            await self.bot.teams.notice(here, event.created_at)


async def setup(bot: PracticeBot) -> None:
    """Adds the listeners."""
    await bot.add_cog(Roles(bot))
