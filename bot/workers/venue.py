"""Where a drill stands: in a text channel with a thread on it, or in a forum as a post of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

import discord

from bot.domain.tracks import Drill
from bot.ui.cards import MARKER
from bot.ui.forums import post_tags
from bot.ui.layouts import Page
from bot.workers.posts import LOOK_BACK, digest

THREAD_EXISTS = 160004
HIDE_AFTER_MINUTES = 10080
DAY = timedelta(days=1)

IsFree = Callable[[int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A drill's message, sent now or found again; `forum_post_id` is the forum post that it opens."""

    message_id: int
    sent_at: datetime
    marker: str | None
    forum_post_id: int | None = None


class Venue(Protocol):
    """What a kind of channel does with a drill."""

    is_forum: bool

    async def find(self, drill: Drill, is_free: IsFree) -> Sent | None:
        """The message that an earlier try has sent; `is_free` tells whether no other drill has it."""
        ...

    async def send(self, drill: Drill, name: str, card: Page, ping_role_id: int | None) -> Sent:
        """Sends a drill's card; `name` is its thread's name."""
        ...

    async def open_thread(self, drill: Drill, name: str) -> int:
        """The thread for the answers, made now or there already."""
        ...

    async def edit(self, drill: Drill, card: Page) -> None:
        """Brings the card up to date."""
        ...


def venue_of(channel: discord.TextChannel | discord.ForumChannel) -> Venue:
    """The venue that a channel is."""
    return InForum(channel) if isinstance(channel, discord.ForumChannel) else InText(channel)


def key_of(drill: Drill) -> str:
    """How the marker of a drill's message begins, whichever question it carries."""
    return f"{MARKER}{drill.channel_id}:{drill.date}:"


def _marker(message: discord.Message) -> str | None:
    """The custom_id of the Answer button in one of our own drill messages."""
    stack: list[Any] = list(message.components)
    while stack:
        component = stack.pop()
        custom_id = getattr(component, "custom_id", None)
        if isinstance(custom_id, str) and custom_id.startswith(MARKER):
            return custom_id
        stack += getattr(component, "children", [])
    return None


async def _is_of(message: discord.Message, drill: Drill, own_id: int, is_free: IsFree) -> bool:
    marker = _marker(message) if message.author.id == own_id else None
    return marker is not None and marker.startswith(key_of(drill)) and await is_free(message.id)


def _only(ping_role_id: int | None) -> discord.AllowedMentions:
    roles: Any = [discord.Object(ping_role_id)] if ping_role_id else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles)


class InText:
    """A message in a text or announcement channel, with a thread on it. A nonce keeps a repeated send single."""

    is_forum = False

    def __init__(self, channel: discord.TextChannel) -> None:
        self._channel = channel

    async def find(self, drill: Drill, is_free: IsFree) -> Sent | None:
        """Looks through the newest messages."""
        async for message in self._channel.history(limit=LOOK_BACK):
            if await _is_of(message, drill, self._channel.guild.me.id, is_free):
                return Sent(message.id, message.created_at, _marker(message))
        return None

    async def send(self, drill: Drill, name: str, card: Page, ping_role_id: int | None) -> Sent:
        """Sends the message; its thread comes later."""
        nonce = digest(f"{drill.id}:{key_of(drill)}")
        message = await self._channel.send(view=card, nonce=nonce, allowed_mentions=_only(ping_role_id))
        return Sent(message.id, message.created_at, _marker(message))

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


class InForum:
    """A forum post whose first message is the card.

    A post takes no nonce, so it is sent once (see `bot.workers.limiter`) and looked for before it is sent again.
    """

    is_forum = True

    def __init__(self, forum: discord.ForumChannel) -> None:
        self._forum = forum

    async def find(self, drill: Drill, is_free: IsFree) -> Sent | None:
        """Looks at our own posts since the day before the drill's date, active ones and archived ones."""
        own_id = self._forum.guild.me.id
        since = datetime.combine(drill.date - DAY, time(), tzinfo=UTC)
        posts = [post for post in await self._forum.guild.active_threads() if post.parent_id == self._forum.id]
        posts += [post async for post in self._forum.archived_threads(limit=LOOK_BACK)]
        for post in sorted(posts, key=lambda post: post.id, reverse=True):
            if post.owner_id != own_id or discord.utils.snowflake_time(post.id) < since:
                continue
            # A post and its first message have the same id on Discord, so the nearest message is the first.
            async for message in post.history(limit=1, around=discord.Object(post.id)):
                if await _is_of(message, drill, own_id, is_free):
                    return Sent(message.id, message.created_at, _marker(message), post.id)
        return None

    async def send(self, drill: Drill, name: str, card: Page, ping_role_id: int | None) -> Sent:
        """Opens the post."""
        post, message = await self._forum.create_thread(
            name=name,
            view=card,
            auto_archive_duration=HIDE_AFTER_MINUTES,
            applied_tags=post_tags(self._forum),
            allowed_mentions=_only(ping_role_id),
        )
        return Sent(message.id, message.created_at, _marker(message), post.id)

    async def open_thread(self, drill: Drill, name: str) -> int:
        """The post is the thread."""
        return drill.place_id

    async def edit(self, drill: Drill, card: Page) -> None:
        """Edits the post's first message; a hidden post must be shown for that."""
        assert drill.message_id is not None
        post = self._forum.get_thread(drill.place_id)
        post = post or await self._forum.guild.fetch_channel(drill.place_id)
        assert isinstance(post, discord.Thread)
        if post.archived:
            await post.edit(archived=False)
        await post.get_partial_message(drill.message_id).edit(view=card)
