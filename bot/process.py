"""The running process: connects, stays, answers the health check, and ends cleanly."""

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import aiohttp
import discord
import discord.gateway
import discord.http
import structlog
import yarl

from bot.app import PracticeBot
from bot.clock import AgreedClock, Clock
from bot.domain.backoff import pause
from bot.domain.bank import Pack
from bot.domain.errors import NotStored
from bot.garbage import leave_out_what_stays
from bot.health import Signs, serve_health
from bot.metrics import Metrics
from bot.sessions import SessionsRefused
from bot.settings import BadSettings, Settings
from bot.signals import told_to_stop
from bot.storage.works import LeaseLost

STOP_SECONDS = 8.5
LAST_SECONDS = 9.5
"""So long after the signal the process ends in any case: what is stored is stored."""
LONGEST_PAUSE = timedelta(minutes=5)
NO_CONTENT = (
    "Discord withholds the text of messages: turn on Message Content Intent in the Developer Portal, under Bot. "
    "Until then every message counts as an answer, and only the form keeps its text."
)

ASKS = "Answers of members who agree are sent to this host."

SERVED = "Another process has served these shards meanwhile: I begin anew, as after a restart."

CLOSED = {
    4004: "Discord refuses the token: copy it again from the Developer Portal.",
    4010: "Discord refuses the shard: MOCKINGBIRD_SHARD_IDS must be smaller than MOCKINGBIRD_SHARD_COUNT.",
    4011: "Discord wants more shards for so many servers: raise or remove MOCKINGBIRD_SHARD_COUNT.",
    4012: "Discord no longer speaks this version of its gateway: install a newer Mockingbird.",
    4013: "Discord knows none of the intents asked for: install a newer Mockingbird.",
    4014: "Discord refuses the intents: look in the Developer Portal, under Bot, whether the bot may still run.",
}
"""What the operator can do, by the code with which Discord closes the gateway for good.

Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
"""
CANCEL_SECONDS = 0.5

log = structlog.get_logger()


@dataclass
class _Current:
    """The bot of the session that runs, for those who watch the process."""

    metrics: Metrics
    bot: PracticeBot | None = None

    def signs(self) -> Signs:
        return self.bot.signs() if self.bot is not None else Signs()

    async def numbers(self) -> bytes:
        return await self.bot.numbers() if self.bot is not None else self.metrics.text(None)


async def serve(settings: Settings, packs: Sequence[Pack]) -> None:
    """Runs the bot with these questions until SIGTERM or SIGINT.

    Raises:
        BadSettings: there is no token, Discord refuses it, or the health check's address cannot be used.
        OperatorError: a pack cannot be used, or the database is in use, out of reach or too new.
    """
    token = settings.token
    if not token:
        raise BadSettings(
            "DISCORD_TOKEN is missing. Copy .env.example to .env and paste the token "
            "(Developer Portal → Bot → Reset Token). To look around first: `mockingbird demo`."
        )
    if settings.api_base:
        discord.http.Route.BASE = settings.api_base.rstrip("/")
    if settings.llm_host:
        log.info("model.asked", host=settings.llm_host, model=settings.llm_model, note=ASKS)
    else:
        log.info("model.none")
    # The bot never speaks: what discord.py says of libraries for that would only worry somebody.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    stop = told_to_stop()
    watch = asyncio.create_task(_end_in_time(stop))
    metrics = Metrics()
    current = _Current(metrics)
    logging.getLogger().addHandler(metrics.line_counter)
    health = serve_health(settings.http_host, settings.http_port, current.signs, current.numbers)
    try:
        # Where nobody can read what is measured, an idle bot isn't woken each second for it.
        async with health, metrics.watching_loop() if settings.http_port else contextlib.nullcontext():
            await _serve(settings, packs, token, stop, current)
    finally:
        watch.cancel()


async def _serve(
    settings: Settings, packs: Sequence[Pack], token: str, stop: asyncio.Event, current: _Current
) -> None:
    """One session after the other until the bot is told to stop."""
    clock, failed = AgreedClock(), 0
    while not stop.is_set():
        try:
            await _session(settings, packs, token, clock, stop, current)
            failed = 0
        except LeaseLost:
            log.warning("lease.lost", note=SERVED)
        except NotStored:
            await _first(stop.wait(), asyncio.sleep(pause(failed, LONGEST_PAUSE).total_seconds()))
            failed += 1
        except discord.LoginFailure:
            raise BadSettings(CLOSED[4004]) from None
        except discord.ConnectionClosed as error:
            if error.code in CLOSED:
                raise BadSettings(CLOSED[error.code]) from None
            log.warning("discord.closed", code=error.code)
            await _first(stop.wait(), asyncio.sleep(pause(failed, LONGEST_PAUSE).total_seconds()))
            failed += 1
        except SessionsRefused:
            continue  # the next session rests before it begins
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            seconds = pause(failed, LONGEST_PAUSE).total_seconds()
            log.warning("discord.unreachable", error=type(error).__name__, next_try_seconds=seconds)
            await _first(stop.wait(), asyncio.sleep(seconds))
            failed += 1


async def _end_in_time(stop: asyncio.Event) -> None:
    """Should something never end once the bot is told to stop, the process ends all the same."""
    await stop.wait()
    log.info("stopping", at_most_seconds=LAST_SECONDS)
    last = threading.Timer(LAST_SECONDS, os._exit, [0])
    last.daemon = True
    last.start()


async def _first(*works: Coroutine[Any, Any, object]) -> None:
    """Waits until one of these ends, drops the others, and raises what the first one raised."""
    tasks = [asyncio.create_task(work) for work in works]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    # Reconnecting swallows that; closing the bot ends it then.
    await asyncio.wait(rest, timeout=CANCEL_SECONDS)
    for task in done:
        task.result()


async def _session(
    settings: Settings,
    packs: Sequence[Pack],
    token: str,
    clock: Clock,
    stop: asyncio.Event,
    current: _Current,
) -> None:
    """One connection to Discord, from the first question about the application to the end."""
    allowed = asyncio.Event()
    await _first(stop.wait(), _ask_for_text(token, bool(settings.api_base), allowed))
    content = allowed.is_set()
    while not stop.is_set():
        if not content:
            log.warning("content.withheld", note=NO_CONTENT)
        options = {} if settings.shard_count is None else {"shard_count": settings.shard_count}
        bot = PracticeBot(
            settings,
            clock=clock,
            ring=True,
            message_content=content,
            packs=packs,
            shard_ids=settings.shard_ids,
            metrics=current.metrics,
            **cast(Any, options),
        )
        bot.add_listener(leave_out_what_stays, "on_ready")
        await bot.__aenter__()  # makes what close() needs, also where connecting never begins
        current.bot = bot
        try:
            await _first(stop.wait(), bot.start(token), bot.raise_damage())
            return
        except discord.PrivilegedIntentsRequired:
            if not content:
                raise BadSettings(CLOSED[4014]) from None
            content = False
        finally:
            current.bot = None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(bot.close(), STOP_SECONDS)


async def _ask_for_text(token: str, own_api: bool, allowed: asyncio.Event) -> None:
    """Sets `allowed` where the application may read messages: its flags say so before the bot connects."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as probe:
        await probe.login(token)
        if own_api:
            _, gateway, *_ = await probe.http.get_bot_gateway()
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        flags = probe.application.flags if probe.application else discord.ApplicationFlags()
        if flags.gateway_message_content or flags.gateway_message_content_limited:
            allowed.set()
