"""The form behind the greeting's Set up button."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.errors import Refusal
from bot.ui import tracks
from bot.ui.kit import options
from bot.ui.kit.custom_ids import CHANNEL, NUMBER, TEXT
from bot.ui.kit.permissions import can_practice
from bot.ui.kit.responses import open_form, reply
from bot.ui.kit.router import handles, require_manager
from bot.ui.refusals import explain
from bot.ui.track_schedules import TypedSchedule, sent_typed, wanted
from bot.ui.track_settings import sent_channel
from cogs.track_setup import TrackSetup


@dataclass(eq=False, repr=False)
class SetupFormCog(commands.Cog):
    """Asks for what a first track needs."""

    _clock: Clock
    _setup: TrackSetup

    @handles("setup", "open")
    async def open_form(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The Set up button of the greeting."""
        require_manager(interaction)
        guild = interaction.guild
        names = {channel.id: channel.name for channel in guild.channels if can_practice(channel)} if guild else {}
        await open_form(
            interaction, tracks.setup_form(tracks.likely_channel(names), TypedSchedule(), self._clock())
        )

    @handles("setup", "again", CHANNEL, NUMBER, TEXT, TEXT)
    async def again(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Try again”: the form with what was typed."""
        require_manager(interaction)
        channel_id, guild = int(words[0]), interaction.guild
        # Nothing is read before the form opens, so nobody else looks whose channel it is.
        if channel_id and (guild is None or guild.get_channel(channel_id) is None):
            raise Refusal("commands.outdated")
        typed = TypedSchedule.parse(words[1:])
        await open_form(interaction, tracks.setup_form(channel_id or None, typed, self._clock()))

    @handles("setup", "form", sent=True)
    async def take_form(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The form behind it: what cannot be read can be tried again, with all that was typed."""
        require_manager(interaction)
        guild_id = options.where(interaction)[0]
        channel_id, typed = sent_channel(interaction), sent_typed(interaction)
        try:
            await self._setup.set_up(interaction, guild_id, channel_id, wanted(typed), named=True)
        except Refusal as refusal:
            await reply(interaction, tracks.setup_again_page(explain(refusal), channel_id, typed))
