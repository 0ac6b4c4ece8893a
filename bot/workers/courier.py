"""Brings to channels what the database says they are owed, each message exactly once."""

import discord
import structlog

from bot.clock import Clock
from bot.domain.questions import Pack
from bot.domain.tracks import LIFETIME, Drill, Reveal
from bot.services.drills import DrillService
from bot.storage import drills
from bot.storage.engine import Database
from bot.ui.cards import answer_key, drill_card, thread_name
from bot.ui.reveal import reveal_page

THREAD_EXISTS = 160004
HISTORY_LOOKED_THROUGH = 100
HIDE_AFTER_MINUTES = 10080
MARKER = "mb:drill:answer:"

log = structlog.get_logger()


def _marker(message: discord.Message) -> str | None:
    """The custom_id of the Answer button in one of our own drill messages."""
    stack: list[object] = list(message.components)
    while stack:
        component = stack.pop()
        custom_id = getattr(component, "custom_id", None)
        if isinstance(custom_id, str) and custom_id.startswith(MARKER):
            return custom_id
        stack += getattr(component, "children", [])
    return None


class Courier:
    """Claim, look, send with a deterministic nonce, record, open the thread, record."""

    def __init__(
        self, client: discord.Client, database: Database, service: DrillService, pack: Pack, clock: Clock
    ) -> None:
        self._client = client
        self._db = database
        self._service = service
        self._pack = pack
        self._clock = clock

    async def tick(self) -> None:
        """Claims what is due and delivers what is owed; one bad track never stops another."""
        for track_id in await self._service.due(self._clock()):
            await self._service.claim_due(track_id, self._clock())
        for drill in await self._db.read(lambda conn: drills.claimed(conn, self._clock())):
            await self._guard(drill, self.deliver(drill))
        for drill in await self._db.read(lambda conn: drills.threadless(conn, self._clock())):
            await self._guard(drill, self._open_thread(drill))
        for drill in await self._db.read(lambda conn: drills.expired(conn, self._clock())):
            await self._service.close(drill, self._clock())
        for drill in await self._db.read(lambda conn: drills.to_reveal(conn, self._clock())):
            await self._guard(drill, self._reveal(drill))

    async def _guard(self, drill: Drill, work: object) -> None:
        try:
            await work  # pyright: ignore[reportGeneralTypeIssues]
        except Exception as error:
            log.warning("delivery.failed", drill=drill.id, error=type(error).__name__)
            reason = getattr(error, "text", "") or type(error).__name__
            await self._service.failed(drill, self._clock(), f"Posting did not work: {reason}.")

    async def _channel(self, drill: Drill) -> discord.TextChannel:
        channel = self._client.get_channel(drill.channel_id)
        channel = channel or await self._client.fetch_channel(drill.channel_id)
        if not isinstance(channel, discord.TextChannel):
            raise LookupError("the channel is no text channel")
        allowed = channel.permissions_for(channel.guild.me)
        if not allowed.read_message_history:
            raise PermissionError("Read Message History is missing")
        return channel

    async def deliver(self, drill: Drill) -> None:
        """Sends a claimed drill, or finds the message that an earlier try has sent."""
        channel = await self._channel(drill)
        prefix = f"{MARKER}{drill.channel_id}:{drill.date}:"
        found: discord.Message | None = None
        if drill.attempts or drill.late:
            async for message in channel.history(limit=HISTORY_LOOKED_THROUGH):
                marker = _marker(message) if message.author == channel.guild.me else None
                if marker is not None and marker.startswith(prefix):
                    found = message
                    break
        question = self._pack.find(drill.question_id or "")
        if question is None:
            raise LookupError("the question is no longer in the bank")
        if found is None:
            await self._db.write(lambda conn: drills.change(conn, drill.id, attempts=drill.attempts + 1))
            closes = int((self._clock() + LIFETIME).timestamp())
            found = await channel.send(
                view=drill_card(drill, question, closes),
                nonce=f"mbd{drill.id}",
                allowed_mentions=discord.AllowedMentions.none(),
            )
        question_id = (_marker(found) or answer_key(drill)).removeprefix(prefix)
        await self._service.posted(drill, found.id, question_id, found.created_at)
        posted = await self._db.read(lambda conn: drills.get(conn, drill.id))
        if posted is not None:
            await self._open_thread(posted)

    async def _open_thread(self, drill: Drill) -> None:
        channel = await self._channel(drill)
        question = self._pack.find(drill.question_id or "")
        if question is None or drill.message_id is None:
            return
        thread_id, note = drill.message_id, None
        try:
            await channel.get_partial_message(drill.message_id).create_thread(
                name=thread_name(drill, question), auto_archive_duration=HIDE_AFTER_MINUTES
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                if error.status >= 500:
                    raise
                thread_id, note = None, f"The thread could not be opened: {error.text}."
        await self._db.write(lambda conn: drills.change(conn, drill.id, thread_id=thread_id, thread_note=note))

    async def _reveal(self, drill: Drill) -> None:
        """The model answer in the thread (without one, as a reply to the card), then the closed card."""
        channel = await self._channel(drill)
        question = self._pack.find(drill.question_id or "")
        if question is None or drill.message_id is None:
            await self._service.revealed(drill, Reveal.DONE)
            return
        card = channel.get_partial_message(drill.message_id)
        if drill.reveal is Reveal.DUE:
            page, nonce = reveal_page(question), f"mbr{drill.id}"
            if drill.thread_id is not None:
                place = self._client.get_partial_messageable(drill.thread_id, guild_id=drill.guild_id)
                await place.send(view=page, nonce=nonce)
            else:
                await channel.send(view=page, nonce=nonce, reference=card)
            await self._service.revealed(drill, Reveal.CARD)
        await card.edit(view=drill_card(drill, question, None))
        await self._service.revealed(drill, Reveal.DONE)
