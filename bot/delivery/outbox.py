"""The bot's further messages of a drill, each exactly once: look, send with a nonce, record."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import discord

from bot.domain.drills import Drill
from bot.storage import drills
from bot.storage.database import Database
from bot.ui.kit.layouts import Page, page_text

LOOK_BACK = 100
LOOK_AHEAD = 500
SKEW = timedelta(minutes=1)
"""How far our clock and Discord's may be apart."""
UNKNOWN_MESSAGE = 10008


def fingerprint(text: str) -> str:
    """A short name for a text: as a nonce (25 characters at most), and to see whether it changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


async def far_back(place: discord.abc.Messageable, since: datetime) -> AsyncIterator[discord.Message]:
    """The messages among which one of ours stands that an earlier try may have sent since an instant.

    First the newest, whatever the instant: a restored backup knows later ones only. In a busy place those may all
    be younger than ours, so the first ones after the instant come as well.
    """
    number, oldest = 0, None
    async for message in place.history(limit=LOOK_BACK):
        number, oldest = number + 1, message
        yield message
    if oldest is None or number < LOOK_BACK or oldest.created_at < since - SKEW:
        return
    async for message in place.history(limit=LOOK_AHEAD, after=since - SKEW, before=oldest, oldest_first=True):
        yield message


class Outbox:
    """Keeps what a place shows of a drill equal to a list of pages."""

    def __init__(self, client: discord.Client, database: Database) -> None:
        self._client = client
        self._db = database

    def place(self, drill: Drill, channel_id: int) -> discord.PartialMessageable:
        """A channel or thread of the drill's server, without a request."""
        return self._client.get_partial_messageable(channel_id, guild_id=drill.guild_id)

    async def show(
        self,
        drill: Drill,
        key: str,
        pages: Sequence[Page],
        channel_id: int,
        *,
        look: bool,
        since: datetime | None = None,
        reply_to: int | None = None,
    ) -> None:
        """Makes the posts `key:0`, `key:1`, … say these pages: sends, edits and deletes what differs.

        Args:
            look: reads the channel's history before sending, because an earlier try may have sent already.
            since: before this instant none was sent; the drill's opening if left out.
            reply_to: a message to which the pages reply.
        """
        look_since = (since or drill.opened_at or drill.claimed_at) if look else None
        known = {
            post.key: post for post in await self._db.read(lambda c: drills.posts_like(c, drill.id, f"{key}:"))
        }
        for number, page in enumerate(pages):
            name, said = f"{key}:{number}", page_text(page.children)
            post = known.pop(name, None)
            if post is None:
                message_id = await self._send(drill, name, page, channel_id, look_since, reply_to)
                place = channel_id
            elif post.digest != fingerprint(said):
                message_id, place = post.message_id, post.channel_id
                await self._edit(drill, place, message_id, page)
            else:
                continue
            await self._db.write(
                lambda c, name=name, place=place, message_id=message_id, said=said: drills.keep_post(
                    c, drill, name, place, message_id, fingerprint(said)
                )
            )
        for post in known.values():
            await self._remove(drill, post.id, post.channel_id, post.message_id)

    async def _send(
        self,
        drill: Drill,
        name: str,
        page: Page,
        channel_id: int,
        look_since: datetime | None,
        reply_to: int | None,
    ) -> int:
        place = self.place(drill, channel_id)
        if look_since is not None:
            wanted = page_text(page.children)
            async for message in far_back(place, look_since):
                ours = message.author == self._client.user and page_text(message.components) == wanted
                # Two people of one name may be told the same: what is recorded belongs to the other one.
                if ours and not await self._db.read(lambda conn, at=message.id: drills.is_post(conn, at)):
                    return message.id
        nonce = fingerprint(f"{drill.id}:{name}")
        if reply_to is None:
            return (await place.send(view=page, nonce=nonce)).id
        reference = place.get_partial_message(reply_to).to_reference(fail_if_not_exists=False)
        return (await place.send(view=page, nonce=nonce, reference=reference, mention_author=False)).id

    async def _edit(self, drill: Drill, channel_id: int, message_id: int, page: Page) -> None:
        try:
            await self.place(drill, channel_id).get_partial_message(message_id).edit(view=page)
        except discord.HTTPException as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            # Somebody deleted it on purpose, so it stays away.

    async def _remove(self, drill: Drill, post_id: int, channel_id: int, message_id: int) -> None:
        try:
            await self.place(drill, channel_id).get_partial_message(message_id).delete()
        except discord.HTTPException as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
        await self._db.write(lambda conn: drills.drop_post(conn, post_id))
