"""The sessions that the bot begins with Discord, and what that refuses: no more of either than it puts up with."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.clock import Clock
from bot.delivery.breaker import Breaker
from bot.domain.errors import NotStored
from bot.services.sessions import APART, PROVEN, SessionService

RESTING = (
    "I've begun one session with Discord after another. I rest before the next, because it resets the token of a "
    "bot that begins 1,000 in a day. See what ended them in the log above; starting again doesn't shorten the rest."
)
NONE_LEFT = (
    "Discord lets this token begin no more sessions for now, so I wait until it does. Does another machine use it?"
)
log = structlog.get_logger()


class SessionsRefused(Exception):
    """Too many sessions in a row did not last: the bot has to rest before the next."""


@dataclass(eq=False, repr=False)
class SessionKeeper:
    """Counts and spaces sessions, and keeps count of refusals, across restarts and processes."""

    _service: SessionService
    _breaker: Breaker
    _clock: Clock
    _max_concurrency: int = field(default=1, init=False)
    _began: float | None = field(default=None, init=False)

    async def recall_refusals(self) -> None:
        """What Discord has refused the process before counts for this one, too."""
        kept = await self._service.kept_refusals()
        if kept:
            self._breaker.recall(kept, self._clock())

    async def keep_refusals(self) -> None:
        """Stores what Discord has refused lately, where it is so much that it has to be counted; others do, too."""
        kept = self._breaker.news(self._clock())
        with contextlib.suppress(NotStored):
            if kept is not None:
                await self._service.keep_refusals(kept)
            self._breaker.hear_others(await self._service.others_refusals(), self._clock())

    async def rest(self) -> None:
        """Waits until another session may begin, where too many were begun lately."""
        rest = await self._service.rest(self._clock())
        if rest:
            log.warning("sessions.resting", seconds=round(rest.total_seconds()), note=RESTING)
            await asyncio.sleep(rest.total_seconds())

    async def wait_for_some(self, limit: Mapping[str, Any], needed: int) -> None:
        """Waits until Discord allows so many sessions.

        Others may have begun sessions with this token: another machine, or this one before a backup was restored.

        Args:
            limit: what `GET /gateway/bot` says of it: https://docs.discord.com/developers/events/gateway
        """
        self._max_concurrency = max(1, int(limit["max_concurrency"]))
        if limit["remaining"] < needed:
            seconds = limit["reset_after"] / 1000
            log.warning("sessions.none_left", of=limit["total"], seconds=round(seconds), note=NONE_LEFT)
            await asyncio.sleep(seconds)

    async def check(self, shard_id: int | None) -> None:
        """Raises SessionsRefused where a session must not begin now."""
        if await self._service.rest(self._clock(), shard_id):
            raise SessionsRefused

    async def count(self, shards: int) -> None:
        """Counts a session that begins, of so many shards."""
        with contextlib.suppress(NotStored):
            await self._service.begin(self._clock(), shards)
        self._began = time.monotonic()

    async def take_turn(self, shard_id: int) -> None:
        """Waits until a shard's session may begin, which those of all processes do one after the other."""
        while True:
            try:
                wait = await self._service.take_turn(self._clock(), shard_id, self._max_concurrency)
            except NotStored:
                wait = APART
            if not wait:
                break
            await asyncio.sleep(wait.total_seconds())
        self._began = time.monotonic()

    async def prove(self, *, connected: bool) -> None:
        """A session that has lasted ends the count of those that did not."""
        if self._began is not None and time.monotonic() - self._began > PROVEN.total_seconds() and connected:
            await self._service.prove()
            self._began = None
