"""Brings to channels what the database says they are owed, each message exactly once.

Every message goes the same way: on a retry or after an outage look for our own message first, send with a
deterministic nonce, record. The nonce covers the first minutes, the look everything later.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import discord
import structlog

from bot.clock import Clock
from bot.delivery.absence import Absence
from bot.delivery.alarm import Alarm
from bot.delivery.channels import (
    CannotPost,
    Outgoing,
    PostLocked,
    PracticeChannel,
    SentPost,
    open_thread,
    practice_channel,
    target_of,
    writable_post,
)
from bot.delivery.codes import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from bot.delivery.guard import of, problem_of, report
from bot.delivery.heartbeat import SECONDS
from bot.delivery.jobs import PATIENCE_SECONDS
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.bank import Banks, Question
from bot.domain.drills import POSTED, Drill, DrillState, Mode, Reveal
from bot.domain.errors import Problem
from bot.services.agenda import Agenda
from bot.services.drill_places import went_with_channel
from bot.services.drills import (
    ClaimedDrill,
    DrillDelivery,
    DrillService,
    PendingDrills,
    mark_posted,
    owner,
)
from bot.services.votes import VoteService
from bot.ui.drills import MARKER, drill_card, intro_page, thread_name
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.layouts import custom_ids
from bot.workers.drill_reveals import DrillRevealer, show_pages
from bot.workers.votes import VoteSync

CARD = "card"
log = structlog.get_logger()


def _posting(track_id: int) -> str:
    return f"post:{track_id}"


def key_of(drill: Drill) -> str:
    """How the marker of a drill's message begins, whichever question it carries."""
    return f"{MARKER}{drill.channel_id}:{drill.date}:"


def _only(ping_role_id: int | None) -> discord.AllowedMentions:
    """Lets a message notify this role and nobody else."""
    roles: Any = [discord.Object(ping_role_id)] if ping_role_id else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles)


@dataclass(eq=False, repr=False)
class DrillPublisher(Worker):
    """Delivers drills, threads, reveals and closed cards.

    Args:
        backfill: collects what people wrote to a drill before it was recorded.
    """

    _client: discord.Client
    _service: DrillService
    _revealer: DrillRevealer
    _outbox: Outbox
    _votes: VoteService
    _vote_sync: VoteSync
    _banks: Banks
    _clock: Clock
    _backfill: Callable[[Drill], Awaitable[None]]

    def __post_init__(self) -> None:
        self._alarm = Alarm(self._service.next_due, self._punctual, self._clock)

    def begin(self) -> None:
        """Makes questions punctual."""
        self._alarm.start()

    async def catch_up(self, absence: Absence) -> None:
        """Where the bot may be let in again, what was refused waits no longer."""
        await self._service.end_pauses_in(absence.guild_ids, self._clock())

    def replan(self) -> None:
        """A manager has changed when questions come: the next one may come sooner."""
        self._alarm.moved()

    async def stop(self) -> None:
        """Claims nothing more, and gives what is under way a few seconds to end."""
        await self._alarm.stop()
        await super().stop()

    async def _punctual(self) -> None:
        if self._client.is_ready():
            await self._deliver(await self._service.pending(self._clock()), patience=0.0)

    async def run(self, agenda: Agenda, patience: float = PATIENCE_SECONDS) -> bool:
        """Delivers what is due at a beat of the heartbeat."""
        due = agenda.drills.any or len(self._tasks) > 0
        await self._deliver(agenda.drills, patience)
        if due:
            self._alarm.moved()
        return due

    async def deliver(self) -> None:
        """Delivers what is due now, without waiting for the next beat."""
        await self._deliver(await self._service.pending(self._clock()), PATIENCE_SECONDS)

    async def _deliver(self, pending: PendingDrills, patience: float) -> None:
        """Claims what is due and delivers what is owed; one slow or bad channel never stops another.

        Args:
            patience: how many seconds to wait for what is being delivered; what takes longer goes on by itself.
        """
        if pending.overdue:
            await self._service.miss_overdue(self._clock())
        for drill in pending.expired:
            await self._service.close(drill.id, self._clock())
        for track_id in pending.due:
            await self._claim(track_id)
        until = asyncio.get_running_loop().time() + patience
        for drill in pending.claimed:
            self._tasks.start(_posting(drill.track_id), partial(self._deliver_claimed, drill.id))
        await self._tasks.wait(patience)
        if pending.due or pending.expired or pending.claimed:
            pending = await self._service.pending(self._clock())
        for drill in pending.to_tend:
            # A track's new question and its thread come before what its earlier ones are owed.
            if not self._tasks.busy(_posting(drill.track_id)):
                self._tasks.start(f"tend:{drill.id}", partial(self._deliver_posted, drill.id))
        await self._tasks.wait(until - asyncio.get_running_loop().time())

    async def _claim(self, track_id: int) -> None:
        try:
            claimed = await self._service.claim_due(track_id, self._clock())
        except Exception as error:
            report("claim.failed", error, track=track_id, next_try_seconds=SECONDS)
            return
        if claimed is not None:
            self._tasks.start(_posting(track_id), partial(self._post, claimed))

    async def _deliver_claimed(self, drill_id: int) -> None:
        # Read again: another try may have ended since the drill was listed.
        claimed = await self._service.claimed(drill_id, self._clock())
        if claimed is not None and self._may_try(claimed.delivery):
            await self._post(claimed)

    async def _post(self, claimed: ClaimedDrill) -> None:
        await self._guard(claimed.delivery, self._bring(claimed))

    async def _deliver_posted(self, drill_id: int) -> None:
        delivery = await self._service.delivery(drill_id)
        if delivery is not None and delivery.drill.state in POSTED and self._may_try(delivery):
            await self._guard(delivery, self._tend(delivery, found=False))

    def _may_try(self, delivery: DrillDelivery) -> bool:
        return delivery.retry_at is None or delivery.retry_at <= self._clock()

    async def _guard(self, delivery: DrillDelivery, work: Awaitable[None]) -> None:
        drill = delivery.drill
        try:
            with speaking_to_server(self._client, drill.guild_id):
                await work
        except PostLocked:
            question = self._banks.of(drill.guild_id).asked(drill.question_id, drill.claimed_at)
            values = {"link": drill.link, "number": question and question.number}
            until = await self._service.rest_locked(drill, self._clock(), Problem("post_locked", values))
            log.info("post.locked", **of("drill", drill, until))
        except Exception as error:
            code = error.code if isinstance(error, discord.HTTPException) else None
            if code == UNKNOWN_MESSAGE or (drill.forum_post_id and code == UNKNOWN_CHANNEL):
                await self._service.void(drill.id)
                log.info("drill.deleted", **of("drill", drill), date=str(drill.date))
            else:
                problem = problem_of(error, "posting_failed")
                until = await self._service.put_off(delivery, self._clock(), problem)
                report("delivery.failed", error, **of("drill", drill, until), date=str(drill.date))

    async def _channel(self, drill: Drill, *, opening: bool) -> tuple[PracticeChannel, Question]:
        question = self._banks.of(drill.guild_id).asked(drill.question_id, drill.claimed_at)
        if question is None:
            raise CannotPost("question_gone")
        channel = await practice_channel(self._client, drill.guild_id, drill.channel_id, opening=opening)
        return channel, question

    async def _bring(self, claimed: ClaimedDrill) -> None:
        channel, question = await self._channel(claimed.drill, opening=True)
        drill, found = await self._send(claimed, channel, question)
        late = (drill.opened_at or drill.claimed_at) - drill.claimed_at
        log.info(
            "drill.posted",
            **of("drill", drill),
            date=str(drill.date),
            question=drill.question_id,
            late_seconds=max(0, round(late.total_seconds())),
        )
        posted = DrillDelivery(
            drill=drill,
            attempts=0,
            retry_at=None,
            cursor=drill.message_id or 0,
            shown_at=drill.opened_at,
            card_changed=False,
        )
        # People may have replied to it before the bot knew that it stands there.
        await self._backfill(drill)
        await self._guard(posted, self._tend(posted, found=found))

    async def _tend(self, delivery: DrillDelivery, *, found: bool) -> None:
        """Brings a posted drill what it is owed; `found` tells that an earlier try had posted it."""
        drill = delivery.drill
        if went_with_channel(drill):
            await self._service.revealed(drill, Reveal.DONE)
            return
        channel, question = await self._channel(drill, opening=False)
        wants_thread = drill.state is DrillState.OPEN and drill.mode is Mode.OPEN
        if wants_thread and drill.thread_id is None and drill.thread_note is None:
            thread_id = await self._open_thread(delivery, channel, question)
            if found or delivery.attempts:
                # What was found again may have had its thread before, and answers in it.
                await self._backfill(replace(drill, thread_id=thread_id))
        if drill.reveal is Reveal.DUE:
            if not self._vote_sync.complete(drill):
                return
            thread_id = drill.thread_id
            if thread_id is None and drill.mode is Mode.BLIND and drill.thread_note is None:
                thread_id = await self._open_thread(delivery, channel, question)
            await self._revealer.reveal(delivery, channel, question, thread_id)
        if drill.reveal in (Reveal.DUE, Reveal.CARD):
            await self._edit_card(drill, channel, question)
            await self._service.revealed(drill, Reveal.DONE)
        elif drill.state is DrillState.OPEN and self._service.card_is_old(delivery, self._clock()):
            await self._edit_card(drill, channel, question)

    async def _send(
        self, claimed: ClaimedDrill, channel: PracticeChannel, question: Question
    ) -> tuple[Drill, bool]:
        """Sends a claimed drill, or finds what an earlier try sent: (drill as recorded, whether it was found)."""
        drill, role_id = claimed.drill, claimed.ping_role_id
        ping = role_id if role_id is not None and channel.guild.get_role(role_id) is not None else None
        in_forum = isinstance(channel, discord.ForumChannel)
        out = Outgoing(
            to=target_of(channel),
            key=CARD,
            page=drill_card(drill, question, 0, claimed.closing, ping, in_forum=in_forum),
            marker=key_of(drill),
            mentions=_only(ping),
            title=thread_name(drill, question),
        )
        look = None if claimed.fresh else drill.claimed_at
        return await self._outbox.send(owner(drill), out, look=look, after=partial(self._record, drill))

    def _record(self, drill: Drill, conn: Any, post: SentPost) -> tuple[Drill, bool]:
        """A found message decides the date's question."""
        marker = next((i for i in custom_ids(post.message.components) if i.startswith(key_of(drill))), None)
        question_id = drill.question_id if marker is None else marker.removeprefix(key_of(drill))
        assert question_id is not None
        recorded = mark_posted(
            conn,
            drill,
            message_id=post.message.id,
            question_id=question_id,
            opened_at=post.message.created_at,
            forum_post_id=post.forum_post_id,
        )
        return recorded, post.found

    async def _open_thread(
        self, delivery: DrillDelivery, channel: PracticeChannel, question: Question
    ) -> int | None:
        drill = delivery.drill
        thread_id, note = None, None
        try:
            if isinstance(channel, discord.ForumChannel):
                thread_id = drill.place_id
            else:
                assert drill.message_id is not None
                thread_id = await open_thread(channel, drill.message_id, thread_name(drill, question))
        except discord.HTTPException as error:
            if error.status >= 500 or error.code == UNKNOWN_MESSAGE:
                raise
            note = Problem("no_thread", {"number": question.number, "said": error.text or error.code})
            log.warning("drill.no_thread", **of("drill", drill), status=error.status, code=error.code)
        if thread_id is not None and drill.mode is Mode.OPEN and not self._client.intents.message_content:
            pages, look = [intro_page(drill)], delivery.attempts > 0
            await show_pages(self._outbox, drill, "intro:", pages, thread_id, look=look)
        await self._service.threaded(drill, thread_id, note)
        return thread_id

    async def _edit_card(self, drill: Drill, channel: PracticeChannel, question: Question) -> None:
        assert drill.message_id is not None
        now = await self._service.standing(drill, self._clock())
        in_forum = isinstance(channel, discord.ForumChannel)
        place = await writable_post(channel, drill.place_id) if in_forum else channel
        best = await self._votes.last_best(drill) if drill.state is DrillState.OPEN else None
        card = drill_card(drill, question, now.answered, now.closing, in_forum=in_forum, best=best)
        await place.get_partial_message(drill.message_id).edit(view=card)
        await self._service.shown(drill, now.answered, self._clock())
