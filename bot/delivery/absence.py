"""Where the bot could not listen for a while: what happened there has to be read once it can."""

from dataclasses import dataclass

import discord


@dataclass(frozen=True, slots=True)
class Absence:
    """Servers in which something may have happened that no event told of, and that can be read again.

    Attributes:
        new_session: Discord has just described them whole, with the last message of each place.
    """

    shard_id: int
    guild_ids: frozenset[int]
    new_session: bool = False


def may_read(guild: discord.Guild | None, channel_id: int) -> bool:
    """Whether the bot may read a channel and its threads, as far as Discord has told; no request is made.

    A channel that Discord has not told of may have been deleted, or hidden: only a request can say.
    """
    if guild is None or guild.unavailable:
        return False
    channel = guild.get_channel(channel_id)
    if channel is None:
        return True
    held = channel.permissions_for(guild.me)
    return held.view_channel and held.read_message_history
