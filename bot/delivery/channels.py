"""Where messages go: a channel or thread, or a forum, where each message opens a post of its own."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
import discord

from bot.delivery.codes import THREAD_EXISTS, UNKNOWN_MESSAGE
from bot.delivery.history import NEWEST, far_back
from bot.ui.kit.layouts import Page, custom_ids, fingerprint, page_text
from bot.ui.kit.permissions import PRACTISABLE, lacks_tag, missing_to_post, post_tags

HIDE_AFTER_MINUTES = 10080
DAY = timedelta(days=1)
MARKED = 1 << 30
"""From here on a component's id is a mark of ours; Discord itself counts from one."""


class CannotPost(Exception):
    """Discord does not let the bot post there now.

    Args:
        code: the reason, as `/daily status` has a sentence for it.
        values: what that sentence names.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class PostLocked(Exception):
    """A moderator locked a post in a forum: nothing can be written there until it is unlocked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message that should stand at a place.

    Attributes:
        to: the place.
        key: tells it from its owner's other messages.
        marker: the custom_id of one of its buttons, or its beginning up to a colon, by which it is known whoever
            sent it for whatever; without one it is known by the mark that the outbox gives it.
        version: what is compared in place of its text, to see whether it is up to date.
        title: the name of the post that it opens in a forum.
        since: since when it is owed, where a bot before this one may have sent it.
        lasting: the key without ids of the database, where it has any: a restored backup gives them out anew.
    """

    to: "PostTarget"
    key: str
    page: Page
    marker: str | None = None
    version: str | None = None
    reply_to: int | None = None
    mentions: discord.AllowedMentions = field(default_factory=discord.AllowedMentions.none)
    files: tuple[discord.File, ...] = ()
    title: str = ""
    since: datetime | None = None
    lasting: str | None = None

    @property
    def name(self) -> str:
        """What tells it from its owner's other messages in Discord."""
        return self.lasting or self.key

    @property
    def fingerprint(self) -> str:
        """Tells whether what stands there is up to date."""
        return self.version or fingerprint(page_text(self.page.children))

    def is_shown_by(self, message: discord.Message, mark: int) -> bool:
        """Whether a message of the bot is this one, sent by an earlier try.

        Args:
            mark: what it is marked with, whatever it says; see `bot.delivery.outbox.mark`.
        """
        if self.marker is not None:
            return carries(message, self.marker)
        found = next((int(getattr(component, "id", 0) or 0) for component in message.components), 0)
        return found == mark if found >= MARKED else self.is_said_by(message)

    def is_said_by(self, message: discord.Message) -> bool:
        """Whether a message says just what this one should."""
        return page_text(message.components) == page_text(self.page.children)


def carries(message: discord.Message, marker: str) -> bool:
    """Whether one of a message's buttons has this custom_id, or begins with it up to a colon."""
    return any(
        found == marker or (marker.endswith(":") and found.startswith(marker))
        for found in custom_ids(message.components)
    )


@dataclass(frozen=True, slots=True)
class SentPost:
    """One of the bot's messages.

    Attributes:
        forum_post_id: the forum post that it opens.
        found: an earlier try has sent it.
    """

    message: discord.Message
    forum_post_id: int | None = None
    found: bool = False

    @property
    def channel_id(self) -> int:
        """Where it stands: a channel, a thread, or its own post in a forum."""
        return self.forum_post_id or self.message.channel.id


class PostTarget(Protocol):
    """What a kind of place does with the bot's messages."""

    def own(self, since: datetime) -> AsyncIterator[SentPost]:
        """The bot's messages among which one stands that an earlier try has sent since an instant."""
        ...

    async def send(self, out: Outgoing, nonce: str) -> SentPost:
        """Sends a message; `nonce` (25 characters at most) keeps a repeated send single where Discord takes one."""
        ...


class MessageTarget:
    """A channel, a thread or direct messages. A nonce keeps a repeated send single.

    Args:
        own_id: the bot's user.
    """

    def __init__(self, place: discord.abc.Messageable, own_id: int) -> None:
        self._place = place
        self._own_id = own_id

    async def own(self, since: datetime) -> AsyncIterator[SentPost]:
        """Looks through the newest messages, and through the first ones since the instant."""
        async for message in far_back(self._place, since):
            if message.author.id == self._own_id:
                yield SentPost(message)

    async def send(self, out: Outgoing, nonce: str) -> SentPost:
        """Sends the message, as a reply where it is one."""
        options: dict[str, Any] = {}
        if out.reply_to is not None:
            place: Any = self._place
            reference = place.get_partial_message(out.reply_to).to_reference(fail_if_not_exists=False)
            options = {"reference": reference, "mention_author": False}
        message = await self._place.send(
            view=out.page, nonce=nonce, allowed_mentions=out.mentions, files=list(out.files), **options
        )
        return SentPost(message)


class ForumTarget:
    """A forum, in which a message opens a post.

    A post takes no nonce, so it is sent once (see `bot.delivery.limiter`) and looked for before it is sent again.
    """

    def __init__(self, forum: discord.ForumChannel) -> None:
        self._forum = forum

    async def own(self, since: datetime) -> AsyncIterator[SentPost]:
        """Looks at our own posts of that day and later, active ones and archived ones."""
        own_id = self._forum.guild.me.id
        posts = [post for post in await self._forum.guild.active_threads() if post.parent_id == self._forum.id]
        posts += [post async for post in self._forum.archived_threads(limit=NEWEST)]
        for post in sorted(posts, key=lambda post: post.id, reverse=True):
            if post.owner_id != own_id or discord.utils.snowflake_time(post.id) < since - DAY:
                continue
            # A post and its first message have the same id on Discord, so the nearest message is the first.
            async for message in post.history(limit=1, around=discord.Object(post.id)):
                if message.author.id == own_id:
                    yield SentPost(message, post.id)

    async def send(self, out: Outgoing, nonce: str) -> SentPost:
        """Opens the post."""
        post, message = await self._forum.create_thread(
            name=out.title,
            view=out.page,
            auto_archive_duration=HIDE_AFTER_MINUTES,
            applied_tags=post_tags(self._forum),
            allowed_mentions=out.mentions,
            files=list(out.files),
        )
        return SentPost(message, post.id)


PracticeChannel = discord.TextChannel | discord.ForumChannel


async def practice_channel(
    client: discord.Client, guild_id: int, channel_id: int, *, opening: bool
) -> PracticeChannel:
    """A practice channel in which the bot may post now.

    Args:
        opening: whether something new is to be posted, for which a forum may ask for a tag.

    Raises:
        CannotPost: the bot is not in the server, does not see the channel, or lacks what it needs there.
    """
    channel = client.get_channel(channel_id)
    if client.get_guild(guild_id) is None:
        raise CannotPost("not_in_server")  # to ask would only earn refusals
    if channel is None:
        try:
            channel = await client.fetch_channel(channel_id)
        except (discord.NotFound, discord.Forbidden):
            raise CannotPost("cannot_see") from None
    if not isinstance(channel, PRACTISABLE):
        raise CannotPost("wrong_kind")
    lacking = missing_to_post(channel)
    if lacking:
        raise CannotPost("missing", channel_id=channel.id, permissions=lacking)
    if opening and lacks_tag(channel):
        raise CannotPost("no_tag")
    return channel


def target_of(channel: PracticeChannel) -> PostTarget:
    """The target that a practice channel is."""
    if isinstance(channel, discord.ForumChannel):
        return ForumTarget(channel)
    return MessageTarget(channel, channel.guild.me.id)


async def open_thread(channel: discord.TextChannel, message_id: int, name: str) -> int:
    """Opens the thread on a message, whose id it takes; one that is there already is as good."""
    try:
        await channel.get_partial_message(message_id).create_thread(
            name=name, auto_archive_duration=HIDE_AFTER_MINUTES
        )
    except discord.HTTPException as error:
        if error.code != THREAD_EXISTS:
            raise
    return message_id


async def writable_post(forum: discord.ForumChannel, post_id: int) -> discord.Thread:
    """A post of a forum, shown again where it was hidden: a hidden one takes no edits.

    Raises:
        PostLocked: it is hidden and locked.
    """
    post = forum.get_thread(post_id) or await forum.guild.fetch_channel(post_id)
    assert isinstance(post, discord.Thread)
    if post.archived and post.locked:
        raise PostLocked
    if post.archived:
        await post.edit(archived=False)
    return post


@asynccontextmanager
async def unhidden(client: discord.Client, thread_id: int, refusal: discord.HTTPException) -> AsyncGenerator[None]:
    """Shows a thread of ours that has hidden itself, and hides it again.

    Args:
        refusal: what Discord said of the hidden thread.

    Raises:
        discord.HTTPException: the refusal, where the thread is locked as well: only moderators can show it.
    """
    thread = client.get_channel(thread_id) or await client.fetch_channel(thread_id)
    assert isinstance(thread, discord.Thread)
    try:
        await thread.edit(archived=False)
    except discord.Forbidden:
        raise refusal from None
    try:
        yield
    finally:
        with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            await thread.edit(archived=True)


async def edit_or_leave(message: discord.PartialMessage, page: Page, files: Sequence[discord.File] = ()) -> bool:
    """Edits a message of the bot; returns False where somebody deleted it on purpose, so that it stays away.

    Args:
        files: what the page shows of attachments, in place of those that the message has; none leaves them there.
    """
    attachments: Any = list(files) or discord.utils.MISSING
    for file in files:
        file.reset()  # an edit that was refused has read it
    try:
        await message.edit(view=page, attachments=attachments)
    except discord.HTTPException as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
        return False
    return True


async def delete_if_there(message: discord.PartialMessage) -> None:
    """Deletes a message of the bot, unless somebody else has."""
    try:
        await message.delete()
    except discord.HTTPException as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
