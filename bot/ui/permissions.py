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


def missing_to_play(held: discord.Permissions, *, thread: bool) -> list[str]:
    """Names of those without which no live quiz may run in a channel or thread."""
    send = "send_messages_in_threads" if thread else "send_messages"
    return [REQUIRED[name] for name in ("view_channel", send, "read_message_history") if not getattr(held, name)]
