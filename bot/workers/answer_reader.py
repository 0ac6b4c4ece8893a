"""Turns what people write in Discord into answers, as events and histories tell it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field

import discord

from bot.delivery.channels import Outgoing
from bot.delivery.guard import of, report
from bot.delivery.jobs import KeyedLocks
from bot.delivery.outbox import Outbox
from bot.domain.drills import Drill
from bot.services.answers import (
    AnswerService,
    Collected,
    FormOnly,
    IncomingMessage,
    MessageOwner,
    OwnedMessage,
)
from bot.services.drill_places import DrillPlaceService
from bot.services.drills import owner
from bot.services.interview_answers import InterviewAnswerService
from bot.ui.drills import blind_notice
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.members import actor_of
from bot.workers.answer_marks import AnswerPresenter

COUNTED_TYPES = (discord.MessageType.default, discord.MessageType.reply)


def _replied_to(message: discord.Message) -> int | None:
    """The message of the same server to which this one replies; a forwarded message is no reply."""
    reference, guild = message.reference, message.guild
    if reference is None or guild is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id if reference.guild_id in (None, guild.id) else None


@dataclass(eq=False, repr=False)
class AnswerIngest:
    """Follows what is written in drills' threads and in reply to drills.

    Args:
        messages: one thing at a time happens to a message, in the order in which Discord told it: whoever calls
            `message`, `edit` or `delete` follows an event, or holds the message's lock.
    """

    _client: discord.AutoShardedClient
    _service: AnswerService
    _drills: DrillPlaceService
    _interviews: InterviewAnswerService
    _presenter: AnswerPresenter
    _outbox: Outbox
    _messages: KeyedLocks
    _readings: int = field(default=0, init=False)
    # What happened to messages of which the history, read meanwhile, may tell an earlier state.
    _gone: set[int] = field(default_factory=set[int], init=False)
    _edited: dict[int, discord.Message] = field(default_factory=dict[int, discord.Message], init=False)

    def incoming(self, message: discord.Message) -> IncomingMessage | None:
        """A person's message as services take it; None for everything else."""
        person = not message.author.bot and message.webhook_id is None
        if not person or message.guild is None or message.type not in COUNTED_TYPES:
            return None
        withheld = not self._client.intents.message_content and not message.content and not message.attachments
        return IncomingMessage(
            message_id=message.id,
            channel_id=message.channel.id,
            replies_to=_replied_to(message),
            member_id=message.author.id,
            name=message.author.display_name,
            text=message.content,
            has_file=bool(message.attachments),
            withheld=withheld,
            sent_at=message.created_at,
            edited_at=message.edited_at,
            name_here=isinstance(message.author, discord.Member),
            to_us=self._is_to_us(message),
        )

    def _is_to_us(self, message: discord.Message) -> bool:
        """Whether a message stands in an open thread that the bot has made, or replies to a message of the bot."""
        place, own = message.channel, self._client.user
        if own is None:
            return False
        if isinstance(place, discord.Thread) and place.owner_id == own.id and not place.is_private():
            return True
        reply = None if message.reference is None else message.reference.resolved
        return isinstance(reply, discord.Message) and reply.author.id == own.id

    async def message(self, message: discord.Message) -> bool:
        """Collects a person's message; returns whether it is an interview's instead."""
        incoming = self.incoming(message)
        if incoming is None:
            return False
        found = await self._service.collect(incoming, actor_of(message.author, message.created_at))
        if isinstance(found, Collected) and not found.known:
            await self._presenter.show(found.view)
        elif isinstance(found, FormOnly):
            await self._point_to_form(found.drill, incoming)
        return isinstance(found, OwnedMessage)

    async def _point_to_form(self, drill: Drill, incoming: IncomingMessage) -> None:
        message = self._outbox.place(drill.guild_id, incoming.channel_id).get_partial_message(incoming.message_id)
        whose, key = owner(drill), f"blind:{incoming.member_id}:0"
        with speaking_to_server(self._client, drill.guild_id):
            page = blind_notice(incoming.name, drill)
        notice = Outgoing(
            to=self._outbox.to(drill.guild_id, incoming.channel_id),
            key=key,
            page=page,
            reply_to=incoming.message_id,
            since=incoming.sent_at,
        )
        try:
            await message.add_reaction("✏️")
            await self._outbox.show(whose, [notice], known=await self._outbox.known(whose, key), look=None)
        except discord.HTTPException as error:
            report("notice.failed", error, **of("drill", drill))

    async def edit(self, message: discord.Message) -> None:
        """Follows an edit of a collected message, or of one in an interview."""
        if message.edited_at is None or (not self._client.intents.message_content and not message.content):
            return
        owned = (await self._service.whose([message.id])).get(message.id)
        if owned is None and self._readings:
            self._edited[message.id] = message
        said = (message.id, message.content, bool(message.attachments))
        if owned is not None and owned.owner is MessageOwner.INTERVIEW:
            await self._interviews.edited(*said)
        elif owned is not None and owned.owner is MessageOwner.DRILL:
            changed = await self._service.follow_edit(*said, message.edited_at)
            if changed is not None:
                await self._presenter.show(changed.view)

    async def delete(self, message_ids: Collection[int]) -> None:
        """Erases the texts of deleted messages; a drill whose own message is gone is void."""
        known = await self._service.whose(message_ids)
        if self._readings:
            self._gone.update(set(message_ids) - known.keys())
        for message_id, owned in known.items():
            if owned.owner is MessageOwner.DRILL:
                view = await self._service.erase(message_id)
                if view is not None:
                    await self._presenter.show(view)
            elif owned.owner is MessageOwner.CARD:
                await self._drills.message_deleted(message_id)
        of_interviews = [number for number, owned in known.items() if owned.owner is MessageOwner.INTERVIEW]
        if of_interviews:
            await self._interviews.deleted(of_interviews)

    async def read_history(
        self, history: AsyncIterator[discord.Message], take: Callable[[discord.Message], Awaitable[None]]
    ) -> None:
        """Hands on what stands in a place, each message as it is by now: its page may tell an earlier state.

        Args:
            take: is called while the message's lock is held, so whoever reads must not hold one.
        """
        self._readings += 1
        try:
            async for message in history:
                async with self._messages.of(message.id):
                    if message.id not in self._gone:
                        await take(self._edited.get(message.id, message))
        finally:
            self._readings -= 1
            if not self._readings:
                self._gone.clear()
                self._edited.clear()
