"""`/leaderboard season`: the hall of fame, its pages, and sharing it."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.services.seasons import SeasonService
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, TEXT, TRACK
from bot.ui.kit.languages import speaking_in_public
from bot.ui.kit.responses import edit, reply
from bot.ui.kit.router import handles
from bot.ui.seasons import hall_page
from cogs.boards import BoardsCog


@dataclass(eq=False, repr=False)
class SeasonsCog(commands.Cog):
    """The champions of each month; private until shared."""

    _clock: Clock
    _seasons: SeasonService

    def join(self, boards: BoardsCog) -> None:
        """Adds the command to `/leaderboard`: added to the bot itself, it would be one of its own."""
        assert isinstance(boards.app_command, app_commands.Group)
        for command in self.get_app_commands():
            boards.app_command.add_command(command)

    @app_commands.command(description="See the champions of each month")
    async def season(self, interaction: discord.Interaction) -> None:
        """Shows this month so far, and who won the months before."""
        await self._show(interaction, 0)

    @handles("season", "told", TRACK, TEXT)
    async def told(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Hall of fame” under the message about a month."""
        await self._show(interaction, 0)

    async def _show(self, interaction: discord.Interaction, number: int) -> None:
        guild_id, _ = options.where(interaction)
        await reply(interaction, hall_page(await self._seasons.hall(guild_id, self._clock(), number)))

    @handles("season", "page", NUMBER)
    async def turn(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Next and Back."""
        guild_id, _ = options.where(interaction)
        await edit(interaction, hall_page(await self._seasons.hall(guild_id, self._clock(), int(words[0]))))

    @handles("share", "season", NUMBER)
    async def share(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Posts the shown page where it was asked for."""
        guild_id, _ = options.where(interaction)
        hall = await self._seasons.hall(guild_id, self._clock(), int(words[0]))
        with speaking_in_public(interaction):
            page = hall_page(hall, shared=True)
        await reply(interaction, page, public=True)
