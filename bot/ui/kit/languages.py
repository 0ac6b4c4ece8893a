"""Which language is spoken to whom: private replies have the member's, what a channel reads has the server's."""

from contextlib import AbstractContextManager

import discord

from bot.ui.kit.catalog import language_of, speaking


def speaking_to_server(client: discord.Client, guild_id: int) -> AbstractContextManager[None]:
    """Speaks a server's language for a while, whoever's press the work belongs to; English where it is unknown."""
    guild = client.get_guild(guild_id)
    return speaking(language_of(guild.preferred_locale if guild else None))


def speaking_in_public(interaction: discord.Interaction) -> AbstractContextManager[None]:
    """Speaks the language of the server in which something was used: for a reply that everybody reads."""
    return speaking(language_of(interaction.guild_locale))
