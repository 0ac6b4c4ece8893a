"""Makes Discord show of an answer what the database holds: marks, carried texts, the notice of what is missing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import discord

from bot.clock import Clock
from bot.delivery.absence import Absence, may_read
from bot.delivery.channels import Outgoing
from bot.delivery.codes import FORBIDDEN, LOCKED, UNKNOWN_CHANNEL
from bot.delivery.guard import Trouble, of, report, trouble
from bot.delivery.heartbeat import SECONDS
from bot.delivery.jobs import KeyedLocks, forget_one
from bot.delivery.outbox import Outbox, SentMessage
from bot.delivery.worker import Worker
from bot.domain.answers import AnswerStatus
from bot.domain.drills import Mode, Reveal
from bot.domain.text import link_to
from bot.services.agenda import Agenda
from bot.services.answers import (
    FORM,
    REPLY,
    THREAD,
    Answer,
    AnswerPart,
    AnswerService,
    AnswerView,
    mark_shown,
    owner,
)
from bot.ui.drills import carried_pages, short_notice
from bot.ui.kit.languages import speaking_to_server

MARKS = {AnswerStatus.ON_TIME: "✅", AnswerStatus.LATE: "🕒", AnswerStatus.SHORT: "✏️"}
REVEALED = (Reveal.CARD, Reveal.DONE)
NOTICE = "notice:0"
AT_ONCE = 500
"""Drills whose answers are being shown at a time."""
MOST_TRIES = 720
"""After about a month, an hour between them, what Discord refuses is left as it is."""
REMEMBERED = 10_000
"""Of how many answers it is kept in memory which version is shown: those that came last."""


@dataclass(eq=False, repr=False)
class AnswerPresenter(Worker):
    """Brings answers to Discord, one drill's in order; what fails stays pending and is tried again."""

    _client: discord.Client
    _service: AnswerService
    _outbox: Outbox
    _clock: Clock
    _locks: KeyedLocks = field(default_factory=KeyedLocks, init=False)
    _begun: dict[int, int] = field(default_factory=dict[int, int], init=False)
    # Answers by how many of their versions wait for their turn: in a rush that takes longer than a beat.
    _waiting: Counter[int] = field(default_factory=Counter[int], init=False)

    def start(self, agenda: Agenda) -> None:
        """Shows all answers that Discord shows in an old state; one slow drill never holds up another."""
        for drill_id in agenda.answers:
            if len(self._tasks) < AT_ONCE:
                self._tasks.start(f"answers:{drill_id}", partial(self._show_all, drill_id))

    async def _show_all(self, drill_id: int) -> None:
        pending = await self._service.pending_in(drill_id, self._clock())
        for answer_id in [pending_id for pending_id in pending if pending_id not in self._waiting]:
            async with self._locks.of(drill_id):
                view = await self._service.book_showing(answer_id)
                if view is not None:
                    await self._try(view)

    async def show(self, view: AnswerView) -> None:
        """Shows an answer whose showing is booked; what fails is tried again by the sweep."""
        self._waiting[view.answer.id] += 1
        try:
            async with self._locks.of(view.drill.id):
                await self._show(view)
        finally:
            forget_one(self._waiting, view.answer.id)

    async def _show(self, view: AnswerView) -> None:
        begun = self._begun.get(view.answer.id, 0)
        if begun >= view.answer.version:
            return
        if begun > view.answer.shown_version:
            # What that showing has sent and marked may have been recorded after this view was read.
            fresh = await self._service.book_showing(view.answer.id)
            if fresh is None:
                return
            view = fresh
        await self._try(view)

    async def reveal(self, drill_id: int, answer_id: int, *, look: bool) -> None:
        """Brings an answer to a blind drill into its thread; raises what Discord has against it.

        Args:
            look: an earlier reveal may have brought it. The answer does not know: hidden, it counted as shown.
        """
        async with self._locks.of(drill_id):
            view = await self._service.book_showing(answer_id, revealing=True)
            if view is not None:
                await self._bring(view, revealing=True, look=look)

    async def _try(self, view: AnswerView) -> None:
        try:
            await self._bring(view, revealing=False)
        except Exception as error:
            report(
                "answer.not_shown",
                error,
                **of("drill", view.drill),
                answer=view.answer.id,
                next_try_seconds=SECONDS,
            )

    async def _bring(self, view: AnswerView, *, revealing: bool, look: bool = False) -> None:
        self._begin(view.answer)
        marks = {part.id: mark for part in view.parts if (mark := await self._mark(view, part))}
        readable = view.drill.mode is Mode.OPEN or revealing or view.drill.reveal in REVEALED
        with speaking_to_server(self._client, view.drill.guild_id):
            wanted, known = self._wanted(view, readable=readable)
        try:
            await self._outbox.show(
                owner(view.drill, view.answer),
                wanted,
                known=known,
                look=(view.drill.opened_at or view.drill.claimed_at) if look else view.look_since,
                after=partial(mark_shown, view=view, marks=marks, readable=readable),
            )
        except discord.HTTPException as error:
            if trouble(error) is Trouble.PASSING:
                raise
            report("answer.refused", error, **of("drill", view.drill), answer=view.answer.id)
            if self._may_end(view, error):
                # What people took back must not stay: it goes once the thread is unlocked, or seen again.
                await self._service.rest(view.answer, self._clock())
            else:
                # The thread is gone. The answer counts; trying again would change nothing.
                await self._service.mark_shown(view, marks, readable=False)

    def _may_end(self, view: AnswerView, error: discord.HTTPException) -> bool:
        """Whether what Discord refuses may be possible some day; it does not know threads either that it hides."""
        if view.answer.attempts > MOST_TRIES:
            return False
        guild, channel_id = self._client.get_guild(view.drill.guild_id), view.drill.channel_id
        sees = guild is not None and guild.get_channel(channel_id) is not None and may_read(guild, channel_id)
        return error.status == FORBIDDEN or error.code in LOCKED or (error.code == UNKNOWN_CHANNEL and not sees)

    async def catch_up(self, absence: Absence) -> None:
        """Where the bot is back, what was refused is tried again."""
        await self._service.wake_in(absence.guild_ids)

    def _begin(self, answer: Answer) -> None:
        """Remembers which version is being shown: a view that waits for its turn behind it is old then."""
        self._begun.pop(answer.id, None)
        self._begun[answer.id] = answer.version
        if len(self._begun) > REMEMBERED:
            self._begun.pop(next(iter(self._begun)))

    def _wanted(self, view: AnswerView, *, readable: bool) -> tuple[list[Outgoing], dict[str, SentMessage]]:
        """(messages that should stand, those of them and of their kind that do).

        What was not written in the thread is brought there, with its author's name. Where there is no thread and
        none will come, forms become replies to the card; replies stand beside it, and what was carried stays.
        """
        drill = view.drill
        place, reply_to, sources = drill.thread_id, None, (REPLY, FORM)
        if place is None and (drill.mode is Mode.BLIND or drill.thread_note is not None):
            place, reply_to, sources = drill.channel_id, drill.message_id, (FORM,)
        wanted, known = [*self._notice(view)], {key: sent for key, sent in view.sent.items() if key == NOTICE}
        if place is None or not readable:
            return wanted, known
        to, carried = self._outbox.to(drill.guild_id, place), list[Outgoing]()
        hidden_until = drill.closed_at if drill.mode is Mode.BLIND else None
        for part in view.parts:
            if part.source not in sources:
                continue
            start = f"carry:{part.id}:"
            known |= {key: sent for key, sent in view.sent.items() if key.startswith(start)}
            link = None
            if part.source == REPLY and part.channel_id is not None:
                link = link_to(part.guild_id, part.channel_id, part.message_id)
            pages = [] if part.gone else carried_pages(view.name, part.text, link, has_file=part.has_file)
            carried += [
                Outgoing(
                    to=to,
                    key=f"{start}{number}",
                    page=page,
                    reply_to=reply_to,
                    since=max(part.sent_at, hidden_until or part.sent_at),
                    lasting=f"carry:{part.message_id or FORM}:{number}",
                )
                for number, page in enumerate(pages)
            ]
        return [*carried, *wanted], known

    def _notice(self, view: AnswerView) -> Iterator[Outgoing]:
        """The first ✏️ says what is missing, and goes away once the answer counts."""
        messages = [part for part in view.parts if part.message_id is not None and not part.gone]
        if view.answer.status is not AnswerStatus.SHORT or not messages:
            return
        place, reply_to = view.drill.thread_id, None
        if messages[0].source == THREAD or place is None:
            place, reply_to = messages[0].channel_id, messages[0].message_id
        page = short_notice(view.name, view.text, self._service.rules, editable=any(part.text for part in messages))
        to = self._outbox.to(view.drill.guild_id, place or view.drill.channel_id)
        yield Outgoing(to=to, key=NOTICE, page=page, reply_to=reply_to, since=messages[0].sent_at)

    async def _mark(self, view: AnswerView, part: AnswerPart) -> str | None:
        """Puts the reaction on a message that says how the answer stands; returns the mark if it is new."""
        mark = MARKS[view.answer.status]
        if part.message_id is None or part.channel_id is None or part.gone or part.mark == mark:
            return None
        message = self._outbox.place(part.guild_id, part.channel_id).get_partial_message(part.message_id)
        user: Any = self._client.user
        try:
            await message.add_reaction(mark)
            if part.mark is not None:
                await message.remove_reaction(part.mark, user)
        except discord.HTTPException as error:
            # A mark is a courtesy: without the permission, or on a message just deleted, the answer still counts.
            if trouble(error) is Trouble.PASSING:
                raise
        return mark
