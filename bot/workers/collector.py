"""Turns what people write in Discord into answers, and marks it with a reaction."""

import contextlib

import discord

from bot.domain.answers import Status
from bot.services.answers import AnswerService, Collected, Incoming
from bot.storage import answers
from bot.storage.engine import Database

MARKS = {Status.ON_TIME: "✅", Status.LATE: "🕒", Status.SHORT: "✏️"}
COUNTED_TYPES = (discord.MessageType.default, discord.MessageType.reply)


class Collector:
    """Listens to messages in drills' threads and to replies to drills."""

    def __init__(self, client: discord.Client, database: Database, service: AnswerService) -> None:
        self._client = client
        self._db = database
        self._service = service

    async def message(self, message: discord.Message) -> None:
        """Collects a person's message."""
        if message.author.bot or message.guild is None or message.type not in COUNTED_TYPES:
            return
        reference = message.reference.message_id if message.reference else None
        withheld = not self._client.intents.message_content
        result = await self._service.collect(
            Incoming(
                message_id=message.id,
                channel_id=message.channel.id,
                replies_to=reference,
                member_id=message.author.id,
                name=message.author.display_name,
                text=message.content,
                has_file=bool(message.attachments),
                withheld=withheld and not message.content,
                sent_at=message.created_at,
            )
        )
        if result is not None:
            await self._mark(result)

    async def edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follows an edit of a collected message."""
        at = event.message.edited_at
        if at is None:
            return
        files = bool(event.message.attachments)
        result = await self._service.edited(event.message_id, event.message.content, files, at)
        if result is not None:
            await self._mark(result)

    async def _mark(self, result: Collected) -> None:
        """Puts the answer's mark on all its messages, in place of an earlier one."""
        mark = MARKS[result.answer.status]
        for part in result.parts:
            channel = self._client.get_channel(part.channel_id or 0)
            if part.message_id is None or part.mark == mark or not isinstance(channel, discord.abc.Messageable):
                continue
            message = channel.get_partial_message(part.message_id)  # pyright: ignore
            with contextlib.suppress(discord.HTTPException):
                await message.add_reaction(mark)
                if part.mark is not None and self._client.user is not None:
                    await message.remove_reaction(part.mark, self._client.user)
            part_id = part.id
            await self._db.write(lambda conn, part_id=part_id: answers.change_part(conn, part_id, mark=mark))
