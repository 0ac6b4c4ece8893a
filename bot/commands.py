"""Builds the cogs, each with what it uses, and adds them to the bot."""

from collections.abc import Mapping

from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.hints import HintReader
from bot.ui.charts.rendering import Pictures
from bot.ui.kit.router import Router
from bot.wiring import Services, Workers
from bot.workers.servers import Attendance
from cogs.answer_events import AnswerEventsCog
from cogs.answer_texts import AnswerTextsCog
from cogs.answers import AnswersCog
from cogs.away import AwayCog
from cogs.bank import BankCog
from cogs.bank_desk import BankDeskCog
from cogs.bank_drafts import BankDraftsCog
from cogs.bank_uploads import BankUploadsCog
from cogs.boards import BoardsCog
from cogs.daily import DailyPostsCog
from cogs.daily_base import daily_group
from cogs.daily_calendar import DailyCalendarCog
from cogs.daily_queue import DailyQueueCog
from cogs.daily_status import DailyStatusCog
from cogs.digests import DigestsCog
from cogs.help import HelpCog
from cogs.hints import HintsCog
from cogs.interview_events import InterviewEventsCog
from cogs.interview_turns import InterviewTurnsCog
from cogs.interviews import InterviewsCog
from cogs.key_points import KeyPointsCog
from cogs.live_quiz_plans import LiveQuizPlansCog
from cogs.live_quizzes import LiveQuizzesCog
from cogs.milestones import MilestonesCog
from cogs.mistakes import MistakesCog
from cogs.opinions import OpinionsCog
from cogs.privacy import PrivacyCog
from cogs.progress import ProgressCog
from cogs.quizzes import QuizzesCog
from cogs.reminders import RemindersCog
from cogs.repairs import RepairsCog
from cogs.reviews import ReviewsCog
from cogs.scorecards import ScorecardsCog
from cogs.seasons import SeasonsCog
from cogs.servers import ServersCog
from cogs.setup import SetupCog
from cogs.solo_quizzes import SoloQuizzesCog
from cogs.streaks import StreaksCog
from cogs.suggestions import SuggestionsCog
from cogs.teams import TeamsCog
from cogs.track_panel import TrackPanel
from cogs.track_settings import TrackSettingsCog
from cogs.track_setup import TrackSetup
from cogs.track_setup_form import SetupFormCog
from cogs.votes import VotesCog


async def add_cogs(
    bot: commands.AutoShardedBot,
    router: Router,
    clock: Clock,
    banks: Banks,
    reader: HintReader,
    pictures: Pictures,
    s: Services,
    w: Workers,
    attendance: Attendance,
    keep_days: int,
    command_ids: Mapping[str, int],
) -> None:
    """Adds all commands, buttons, forms and listeners; `/help` lists commands in this order.

    Args:
        reader: finds key points in answers.
        keep_days: how long what people write stays stored.
        command_ids: the ids of the registered commands by name, once they are.
    """
    daily = (
        DailyPostsCog(clock, banks, s.tracks, s.drills, bot, w.drills),
        DailyCalendarCog(clock, banks, s.tracks, s.drills, w.drills),
        DailyQueueCog(clock, banks, s.tracks, s.drills, s.track_queue),
        DailyStatusCog(
            clock,
            banks,
            s.tracks,
            s.drills,
            bot,
            w.drills,
            s.digests,
            s.milestones,
            s.mistakes,
            s.participation,
            s.agenda,
            pictures,
        ),
    )
    solo = SoloQuizzesCog(clock, banks, s.quizzes, s.reviews)
    live = LiveQuizzesCog(clock, s.live_quizzes, w.live_quizzes)
    panel, log = TrackPanel(bot, clock, s.tracks, s.milestones), w.track_log
    first = TrackSetup(bot, clock, s.tracks, panel, w.drills, log)
    await bot.add_cog(SetupCog(clock, banks, s.tracks, first))
    authors = SuggestionsCog(clock, bot, s.suggestions)
    bot.tree.add_command(daily_group(daily))
    boards = BoardsCog(clock, s.tracks, s.team_boards, s.boards, pictures)
    seasons = SeasonsCog(clock, s.seasons)
    seasons.join(boards)
    quizzes = QuizzesCog(clock, banks, s.reviews, solo, live)
    plans = LiveQuizPlansCog(clock, banks, s.live_quiz_plans)
    plans.join(quizzes)
    cogs = (
        ServersCog(clock, s.servers, w.servers, attendance),
        AnswersCog(clock, banks, s.tracks, s.answers, s.drills, s.spoilers, w.answer_marks, reader, pictures),
        AnswerTextsCog(s.answers, w.answer_marks),
        HintsCog(banks, s.hints, reader),
        OpinionsCog(clock, banks, s.hints, reader, s.opinions, w.opinions),
        AnswerEventsCog(w.events, s.drill_places, w.answer_reader, w.interviews),
        StreaksCog(clock, s.streaks, s.boards, pictures),
        AwayCog(clock, s.away),
        MilestonesCog(s.tracks, s.milestones, w.milestones, panel, log),
        RemindersCog(clock, s.reminders),
        RepairsCog(clock, s.repairs, s.answers, w.answer_marks),
        boards,
        TeamsCog(s.teams, s.team_boards),
        solo,
        live,
        quizzes,
        ReviewsCog(clock, banks, s.reviews, reader, pictures),
        KeyPointsCog(clock, banks, s.key_points, reader),
        ProgressCog(clock, banks, s.progress, pictures),
        InterviewsCog(bot, clock, banks, s.interviews, s.scorecards, s.opinions, w.interviews),
        InterviewTurnsCog(clock, banks, s.interview_answers, s.interviews, s.scorecards, w.interviews, w.opinions),
        ScorecardsCog(clock, s.interviews, s.scorecards, w.interviews),
        InterviewEventsCog(clock, w.events, s.interviews, s.interview_answers),
        BankCog(clock, banks, s.spoilers, s.suggestions, pictures),
        BankDeskCog(clock, s.bank, s.bank_uploads, s.spoilers, s.suggestions),
        BankUploadsCog(clock, banks, s.bank_uploads, s.tracks, log),
        authors,
        BankDraftsCog(clock, s.bank, s.suggestions, s.tracks, authors),
        MistakesCog(clock, banks, s.mistakes),
        VotesCog(clock, w.events, w.votes, s.votes),
        PrivacyCog(bot, clock, s.privacy, s.opinions, keep_days),
        SetupFormCog(clock, first),
        TrackSettingsCog(bot, clock, banks, s.tracks, panel, w.drills, log),
        DigestsCog(clock, s.tracks, s.digests, s.boards, panel, log),
        HelpCog(bot.tree, command_ids, s.help),
    )
    for cog in cogs:
        await bot.add_cog(cog)
    for cog in (*bot.cogs.values(), *daily, seasons, plans):
        router.add(cog)
