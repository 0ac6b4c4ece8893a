"""The bot and its composition root: everything is built once here, and closed in reverse."""

import hashlib
import json
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

import discord
import structlog
from discord.ext import commands

from bot.clock import Clock, system_clock
from bot.domain.questions import Pack
from bot.domain.schedule import use_packaged_zones
from bot.services.answers import AnswerService
from bot.services.boards import BoardService
from bot.services.digests import DigestService
from bot.services.drills import DrillService
from bot.services.quizzes import QuizService
from bot.services.reports import ReportService
from bot.services.streaks import StreakService
from bot.services.tracks import TrackService
from bot.services.votes import VoteService
from bot.settings import Settings
from bot.storage import servers
from bot.storage.engine import Database
from bot.storage.migrate import migrate
from bot.storage.packs import load_pack, packs_folder
from bot.ui.router import Router, present
from bot.workers.ballots import Ballots
from bot.workers.collector import Collector
from bot.workers.courier import Courier
from bot.workers.digests import Digests
from bot.workers.heartbeat import Heartbeat
from bot.workers.limiter import Limiter
from bot.workers.mirror import Mirror
from bot.workers.posts import Posts

COGS = (
    "cogs.setup",
    "cogs.daily",
    "cogs.answer",
    "cogs.streak",
    "cogs.leaderboard",
    "cogs.quiz",
    "cogs.question",
    "cogs.reports",
    "cogs.votes",
    "cogs.digest",
    "cogs.help",
)
SYNCED = "commands"
TIDY_EVERY = timedelta(minutes=1)

log = structlog.get_logger()


class PracticeBot(commands.AutoShardedBot):
    """Mockingbird as a Discord client.

    Args:
        ring: starts the heartbeat with the connection; tests and the demo ring it themselves.
        message_content: whether Discord lets the bot read the text of messages.
        pack: the bank of questions; the shipped one if left out.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        ring: bool = False,
        message_content: bool = True,
        pack: Pack | None = None,
        **options: Any,
    ) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, guild_reactions=True, message_content=message_content
        )
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        use_packaged_zones()
        self.clock = clock
        self.pack = pack or load_pack(packs_folder() / "genai")
        self.router = Router()
        self.database = Database(settings.database_url)
        self.tracks = TrackService(self.database)
        self.drills = DrillService(self.database, lambda: self.pack, timedelta(hours=settings.late_hours))
        self.answers = AnswerService(self.database, min_words=settings.min_words, min_chars=settings.min_chars)
        self.streaks = StreakService(self.database)
        self.boards = BoardService(self.database)
        self.quizzes = QuizService(self.database, self.pack)
        self.reports = ReportService(self.database)
        posts = Posts(self, self.database)
        self.mirror = Mirror(self, self.database, self.answers, posts)
        votes = VoteService(self.database)
        self.ballots = Ballots(self, votes, self.drills, posts, self.pack, clock)
        self.courier = Courier(
            self, self.database, self.drills, self.mirror, posts, votes, self.ballots, self.pack, clock
        )
        self.digest_plans = DigestService(
            self.database, self.drills, self.pack, timedelta(hours=settings.late_hours)
        )
        self.digests = Digests(self, self.digest_plans, clock)
        self.collector = Collector(self, self.database, self.answers, self.drills, self.mirror, posts, clock)
        self.limiter = Limiter()
        self.limiter.guard(self.http)
        self.last_beat: datetime | None = None
        self._tidied: datetime | None = None
        self.heartbeat = Heartbeat(self.beat)
        self._retention = timedelta(days=settings.retention_days)
        self._ring = ring
        self.tree.on_error = present  # pyright: ignore[reportAttributeAccessIssue]

    async def setup_hook(self) -> None:
        """Prepares the database and the commands before Discord sends anything."""
        await migrate(self.database)
        await self.tracks.follow_zone_data(version("tzdata"))
        for name in COGS:
            await self.load_extension(name)
        await self._sync()
        if self._ring:
            self.heartbeat.start()

    async def _sync(self) -> None:
        """Registers the commands with Discord when they differ from what was registered last."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, payload], sort_keys=True)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        if await self.database.read(lambda conn: servers.recall(conn, SYNCED)) == fingerprint:
            return
        await self.tree.sync()
        await self.database.write(lambda conn: servers.remember(conn, SYNCED, fingerprint))
        log.info("commands.synced", count=len(payload))

    async def beat(self) -> None:
        """Delivers what is due and shows what changed; rings every five seconds."""
        if self.is_ready():
            await self.courier.tick()
            await self.ballots.tick()
            await self.digests.tick()
            await self.mirror.sweep()
            if self._tidied is None or self.clock() - self._tidied >= TIDY_EVERY:
                await self.collector.advance()
                await self.answers.forget(self.clock() - self._retention)
                self._tidied = self.clock()
        self.last_beat = self.clock()

    async def on_message(self, message: discord.Message, /) -> None:
        """Leaves messages to the cogs: there are no commands by prefix."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answers buttons and forms by their custom_id, also on messages of last month."""
        await self.router.dispatch(interaction)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Collects what people wrote, and how they voted, while a shard was away."""
        try:
            await self.collector.catch_up(shard_id)
        finally:
            await self.ballots.catch_up(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Discord has sent again what the shard missed."""
        self.collector.resumed(shard_id)
        self.ballots.resumed(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """From now on messages may be missed."""
        self.collector.lost(shard_id)
        self.ballots.lost(shard_id)

    async def close(self) -> None:
        """Stops claiming, lets a running delivery finish, then closes Discord and the database."""
        await self.heartbeat.stop()
        await super().close()
        await self.database.close()

    @property
    def connected(self) -> bool:
        """Whether every shard's connection to Discord's gateway stands."""
        return self.is_ready() and all(not shard.is_closed() for shard in self.shards.values())
