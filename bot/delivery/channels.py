"""Where practice is: a text channel, with a thread on each drill's message, or a forum, with a post for each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

import discord

from bot.delivery.outbox import LOOK_BACK, far_back, fingerprint
from bot.domain.drills import Drill
from bot.ui.drills import MARKER
from bot.ui.kit.layouts import Page, custom_ids
from bot.ui.kit.permissions import NO_TAG, PRACTISABLE, lacks_tag, missing_to_post, post_tags

THREAD_EXISTS = 160004
HIDE_AFTER_MINUTES = 10080
DAY = timedelta(days=1)

IsFree = Callable[[int], Awaitable[bool]]


class CannotPost(Exception):
    """Discord does not let the bot post there now; the text says why, for `/daily status`."""


class PostLocked(Exception):
    """A moderator locked a drill's post in a forum: nothing can be written there until it is unlocked."""


@dataclass(frozen=True, slots=True)
class SentPost:
    """One of the bot's messages; `forum_post_id` is the forum post that it opens."""

    message: discord.Message
    forum_post_id: int | None = None

    @property
    def marker(self) -> str | None:
        """The custom_id of its Answer button, if it is a drill's."""
        return next((found for found in custom_ids(self.message.components) if found.startswith(MARKER)), None)


class PostTarget(Protocol):
    """What a kind of channel does with the bot's messages."""

    is_forum: bool

    def own(self, since: datetime, claimed: datetime) -> AsyncIterator[SentPost]:
        """The bot's messages among which one stands that an earlier try has sent.

        Args:
            since: in a forum older posts are left out.
            claimed: the instant since which the message is owed; a restored backup may have it later.
        """
        ...

    async def send(
        self, name: str, page: Page, key: str, mentions: discord.AllowedMentions, files: Sequence[discord.File] = ()
    ) -> SentPost:
        """Sends a message; `name` is its forum post's name, `key` tells it from all others."""
        ...

    async def open_thread(self, drill: Drill, name: str) -> int:
        """The thread for the answers, made now or there already."""
        ...

    async def edit(self, drill: Drill, card: Page) -> None:
        """Brings the card up to date."""
        ...


async def practice_channel(
    client: discord.Client, guild_id: int, channel_id: int, *, opening: bool
) -> discord.TextChannel | discord.ForumChannel:
    """A practice channel in which the bot may post now; raises Withheld.

    Args:
        opening: whether something new is to be posted, for which a forum may ask for a tag.
    """
    channel = client.get_channel(channel_id)
    if client.get_guild(guild_id) is None:
        raise CannotPost("I am no member of this server any more.")  # to ask would only earn refusals
    if channel is None:
        try:
            channel = await client.fetch_channel(channel_id)
        except (discord.NotFound, discord.Forbidden):
            raise CannotPost("I cannot see the channel. Was it deleted, or View Channel taken away?") from None
    if not isinstance(channel, PRACTISABLE):
        raise CannotPost("I cannot practise in this kind of channel. Choose another one with `/setup`.")
    lacking = missing_to_post(channel)
    if lacking:
        raise CannotPost(f"Missing in <#{channel.id}>: {', '.join(lacking)}.")
    if opening and lacks_tag(channel):
        raise CannotPost(NO_TAG)
    return channel


def venue_of(channel: discord.TextChannel | discord.ForumChannel) -> PostTarget:
    """The venue that a channel is."""
    return ForumTarget(channel) if isinstance(channel, discord.ForumChannel) else TextTarget(channel)


def key_of(drill: Drill) -> str:
    """How the marker of a drill's message begins, whichever question it carries."""
    return f"{MARKER}{drill.channel_id}:{drill.date}:"


async def find_drill(venue: PostTarget, drill: Drill, is_free: IsFree) -> SentPost | None:
    """The message of a drill that an earlier try has sent; `is_free` tells whether no other drill has it."""
    since = datetime.combine(drill.date - DAY, time(), tzinfo=UTC)
    async for posted in venue.own(since, drill.claimed_at):
        if (posted.marker or "").startswith(key_of(drill)) and await is_free(posted.message.id):
            return posted
    return None


def only(ping_role_id: int | None) -> discord.AllowedMentions:
    """Lets a message notify this role and nobody else."""
    roles: Any = [discord.Object(ping_role_id)] if ping_role_id else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles)


class TextTarget:
    """A message in a text or announcement channel, with a thread on it. A nonce keeps a repeated send single."""

    is_forum = False

    def __init__(self, channel: discord.TextChannel) -> None:
        self._channel = channel

    async def own(self, since: datetime, claimed: datetime) -> AsyncIterator[SentPost]:
        """Looks through the newest messages, and through the first ones since the claim."""
        async for message in far_back(self._channel, claimed):
            if message.author.id == self._channel.guild.me.id:
                yield SentPost(message)

    async def send(
        self, name: str, page: Page, key: str, mentions: discord.AllowedMentions, files: Sequence[discord.File] = ()
    ) -> SentPost:
        """Sends the message; its thread comes later."""
        return SentPost(
            await self._channel.send(view=page, nonce=fingerprint(key), allowed_mentions=mentions, files=files)
        )

    async def open_thread(self, drill: Drill, name: str) -> int:
        """Opens the thread on the message, whose id it takes."""
        assert drill.message_id is not None
        try:
            await self._channel.get_partial_message(drill.message_id).create_thread(
                name=name, auto_archive_duration=HIDE_AFTER_MINUTES
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
        return drill.message_id

    async def edit(self, drill: Drill, card: Page) -> None:
        """Edits the message."""
        assert drill.message_id is not None
        await self._channel.get_partial_message(drill.message_id).edit(view=card)


class ForumTarget:
    """A forum post whose first message is the card.

    A post takes no nonce, so it is sent once (see `bot.delivery.limiter`) and looked for before it is sent again.
    """

    is_forum = True

    def __init__(self, forum: discord.ForumChannel) -> None:
        self._forum = forum

    async def own(self, since: datetime, claimed: datetime) -> AsyncIterator[SentPost]:
        """Looks at our own posts since an instant, active ones and archived ones."""
        own_id = self._forum.guild.me.id
        posts = [post for post in await self._forum.guild.active_threads() if post.parent_id == self._forum.id]
        posts += [post async for post in self._forum.archived_threads(limit=LOOK_BACK)]
        for post in sorted(posts, key=lambda post: post.id, reverse=True):
            if post.owner_id != own_id or discord.utils.snowflake_time(post.id) < since:
                continue
            # A post and its first message have the same id on Discord, so the nearest message is the first.
            async for message in post.history(limit=1, around=discord.Object(post.id)):
                if message.author.id == own_id:
                    yield SentPost(message, post.id)

    async def send(
        self, name: str, page: Page, key: str, mentions: discord.AllowedMentions, files: Sequence[discord.File] = ()
    ) -> SentPost:
        """Opens the post."""
        post, message = await self._forum.create_thread(
            name=name,
            view=page,
            auto_archive_duration=HIDE_AFTER_MINUTES,
            applied_tags=post_tags(self._forum),
            allowed_mentions=mentions,
            files=files,
        )
        return SentPost(message, post.id)

    async def open_thread(self, drill: Drill, name: str) -> int:
        """The post is the thread."""
        return drill.place_id

    async def edit(self, drill: Drill, card: Page) -> None:
        """Edits the post's first message; a hidden post must be shown for that. Raises Locked."""
        assert drill.message_id is not None
        post = self._forum.get_thread(drill.place_id)
        post = post or await self._forum.guild.fetch_channel(drill.place_id)
        assert isinstance(post, discord.Thread)
        if post.archived and post.locked:
            raise PostLocked
        if post.archived:
            await post.edit(archived=False)
        await post.get_partial_message(drill.message_id).edit(view=card)
