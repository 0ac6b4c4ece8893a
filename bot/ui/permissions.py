"""What the bot needs in a practice channel, by the names that Discord's clients show."""

import discord

REQUIRED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
    "create_public_threads": "Create Public Threads",
    "send_messages_in_threads": "Send Messages in Threads",
    "add_reactions": "Add Reactions",
}
TO_POST = ("view_channel", "send_messages", "read_message_history")


def missing(channel: discord.abc.GuildChannel) -> list[str]:
    """Names of required permissions that the bot lacks in a channel."""
    held = channel.permissions_for(channel.guild.me)
    return [label for name, label in REQUIRED.items() if not getattr(held, name)]


def missing_to_post(channel: discord.abc.GuildChannel) -> list[str]:
    """Names of those without which nothing may be posted: an unreadable history could double a post."""
    held = channel.permissions_for(channel.guild.me)
    return [REQUIRED[name] for name in TO_POST if not getattr(held, name)]


FOR_PRIVATE_THREADS = (*TO_POST, "create_private_threads", "send_messages_in_threads")


def may_open_private_threads(channel: object) -> bool:
    """Whether the bot can lead an interview in a private thread of a channel; only text channels have them."""
    if not isinstance(channel, discord.TextChannel) or channel.is_news():
        return False
    held = channel.permissions_for(channel.guild.me)
    return all(getattr(held, name) for name in FOR_PRIVATE_THREADS)
