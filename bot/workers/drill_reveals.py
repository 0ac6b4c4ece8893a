"""Brings what a drill's reveal consists of: the model answer, and then the blind answers in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord
import structlog

from bot.delivery.channels import Outgoing, PostLocked, PracticeChannel
from bot.delivery.codes import LOCKED, UNKNOWN_CHANNEL
from bot.delivery.guard import of
from bot.delivery.outbox import Outbox
from bot.domain.bank import Question
from bot.domain.drills import Drill, Mode, Reveal
from bot.domain.errors import Problem
from bot.services.answers import AnswerService
from bot.services.drills import DrillDelivery, DrillService, owner
from bot.services.votes import VoteService
from bot.ui.charts.questions import attached
from bot.ui.charts.rendering import Pictures
from bot.ui.drills import reveal_pages
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.layouts import Page
from bot.ui.votes import ask_for_votes, best_text
from bot.workers.answer_marks import AnswerPresenter

log = structlog.get_logger()


async def show_pages(
    outbox: Outbox,
    drill: Drill,
    prefix: str,
    pages: Sequence[Page],
    channel_id: int,
    *,
    look: bool,
    since: datetime | None = None,
    reply_to: int | None = None,
    files: Sequence[discord.File] = (),
) -> None:
    """Makes the messages `prefix0`, `prefix1`, … of a drill say these pages; the files go with the first.

    Args:
        look: whether an earlier try may have sent them.
        since: what the bot sent before cannot be them; since the drill opened if left out.
    """
    whose, to = owner(drill), outbox.to(drill.guild_id, channel_id)
    since = since or drill.opened_at or drill.claimed_at
    wanted = [
        Outgoing(
            to=to,
            key=f"{prefix}{number}",
            page=page,
            reply_to=reply_to,
            files=() if number else tuple(files),
            since=since,
        )
        for number, page in enumerate(pages)
    ]
    known = await outbox.known(whose, prefix)
    await outbox.show(whose, wanted, known=known, look=since if look else None)


@dataclass(eq=False, repr=False)
class DrillRevealer:
    """Shows reveals in threads, or where there are none in reply to the card."""

    _client: discord.Client
    _service: DrillService
    _answers: AnswerService
    _presenter: AnswerPresenter
    _outbox: Outbox
    _votes: VoteService
    _pictures: Pictures

    async def reveal(
        self, delivery: DrillDelivery, channel: PracticeChannel, question: Question, thread_id: int | None
    ) -> None:
        """The model answer in the thread (without one, as replies to the card), then blind answers in order."""
        with speaking_to_server(self._client, delivery.drill.guild_id):
            await self._bring(delivery, channel, question, thread_id)

    async def _bring(
        self, delivery: DrillDelivery, channel: PracticeChannel, question: Question, thread_id: int | None
    ) -> None:
        drill, look = delivery.drill, delivery.attempts > 0
        await self._service.book_try(drill.id)
        try:
            await self._show(drill, channel, question, thread_id, look=look)
        except discord.HTTPException as error:
            if drill.forum_post_id is not None and error.code in LOCKED:
                raise PostLocked from error
            if thread_id is None or drill.forum_post_id is not None:
                raise
            if error.code in LOCKED:
                await self._service.leave_thread(drill, Problem("thread_locked"))
            elif error.code == UNKNOWN_CHANNEL:
                # Deleted while the bot was away: the card can be seen, so no missing access hides the thread.
                await self._service.thread_deleted(thread_id)
            else:
                raise
            await self._show(drill, channel, question, None, look=look)
        if drill.mode is Mode.BLIND:
            for answer_id in await self._answers.of_drill(drill.id):
                await self._presenter.reveal(drill.id, answer_id, look=look)
        await self._service.revealed(drill, Reveal.CARD)
        log.info("drill.revealed", **of("drill", drill), date=str(drill.date), question=drill.question_id)

    async def _show(
        self, drill: Drill, channel: PracticeChannel, question: Question, thread_id: int | None, *, look: bool
    ) -> None:
        files = await attached(self._pictures, question, channel.permissions_for(channel.guild.me))
        await show_pages(
            self._outbox,
            drill,
            "reveal:",
            reveal_pages(question, drill, await self._votes_line(drill), drawn=bool(files)),
            thread_id or drill.place_id,
            look=look,
            since=drill.closed_at,
            reply_to=None if thread_id is not None else drill.message_id,
            files=files,
        )

    async def _votes_line(self, drill: Drill) -> str | None:
        """The best answer, or where votes only begin now, a request for them."""
        if drill.mode is Mode.BLIND:
            return ask_for_votes()
        best = await self._votes.tally(drill.id)
        return None if best is None else best_text(best)
