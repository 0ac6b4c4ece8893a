"""Addresses in Discord's clients."""


def link_to(guild_id: int, channel_id: int, message_id: int | None) -> str:
    """Where a message stands in a channel or thread; without a message the place itself."""
    place = f"https://discord.com/channels/{guild_id}/{channel_id}"
    return f"{place}/{message_id}" if message_id else place
