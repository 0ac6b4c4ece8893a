"""Brings to channels what the database says they are owed, each message exactly once.

Every message goes the same way: on a retry or after an outage look for our own message first, send with a
deterministic nonce, record. The nonce covers the first minutes, the look everything later.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import discord
import structlog

from bot.clock import Clock
from bot.delivery.channels import (
    CannotPost,
    PostLocked,
    PostTarget,
    find_drill,
    key_of,
    only,
    practice_channel,
    venue_of,
)
from bot.delivery.jobs import PATIENCE_SECONDS
from bot.delivery.outbox import UNKNOWN_MESSAGE, Outbox
from bot.delivery.worker import Worker
from bot.domain.bank import Pack, Question
from bot.domain.drills import Drill, DrillState, Mode, Reveal
from bot.services.drills import DrillService
from bot.services.votes import VoteService
from bot.storage import answers, drills, tracks
from bot.storage.database import Database
from bot.ui.drills import drill_card, intro_page, reveal_pages, thread_name
from bot.ui.votes import ASK_FOR_VOTES, best_text
from bot.workers.answer_marks import AnswerPresenter
from bot.workers.votes import VoteSync

UNKNOWN_CHANNEL = 10003
UNLOCK = ", so I cannot write there. Unlock it; what is missing in it then comes by itself."
LOCKED = (160005, 50083)
"""A locked thread: open, or archived as well, for a message shows an archived one that is not locked."""

log = structlog.get_logger()


def _posting(drill: Drill) -> str:
    return f"post:{drill.track_id}"


class DrillPublisher(Worker):
    """Delivers drills, threads, reveals and closed cards.

    Args:
        read_up: collects what people wrote to a drill before it was recorded.
    """

    def __init__(
        self,
        client: discord.Client,
        database: Database,
        service: DrillService,
        mirror: AnswerPresenter,
        posts: Outbox,
        votes: VoteService,
        ballots: VoteSync,
        pack: Pack,
        clock: Clock,
        read_up: Callable[[Drill], Awaitable[None]],
    ) -> None:
        super().__init__()
        self._client = client
        self._db = database
        self._service = service
        self._mirror = mirror
        self._posts = posts
        self._votes = votes
        self._ballots = ballots
        self._pack = pack
        self._clock = clock
        self._read_up = read_up

    async def run(self, patience: float = PATIENCE_SECONDS) -> None:
        """Claims what is due and delivers what is owed; one slow or bad channel never stops another.

        Args:
            patience: how many seconds to wait for what is being delivered; what takes longer goes on by itself.
        """
        for track_id in await self._service.due(self._clock()):
            await self._alone(track_id, self._service.claim_due(track_id, self._clock()))
        await self._service.give_up_late(self._clock())
        for drill in await self._service.expired(self._clock()):
            await self._service.close(drill, self._clock())
        until = asyncio.get_running_loop().time() + patience
        for drill in await self._service.claimed(self._clock()):
            self._errands.start(_posting(drill), partial(self._deliver, drill.id))
        await self._errands.wait(patience)
        for drill in await self._service.owed(self._clock()):
            # A track's new question and its thread come before what its earlier ones are owed.
            if not self._errands.busy(_posting(drill)):
                self._errands.start(f"tend:{drill.id}", partial(self._deliver, drill.id))
        await self._errands.wait(until - asyncio.get_running_loop().time())

    async def _deliver(self, drill_id: int) -> None:
        # Read again: another try may have ended since the drill was listed.
        drill = await self._service.get(drill_id)
        if drill is None or drill.state not in (DrillState.CLAIMED, *drills.POSTED):
            return
        if drill.retry_at is None or drill.retry_at <= self._clock():
            await self._guard(drill, self._bring(drill))

    async def _alone(self, track_id: int, work: Awaitable[object]) -> None:
        try:
            await work
        except Exception as error:
            log.error("claim.failed", track=track_id, error=type(error).__name__, exc_info=error)

    async def _guard(self, drill: Drill, work: Awaitable[None]) -> None:
        try:
            await work
        except CannotPost as reason:
            await self._service.failed(drill, self._clock(), str(reason))
        except PostLocked:
            question = self._pack.find(drill.question_id or "")
            number = "" if question is None else f" of question {question.number}"
            log.info("post.locked", drill=drill.id)
            await self._service.locked(drill, self._clock(), f"The [post{number}]({drill.link}) is locked{UNLOCK}")
        except discord.HTTPException as error:
            log.warning("delivery.failed", drill=drill.id, status=error.status, code=error.code)
            if error.code == UNKNOWN_MESSAGE or (drill.forum_post_id and error.code == UNKNOWN_CHANNEL):
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
            raise CannotPost("The question is no longer in the bank.")
        opening = drill.state is DrillState.CLAIMED
        place = await practice_channel(self._client, drill.guild_id, drill.channel_id, opening=opening)
        venue = venue_of(place)
        found = False
        if drill.state is DrillState.CLAIMED:
            drill, found = await self._post(drill, venue, question)
            # People may have replied to it before the bot knew that it stands there.
            await self._read_up(drill)
            question = self._pack.find(drill.question_id or "") or question
        wants_thread = drill.state is DrillState.OPEN and drill.mode is Mode.OPEN
        if wants_thread and drill.thread_id is None and drill.thread_note is None:
            thread_id = await self._open_thread(drill, venue, question)
            if found or drill.attempts:
                # What was found again may have had its thread before, and answers in it.
                await self._read_up(replace(drill, thread_id=thread_id))
        if drill.reveal is Reveal.DUE:
            if not self._ballots.complete(drill):
                return
            await self._reveal(drill, venue, question)
        if drill.reveal in (Reveal.DUE, Reveal.CARD):
            await self._edit_card(drill, venue, question)
            await self._service.revealed(drill, Reveal.DONE)
        elif drill.state is DrillState.OPEN and await self._service.card_is_old(drill, self._clock()):
            await self._edit_card(drill, venue, question)

    async def _post(self, drill: Drill, venue: PostTarget, question: Question) -> tuple[Drill, bool]:
        """Sends a claimed drill, or finds what an earlier try has sent: (drill, whether it was found)."""
        sent = await find_drill(venue, drill, self._is_free) if drill.attempts or drill.late else None
        found = sent is not None
        if sent is None:
            track = await self._db.read(lambda conn: tracks.get(conn, drill.track_id))
            ping = track.ping_role_id if track else None
            closing = await self._service.closing(drill, self._clock())
            await self._service.trying(drill)
            card = drill_card(drill, question, 0, closing, ping, in_forum=venue.is_forum)
            sent = await venue.send(thread_name(drill, question), card, f"{drill.id}:{key_of(drill)}", only(ping))
        question_id = (sent.marker or f"{key_of(drill)}{question.id}").removeprefix(key_of(drill))
        message = sent.message
        drill = await self._service.posted(drill, message.id, question_id, message.created_at, sent.forum_post_id)
        return drill, found

    async def _is_free(self, message_id: int) -> bool:
        return await self._db.read(lambda conn: drills.by_message(conn, message_id)) is None

    async def _open_thread(self, drill: Drill, venue: PostTarget, question: Question) -> int | None:
        thread_id, note = None, None
        try:
            thread_id = await venue.open_thread(drill, thread_name(drill, question))
        except discord.HTTPException as error:
            if error.status >= 500 or error.code == UNKNOWN_MESSAGE:
                raise
            note = f"Question {question.number} has no thread: {error.text or error.code}."
        if thread_id is not None and drill.mode is Mode.OPEN and not self._client.intents.message_content:
            await self._posts.show(drill, "intro", [intro_page(drill)], thread_id, look=drill.attempts > 0)
        await self._service.threaded(drill, thread_id, note)
        return thread_id

    async def _reveal(self, drill: Drill, venue: PostTarget, question: Question) -> None:
        """The model answer in the thread (without one, as replies to the card), then blind answers in order."""
        assert drill.message_id is not None
        thread_id = drill.thread_id
        if thread_id is None and drill.mode is Mode.BLIND and drill.thread_note is None:
            thread_id = await self._open_thread(drill, venue, question)
        look = drill.attempts > 0
        await self._service.trying(drill)
        try:
            await self._show_reveal(drill, question, thread_id, look=look)
        except discord.HTTPException as error:
            if drill.forum_post_id is not None and error.code in LOCKED:
                raise PostLocked from error
            if thread_id is None or drill.forum_post_id is not None:
                raise
            if error.code in LOCKED:
                await self._service.without_thread(drill, "The thread was locked.")
            elif error.code == UNKNOWN_CHANNEL:
                # Deleted while the bot was away: the card can be seen, so no missing access hides the thread.
                await self._service.thread_gone(thread_id)
            else:
                raise
            await self._show_reveal(drill, question, None, look=look)
        if drill.mode is Mode.BLIND:
            for answer in await self._db.read(lambda conn: answers.of_drill(conn, drill.id)):
                await self._mirror.settle(answer.id, revealing=True)
        await self._service.revealed(drill, Reveal.CARD)

    async def _show_reveal(self, drill: Drill, question: Question, thread_id: int | None, *, look: bool) -> None:
        await self._posts.show(
            drill,
            "reveal",
            reveal_pages(question, drill, await self._votes_line(drill)),
            thread_id or drill.place_id,
            look=look,
            since=drill.closed_at,
            reply_to=None if thread_id is not None else drill.message_id,
        )

    async def _votes_line(self, drill: Drill) -> str | None:
        """The best answer, or where votes only begin now, a request for them."""
        if drill.mode is Mode.BLIND:
            return ASK_FOR_VOTES
        best = await self._votes.decide(drill)
        return None if best is None else best_text(best)

    async def _edit_card(self, drill: Drill, venue: PostTarget, question: Question) -> None:
        count = await self._service.answered(drill)
        closing = await self._service.closing(drill, self._clock())
        await venue.edit(drill, drill_card(drill, question, count, closing, in_forum=venue.is_forum))
        await self._service.shown(drill, count, self._clock())
