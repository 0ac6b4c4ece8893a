"""The bot and its composition root: everything is built once here, and closed in reverse."""

import asyncio
import hashlib
import json
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from typing import Any

import discord
import structlog
from discord.ext import commands

from bot.clock import Clock, system_clock
from bot.delivery.backoff import Outage
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.jobs import PATIENCE_SECONDS
from bot.delivery.limiter import Limiter
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.bank import Pack
from bot.domain.schedule import use_packaged_zones
from bot.services.answers import AnswerService
from bot.services.away import AwayService
from bot.services.boards import BoardService
from bot.services.departures import DepartureService
from bot.services.digests import DigestService
from bot.services.drills import DrillService
from bot.services.interview_answers import InterviewAnswerService
from bot.services.interviews import InterviewService
from bot.services.key_points import KeyPointService
from bot.services.live_quizzes import LiveQuizService
from bot.services.live_rounds import LiveRoundService
from bot.services.milestones import MilestoneService
from bot.services.mistakes import MistakeService
from bot.services.participation import ParticipationService
from bot.services.progress import ProgressService
from bot.services.quizzes import QuizService
from bot.services.reminders import ReminderService
from bot.services.repairs import RepairService
from bot.services.reviews import ReviewService
from bot.services.servers import ServerService
from bot.services.streaks import StreakService
from bot.services.team_boards import TeamBoardService
from bot.services.teams import TeamService
from bot.services.tracks import TrackService
from bot.services.votes import VoteService
from bot.settings import Settings
from bot.storage import installation
from bot.storage.bank_files import load_pack, packs_folder
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.ui.kit.router import Router
from bot.ui.presenter import present
from bot.workers.answer_marks import AnswerPresenter
from bot.workers.answer_reader import AnswerIngest
from bot.workers.departures import DepartureWatch
from bot.workers.digests import DigestPublisher
from bot.workers.drills import DrillPublisher
from bot.workers.interviews import InterviewRunner
from bot.workers.live_quizzes import LiveQuizRunner
from bot.workers.members import MemberObserver
from bot.workers.milestones import MilestoneWorker
from bot.workers.reminders import ReminderSender
from bot.workers.retention import TextRetention
from bot.workers.votes import VoteSync

COGS = (
    "cogs.setup",
    "cogs.servers",
    "cogs.daily",
    "cogs.answers",
    "cogs.answer_events",
    "cogs.streaks",
    "cogs.away",
    "cogs.milestones",
    "cogs.reminders",
    "cogs.repairs",
    "cogs.boards",
    "cogs.teams",
    "cogs.quizzes",
    "cogs.solo_quizzes",
    "cogs.live_quizzes",
    "cogs.reviews",
    "cogs.key_points",
    "cogs.progress",
    "cogs.interviews",
    "cogs.interview_turns",
    "cogs.scorecards",
    "cogs.interview_events",
    "cogs.bank",
    "cogs.mistakes",
    "cogs.votes",
    "cogs.digests",
    "cogs.help",
)
SYNCED = "commands"
RUSH_SECONDS = 0.5
"""How long a step of the heartbeat waits before the next one begins: all of them fit between two beats."""

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
        self.router = Router(present)
        self.database = Database(settings.database_url)
        self.tracks = TrackService(self.database)
        self.servers = ServerService(self.database)
        self.drills = DrillService(self.database, lambda: self.pack, timedelta(hours=settings.late_hours))
        self.answers = AnswerService(self.database, min_words=settings.min_words, min_chars=settings.min_chars)
        self.streaks = StreakService(self.database)
        self.boards = BoardService(self.database)
        self.cards = ReviewService(self.database, lambda: self.pack)
        self.lives = LiveQuizService(self.database, lambda: self.pack, self.cards)
        self.ticks = KeyPointService(self.database, self.cards)
        self.progress = ProgressService(self.database, lambda: self.pack)
        self.quizzes = QuizService(self.database, self.pack, self.cards)
        self.interviews = InterviewService(self.database, lambda: self.pack, self.cards)
        self.interview_answers = InterviewAnswerService(self.database)
        self.teams = TeamService(self.database)
        self.team_boards = TeamBoardService(self.database)
        self.reports = MistakeService(self.database)
        self.participation = ParticipationService(self.database)
        self.aways = AwayService(self.database)
        self.milestones = MilestoneService(self.database)
        self.reminders = ReminderService(self.database)
        self.repairs = RepairService(self.database, self.pack, self.quizzes)
        outbox = Outbox(self, self.database)
        self.presenter = AnswerPresenter(self, self.answers, outbox)
        votes = VoteService(self.database)
        self.ballots = VoteSync(self, votes, self.drills, outbox, self.pack, clock)
        self.roles = MemberObserver(self.teams, self.milestones)
        self.collector = AnswerIngest(self, self.answers, self.drills, self.presenter, outbox, self.roles, clock)
        self.courier = DrillPublisher(
            self,
            self.drills,
            self.answers,
            self.presenter,
            outbox,
            votes,
            self.ballots,
            self.pack,
            clock,
            self.collector.backfill,
        )
        self.interviewer = InterviewRunner(
            self, self.interviews, self.interview_answers, self.collector, outbox, lambda: self.pack, clock
        )
        self.live_rounds = LiveRoundService(self.database, lambda: self.pack, self.cards)
        self.quizmaster = LiveQuizRunner(self, self.lives, self.live_rounds, outbox, clock)
        self.presence = DepartureWatch(self, DepartureService(self.database), clock)
        self.milestone_worker = MilestoneWorker(self, self.milestones, outbox, self.presence, clock)
        self.reminder_worker = ReminderSender(
            self, self.reminders, self.drills, lambda: self.pack, self.presence, outbox, clock
        )
        self.digest_plans = DigestService(
            self.database, self.drills, self.pack, timedelta(hours=settings.late_hours)
        )
        self.digests = DigestPublisher(self, self.digest_plans, outbox, clock)
        self.outage = Outage()
        Limiter().guard(self.http, self.outage)
        self.last_beat: datetime | None = None
        self.workers: tuple[Worker, ...] = (
            self.courier,
            self.presenter,
            self.quizmaster,
            self.ballots,
            self.digests,
            self.interviewer,
            self.milestone_worker,
            self.reminder_worker,
            self.presence,
            self.collector,
            TextRetention(self.answers, self.interviews, timedelta(days=settings.retention_days), clock),
        )
        self.heartbeat = Heartbeat(partial(self.beat, RUSH_SECONDS))
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
            self.start_ringing()

    def start_ringing(self) -> None:
        """Starts the heartbeat, and the alarm that makes live quizzes punctual."""
        self.heartbeat.start()
        self.quizmaster.alarm.start()

    async def _sync(self) -> None:
        """Registers the commands with Discord when they differ from what was registered last."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, payload], sort_keys=True)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        if await self.database.read(lambda conn: installation.recall(conn, SYNCED)) == fingerprint:
            return
        await self.tree.sync()
        await self.database.write(lambda conn: installation.remember(conn, SYNCED, fingerprint))
        log.info("commands.synced", count=len(payload))

    async def beat(self, patience: float = PATIENCE_SECONDS) -> None:
        """Delivers what is due and shows what changed; rings every five seconds.

        Args:
            patience: how many seconds each worker may take before the next begins; it goes on beside the others.
        """
        if self.is_ready():
            for worker in self.workers:
                await worker.run(patience)
        self.last_beat = self.clock()

    async def on_message(self, message: discord.Message, /) -> None:
        """Leaves messages to the cogs: there are no commands by prefix."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answers buttons and forms by their custom_id, also on messages of last month."""
        if interaction.type is not discord.InteractionType.autocomplete:
            await self.roles.came_by(interaction.user, interaction.created_at)
        await self.router.dispatch(interaction)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Collects what people wrote, and how they voted, while a shard was away."""
        # Answers come first: votes are read on the messages of those that are known.
        for worker in reversed(self.workers):
            try:
                await worker.catch_up(shard_id)
            except Exception:
                log.exception("catch_up.failed", shard=shard_id, worker=type(worker).__name__)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Discord has sent again what the shard missed."""
        for worker in self.workers:
            worker.resumed(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """From now on messages may be missed."""
        for worker in self.workers:
            worker.disconnected(shard_id)

    async def close(self) -> None:
        """Stops claiming, lets a running delivery finish, then closes Discord and the database."""
        await self.heartbeat.stop()
        await asyncio.gather(*(worker.stop() for worker in self.workers))
        await super().close()
        await self.database.close()

    @property
    def connected(self) -> bool:
        """Whether every shard's connection to Discord's gateway stands."""
        return self.is_ready() and all(not shard.is_closed() for shard in self.shards.values())
