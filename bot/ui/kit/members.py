"""People as Discord shows them, with the roles that they have."""

import discord

from bot.domain.errors import Refusal
from bot.services.members import SeenMember


def seen(person: discord.User | discord.Member) -> SeenMember | None:
    """A person with their roles; None outside of servers, for bots, and where Discord did not say the roles."""
    if not isinstance(person, discord.Member) or person.bot:
        return None
    existing = frozenset(role.id for role in person.guild.roles)
    roles = frozenset(role.id for role in person.roles)
    return SeenMember(person.guild.id, person.id, person.display_name, roles, existing)


def asking(interaction: discord.Interaction) -> SeenMember:
    """Who used a command, with their roles; raises Refusal outside of servers."""
    found = seen(interaction.user)
    if found is None:
        raise Refusal("commands.server_only")
    return found
