"""The quizmaster: brings live quizzes to their channels, each message exactly once, each step at its time.

Every message goes the same way as a drill's: on a retry look for our own message by its buttons, send with a
deterministic nonce, record. What the database says decides; this only shows it.
"""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from functools import partial
from weakref import WeakValueDictionary

import aiohttp
import discord
import structlog

from bot.clock import Clock
from bot.delivery.alarm import Alarm
from bot.delivery.jobs import PATIENCE_SECONDS
from bot.delivery.outbox import LOOK_BACK, fingerprint
from bot.delivery.worker import Worker
from bot.domain.live_quizzes import LiveQuiz, LiveState
from bot.services.live_quizzes import LiveQuizService
from bot.services.live_rounds import LiveRoundService
from bot.services.live_view import LiveQuizView
from bot.ui.kit.layouts import Page, custom_ids
from bot.ui.kit.permissions import missing_to_play
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
)

SKEW = timedelta(minutes=1)
"""How far Discord's clock and ours may be apart when we look for a message of ours."""
TOO_MANY = 429

log = structlog.get_logger()


class CannotPlay(Exception):
    """The bot may not post there any more."""


def _carries(message: discord.Message, key: str) -> bool:
    """Whether one of a message's buttons is the one that these words name, or begins with them."""
    found = custom_ids(message.components)
    return any(word == key or (key.endswith(":") and word.startswith(key)) for word in found)


class LiveQuizRunner(Worker):
    """Takes every due step of live quizzes, one at a time within a quiz; one bad quiz never stops another."""

    def __init__(
        self, client: discord.Client, lives: LiveQuizService, rounds: LiveRoundService, clock: Clock
    ) -> None:
        super().__init__()
        self._client = client
        self._lives = lives
        self._rounds = rounds
        self._clock = clock
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self.alarm = Alarm(rounds.next_at, self._punctual, clock)

    async def run(self, patience: float = PATIENCE_SECONDS) -> None:
        """Takes what is due and shows what changed; the heartbeat rings it.

        Args:
            patience: how many seconds a quiz is waited for; a slow one goes on beside the others.
        """
        for live_id in await self._rounds.unsettled():
            self._errands.start(f"beat:{live_id}", partial(self.drive, live_id, counting=True))
        await self._errands.wait(patience)

    async def _punctual(self) -> None:
        if self._client.is_ready():
            for live_id in await self._rounds.due(self._clock()):
                self._errands.start(f"bell:{live_id}", partial(self.drive, live_id))

    async def stop(self) -> None:
        """Takes no further step, and gives what is under way a few seconds to end."""
        await self.alarm.stop()
        await super().stop()

    async def drive(self, live_id: int, *, counting: bool = False) -> None:
        """Brings one quiz up to date.

        Args:
            counting: also bring counts up to date, which changes a card for nothing but a number.
        """
        async with self._lock(live_id):
            try:
                await self._show(live_id, counting)
                while await self._rounds.advance(live_id, self._clock()):
                    await self._show(live_id, counting=False)
            except discord.HTTPException as error:
                log.warning("live.failed", live=live_id, status=error.status, code=error.code)
                if error.status >= 500 or error.status == TOO_MANY:
                    await self._rounds.failed(live_id, self._clock())
                else:
                    await self._rounds.give_up(live_id, self._clock())
            except (aiohttp.ClientError, OSError) as error:
                log.warning("live.failed", live=live_id, error=type(error).__name__)
                await self._rounds.failed(live_id, self._clock())
            except CannotPlay:
                log.warning("live.withheld", live=live_id)
                await self._rounds.give_up(live_id, self._clock())
            except Exception as error:
                log.error("live.failed", live=live_id, error=type(error).__name__, exc_info=error)
                await self._rounds.failed(live_id, self._clock(), ours=True)
        self.alarm.moved()

    def _lock(self, live_id: int) -> asyncio.Lock:
        return self._locks.setdefault(live_id, asyncio.Lock())

    async def deleted(self, message_ids: Collection[int]) -> None:
        """Somebody deleted messages; where one was a quiz's present card, the quiz ends quietly."""
        for live_id in await self._rounds.by_cards(message_ids):
            async with self._lock(live_id):
                await self._rounds.give_up(live_id, self._clock())

    async def _show(self, live_id: int, counting: bool) -> None:
        view = await self._lives.view(live_id)
        if view is not None and view.live.forgotten(view.rounds, now := self._clock()):
            await self._rounds.forget(live_id, now)
            view = await self._lives.view(live_id)
        if view is None or view.live.settled:
            return
        if await self._lobby(view, counting):
            return
        await self._reveal(view)
        if view.live.state is LiveState.ASKING:
            await self._ask(view, counting)
        elif not view.live.running:
            await self._end(view)

    async def _lobby(self, view: LiveQuizView, counting: bool) -> bool:
        """The lobby's card; returns whether the lobby is still open."""
        live = view.live
        open_still = live.state is LiveState.LOBBY
        message_id = live.message_id
        if message_id is None and (open_still or live.attempts):
            message = await self._bring(live, lobby_key(live.id), lobby_page(view) if open_still else None)
            if message is not None:
                message_id = message.id
                await self._rounds.lobby_posted(live.id, message_id)
        elif open_still and message_id is not None and counting and live.shown != len(view.players):
            await self._edit(live, message_id, lobby_page(view))
            await self._rounds.counted(live.id, len(view.players))
        if not open_still and live.lobby_open and message_id is not None:
            await self._edit(live, message_id, lobby_over_page(view))
            await self._rounds.lobby_closed(live.id)
        return open_still

    async def _ask(self, view: LiveQuizView, counting: bool) -> None:
        """The card of the round that is open."""
        live = view.live
        asked = view.at(live.position)
        if asked is None:  # taken out of the bank
            await self._rounds.pass_over(live.id, live.position, self._clock())
            return
        if asked.round.opened_at is None:
            ends = (self._clock() + timedelta(seconds=live.seconds)).timestamp()
            message = await self._bring(live, round_key(live.id, live.position), ask_page(view, asked, ends))
            assert message is not None
            await self._rounds.asked(live.id, live.position, message.id, message.created_at)
            return
        count = len(view.chosen(live.position))
        if counting and count != live.shown and asked.round.message_id is not None and not live.due(self._clock()):
            ends = (asked.round.opened_at + timedelta(seconds=live.seconds)).timestamp()
            await self._edit(live, asked.round.message_id, ask_page(view, asked, ends))
            await self._rounds.counted(live.id, count)

    async def _reveal(self, view: LiveQuizView) -> None:
        """The cards of rounds that are over say how they ended."""
        live = view.live
        for round_ in view.rounds:
            asking = live.state is LiveState.ASKING and round_.position == live.position
            message_id = round_.message_id
            if message_id is None and round_.position == live.position and not live.running and live.attempts:
                # Killed between sending and recording, then stopped: its letters must not stay.
                found = await self._bring(live, round_key(live.id, round_.position), None)
                if found is not None:
                    message_id = found.id
                    await self._rounds.asked(live.id, round_.position, message_id, found.created_at)
            if message_id is None or round_.shown or asking:
                continue
            asked = view.at(round_.position)
            await self._edit(live, message_id, reveal_page(view, asked) if asked else gone_page())
            await self._rounds.revealed(live.id, round_.position)

    async def _end(self, view: LiveQuizView) -> None:
        """The podium, if a round was played at all."""
        live, result_id = view.live, view.live.result_id
        if result_id is None and any(r.closed_at for r in view.rounds):
            message = await self._bring(live, result_key(live.id), result_page(view))
            result_id = message.id if message else None
        await self._rounds.settled(live.id, result_id)

    def _place(self, live: LiveQuiz) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(live.channel_id, guild_id=live.guild_id)

    async def _bring(self, live: LiveQuiz, key: str, page: Page | None) -> discord.Message | None:
        """Sends a card, or finds the one that an earlier try has sent; without a page it only looks."""
        channel = self._client.get_channel(live.channel_id)
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            held = channel.permissions_for(channel.guild.me)
            if missing_to_play(held, thread=isinstance(channel, discord.Thread)):
                raise CannotPlay
        place = self._place(live)
        if live.attempts:
            async for message in place.history(limit=LOOK_BACK):
                if message.created_at < live.made_at - SKEW:
                    break
                if message.author == self._client.user and _carries(message, key):
                    return message
        if page is None:
            return None
        await self._rounds.trying(live)
        return await place.send(view=page, nonce=fingerprint(f"live:{key}{live.made_at}"))

    async def _edit(self, live: LiveQuiz, message_id: int, page: Page) -> None:
        await self._place(live).get_partial_message(message_id).edit(view=page)
