"""`/daily status`: how a track stands, in three lines, and what a manager may want to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import discord

from bot.domain.bank import Bank, Question
from bot.domain.digests import DigestWeek
from bot.domain.drills import Drill
from bot.domain.errors import Problem
from bot.domain.tracks import Track
from bot.services.drills import DrillDelivery
from bot.services.mistakes import OpenReports
from bot.services.participation import Participation
from bot.ui.charts.participation import FILE_NAME, participation_words
from bot.ui.digests import missed_digest_line
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import day_and_month, weekdays
from bot.ui.mistakes import reports_button, reports_line
from bot.ui.participation import dates_text, participation_text, quiet_button
from bot.ui.problems import tell
from bot.ui.tracks import next_post, queue_text

PROBLEM_LIMIT = 300
HELD_UP_SHOWN = 2
ROLES_SHOWN = 2
"""Problems of milestone roles; `/setup` shows all of them."""
NO_REPORTS = OpenReports([], {})
IN_WARNINGS = ("missing", "cannot_see", "no_tag")
"""Problems that the warnings name already, with what mends them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackStatus:
    """How a track stands, for `/daily status`.

    Attributes:
        owed: the question that is not posted yet, with its next try; None where all came.
        posted: whether today's question was posted.
        drill: the open one.
    """

    track: Track
    owed: DrillDelivery | None
    posted: bool
    drill: Drill | None
    question: Question | None
    answered: int
    closing: datetime | None
    left: int
    total: int
    participation: Participation
    skipped: Sequence[date] = ()
    queued: Sequence[str] = ()
    warnings: Sequence[str] = ()
    wished: str | None = None
    gone: bool = False
    missed_digest: DigestWeek | None = None
    reports: OpenReports = NO_REPORTS
    held_up: Sequence[Problem] = ()
    roles: Sequence[str] = ()
    storage: str | None = None


def _warning(problem: Problem) -> str:
    return f"⚠️ {tell(problem)[:PROBLEM_LIMIT]}"


def _state(track: Track) -> str:
    if track.paused:
        until = "you resume it" if track.paused_until is None else day_and_month(track.paused_until)
        return f"**State** ⏸️ Paused until {until}; streaks are safe"
    return f"**State** ▶️ On, {weekdays(track.days)} at {track.at:%H:%M}, {track.zone}"


def _today(standing: TrackStatus) -> str:
    """What today brings, what is owed first."""
    problem, owed = standing.track.problem, standing.owed
    if owed is not None:
        why = "" if problem is None else f" {tell(problem)[:PROBLEM_LIMIT]}"
        at = owed.retry_at
        again = f"I try again <t:{int(at.timestamp())}:R>." if at else "I'm posting it now."
        return f"⚠️ Today's question is **not posted yet**.{why} {again}"
    if not standing.total:
        return "⚠️ There's nothing to post: the chosen topics have no questions. Pick others with **Settings**."
    if standing.drill is not None and standing.question is not None:
        closes = f", closes <t:{int(standing.closing.timestamp())}:R>" if standing.closing else ""
        return (
            f"**Open now** [question {standing.question.number}]({standing.drill.link}): "
            f"{counted(standing.answered, 'answer')}{closes}"
        )
    return "**Open now** nothing"


def status_page(standing: TrackStatus, bank: Bank, *, drawn: bool = False) -> Page:
    """What `/daily status` shows; `drawn` where the picture of its participation is attached."""
    track = standing.track
    today = _today(standing)
    lines = [_state(track), today, f"**Next** {next_post(track)}"]
    if today.startswith("⚠️"):
        lines = [today, lines[0], lines[2]]
    blocks = ["\n".join([f"### <#{track.channel_id}>", *lines])]
    blocks += _problems(standing)
    if standing.participation.missed:
        blocks.append(dates_text("Not posted, neutral for streaks", standing.participation.missed))
    if standing.total:
        blocks.append(_left(standing))
    if standing.queued:
        blocks.append(queue_text(standing.queued, bank))
    if standing.skipped:
        blocks.append(dates_text("Skipped", standing.skipped))
    blocks.append(participation_text(standing.participation))
    if standing.wished is not None:
        blocks.append(standing.wished)
    more = [quiet_button(track.id)]
    if (line := reports_line(standing.reports)) is not None:
        blocks.append(line)
        more.append(reports_button())
    picture = None
    if drawn:
        words = participation_words(standing.participation)
        picture = discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=words)
    return Page(*blocks, buttons=_buttons(track, posted=standing.posted), more=more, picture=picture)


def _problems(standing: TrackStatus) -> list[str]:
    """What needs a manager, each thing said once."""
    track, found = standing.track, list[str]()
    if standing.storage is not None:
        found.append(_warning(Problem(f"storage_{standing.storage}")))
    if standing.gone:
        found.append(
            f"⚠️ I can't see the channel (id {track.channel_id}): it was deleted, or I need **View Channel**. "
            "Nothing is lost. Give me access, or move on with `/setup channel:`."
        )
    else:
        found += standing.warnings
    note = standing.drill.thread_note if standing.drill is not None else None
    told = track.problem
    if told is not None and standing.owed is None and not (standing.warnings and told.code in IN_WARNINGS):
        found.append(_warning(told))
    if note is not None and note != told:
        found.append(_warning(note))
    if standing.missed_digest is not None:
        found.append(missed_digest_line(track, standing.missed_digest))
    found += map(_warning, standing.held_up[:HELD_UP_SHOWN])
    if standing.roles:
        found.append("\n".join(f"⚠️ {problem[:PROBLEM_LIMIT]}" for problem in standing.roles[:ROLES_SHOWN]))
    return found


def _left(standing: TrackStatus) -> str:
    weeks = -(-standing.left // len(standing.track.days))
    lasts = f" (about {counted(weeks, 'week')})" if weeks else "; then they start over"
    return f"**Questions** {standing.left} of {standing.total} still to come{lasts}"


def _buttons(track: Track, *, posted: bool) -> list[Button]:
    buttons = [] if posted else [Button("Post now", f"mb:daily:post:{track.id}", main=True)]
    if track.next_date is not None:
        buttons.append(Button("Skip next", f"mb:daily:skip:{track.id}:{track.next_date}"))
    if track.paused:
        buttons.append(Button("Resume", f"mb:daily:resume:{track.id}"))
    else:
        buttons.append(Button("Pause", f"mb:daily:pause:{track.id}"))
    return [
        *buttons,
        Button("Queue", f"mb:daily:queued:{track.id}"),
        Button("Settings", f"mb:panel:show:{track.id}"),
    ]
