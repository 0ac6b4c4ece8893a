"""Brings to channels what the database says they are owed, each message exactly once.

Every message goes the same way: on a retry or after an outage look for our own message first, send with a
deterministic nonce, record. The nonce covers the first minutes, the look everything later.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

import discord
import structlog

from bot.clock import Clock
from bot.domain.questions import Pack, Question
from bot.domain.tracks import Drill, DrillState, Mode, Reveal
from bot.services.drills import DrillService
from bot.services.votes import VoteService
from bot.storage import answers, drills, tracks
from bot.storage.engine import Database
from bot.ui.cards import MARKER, drill_card, intro_page, reveal_pages, thread_name
from bot.ui.permissions import missing_to_post
from bot.ui.votes import ASK_FOR_VOTES, best_text
from bot.workers.ballots import Ballots
from bot.workers.mirror import Mirror
from bot.workers.posts import LOOK_BACK, UNKNOWN_MESSAGE, Posts, digest

THREAD_EXISTS = 160004
HIDE_AFTER_MINUTES = 10080

log = structlog.get_logger()


class Withheld(Exception):
    """Discord does not let the bot post there now; the text says why, for `/daily status`."""


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


class Courier:
    """Delivers drills, threads, reveals and closed cards."""

    def __init__(
        self,
        client: discord.Client,
        database: Database,
        service: DrillService,
        mirror: Mirror,
        posts: Posts,
        votes: VoteService,
        ballots: Ballots,
        pack: Pack,
        clock: Clock,
    ) -> None:
        self._client = client
        self._db = database
        self._service = service
        self._mirror = mirror
        self._posts = posts
        self._votes = votes
        self._ballots = ballots
        self._pack = pack
        self._clock = clock
        self._ticking = asyncio.Lock()

    async def tick(self) -> None:
        """Claims what is due and delivers what is owed; one bad track never stops another."""
        async with self._ticking:
            for track_id in await self._service.due(self._clock()):
                await self._alone(track_id, self._service.claim_due(track_id, self._clock()))
            await self._service.give_up_late(self._clock())
            for drill in await self._service.expired(self._clock()):
                await self._service.close(drill, self._clock())
            claimed = await self._service.claimed(self._clock())
            await asyncio.gather(*(self._guard(drill, self._bring(drill)) for drill in claimed))
            owed = await self._service.owed(self._clock())
            await asyncio.gather(*(self._guard(drill, self._bring(drill)) for drill in owed))

    async def _alone(self, track_id: int, work: Awaitable[object]) -> None:
        try:
            await work
        except Exception as error:
            log.error("claim.failed", track=track_id, error=type(error).__name__, exc_info=error)

    async def _guard(self, drill: Drill, work: Awaitable[None]) -> None:
        try:
            await work
        except Withheld as reason:
            await self._service.failed(drill, self._clock(), str(reason))
        except discord.HTTPException as error:
            log.warning("delivery.failed", drill=drill.id, status=error.status, code=error.code)
            if error.code == UNKNOWN_MESSAGE:
                await self._service.void(drill)
            else:
                said = error.text or f"error {error.status}"
                await self._service.failed(drill, self._clock(), f"Discord answered: {said}.")
        except Exception as error:
            log.error("delivery.failed", drill=drill.id, error=type(error).__name__, exc_info=error)
            await self._service.failed(drill, self._clock(), "Posting failed on our side; it is tried again.")

    async def _bring(self, drill: Drill) -> None:
        question = self._pack.find(drill.question_id or "")
        if question is None:
            raise Withheld("The question is no longer in the bank.")
        channel = await self._channel(drill)
        if drill.state is DrillState.CLAIMED:
            drill = await self._post(drill, channel, question)
            question = self._pack.find(drill.question_id or "") or question
        wants_thread = drill.state is DrillState.OPEN and drill.mode is Mode.OPEN
        if wants_thread and drill.thread_id is None and drill.thread_note is None:
            await self._open_thread(drill, channel, question)
        if drill.reveal is Reveal.DUE:
            if not self._ballots.complete(drill):
                return
            await self._reveal(drill, channel, question)
        if drill.reveal in (Reveal.DUE, Reveal.CARD):
            await self._edit_card(drill, channel, question)
            await self._service.revealed(drill, Reveal.DONE)
        elif drill.state is DrillState.OPEN and await self._service.card_is_old(drill, self._clock()):
            await self._edit_card(drill, channel, question)

    async def _channel(self, drill: Drill) -> discord.TextChannel:
        channel = self._client.get_channel(drill.channel_id)
        if channel is None:
            try:
                channel = await self._client.fetch_channel(drill.channel_id)
            except (discord.NotFound, discord.Forbidden):
                raise Withheld("I cannot see the channel. Was it deleted, or View Channel taken away?") from None
        if not isinstance(channel, discord.TextChannel):
            raise Withheld("The channel is no text channel any more.")
        lacking = missing_to_post(channel)
        if lacking:
            raise Withheld(f"Missing in <#{channel.id}>: {', '.join(lacking)}.")
        return channel

    async def _post(self, drill: Drill, channel: discord.TextChannel, question: Question) -> Drill:
        """Sends a claimed drill, or finds the message that an earlier try has sent."""
        key = f"{MARKER}{drill.channel_id}:{drill.date}:"
        found: discord.Message | None = None
        if drill.attempts or drill.late:
            async for message in channel.history(limit=LOOK_BACK):
                marker = _marker(message) if message.author.id == channel.guild.me.id else None
                if marker is not None and marker.startswith(key) and await self._is_free(message.id):
                    found = message
                    break
        if found is None:
            track = await self._db.read(lambda conn: tracks.get(conn, drill.track_id))
            ping = track.ping_role_id if track else None
            closing = await self._service.closing(drill, self._clock())
            await self._service.trying(drill)
            found = await channel.send(
                view=drill_card(drill, question, 0, closing, ping),
                nonce=digest(f"{drill.id}:{key}"),
                allowed_mentions=discord.AllowedMentions(
                    everyone=False, users=False, roles=[discord.Object(ping)] if ping else False
                ),
            )
        question_id = (_marker(found) or f"{key}{question.id}").removeprefix(key)
        return await self._service.posted(drill, found.id, question_id, found.created_at)

    async def _is_free(self, message_id: int) -> bool:
        return await self._db.read(lambda conn: drills.by_message(conn, message_id)) is None

    async def _open_thread(self, drill: Drill, channel: discord.TextChannel, question: Question) -> int | None:
        assert drill.message_id is not None
        thread_id, note = drill.message_id, None
        try:
            await channel.get_partial_message(drill.message_id).create_thread(
                name=thread_name(drill, question), auto_archive_duration=HIDE_AFTER_MINUTES
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                if error.status >= 500 or error.code == UNKNOWN_MESSAGE:
                    raise
                thread_id, note = None, f"Question {question.number} has no thread: {error.text or error.code}."
        if thread_id is not None and drill.mode is Mode.OPEN and not self._client.intents.message_content:
            await self._posts.show(drill, "intro", [intro_page(drill)], thread_id, look=drill.attempts > 0)
        await self._service.threaded(drill, thread_id, note)
        return thread_id

    async def _reveal(self, drill: Drill, channel: discord.TextChannel, question: Question) -> None:
        """The model answer in the thread (without one, as replies to the card), then blind answers in order."""
        assert drill.message_id is not None
        thread_id = drill.thread_id
        if thread_id is None and drill.mode is Mode.BLIND and drill.thread_note is None:
            thread_id = await self._open_thread(drill, channel, question)
        look = drill.attempts > 0
        await self._service.trying(drill)
        await self._posts.show(
            drill,
            "reveal",
            reveal_pages(question, await self._votes_line(drill)),
            thread_id or channel.id,
            look=look,
            reply_to=None if thread_id is not None else drill.message_id,
        )
        if drill.mode is Mode.BLIND:
            for answer in await self._db.read(lambda conn: answers.of_drill(conn, drill.id)):
                await self._mirror.settle(answer.id, revealing=True)
        await self._service.revealed(drill, Reveal.CARD)

    async def _votes_line(self, drill: Drill) -> str | None:
        """The best answer, or where votes only begin now, a request for them."""
        if drill.mode is Mode.BLIND:
            return ASK_FOR_VOTES
        best = await self._votes.decide(drill)
        return None if best is None else best_text(best)

    async def _edit_card(self, drill: Drill, channel: discord.TextChannel, question: Question) -> None:
        assert drill.message_id is not None
        count = await self._service.answered(drill)
        closing = await self._service.closing(drill, self._clock())
        card = drill_card(drill, question, count, closing)
        await channel.get_partial_message(drill.message_id).edit(view=card)
        await self._service.shown(drill, count, self._clock())
