"""Brings live quizzes to their channels, each message exactly once, each step at its time.

The lobby's card stands in the channel and the rest in a thread on it, so that the channel stays quiet; where there
can be no thread, all of it stands in the channel. Every message goes the same way as a drill's: on a retry look for
our own message by its buttons, send with a deterministic nonce, record. What the database says decides; this only
shows it.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import aiohttp
import discord
import structlog

from bot.clock import Clock
from bot.delivery.alarm import Alarm
from bot.delivery.channels import CannotPost, Outgoing, SentPost, edit_or_leave, open_thread
from bot.delivery.codes import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from bot.delivery.guard import Trouble, of, report, trouble
from bot.delivery.heartbeat import SECONDS
from bot.delivery.jobs import KeyedLocks
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.live_quizzes import LiveQuiz, LiveState
from bot.services.agenda import Agenda
from bot.services.live_quizzes import LiveQuizService, LiveQuizView
from bot.services.live_rounds import LiveRoundService, mark_asked, mark_lobby_posted, mark_result_posted, owner
from bot.ui.charts.cards import Imprint
from bot.ui.charts.live_quizzes import BELOW, FILE_NAME, podium_picture
from bot.ui.charts.podium import STEPS
from bot.ui.charts.rendering import Pictures
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.layouts import Page
from bot.ui.kit.permissions import may_open_threads, missing_to_play
from bot.ui.live_quizzes import (
    ask_page,
    gone_page,
    lobby_key,
    lobby_over_page,
    lobby_page,
    result_key,
    result_page,
    reveal_page,
    round_key,
    thread_name,
)

log = structlog.get_logger()
UNREACHED = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What a courtesy may fail with: nothing depends on it."""


class Record(Protocol):
    """Records what a card that stands in the channel means for its quiz."""

    def __call__(self, conn: Any, live_id: int, *, message_id: int, at: datetime) -> None: ...


@dataclass(eq=False, repr=False)
class LiveQuizRunner(Worker):
    """Takes every due step of live quizzes, one at a time within a quiz; one bad quiz never stops another."""

    _client: discord.Client
    _quizzes: LiveQuizService
    _rounds: LiveRoundService
    _outbox: Outbox
    _pictures: Pictures
    _clock: Clock
    _locks: KeyedLocks = field(default_factory=KeyedLocks, init=False)

    def __post_init__(self) -> None:
        self.alarm = Alarm(self._rounds.next_at, self._punctual, self._clock)

    def begin(self) -> None:
        """Makes rounds punctual."""
        self.alarm.start()

    def start(self, agenda: Agenda) -> None:
        """Takes what is due and shows what changed."""
        for live_id in agenda.live_quizzes:
            self._tasks.start(f"beat:{live_id}", partial(self.proceed, live_id, counting=True))

    async def _punctual(self) -> None:
        if self._client.is_ready():
            for live_id in await self._rounds.due(self._clock()):
                self._tasks.start(f"bell:{live_id}", partial(self.proceed, live_id))

    async def stop(self) -> None:
        """Takes no further step, and gives what is under way a few seconds to end."""
        await self.alarm.stop()
        await super().stop()

    async def proceed(self, live_id: int, *, counting: bool = False) -> None:
        """Brings one quiz up to date.

        Args:
            counting: also bring counts up to date, which changes a card for nothing but a number.
        """
        async with self._locks.of(live_id):
            try:
                await self._show(live_id, counting)
                while await self._rounds.advance(live_id, self._clock()):
                    await self._show(live_id, counting=False)
            except Exception as error:
                await self._failed(live_id, error)
        self.alarm.moved()

    async def _failed(self, live_id: int, error: Exception) -> None:
        kind = trouble(error)
        if kind is Trouble.REFUSED:
            live, then = await self._give_up(live_id), None
        else:
            live = await self._rounds.mark_failed(live_id, self._clock(), ours=kind is Trouble.OURS)
            then = SECONDS
        subject = {} if live is None else of("live_quiz", live)
        report("live_quiz.failed", error, **subject, next_try_seconds=then)

    async def deleted(self, message_ids: Collection[int]) -> None:
        """Somebody deleted messages; where one was a quiz's present card, the quiz ends quietly."""
        for live_id in await self._rounds.by_cards(message_ids):
            async with self._locks.of(live_id):
                await self._give_up(live_id)

    async def _give_up(self, live_id: int) -> LiveQuiz | None:
        """Ends a quiz that cannot go on; its lobby's card no longer invites anybody, where that can be edited."""
        live = await self._rounds.give_up(live_id, self._clock())
        view = await self._quizzes.view(live_id)
        if view is not None and (lobby_id := view.delivery.lobby_id) is not None:
            with speaking_to_server(self._client, view.live.guild_id), suppress(*UNREACHED):
                await self._edit(view.live, view.live.lobby_place(lobby_id), lobby_id, lobby_over_page(view))
        return live

    async def _show(self, live_id: int, counting: bool) -> None:
        view = await self._quizzes.view(live_id)
        if view is not None and view.live.forgotten(view.rounds, now := self._clock()):
            await self._rounds.end_forgotten(live_id, now)
            view = await self._quizzes.view(live_id)
        if view is not None and not view.delivery.finished:
            with speaking_to_server(self._client, view.live.guild_id):
                await self._show_view(view, counting)

    async def _show_view(self, view: LiveQuizView, counting: bool) -> None:
        view = await self._lobby(view, counting)
        if view.live.state is LiveState.LOBBY:
            return
        await self._reveal(view)
        if view.live.state is LiveState.ASKING:
            await self._ask(view, counting)
        elif not view.live.running:
            await self._end(view)

    async def _lobby(self, view: LiveQuizView, counting: bool) -> LiveQuizView:
        """The lobby's card, and the thread on it; returns the quiz with what is known of both."""
        live, delivery = view.live, view.delivery
        open_still = live.state is LiveState.LOBBY
        message_id = delivery.lobby_id
        place = live.lobby_place(message_id)
        if message_id is None and (open_still or delivery.attempts):
            page = lobby_page(view) if open_still else None
            key = lobby_key(live.id)
            message_id = await self._bring(view, place, "lobby", key, page, live.made_at, mark_lobby_posted)
        elif open_still and message_id is not None and counting and delivery.count != len(view.players):
            await self._edit(live, place, message_id, lobby_page(view))
            await self._rounds.mark_counted(live.id, len(view.players))
        if open_still and live.place_id is None and message_id is not None:
            await self._rounds.mark_placed(live.id, await self._open_thread(view, message_id))
            return await self._quizzes.view(live.id) or view
        if not open_still and delivery.lobby_open and message_id is not None:
            await self._edit(live, place, message_id, lobby_over_page(view))
            await self._rounds.mark_lobby_closed(live.id)
        return view

    async def _open_thread(self, view: LiveQuizView, lobby_id: int) -> int:
        """The place of the rounds: a thread on the lobby's card, or the channel where there can be none."""
        live = view.live
        channel = self._client.get_channel(live.channel_id)
        if not isinstance(channel, discord.TextChannel) or not may_open_threads(channel):
            return live.channel_id
        try:
            return await open_thread(channel, lobby_id, thread_name(view))
        except discord.HTTPException as error:
            # Players wait for the first round: what passes may pass as long as the lobby is open.
            waits = trouble(error) is Trouble.PASSING and not live.due(self._clock())
            if waits or error.code in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE):
                raise
            log.warning("live_quiz.no_thread", **of("live_quiz", live), code=error.code)
            return live.channel_id

    async def _ask(self, view: LiveQuizView, counting: bool) -> None:
        """The card of the round that is open."""
        live = view.live
        asked = view.at(live.position)
        if asked is None:  # taken out of the bank
            await self._rounds.pass_over(live.id, live.position, self._clock())
            return
        if asked.round.opened_at is None:
            if live.place_id is None:  # no lobby was ever seen; a second try must not look elsewhere
                await self._rounds.mark_placed(live.id, live.channel_id)
            ends = (self._clock() + timedelta(seconds=asked.round.seconds)).timestamp()
            await self._bring_round(view, live.position, ask_page(view, asked, ends))
            return
        count, message_id = len(view.chosen(live.position)), view.delivery.rounds[live.position].message_id
        if counting and count != view.delivery.count and message_id is not None and not live.due(self._clock()):
            ends = (asked.round.opened_at + timedelta(seconds=asked.round.seconds)).timestamp()
            await self._edit(live, live.place, message_id, ask_page(view, asked, ends))
            await self._rounds.mark_counted(live.id, count)

    async def _reveal(self, view: LiveQuizView) -> None:
        """The cards of rounds that are over say how they ended."""
        live = view.live
        for round_ in view.rounds:
            asking = live.state is LiveState.ASKING and round_.position == live.position
            card = view.delivery.rounds[round_.position]
            message_id = card.message_id
            if (
                message_id is None
                and round_.position == live.position
                and not live.running
                and view.delivery.attempts
            ):
                # Killed between sending and recording, then stopped: its letters must not stay.
                message_id = await self._bring_round(view, round_.position, None)
            if message_id is None or card.revealed or asking:
                continue
            asked = view.at(round_.position)
            await self._edit(live, live.place, message_id, reveal_page(view, asked) if asked else gone_page())
            await self._rounds.mark_revealed(live.id, round_.position)

    async def _end(self, view: LiveQuizView) -> None:
        """The podium, if a round was played at all."""
        live, lobby_id = view.live, view.delivery.lobby_id
        if lobby_id is not None and any(r.opened_at for r in view.rounds):
            lobby = self._outbox.place(live.guild_id, live.lobby_place(lobby_id)).get_partial_message(lobby_id)
            await edit_or_leave(lobby, lobby_over_page(view))
        if view.delivery.result_id is None and any(r.closed_at for r in view.rounds):
            since = live.finished_at or live.made_at
            files = await self._podium(view)
            page, key = result_page(view, drawn=bool(files)), result_key(live.id)
            await self._bring(view, live.place, "result", key, page, since, mark_result_posted, files=files)
        else:
            await self._rounds.mark_finished(live.id)
        if lobby_id is not None and lobby_id == live.place_id and not any(r.opened_at for r in view.rounds):
            # Nothing was played in its thread, which nobody needs in their list.
            thread = self._client.get_channel(lobby_id)
            if isinstance(thread, discord.Thread):
                with suppress(*UNREACHED):
                    await thread.edit(archived=True)

    async def _podium(self, view: LiveQuizView) -> list[discord.File]:
        """The podium's picture, where somebody took part and the bot may attach it."""
        channel = self._client.get_channel(view.live.channel_id)
        if not view.places or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return []
        if not channel.permissions_for(channel.guild.me).attach_files:
            return []
        imprint = Imprint.of(channel.guild, channel.id, (view.live.finished_at or self._clock()).date())
        ids = [place.member_id for place in view.places[: STEPS + BELOW]]
        faces = self._pictures.portraits.of(ids)
        return [await self._pictures.file(FILE_NAME, podium_picture, view, imprint, faces)]

    async def _bring_round(self, view: LiveQuizView, position: int, page: Page | None) -> int | None:
        """A round's card, which comes after the end of the round before."""
        live, key = view.live, round_key(view.live.id, position)
        since = max(
            (r.closed_at for r in view.rounds if r.closed_at and r.position < position), default=live.made_at
        )
        record = partial(mark_asked, position=position)
        return await self._bring(view, live.place, f"round:{position}", key, page, since, record)

    async def _bring(
        self,
        view: LiveQuizView,
        place: int,
        key: str,
        marker: str,
        page: Page | None,
        since: datetime,
        record: Record,
        *,
        files: Sequence[discord.File] = (),
    ) -> int | None:
        """Sends a card, or finds the one that an earlier try sent, and records it; without a page it only looks.

        Args:
            place: the channel or thread.
            since: it was not sent before this instant.
        """
        live, attempts = view.live, view.delivery.attempts
        channel = self._client.get_channel(place)
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            held = channel.permissions_for(channel.guild.me)
            lacking = missing_to_play(held, thread=isinstance(channel, discord.Thread))
            if lacking:
                raise CannotPost("missing", channel_id=channel.id, permissions=lacking)
        out = Outgoing(
            to=self._outbox.to(live.guild_id, place),
            key=key,
            page=page or gone_page(),
            marker=marker,
            files=tuple(files),
        )

        def store(conn: Any, sent: SentPost) -> int:
            record(conn, live.id, message_id=sent.message.id, at=sent.message.created_at)
            return sent.message.id

        look = since if attempts else None
        if page is None:
            return await self._outbox.adopt(owner(live), out, look=since, after=store)
        await self._rounds.mark_tried(live.id)
        return await self._outbox.send(owner(live), out, look=look, after=store)

    async def _edit(self, live: LiveQuiz, place: int, message_id: int, page: Page) -> None:
        message = self._outbox.place(live.guild_id, place).get_partial_message(message_id)
        await self._outbox.change(place, partial(message.edit, view=page))
