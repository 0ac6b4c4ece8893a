"""The button Milestone roles of the settings panel, and its form."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.domain.errors import Refusal
from bot.domain.seasons import CHAMPION
from bot.domain.streaks import MILESTONES
from bot.domain.tracks import Track
from bot.services.milestones import MilestoneService
from bot.services.tracks import TrackService
from bot.ui.kit.custom_ids import TRACK
from bot.ui.kit.forms import selected
from bot.ui.kit.responses import edit, open_form, think
from bot.ui.kit.router import handles, require_manager
from bot.ui.milestones import chosen_text, roles_change, roles_form
from bot.workers.milestones import MilestoneWorker
from bot.workers.track_log import TrackLog
from cogs.track_panel import TrackPanel


@dataclass(eq=False, repr=False)
class MilestonesCog(commands.Cog):
    """Lets managers choose a role for each milestone."""

    _tracks: TrackService
    _milestones: MilestoneService
    _worker: MilestoneWorker
    _panel: TrackPanel
    _log: TrackLog

    async def _track(self, interaction: discord.Interaction, words: list[str]) -> tuple[discord.Guild, Track]:
        require_manager(interaction)
        if interaction.guild is None:
            raise Refusal("commands.server_only")
        return interaction.guild, await self._tracks.get(int(words[0]), interaction.guild.id)

    @handles("milestones", "open", TRACK)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button: the form names what each milestone gives, as far as it was not deleted."""
        guild, track = await self._track(interaction, words)
        chosen = (await self._milestones.roles(guild.id)).chosen
        roles = {days: guild.get_role(role_id) for days, role_id in chosen.items()}
        names = {days: role.name for days, role in roles.items() if role is not None}
        await open_form(interaction, roles_form(names, track.id))

    @handles("milestones", "form", TRACK, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted form; roles are given and taken back at once, as far as the bot may."""
        guild, track = await self._track(interaction, words)
        await think(interaction)
        days, role_ids = selected(interaction, "days"), selected(interaction, "role")
        if len(days) != 1 or days[0] not in (CHAMPION, *MILESTONES):
            raise Refusal("commands.outdated")
        before = (await self._milestones.roles(guild.id)).chosen
        await self._milestones.choose(guild.id, days[0], role_ids[0] if role_ids else None)
        await self._worker.step()
        after = await self._milestones.roles(guild.id)
        await edit(interaction, await self._panel.page(track, chosen_text(after)))
        if after.chosen != before:
            await self._log.note(interaction, track, lambda: [roles_change(before, after.chosen)])
