"""Builds services and workers, each once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import discord
import structlog

from bot.clock import Clock
from bot.delivery.absence import Absence
from bot.delivery.chat_models import ChatModel
from bot.delivery.jobs import KeyedLocks
from bot.delivery.outbox import Outbox
from bot.delivery.worker import Worker
from bot.domain.bank import Banks
from bot.domain.hints import HintReader
from bot.services.agenda import AgendaService
from bot.services.alerts import AlertService
from bot.services.answers import AnswerService
from bot.services.away import AwayService
from bot.services.backups import back_up_apart
from bot.services.bank import BankService
from bot.services.bank_uploads import BankUploadService
from bot.services.boards import BoardService
from bot.services.departures import DepartureService
from bot.services.digests import DigestService
from bot.services.drill_places import DrillPlaceService
from bot.services.drills import DrillService
from bot.services.help import HelpService
from bot.services.hints import HintService
from bot.services.interview_answers import InterviewAnswerService
from bot.services.interviews import InterviewService
from bot.services.key_points import KeyPointService
from bot.services.last_calls import LastCallService
from bot.services.live_quiz_plans import LiveQuizPlanService
from bot.services.live_quizzes import LiveQuizService
from bot.services.live_rounds import LiveRoundService
from bot.services.milestones import MilestoneService
from bot.services.mistakes import MistakeService
from bot.services.opinions import ModelTerms, OpinionService
from bot.services.participation import ParticipationService
from bot.services.privacy import PrivacyService
from bot.services.progress import ProgressService
from bot.services.quizzes import QuizService
from bot.services.reminders import ReminderService
from bot.services.repairs import RepairService
from bot.services.reviews import ReviewService
from bot.services.scorecards import ScorecardService
from bot.services.seasons import SeasonService
from bot.services.servers import ServerService
from bot.services.sessions import SessionService
from bot.services.spoilers import SpoilerService
from bot.services.streaks import StreakService
from bot.services.suggestions import SuggestionService
from bot.services.team_boards import TeamBoardService
from bot.services.teams import TeamService
from bot.services.track_queue import TrackQueueService
from bot.services.tracks import TrackService
from bot.services.votes import VoteService
from bot.settings import Settings
from bot.storage.agenda import Agenda
from bot.storage.bank_numbers import QuestionNumbers
from bot.storage.database import Database
from bot.storage.privacy_log import DeletionLog
from bot.storage.shards import Share
from bot.storage.sqlite_files import database_file
from bot.storage.urls import files_of, is_postgres
from bot.ui.charts.rendering import Pictures
from bot.workers.alerts import AlertSender
from bot.workers.answer_comparison import AnswerComparison
from bot.workers.answer_history import AnswerHistory
from bot.workers.answer_marks import AnswerPresenter
from bot.workers.answer_places import PlaceReader
from bot.workers.answer_reader import AnswerIngest
from bot.workers.backups import BackupMaker
from bot.workers.departures import DepartureWatch
from bot.workers.digests import DigestPublisher
from bot.workers.drill_reveals import DrillRevealer
from bot.workers.drills import DrillPublisher
from bot.workers.events import Events
from bot.workers.interviews import InterviewRunner
from bot.workers.last_calls import LastCallSender
from bot.workers.live_quiz_plans import LiveQuizPlanner
from bot.workers.live_quizzes import LiveQuizRunner
from bot.workers.milestones import MilestoneWorker
from bot.workers.opinions import OpinionAsker
from bot.workers.privacy import PostEraser
from bot.workers.reminders import ReminderSender
from bot.workers.retention import CopyRetention, TextRetention
from bot.workers.seasons import SeasonPublisher
from bot.workers.server_access import AccessWatch
from bot.workers.server_watch import ServerWatch
from bot.workers.track_log import TrackLog
from bot.workers.votes import VoteSync

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The use cases, one attribute a feature."""

    agenda: AgendaService
    alerts: AlertService
    answers: AnswerService
    away: AwayService
    bank: BankService
    bank_uploads: BankUploadService
    boards: BoardService
    departures: DepartureService
    digests: DigestService
    drill_places: DrillPlaceService
    drills: DrillService
    help: HelpService
    hints: HintService
    interview_answers: InterviewAnswerService
    interviews: InterviewService
    key_points: KeyPointService
    last_calls: LastCallService
    live_quiz_plans: LiveQuizPlanService
    live_quizzes: LiveQuizService
    live_rounds: LiveRoundService
    milestones: MilestoneService
    mistakes: MistakeService
    opinions: OpinionService
    participation: ParticipationService
    privacy: PrivacyService
    progress: ProgressService
    quizzes: QuizService
    reminders: ReminderService
    repairs: RepairService
    reviews: ReviewService
    scorecards: ScorecardService
    seasons: SeasonService
    servers: ServerService
    sessions: SessionService
    spoilers: SpoilerService
    streaks: StreakService
    suggestions: SuggestionService
    team_boards: TeamBoardService
    teams: TeamService
    track_queue: TrackQueueService
    tracks: TrackService
    votes: VoteService


@dataclass(frozen=True, kw_only=True, slots=True)
class Workers:
    """What runs by itself, under the names of the services that it calls."""

    alerts: AlertSender
    access: AccessWatch
    answer_comparison: AnswerComparison
    answer_history: AnswerHistory
    answer_marks: AnswerPresenter
    answer_reader: AnswerIngest
    backups: BackupMaker
    copies: CopyRetention
    departures: DepartureWatch
    digests: DigestPublisher
    drills: DrillPublisher
    events: Events
    interviews: InterviewRunner
    last_calls: LastCallSender
    live_quiz_plans: LiveQuizPlanner
    live_quizzes: LiveQuizRunner
    track_log: TrackLog
    milestones: MilestoneWorker
    opinions: OpinionAsker
    outbox: Outbox
    privacy: PostEraser
    reminders: ReminderSender
    retention: TextRetention
    seasons: SeasonPublisher
    servers: ServerWatch
    votes: VoteSync

    @property
    def in_order(self) -> tuple[Worker, ...]:
        """Those that a beat of the heartbeat steps through: first what people wait for."""
        return (
            self.drills,
            self.events,
            self.answer_marks,
            self.live_quiz_plans,
            self.live_quizzes,
            self.votes,
            self.digests,
            self.seasons,
            self.interviews,
            self.milestones,
            self.reminders,
            self.last_calls,
            self.alerts,
            self.departures,
            self.privacy,
            self.answer_comparison,
            self.answer_history,
            self.retention,
            self.copies,
            self.backups,
            self.servers,
            self.access,
            self.opinions,
        )

    def begin(self) -> None:
        """Starts what makes workers punctual between the beats."""
        for worker in self.in_order:
            worker.begin()

    async def run(self, look: Callable[[], Awaitable[Agenda]], patience: float) -> None:
        """One beat of the heartbeat.

        Args:
            look: reads what there is to do: once where nobody has anything to do, and again behind each worker that
                was at work, since one leads to another: a drill is closed, so answers are shown and votes tallied.
            patience: how many seconds each worker may take before the next begins; it goes on beside the others.
        """
        agenda: Agenda | None = None
        for worker in self.in_order:
            agenda = agenda or await look()
            if await worker.run(agenda, patience):
                agenda = None

    def retry_now(self) -> None:
        """Discord is back after it failed."""
        for worker in self.in_order:
            worker.retry_now()

    def missed(self, guild_id: int) -> None:
        """What happens in a server may be missed, until it has been caught up with."""
        for worker in self.in_order:
            worker.missed(guild_id)

    async def catch_up(self, absence: Absence) -> None:
        """Collects what people wrote, and how they voted, where the bot could not listen."""
        # Answers come first: votes are read on the messages of those that are known.
        for worker in reversed(self.in_order):
            try:
                await worker.catch_up(absence)
            except Exception:
                log.exception("catch_up.failed", shard=absence.shard_id, worker=type(worker).__name__)

    def resumed(self, shard_id: int) -> None:
        """Discord has sent again what a shard missed."""
        for worker in self.in_order:
            worker.resumed(shard_id)

    def disconnected(self, shard_id: int) -> None:
        """From now on a shard may miss events."""
        for worker in self.in_order:
            worker.disconnected(shard_id)

    async def stop(self) -> None:
        """Stops all of them at the same time; one that fails to stop is logged and holds up nothing."""
        ended = await asyncio.gather(*(worker.stop() for worker in self.in_order), return_exceptions=True)
        for worker, error in zip(self.in_order, ended, strict=True):
            if isinstance(error, BaseException):
                log.error("worker.not_stopped", worker=type(worker).__name__, exc_info=error)


def build_services(settings: Settings, database: Database, banks: Banks, reader: HintReader) -> Services:
    """The use cases on a database and the banks of questions; `reader` finds key points in answers."""
    late_limit = timedelta(hours=settings.late_hours)
    drills = DrillService(database, banks, late_limit)
    quizzes = QuizService(database, banks)
    url = settings.database_url
    beside = files_of(url) if is_postgres(url) else database_file(url)
    deletions = DeletionLog(beside)
    own_questions = BankService(database, banks, QuestionNumbers(beside))
    terms = ModelTerms(settings.llm_model, settings.llm_host, settings.llm_daily_member, settings.llm_daily_server)
    asked = terms if terms.host else None
    return Services(
        agenda=AgendaService(database, late_limit, timedelta(days=settings.retention_days)),
        alerts=AlertService(database, late_limit),
        answers=AnswerService(database, deletions, min_words=settings.min_words, min_chars=settings.min_chars),
        away=AwayService(database),
        bank=own_questions,
        bank_uploads=BankUploadService(database, own_questions),
        boards=BoardService(database),
        departures=DepartureService(database),
        digests=DigestService(database, banks, late_limit),
        drill_places=DrillPlaceService(database),
        drills=drills,
        interview_answers=InterviewAnswerService(database),
        interviews=InterviewService(database, banks),
        help=HelpService(database),
        hints=HintService(database, asked),
        key_points=KeyPointService(database),
        last_calls=LastCallService(database),
        live_quiz_plans=LiveQuizPlanService(database, banks),
        live_quizzes=LiveQuizService(database, banks),
        live_rounds=LiveRoundService(database, banks),
        milestones=MilestoneService(database),
        mistakes=MistakeService(database),
        opinions=OpinionService(database, banks, asked),
        participation=ParticipationService(database),
        privacy=PrivacyService(database, banks, own_questions, deletions),
        progress=ProgressService(database, banks),
        quizzes=quizzes,
        reminders=ReminderService(database),
        repairs=RepairService(database, banks, quizzes),
        reviews=ReviewService(database, banks),
        scorecards=ScorecardService(database, banks, reader),
        seasons=SeasonService(database),
        servers=ServerService(database, banks),
        sessions=SessionService(database, Share(*settings.share)),
        spoilers=SpoilerService(database),
        streaks=StreakService(database),
        suggestions=SuggestionService(database, own_questions),
        team_boards=TeamBoardService(database),
        teams=TeamService(database),
        track_queue=TrackQueueService(database, banks),
        tracks=TrackService(database, banks),
        votes=VoteService(database, deletions),
    )


def build_model(settings: Settings) -> ChatModel | None:
    """The model that may be asked about answers; None where the operator has set up none."""
    if not settings.llm_base_url:
        return None
    return ChatModel(settings.llm_base_url, settings.llm_model, settings.llm_api_key)


def build_workers(
    client: discord.AutoShardedClient,
    services: Services,
    database: Database,
    banks: Banks,
    pictures: Pictures,
    clock: Clock,
    keep_texts: timedelta,
    model: ChatModel | None,
    backup_every: timedelta,
) -> Workers:
    """What runs by itself for a client.

    Args:
        keep_texts: how long the texts of answers stay stored.
        model: gives opinions on answers; None where the operator has set up none.
        backup_every: from one backup to the next; zero for none.
    """
    outbox = Outbox(client, database, clock)
    departures = DepartureWatch(client, services.departures, clock)
    marks = AnswerPresenter(client, services.answers, outbox, clock)
    messages = KeyedLocks()
    opinions = OpinionAsker(model, services.opinions, clock)
    events = Events(messages, time.monotonic)
    live_quizzes = LiveQuizRunner(client, services.live_quizzes, services.live_rounds, outbox, pictures, clock)
    votes = VoteSync(client, services.votes, services.drills, outbox, banks, clock, messages)
    answers, interview_answers = services.answers, services.interview_answers
    reader = AnswerIngest(client, answers, services.drill_places, interview_answers, marks, outbox, messages)
    places = PlaceReader(client, services.drill_places, interview_answers)
    history = AnswerHistory(client, answers, services.drills, reader, places, clock, events)
    return Workers(
        alerts=AlertSender(client, services.alerts, banks, departures, outbox, clock),
        access=AccessWatch(client, services.tracks),
        answer_comparison=AnswerComparison(client, answers, interview_answers, reader, places, clock, messages),
        answer_history=history,
        answer_marks=marks,
        answer_reader=reader,
        backups=BackupMaker(database.url, back_up_apart, backup_every, clock),
        copies=CopyRetention(database.url, clock),
        departures=departures,
        events=events,
        digests=DigestPublisher(client, services.digests, outbox, pictures, clock),
        drills=DrillPublisher(
            client,
            services.drills,
            DrillRevealer(client, services.drills, answers, marks, outbox, services.votes, pictures),
            outbox,
            services.votes,
            votes,
            banks,
            clock,
            history.backfill,
        ),
        interviews=InterviewRunner(
            client,
            services.interviews,
            interview_answers,
            services.scorecards,
            reader,
            outbox,
            banks,
            clock,
            opinions,
        ),
        last_calls=LastCallSender(client, services.last_calls, outbox, clock),
        live_quiz_plans=LiveQuizPlanner(client, services.live_quiz_plans, live_quizzes, outbox, clock),
        live_quizzes=live_quizzes,
        track_log=TrackLog(outbox),
        milestones=MilestoneWorker(client, services.milestones, outbox, departures, pictures, clock),
        opinions=opinions,
        outbox=outbox,
        privacy=PostEraser(client, services.privacy, outbox, clock),
        reminders=ReminderSender(client, services.reminders, services.drills, banks, departures, outbox, clock),
        retention=TextRetention(services.answers, services.interviews, services.mistakes, keep_texts, clock),
        seasons=SeasonPublisher(client, services.seasons, outbox, pictures, clock),
        servers=ServerWatch(client, services.servers, services.interviews, clock),
        votes=votes,
    )
