"""Makes Discord show of an answer what the database holds: marks, carried texts, the notice of what is missing."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import discord
import structlog
from sqlalchemy import Connection

from bot.delivery.jobs import PATIENCE_SECONDS
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.answers import AnswerStatus
from bot.domain.drills import Drill, Mode, Reveal
from bot.domain.text import NOBODY, link_to
from bot.services.answers import FORM, REPLY, THREAD, AnswerService
from bot.storage import answers, drills, members
from bot.storage.answers import Answer, AnswerPart
from bot.storage.database import Database
from bot.ui.drills import carried_pages, short_notice

MARKS = {AnswerStatus.ON_TIME: "✅", AnswerStatus.LATE: "🕒", AnswerStatus.SHORT: "✏️"}
REVEALED = (Reveal.CARD, Reveal.DONE)
AT_ONCE = 500
"""Drills whose answers are being shown at a time."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Shown:
    """Everything that decides what Discord should show of an answer."""

    drill: Drill
    answer: Answer
    parts: list[AnswerPart]
    name: str

    @property
    def notice(self) -> str:
        return f"notice:{self.answer.member_id}"


class AnswerPresenter(Worker):
    """Brings answers to Discord, one drill's in order; what fails stays owed and is tried again."""

    def __init__(self, client: discord.Client, database: Database, service: AnswerService, posts: Outbox) -> None:
        super().__init__()
        self._client = client
        self._db = database
        self._service = service
        self._posts = posts
        self._locks = WeakValueDictionary[int, asyncio.Lock]()

    async def run(self, patience: float = PATIENCE_SECONDS) -> None:
        """Shows all answers that Discord shows in an old state; one slow drill never holds up another.

        Args:
            patience: how many seconds to wait for it; what takes longer goes on by itself.
        """
        for drill_id in await self._service.owed():
            if len(self._errands) < AT_ONCE:
                self._errands.start(f"answers:{drill_id}", partial(self._settle_all, drill_id))
        await self._errands.wait(patience)

    async def _settle_all(self, drill_id: int) -> None:
        for answer_id in await self._service.owed_in(drill_id):
            await self.settle(answer_id)

    async def settle(self, answer_id: int, *, revealing: bool = False) -> None:
        """Shows one answer; `revealing` brings a blind drill's answer into its thread."""
        found = await self._load(answer_id)
        if found is None:
            return
        lock = self._locks.setdefault(found.drill.id, asyncio.Lock())
        try:
            async with lock:
                await self._show(answer_id, revealing)
        except (discord.HTTPException, OSError) as error:
            if revealing:
                raise
            log.warning("answer.not_shown", answer=answer_id, error=type(error).__name__)
        except Exception as error:
            if revealing:
                raise
            log.error("answer.not_shown", answer=answer_id, exc_info=error)

    async def _load(self, answer_id: int) -> _Shown | None:
        def work(conn: Connection) -> _Shown | None:
            answer = answers.get(conn, answer_id)
            drill = None if answer is None else drills.get(conn, answer.drill_id)
            if answer is None or drill is None or drill.state not in drills.POSTED:
                return None
            names = members.names(conn, answer.guild_id, [answer.member_id])
            parts = answers.parts_of(conn, answer_id)
            return _Shown(drill, answer, parts, names.get(answer.member_id, NOBODY))

        return await self._db.read(work)

    async def _show(self, answer_id: int, revealing: bool) -> None:
        shown = await self._load(answer_id)
        if shown is None or (shown.answer.version == shown.answer.shown_version and not revealing):
            return
        version, look = shown.answer.version, shown.answer.attempts > 0
        await self._db.write(lambda conn: answers.tried(conn, answer_id))
        for part in shown.parts:
            await self._mark(part, MARKS[shown.answer.status])
        try:
            if shown.drill.mode is Mode.OPEN or revealing or shown.drill.reveal in REVEALED:
                await self._carry(shown, look)
            await self._notice(shown, look)
        except discord.HTTPException as error:
            if error.status >= 500:
                raise
            # The thread is gone or closed to the bot. The answer is stored and counts; trying again mends nothing.
            log.warning("answer.refused", answer=answer_id, code=error.code)
        await self._db.write(lambda conn: answers.shown(conn, answer_id, version))

    async def _carry(self, shown: _Shown, look: bool) -> None:
        """What was not written in the thread is brought there, with its author's name.

        Where there is no thread and none will come, forms become replies to the card; replies stand beside it.
        """
        place, reply_to, sources = shown.drill.thread_id, None, (REPLY, FORM)
        if place is None and (shown.drill.mode is Mode.BLIND or shown.drill.thread_note is not None):
            place, reply_to, sources = shown.drill.channel_id, shown.drill.message_id, (FORM,)
        if place is None:
            return
        for part in shown.parts:
            if part.source not in sources:
                continue
            link = None
            if part.source == REPLY and part.channel_id is not None:
                link = link_to(part.guild_id, part.channel_id, part.message_id)
            pages = [] if part.gone else carried_pages(shown.name, part.text, link, has_file=part.has_file)
            key, since = f"carry:{part.id}", part.sent_at
            await self._posts.show(shown.drill, key, pages, place, look=look, since=since, reply_to=reply_to)

    async def _mark(self, part: AnswerPart, mark: str) -> None:
        if part.message_id is None or part.channel_id is None or part.gone or part.mark == mark:
            return
        message = self._client.get_partial_messageable(part.channel_id).get_partial_message(part.message_id)
        user: Any = self._client.user
        try:
            await message.add_reaction(mark)
            if part.mark is not None:
                await message.remove_reaction(part.mark, user)
        except discord.HTTPException as error:
            # A mark is a courtesy: without the permission, or on a message just deleted, the answer still counts.
            if error.status >= 500:
                raise
        await self._db.write(lambda conn: answers.change_part(conn, part.id, mark=mark))

    async def _notice(self, shown: _Shown, look: bool) -> None:
        """The first ✏️ says what is missing, and goes away once the answer counts."""
        messages = [part for part in shown.parts if part.message_id is not None and not part.gone]
        wanted = shown.answer.status is AnswerStatus.SHORT and bool(messages)
        pages = [short_notice(shown.name, self._service.min_words, self._service.min_chars)] if wanted else []
        place, reply_to = shown.drill.thread_id, None
        if wanted and (messages[0].source == THREAD or place is None):
            place, reply_to = messages[0].channel_id, messages[0].message_id
        await self._posts.show(
            shown.drill, shown.notice, pages, place or shown.drill.channel_id, look=look, reply_to=reply_to
        )
