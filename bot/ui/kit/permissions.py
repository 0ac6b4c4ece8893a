"""What the bot needs in a practice channel, by the names that Discord's clients show."""

from collections.abc import Sequence

import discord

from bot.domain.errors import Refusal

PRACTISABLE = (discord.TextChannel, discord.ForumChannel)
REQUIRED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
    "create_public_threads": "Create Public Threads",
    "send_messages_in_threads": "Send Messages in Threads",
    "add_reactions": "Add Reactions",
}
IN_FORUMS = {name: label for name, label in REQUIRED.items() if name != "create_public_threads"} | {
    "send_messages": "Create Posts"
}
TO_POST = ("view_channel", "send_messages", "read_message_history")
FOR_PRIVATE_THREADS = (*TO_POST, "create_private_threads", "send_messages_in_threads")


def _required(channel: discord.abc.GuildChannel) -> dict[str, str]:
    return IN_FORUMS if isinstance(channel, discord.ForumChannel) else REQUIRED


def practisable(channel_id: int, channel: object) -> discord.TextChannel | discord.ForumChannel:
    """A channel that may become a practice channel; `channel` is what the bot sees of it, or None.

    Raises:
        Refusal: the bot does not see it, or it is of another kind.
    """
    if channel is None:
        raise Refusal("tracks.channel_unseen", channel_id=channel_id)
    if not isinstance(channel, PRACTISABLE) or channel.type is discord.ChannelType.media:
        raise Refusal("tracks.wrong_kind", channel_id=channel_id)
    return channel


def missing(channel: discord.abc.GuildChannel) -> list[str]:
    """Names of required permissions that the bot lacks in a channel."""
    held = channel.permissions_for(channel.guild.me)
    return [label for name, label in _required(channel).items() if not getattr(held, name)]


def missing_to_post(channel: discord.abc.GuildChannel) -> list[str]:
    """Names of those without which nothing may be posted: an unreadable history could double a post."""
    held = channel.permissions_for(channel.guild.me)
    return [_required(channel)[name] for name in TO_POST if not getattr(held, name)]


def warnings(channel_id: int, channel: object) -> list[str]:
    """What is wrong with a practice channel, as sentences; `channel` is what the bot sees of it, or None."""
    if not isinstance(channel, PRACTISABLE):
        return [missing_text(channel_id, ["View Channel"])]
    lacking = missing(channel)
    told = [missing_text(channel_id, lacking)] if lacking else []
    return [*told, f"⚠️ {NO_TAG}"] if lacks_tag(channel) else told


def wished(channel: object) -> str | None:
    """What would be better with more permissions in a practice channel, in one small line."""
    if not isinstance(channel, PRACTISABLE):
        return None
    held = channel.permissions_for(channel.guild.me)
    useful = ["**Attach Files** (pictures in answers, digests and boards)"] if not held.attach_files else []
    if isinstance(channel, discord.TextChannel) and not channel.is_news() and not held.create_private_threads:
        useful.append("**Create Private Threads** (interviews)")
    return f"-# Also of use in <#{channel.id}>, and missing: {', '.join(useful)}." if useful else None


def missing_text(channel_id: int, lacking: Sequence[str]) -> str:
    """Which permissions the bot lacks, and where to give them."""
    return (
        f"⚠️ In <#{channel_id}> I lack: **{', '.join(lacking)}**. "
        "Give them in the channel's settings under Permissions; then everything runs by itself."
    )


def may_open_private_threads(channel: object) -> bool:
    """Whether the bot can lead an interview in a private thread of a channel; only text channels have them."""
    if not isinstance(channel, discord.TextChannel) or channel.is_news():
        return False
    held = channel.permissions_for(channel.guild.me)
    return all(getattr(held, name) for name in FOR_PRIVATE_THREADS)


def missing_to_play(held: discord.Permissions, *, thread: bool) -> list[str]:
    """Names of those without which no live quiz may run in a channel or thread."""
    send = "send_messages_in_threads" if thread else "send_messages"
    return [REQUIRED[name] for name in ("view_channel", send, "read_message_history") if not getattr(held, name)]


TAGS = ("practice", "interview", "question")


NO_TAG = (
    "This forum asks for a tag on every post, and there is none that I may use. "
    "Make one called **practice** in the forum's settings; then I post by myself."
)


def post_tags(forum: discord.ForumChannel) -> Sequence[discord.ForumTag]:
    """The tag that a post gets where the forum asks for one: a fitting name, else the first; none otherwise.

    Tags that only moderators may use are left to them.
    """
    if not forum.flags.require_tag:
        return []
    free = [tag for tag in forum.available_tags if not tag.moderated]
    return [tag for name in TAGS for tag in free if tag.name.strip().lower() == name][:1] or free[:1]


def lacks_tag(channel: discord.abc.GuildChannel) -> bool:
    """Whether nothing can be posted because the forum asks for a tag and has none."""
    return isinstance(channel, discord.ForumChannel) and channel.flags.require_tag and not post_tags(channel)
