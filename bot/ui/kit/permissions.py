"""What the bot needs in a practice channel, by the names that Discord's clients show."""

from collections.abc import Sequence
from typing import TypeGuard

import discord

from bot.domain.errors import Refusal
from bot.ui.kit.catalog import N_, _
from bot.ui.kit.words import listed

PRACTISABLE = (discord.TextChannel, discord.ForumChannel)
CHANNEL_TYPES = (discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum)
"""What Discord offers where a practice channel is picked."""
REQUIRED = {
    "view_channel": N_("View Channel"),
    "send_messages": N_("Send Messages"),
    "embed_links": N_("Embed Links"),
    "read_message_history": N_("Read Message History"),
    "create_public_threads": N_("Create Public Threads"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "add_reactions": N_("Add Reactions"),
}
IN_FORUMS = {name: label for name, label in REQUIRED.items() if name != "create_public_threads"} | {
    "send_messages": N_("Create Posts")
}
WISHED = ("attach_files", "create_private_threads", "create_events")
TO_POST = ("view_channel", "send_messages", "read_message_history")
FOR_PRIVATE_THREADS = (*TO_POST, "create_private_threads", "send_messages_in_threads")


def _required(channel: discord.abc.GuildChannel) -> dict[str, str]:
    return IN_FORUMS if isinstance(channel, discord.ForumChannel) else REQUIRED


def as_practice_channel(channel_id: int, channel: object) -> discord.TextChannel | discord.ForumChannel:
    """A channel that may become a practice channel; `channel` is what the bot sees of it, or None.

    Raises:
        Refusal: the bot does not see it, or it is of another kind.
    """
    if channel is None:
        raise Refusal("tracks.channel_unseen", channel_id=channel_id)
    if not can_practice(channel):
        raise Refusal("tracks.wrong_kind", channel_id=channel_id)
    return channel


def can_practice(channel: object) -> TypeGuard[discord.TextChannel | discord.ForumChannel]:
    """Whether a channel is of a kind that may become a practice channel."""
    return isinstance(channel, PRACTISABLE) and channel.type is not discord.ChannelType.media


def invite_link(application_id: int) -> str:
    """Where somebody brings the bot into their server, with all permissions that it has a use for."""
    named = dict.fromkeys((*REQUIRED, *WISHED), True)
    return discord.utils.oauth_url(
        application_id, permissions=discord.Permissions(**named), scopes=("bot", "applications.commands")
    )


def missing(channel: discord.abc.GuildChannel, me: discord.Member | None = None) -> list[str]:
    """Names of required permissions that the bot lacks in a channel.

    Args:
        me: the bot in its server, where the gateway has not told of it.
    """
    held = channel.permissions_for(me or channel.guild.me)
    return [label for name, label in _required(channel).items() if not getattr(held, name)]


def missing_to_post(channel: discord.abc.GuildChannel, me: discord.Member | None = None) -> list[str]:
    """Names of those without which nothing may be posted: an unreadable history could double a post."""
    held = channel.permissions_for(me or channel.guild.me)
    return [_required(channel)[name] for name in TO_POST if not getattr(held, name)]


def warnings(channel_id: int, channel: object, ping_role_id: int | None = None) -> list[str]:
    """What is wrong with a practice channel, as sentences; `channel` is what the bot sees of it, or None.

    Args:
        ping_role_id: the role that is mentioned there.
    """
    if not isinstance(channel, PRACTISABLE):
        return [missing_text(channel_id, [REQUIRED["view_channel"]])]
    lacking = missing(channel)
    told = [missing_text(channel_id, lacking)] if lacking else []
    if lacks_tag(channel):
        told.append(f"⚠️ {_(NO_TAG)}")
    if ping_role_id is not None and (problem := ping_problem(channel, ping_role_id)):
        told.append(f"⚠️ {problem}")
    return told


def ping_problem(channel: discord.abc.GuildChannel, role_id: int) -> str | None:
    """Why the bot cannot mention a role in a channel, with what mends it; None where it can."""
    role = channel.guild.get_role(role_id)
    if role is None:
        return _("The role I should ping was deleted, so I ping nobody. Pick another one with `/setup`.")
    if role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone:
        return None
    return _(
        "I can't ping <@&{role_id}>. Turn on **Allow anyone to @mention this role** under Server Settings → "
        "Roles, or give me **Mention @everyone, @here and All Roles**.",
        role_id=role_id,
    )


def log_problem(guild: discord.Guild, channel_id: int) -> str | None:
    """Why the bot cannot write to a log channel, with what mends it; None where it can."""
    channel = guild.get_channel(channel_id)
    if channel is None:
        return _(
            "I can't see the log channel <#{channel_id}>. Give me **View Channel** there, or pick another one.",
            channel_id=channel_id,
        )
    held = channel.permissions_for(guild.me)
    lacking = [REQUIRED[name] for name in TO_POST if not getattr(held, name)]
    if not lacking:
        return None
    names = ", ".join(map(_, lacking))
    return _(
        "In the log channel <#{channel_id}> I need **{permissions}**.", channel_id=channel_id, permissions=names
    )


def wished(channel: object) -> str | None:
    """What would be better with more permissions in a practice channel, in one small line."""
    if not isinstance(channel, PRACTISABLE):
        return None
    held = channel.permissions_for(channel.guild.me)
    useful = [_("**Attach Files** (pictures in replies, digests and boards)")] if not held.attach_files else []
    if isinstance(channel, discord.TextChannel) and not channel.is_news() and not held.create_private_threads:
        useful.append(_("**Create Private Threads** (interviews)"))
    if not useful:
        return None
    return _(
        "-# Also useful in <#{channel_id}>, but missing: {permissions}.",
        channel_id=channel.id,
        permissions=", ".join(useful),
    )


def missing_text(channel_id: int, lacking: Sequence[str]) -> str:
    """Which permissions the bot lacks, and where to give them."""
    *names, last = map(_, lacking)
    needed = listed([*([f"**{', '.join(names)}**"] if names else []), f"**{last}**"])
    return _(
        "⚠️ I need {permissions} in <#{channel_id}>: channel settings → Permissions → Mockingbird. "
        "I'll pick up from there.",
        permissions=needed,
        channel_id=channel_id,
    )


def may_open_private_threads(channel: object) -> bool:
    """Whether the bot can lead an interview in a private thread of a channel; only text channels have them."""
    if not isinstance(channel, discord.TextChannel) or channel.is_news():
        return False
    held = channel.permissions_for(channel.guild.me)
    return all(getattr(held, name) for name in FOR_PRIVATE_THREADS)


def may_open_threads(channel: object) -> bool:
    """Whether the bot can open a thread on its own message in a channel, and write there."""
    if not isinstance(channel, discord.TextChannel):
        return False
    held = channel.permissions_for(channel.guild.me)
    return held.create_public_threads and held.send_messages_in_threads


def missing_to_play(held: discord.Permissions, *, thread: bool) -> list[str]:
    """Names of those without which no live quiz may run in a channel or thread."""
    send = "send_messages_in_threads" if thread else "send_messages"
    return [REQUIRED[name] for name in ("view_channel", send, "read_message_history") if not getattr(held, name)]


TAGS = ("practice", "interview", "question")


NO_TAG = N_(
    "This forum requires a tag on every post, and there's none I can use. Make one "
    "called **practice** in the forum's settings, and I'll start posting."
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
