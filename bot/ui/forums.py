"""What is different in a forum: every post may need a tag."""

from collections.abc import Sequence

import discord

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
