"""`/privacy`: what is stored about a member, all of it as a file, and its end."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.errors import Refusal
from bot.services.opinions import OpinionService
from bot.services.privacy import PrivacyService, Whose
from bot.ui.kit.custom_ids import ANY_ID
from bot.ui.kit.layouts import Page
from bot.ui.kit.responses import accept, edit, reply, think
from bot.ui.kit.router import handles
from bot.ui.privacy import confirm_page, deleted_page, export_file, export_page, kept_text, policy_page


def _whose(interaction: discord.Interaction) -> Whose:
    """The caller, in the server in which they ask; everywhere in direct messages."""
    return Whose(interaction.user.id, interaction.guild_id)


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
@dataclass(eq=False, repr=False)
class PrivacyCog(commands.GroupCog, name="privacy", description="See or delete what I store about you"):
    """Shows members what is stored about them, and erases it.

    Args:
        keep_days: how long what people write stays stored.
    """

    _client: discord.Client
    _clock: Clock
    _privacy: PrivacyService
    _opinions: OpinionService
    _keep_days: int

    @app_commands.command(description="What I store about you, why, how long, and who sees it")
    async def policy(self, interaction: discord.Interaction) -> None:
        """Shows the policy."""
        await reply(
            interaction, policy_page(self._keep_days, self._opinions.terms.host if self._opinions.terms else None)
        )

    @app_commands.command(description="Get everything I store about you as a file")
    async def export(self, interaction: discord.Interaction) -> None:
        """Gives the caller a file with all that is stored about them, also where they have left."""
        await think(interaction)
        servers = {guild.id: guild.name for guild in self._client.guilds}
        export = await self._privacy.export(_whose(interaction), servers, self._clock())
        page = export_page(export, everywhere=interaction.guild_id is None)
        await reply(interaction, page, export_file(export))

    @app_commands.command(description="Delete everything I store about you")
    async def delete(self, interaction: discord.Interaction) -> None:
        """Says what goes and what stays, and asks."""
        await reply(interaction, confirm_page(interaction.guild_id))

    @handles("privacy", "delete", ANY_ID)
    async def confirm(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button that deletes; it means the place in which it was shown."""
        whose = _whose(interaction)
        if int(words[0]) != (whose.guild_id or 0):
            raise Refusal("commands.outdated")
        await accept(interaction)
        deleted = await self._privacy.delete(whose, self._clock())
        await edit(interaction, deleted_page(deleted, everywhere=whose.guild_id is None))

    @handles("privacy", "keep", ANY_ID)
    async def keep(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The button that deletes nothing."""
        await edit(interaction, Page(kept_text()))
