"""`/reminders`: private reminders of unanswered questions."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.services.reminders import ReminderService
from bot.ui.kit.responses import reply, say
from bot.ui.kit.router import handles
from bot.ui.reminders import closed_news, off_text, on_page


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
@dataclass(eq=False, repr=False)
class RemindersCog(commands.GroupCog, name="reminders", description="Private reminders of unanswered questions"):
    """Switches reminders on and off; the worker sends them."""

    _clock: Clock
    _reminders: ReminderService

    @app_commands.command(description="Get a private reminder of questions you haven't answered")
    @app_commands.describe(hour="An hour of the day, 0 to 23; if left out, when 80% of a question's time is up")
    async def on(
        self, interaction: discord.Interaction, hour: app_commands.Range[int, 0, 23] | None = None
    ) -> None:
        """Turns reminders on, or changes their hour."""
        await self._on(interaction, hour)

    @handles("reminders", "on")
    async def on_button(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The button under a first receipt."""
        await self._on(interaction, None)

    async def _on(self, interaction: discord.Interaction, hour: int | None) -> None:
        user = interaction.user
        known = await self._reminders.turn_on(interaction.guild_id, user.id, user.display_name, hour, self._clock())
        await reply(interaction, on_page(hour, known))

    @app_commands.command(description="No more reminders")
    async def off(self, interaction: discord.Interaction) -> None:
        """Turns reminders off."""
        await self._off(interaction)

    @handles("reminders", "off")
    async def off_button(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The button under a reminder."""
        await self._off(interaction)

    @commands.Cog.listener()
    async def on_app_command_completion(self, interaction: discord.Interaction, _: object) -> None:
        """Whichever command is used next says that reminders were refused; a form leaves no room for it."""
        observation = interaction.extras.get("observation")
        known = None if observation is None else observation.reminders_refused
        if interaction.response.type is discord.InteractionResponseType.modal or known is False:
            return
        if await self._reminders.tell_refusal(interaction.user.id):
            await say(interaction, closed_news())

    async def _off(self, interaction: discord.Interaction) -> None:
        await say(interaction, off_text(were_on=await self._reminders.turn_off(interaction.user.id)))
