"""The button Milestone roles of `/setup`, and its form."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.domain.errors import Refusal
from bot.domain.streaks import MILESTONES
from bot.services.milestones import MilestoneService
from bot.ui.kit.forms import selected
from bot.ui.kit.responses import open_form, reply, think
from bot.ui.kit.router import handles, require_manager
from bot.ui.milestones import chosen_page, roles_form
from bot.workers.milestones import MilestoneWorker


@dataclass(eq=False, repr=False)
class MilestonesCog(commands.Cog):
    """Lets managers choose a role for each milestone."""

    _milestones: MilestoneService
    _worker: MilestoneWorker

    def _guild(self, interaction: discord.Interaction) -> discord.Guild:
        require_manager(interaction)
        if interaction.guild is None:
            raise Refusal("commands.server_only")
        return interaction.guild

    @handles("milestones", "open")
    async def open_form(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The button: the form holds what was chosen before, as far as it was not deleted."""
        guild = self._guild(interaction)
        chosen = (await self._milestones.roles(guild.id)).chosen
        there = {days: role_id for days, role_id in chosen.items() if guild.get_role(role_id) is not None}
        await open_form(interaction, roles_form(there))

    @handles("milestones", "form", sent=True)
    async def take_form(self, interaction: discord.Interaction, _: list[str]) -> None:
        """A submitted form; roles are given and taken back at once, as far as the bot may."""
        guild = self._guild(interaction)
        await think(interaction)
        chosen = {days: ids[0] for days in MILESTONES if (ids := selected(interaction, str(days)))}
        await self._milestones.choose(guild.id, chosen)
        await self._worker.step()
        page = chosen_page(await self._milestones.roles(guild.id), guild)
        await reply(interaction, page)
