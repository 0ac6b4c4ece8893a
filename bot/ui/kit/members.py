"""People as Discord shows them, with the roles that they have."""

from datetime import datetime

import discord

from bot.clock import Clock
from bot.domain.errors import Refusal
from bot.domain.members import Actor


def actor_of(person: discord.User | discord.Member, now: datetime) -> Actor | None:
    """A person who acts now; None outside of servers, for bots, and where Discord did not say the roles."""
    if not isinstance(person, discord.Member) or person.bot:
        return None
    return Actor(
        guild_id=person.guild.id,
        member_id=person.id,
        name=person.display_name,
        now=now,
        roles=frozenset(role.id for role in person.roles),
        existing=frozenset(role.id for role in person.guild.roles),
        joined_at=person.joined_at,
    )


def actor(interaction: discord.Interaction, clock: Clock | None = None) -> Actor:
    """Who used a command, a button or a form.

    Args:
        clock: says when; left out, it is the instant that Discord gives, so that what came first also counts first.

    Raises:
        Refusal: outside of servers.
    """
    found = actor_of(interaction.user, interaction.created_at if clock is None else clock())
    if found is None:
        raise Refusal("commands.server_only")
    return found
