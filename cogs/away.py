"""`/away`: days on which one's streaks rest."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.away import Away
from bot.domain.schedule import parse_date
from bot.domain.servers import Thing
from bot.services.away import AwayService
from bot.ui.away import given_back_page, taken_page
from bot.ui.kit import options
from bot.ui.kit.custom_ids import an
from bot.ui.kit.members import actor
from bot.ui.kit.responses import reply
from bot.ui.kit.router import handles
from bot.ui.kit.typed import read


@app_commands.guild_only()
@dataclass(eq=False, repr=False)
class AwayCog(commands.GroupCog, name="away", description="Let your streaks rest for a few days"):
    """Takes away days and gives them back."""

    _clock: Clock
    _away: AwayService

    @app_commands.command(name="set", description="Let your streaks rest from one day to another")
    @app_commands.rename(first="from", last="until")
    @app_commands.describe(first="The first day, such as tomorrow or Dec 24", last="The last day, such as Jan 2")
    async def take(self, interaction: discord.Interaction, first: str, last: str) -> None:
        """Takes days from tomorrow on; both ends count."""
        today = await self._away.today(options.here(interaction)[0], self._clock())
        wanted = Away(*(read(parse_date, day, today) for day in (first, last)))
        taken = await self._away.take(actor(interaction, self._clock), wanted)
        await reply(interaction, taken_page(taken))

    @take.autocomplete("first")
    @take.autocomplete("last")
    async def _days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.date_choices(typed, await self._away.today(options.here(interaction)[0], self._clock()))

    @app_commands.command(description="Take back your upcoming away days")
    async def cancel(self, interaction: discord.Interaction) -> None:
        """Gives all days from tomorrow on back."""
        await self._cancel(interaction, None)

    @handles("away", "cancel", an(Thing.AWAY))
    async def cancel_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Take it back”, for one range."""
        await self._cancel(interaction, int(words[0]))

    async def _cancel(self, interaction: discord.Interaction, only: int | None) -> None:
        given = await self._away.cancel(actor(interaction, self._clock), only)
        await reply(interaction, given_back_page(given))
