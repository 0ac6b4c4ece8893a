"""Everything that the bot owes Discord, each message exactly once: look, send with a nonce, record.

A feature says which messages should stand at a place; the outbox sends, edits and deletes until they do. The nonce
keeps a send single in the first minutes, the look through the place's history everything later.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

import discord
from sqlalchemy import Connection

from bot.clock import Clock
from bot.delivery.channels import (
    MARKED,
    MessageTarget,
    Outgoing,
    PostTarget,
    SentPost,
    delete_if_there,
    edit_or_leave,
    unhidden,
)
from bot.delivery.codes import THREAD_ARCHIVED, UNKNOWN_CHANNEL
from bot.delivery.guard import Trouble, trouble
from bot.storage import sent_messages
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind, SentMessage
from bot.ui.kit.layouts import fingerprint

__all__ = ["Outbox", "Owner", "OwnerKind", "SentMessage", "nonce"]

T = TypeVar("T")
After = Callable[[Connection, SentPost], T]
"""What is recorded in the transaction that records a message, sent or found just now."""


@dataclass(slots=True)
class _Changes:
    """What has happened in Discord and is not recorded yet."""

    owner: Owner
    recorded: list[tuple[Outgoing, int, int]] = field(default_factory=list[tuple[Outgoing, int, int]])
    deleted: list[int] = field(default_factory=list[int])

    def __bool__(self) -> bool:
        return bool(self.recorded or self.deleted)

    def stands(self, out: Outgoing, channel_id: int, message_id: int) -> None:
        self.recorded.append((out, channel_id, message_id))

    def store(self, conn: Connection, after: Callable[[Connection], None] | None = None) -> None:
        for out, channel_id, message_id in self.recorded:
            sent_messages.record(
                conn,
                self.owner,
                out.key,
                channel_id=channel_id,
                message_id=message_id,
                fingerprint=out.fingerprint,
            )
        for sent_id in self.deleted:
            sent_messages.forget(conn, sent_id)
        if after is not None:
            after(conn)


class Outbox:
    """Makes places show what they should.

    What was owed before the bot was at work may have been sent and forgotten, since a backup was restored: it is
    looked for first.
    """

    def __init__(self, client: discord.Client, database: Database, clock: Clock) -> None:
        self._client = client
        self._db = database
        self._clock = clock
        self._began: datetime | None = None
        self.hear: Callable[[str, str], None] = lambda kind, result: None
        """Is told what a message belongs to, and what happened to it: sent, found, edited, deleted, failed."""

    def place(self, guild_id: int, channel_id: int) -> discord.PartialMessageable:
        """A channel or thread of a server, without a request."""
        return self._client.get_partial_messageable(channel_id, guild_id=guild_id)

    def to(self, guild_id: int, channel_id: int) -> PostTarget:
        """A channel or thread of a server as the place of a message."""
        return self.to_place(self.place(guild_id, channel_id))

    def to_place(self, place: discord.abc.Messageable) -> PostTarget:
        """A channel, a thread or direct messages as the place of a message."""
        assert self._client.user is not None
        return MessageTarget(place, self._client.user.id)

    async def known(self, owner: Owner, prefix: str = "") -> dict[str, SentMessage]:
        """What is recorded of an owner's messages, by key."""
        return await self._db.read(lambda conn: sent_messages.of_owner(conn, owner, prefix))

    async def send(self, owner: Owner, out: Outgoing, *, look: datetime | None, after: After[T]) -> T:
        """Sends a message that is not recorded yet, or finds it, and records it with what it means for its owner.

        Args:
            look: since when an earlier try may have sent it; None where there was none.
            after: records what the message means for its owner, in the same transaction, and gives the result.
        """
        look = self._since(out, look)
        post = None if look is None else await self.find(owner, out, look)
        return await self._record(owner, out, post or await self._send(owner, out), after)

    async def adopt(self, owner: Owner, out: Outgoing, *, look: datetime, after: After[T]) -> T | None:
        """Records a message that an earlier try has sent; None where there is none, and nothing is sent."""
        post = await self.find(owner, out, look)
        return None if post is None else await self._record(owner, out, post, after)

    async def _send(self, owner: Owner, out: Outgoing) -> SentPost:
        out.page.children[0].id = mark(owner, out.name)
        try:
            post = await out.to.send(out, nonce(owner, out.name))
        except Exception:
            self.hear(owner.kind, "failed")
            raise
        self.hear(owner.kind, "sent")
        return post

    def _since(self, out: Outgoing, look: datetime | None) -> datetime | None:
        """Since when a message may have been sent that is not recorded; None where it was not."""
        self._began = self._began or self._clock()
        return out.since if look is None and out.since is not None and out.since < self._began else look

    async def _record(self, owner: Owner, out: Outgoing, post: SentPost, after: After[T]) -> T:
        changes = _Changes(owner)
        changes.stands(out, post.channel_id, post.message.id)

        def store(conn: Connection) -> T:
            changes.store(conn)
            return after(conn, post)

        return await self._db.write(store)

    async def find(self, owner: Owner, out: Outgoing, since: datetime) -> SentPost | None:
        """A message that an earlier try has sent; one that is recorded for something else is not it."""
        marked = mark(owner, out.name)
        async for post in out.to.own(since):
            if out.is_shown_by(post.message, marked) and not await self._is_taken(post.message.id, owner, out.key):
                self.hear(owner.kind, "found")
                return replace(post, found=True)
        return None

    async def _is_taken(self, message_id: int, owner: Owner, key: str) -> bool:
        return await self._db.read(lambda conn: sent_messages.is_taken(conn, message_id, owner, key))

    async def show(
        self,
        owner: Owner,
        wanted: Sequence[Outgoing],
        *,
        known: Mapping[str, SentMessage],
        look: datetime | None,
        after: Callable[[Connection], None] | None = None,
        forgiving: bool = False,
    ) -> None:
        """Makes an owner's messages be just the wanted ones: sends, edits and deletes what differs, then records.

        Where Discord fails in between, what was done until then is recorded before the error goes on.

        Args:
            known: what stands of them by now, by key; of these, what is not wanted is deleted.
            look: since when an earlier try may have sent what is not known; None where there was none.
            after: records what that means for the owner, in the same transaction.
            forgiving: an edit that Discord refuses for good leaves the message as it is.
        """
        changes = _Changes(owner)
        try:
            # What has to go comes first: it must not stay because something else cannot be sent.
            keys = {out.key for out in wanted}
            for sent in known.values():
                if sent.key not in keys:
                    message = self._message(owner, sent)
                    await self.change(sent.channel_id, partial(delete_if_there, message))
                    changes.deleted.append(sent.id)
                    self.hear(owner.kind, "deleted")
            for out in wanted:
                await self._bring(changes, out, known.get(out.key), look, forgiving=forgiving)
        except BaseException:
            if changes:
                await self._db.write(changes.store)
            raise
        if changes or after is not None:
            await self._db.write(partial(changes.store, after=after))

    async def _bring(
        self,
        changes: _Changes,
        out: Outgoing,
        sent: SentMessage | None,
        look: datetime | None,
        *,
        forgiving: bool,
    ) -> None:
        """Sends, finds or edits one message."""
        if sent is None:
            look = self._since(out, look)
            post = None if look is None else await self.find(changes.owner, out, look)
            if post is None:
                post = await self._send(changes.owner, out)
            elif not out.is_said_by(post.message):
                # It has come to say something else since it was sent.
                await self.change(post.channel_id, partial(edit_or_leave, post.message, out.page, out.files))
            changes.stands(out, post.channel_id, post.message.id)
        elif sent.fingerprint != out.fingerprint:
            try:
                message = self._message(changes.owner, sent)
                await self.change(sent.channel_id, partial(edit_or_leave, message, out.page, out.files))
                self.hear(changes.owner.kind, "edited")
            except discord.HTTPException as error:
                for_good = trouble(error) is Trouble.REFUSED and error.code not in (
                    THREAD_ARCHIVED,
                    UNKNOWN_CHANNEL,
                )
                if not (forgiving and for_good):
                    raise
            changes.stands(out, sent.channel_id, sent.message_id)

    async def erase(self, guild_id: int, channel_id: int, message_id: int) -> None:
        """Deletes a message that belongs to nothing any more."""
        message = self.place(guild_id, channel_id).get_partial_message(message_id)
        await self.change(channel_id, partial(delete_if_there, message))

    async def change(self, channel_id: int, work: Callable[[], Awaitable[object]]) -> None:
        """Edits or deletes a message, in a thread that has hidden itself as well."""
        try:
            await work()
        except discord.HTTPException as error:
            if error.code != THREAD_ARCHIVED:
                raise
            async with unhidden(self._client, channel_id, error):
                await work()

    def _message(self, owner: Owner, sent: SentMessage) -> discord.PartialMessage:
        return self.place(owner.guild_id, sent.channel_id).get_partial_message(sent.message_id)


def nonce(owner: Owner, key: str) -> str:
    """Names a message for Discord, the same at each try, and after a restored backup, which gives ids out anew."""
    return fingerprint(f"{owner.kind}:{owner.born}:{key}")


def mark(owner: Owner, key: str) -> int:
    """The id of a message's first component, by which the bot finds it although its text has changed."""
    return MARKED + int(nonce(owner, key)[:7], 16)
