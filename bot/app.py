"""The bot as a Discord client: intents, events, commands, and the end."""

import asyncio
import contextlib
import math
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from typing import Any

import discord
import discord.http
import structlog
from discord.ext import commands

from bot.clock import AgreedClock, Clock, system_clock
from bot.commands import add_cogs
from bot.delivery.breaker import Breaker
from bot.delivery.gate import Gate
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.jobs import PATIENCE_SECONDS, KeyedTasks
from bot.delivery.limiter import PER_SECOND, Limiter
from bot.delivery.outage import Outage
from bot.domain.bank import Banks, Pack
from bot.domain.errors import NotStored, OperatorError
from bot.domain.hints import HintReader
from bot.domain.schedule import use_packaged_zones
from bot.health import Signs
from bot.intake import Intake
from bot.metrics import Metrics
from bot.services.members import observe
from bot.sessions import SessionKeeper
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.migrate import head, migrate
from bot.storage.shards import Share
from bot.storage.urls import is_postgres
from bot.tree import PracticeTree, sync_changes
from bot.ui.charts.rendering import Pictures
from bot.ui.kit.permissions import invite_link
from bot.ui.kit.responses import DEFERRED_AFTER, HEARD
from bot.ui.kit.router import Router
from bot.ui.presenter import present
from bot.wiring import build_model, build_services, build_workers
from bot.workers.servers import Attendance

log = structlog.get_logger()
FINISH_SECONDS = 4.0
"""How long what people have asked for may take to end when the bot stops."""
GOODBYE_SECONDS = 2.0
NO_SERVER = "I'm in no server yet: open this link to bring me into yours."
RUSH_SECONDS = 0.5
"""How long a step of the heartbeat waits before the next one begins: all of them fit between two beats."""


class PracticeBot(commands.AutoShardedBot):
    """Mockingbird as a Discord client.

    Args:
        ring: starts the heartbeat with the connection; tests and the demo ring it themselves.
        message_content: whether Discord lets the bot read the text of messages.
        packs: the questions for all servers; those that are shipped and the operator's own if left out.
        patience: how many seconds an answer to a person may take before Discord is told that it will come.
        metrics: what is measured goes there; to metrics of its own if left out.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        ring: bool = False,
        message_content: bool = True,
        packs: Sequence[Pack] | None = None,
        patience: float = DEFERRED_AFTER,
        metrics: Metrics | None = None,
        **options: Any,
    ) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, guild_reactions=True, message_content=message_content
        )
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=PracticeTree,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            **options,
        )
        use_packaged_zones()
        self.clock = clock
        self.command_ids: dict[str, int] = {}
        if packs is None:
            # With all that reads them: a running bot is handed them instead.
            from bot.storage.bank_files import load_packs

            packs = load_packs(settings.packs_dir)
        self.banks = Banks(*packs)
        # What is common it knows from the first pack, for which it was calibrated.
        self.hints = HintReader(packs[0].questions)
        self.share = Share(*settings.share, settings.lease_seconds, head())
        self.database = Database(settings.database_url, share=self.share)
        self.services = build_services(settings, self.database, self.banks, self.hints)
        self._keep_texts = timedelta(days=settings.retention_days)
        self.pictures = Pictures()
        self.workers = build_workers(
            self,
            self.services,
            self.database,
            self.banks,
            self.pictures,
            clock,
            self._keep_texts,
            build_model(settings),
            timedelta(hours=settings.backup_hours if 0 in self.share.ids else 0),
        )
        self.attendance = Attendance(self.workers.missed, self.workers.catch_up)
        self.router = Router(present, observe, patience)
        self.outage = Outage()
        self._changed_banks: set[int] = set()
        self.database.hear_news = self._hear_news
        self.database.hear_damage = lambda: self._damaged.set()
        self._agreed = clock if isinstance(clock, AgreedClock) else None
        breaker = Breaker()
        self._sessions = SessionKeeper(self.services.sessions, breaker, clock)
        # A proxy limits all processes together.
        turns = Limiter(PER_SECOND if settings.api_base else PER_SECOND * self.share.part)
        self.gate = Gate(turns, breaker, self.outage)
        if self._agreed is not None:
            self.gate.hear_date = self._agreed.hear
        if is_postgres(self.database.url):
            self.gate.may_send = lambda: self.database.leased
        self.gate.guard(self.http)
        self._asking = KeyedTasks()
        self.heartbeat = Heartbeat(partial(self.beat, RUSH_SECONDS))
        self.last_beat: float | None = None
        self._migrated = False
        self._ring = ring
        self._ready_told = False
        self._intake = Intake()
        self._damaged = asyncio.Event()
        self._intake.guard(self._connection.parsers)
        self.metrics = metrics or Metrics()
        self._measure()
        self._resources = contextlib.AsyncExitStack()
        self._resources.push_async_callback(self.database.close)
        self._resources.callback(self.pictures.close)
        self._resources.push_async_callback(self._disconnect)
        self._resources.push_async_callback(self._finish)

    def _measure(self) -> None:
        """Has everything measured that tells how the bot does."""
        workers, metrics = self.workers, self.metrics
        self.gate.hear_result = metrics.request
        self.database.hear = metrics.transaction
        self.services.answers.hear = metrics.answer
        workers.outbox.hear = metrics.post
        workers.opinions.hear = metrics.model
        metrics.watch(
            queues={
                "requests": lambda: self.gate.waiting,
                "database": lambda: self.database.under_way,
                "events": lambda: workers.events.waiting,
                "unread_places": lambda: workers.answer_history.unread_places,
            },
            gateway={
                "shards": lambda: sum(not shard.is_closed() for shard in self.shards.values()),
                "servers": lambda: len(self.guilds),
                "latency_seconds": lambda: max((shard.latency for shard in self.shards.values()), default=math.nan),
            },
        )

    async def numbers(self) -> bytes:
        """What is measured, as Prometheus reads it."""
        backlog = None
        if self._migrated:
            with contextlib.suppress(NotStored, OperatorError):
                backlog = await self.services.agenda.backlog(self.clock())
        return self.metrics.text(backlog, trouble=self.database.trouble is not None)

    async def setup_hook(self) -> None:
        """Prepares the database and the commands before Discord sends anything."""
        await migrate(self.database)
        self._migrated = True
        await self.services.agenda.begin(self.clock())
        await self.services.privacy.delete_again(self.clock())
        await self.services.bank.load()
        await self.services.suggestions.load()
        await self.services.tracks.follow_zone_data(version("tzdata"))
        shared = (self.router, self.clock, self.banks, self.hints, self.pictures, self.services, self.workers)
        await add_cogs(self, *shared, self.attendance, self._keep_texts.days, self.command_ids)
        self.command_ids.update(await sync_changes(self.tree, self.database))
        if self._ring:
            await self._sessions.recall_refusals()
            await self._sessions.rest()
            found = await self.http.request(discord.http.Route("GET", "/gateway/bot"))
            needed = len(self.share.ids) if self.shard_ids else self.shard_count or found["shards"]
            await self._sessions.wait_for_some(found["session_start_limit"], needed)
            self.start_ringing()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Counts the sessions that are begun; raises SessionsRefused where too many in a row did not last."""
        if self._ring:
            await self._sessions.check(shard_id)
        if not self.share.whole and shard_id is not None:
            await self._sessions.take_turn(shard_id)
        else:
            await super().before_identify_hook(shard_id, initial=initial)
            if self._ring:
                await self._sessions.count(self.shard_count or 1)
        self.metrics.identify()

    def start_ringing(self) -> None:
        """Starts the heartbeat, and the alarms that make questions and live quizzes punctual."""
        self.heartbeat.start()
        self.workers.begin()

    async def beat(self, patience: float = PATIENCE_SECONDS) -> None:
        """Delivers what is due and shows what changed; rings every five seconds.

        Args:
            patience: how many seconds each worker may take before the next begins; it goes on beside the others.
        """
        if self.database.damage is not None:
            self._damaged.set()
            return
        began = time.monotonic()
        if self.is_ready():
            await self._sessions.prove(connected=self.connected)
            await self._sessions.keep_refusals()
            await self._notice_room()
            await self._notice_return()
            await self.workers.run(lambda: self.services.agenda.look(self.clock()), patience)
        self.last_beat = time.monotonic()
        self.metrics.beat(self.last_beat - began)

    def _hear_news(self, news: str | None) -> None:
        """Another process has changed what this one keeps in memory, or may have."""
        _, _, guild_id = (news or "").partition(" ")
        self._changed_banks.add(int(guild_id or 0))
        self._asking.start("follow", self._follow)

    async def _follow(self) -> None:
        while self._changed_banks:
            guild_id = self._changed_banks.pop()
            await (self.services.bank.follow(guild_id) if guild_id else self.services.bank.load())

    async def raise_damage(self) -> None:
        """Waits until the database is found to be damaged, and raises it: it must not be lived with."""
        await self._damaged.wait()
        if self.database.damage is not None:
            raise self.database.damage

    async def _notice_room(self) -> None:
        """Once the database stores again, what was put off meanwhile waits no longer."""
        agenda = self.services.agenda
        if agenda.trouble is None:
            return
        with contextlib.suppress(NotStored):
            await agenda.try_to_store(self.clock())
            await agenda.end_pauses(self.clock())
            self.workers.retry_now()

    async def _notice_return(self) -> None:
        """Once Discord answers again, what was put off while it was away waits no longer.

        It is asked also where the clock is doubted: its answers tell the time.
        """
        if self.outage.suspected or (self._agreed is not None and self._agreed.doubted):
            self._asking.start("ask", self.gate.ask)
            await self._asking.wait(RUSH_SECONDS)
        if self.outage.is_over():
            log.info("discord.back")
            await self.services.agenda.end_pauses(self.clock())
            self.workers.retry_now()

    async def on_message(self, message: discord.Message, /) -> None:
        """Leaves messages to the cogs: there are no commands by prefix."""
        self.pictures.portraits.meet(message.author)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answers buttons and forms by their custom_id, also on messages of last month."""
        self.pictures.portraits.meet(interaction.user)
        if feature := self.router.feature(interaction):
            interaction.extras[HEARD] = self.metrics.interaction(feature)
        await self.router.dispatch(interaction)

    async def on_ready(self) -> None:
        """Says once that the bot is at work, and what there is to do."""
        if self._ready_told:
            return
        self._ready_told = True
        tracks, due = await self.services.tracks.outlook()
        when = None if due is None else f"{due:%Y-%m-%dT%H:%M:%SZ}"
        log.info("ready", servers=len(self.guilds), tracks=tracks, next_due=when, version=version("mockingbird"))
        if not self.guilds and self.application_id is not None:
            log.info("invite", link=invite_link(self.application_id), note=NO_SERVER)
        await asyncio.to_thread(self.hints.prepare)  # the start doesn't wait for it, nor does the first answer

    async def on_shard_ready(self, shard_id: int) -> None:
        """Reads what the shard has missed; a server that Discord has lost just now is read once it is back."""
        own = (guild.id for guild in self.guilds if guild.shard_id == shard_id and not guild.unavailable)
        await self.attendance.new_session(shard_id, frozenset(own))

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Discord has sent again what the shard missed."""
        self.workers.resumed(shard_id)
        await self.attendance.resumed(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """From now on events may be missed."""
        self.workers.disconnected(shard_id)
        self.attendance.disconnected(shard_id)

    async def close(self) -> None:
        """Ends what is under way, then Discord and the database, in this order, whatever fails on the way."""
        await self._resources.aclose()

    async def _finish(self) -> None:
        """Takes nothing new, and gives what is under way, which waits for one another, a few seconds to end."""
        works = (
            self._intake.finish(FINISH_SECONDS),
            self.heartbeat.stop(),
            self._asking.stop(),
            self.workers.stop(),
        )
        for error in await asyncio.gather(*works, return_exceptions=True):
            if isinstance(error, BaseException):
                log.error("stop.failed", error=type(error).__name__, exc_info=error)

    async def _disconnect(self) -> None:
        """Leaves Discord, which may not say goodbye."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(super().close(), GOODBYE_SECONDS)

    @property
    def connected(self) -> bool:
        """Whether every shard's connection to Discord's gateway stands."""
        return self.is_ready() and all(not shard.is_closed() for shard in self.shards.values())

    def signs(self) -> Signs:
        """How the bot is now."""
        return Signs(
            gateway=self.connected,
            beat_at=self.last_beat,
            trouble=self.database.trouble,
            migrated=self._migrated,
            caught_up=bool(self.shards) and self.attendance.caught_up.issuperset(self.shards),
        )
