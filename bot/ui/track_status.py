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
from bot.ui.kit.catalog import _, ngettext, pgettext
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import day_and_month, weekdays
from bot.ui.mistakes import reports_button, reports_line
from bot.ui.participation import dates_text, participation_text, quiet_button
from bot.ui.problems import tell
from bot.ui.tracks import queue_text

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


def _next(track: Track) -> str:
    if track.next_due_utc is None:
        return _("**Next** Nothing until you resume")
    return _("**Next** <t:{when}:F> (<t:{when}:R>)", when=int(track.next_due_utc.timestamp()))


def _warning(problem: Problem) -> str:
    return f"⚠️ {tell(problem)[:PROBLEM_LIMIT]}"


def _state(track: Track) -> str:
    if not track.paused:
        time = f"{track.at:%H:%M}"
        return _("**State** ▶️ On, {days} at {time}, {zone}", days=weekdays(track.days), time=time, zone=track.zone)
    if track.paused_until is None:
        return _("**State** ⏸️ Paused until you resume it; streaks are safe")
    return _("**State** ⏸️ Paused until {day}; streaks are safe", day=day_and_month(track.paused_until))


def _wanting(standing: TrackStatus) -> str | None:
    """Why today's question is not there; None where nothing is wrong."""
    problem, owed = standing.track.problem, standing.owed
    if owed is not None:
        why = "" if problem is None else tell(problem)[:PROBLEM_LIMIT]
        again = _("I'm posting it now.")
        if owed.retry_at is not None:
            again = _("I'll try again <t:{when}:R>.", when=int(owed.retry_at.timestamp()))
        return " ".join(filter(None, (_("⚠️ Today's question is **not posted yet**."), why, again)))
    if not standing.total:
        return _("⚠️ There's nothing to post: the chosen topics have no questions. Pick others with **Settings**.")
    return None


def _open(standing: TrackStatus) -> str:
    """What today brings."""
    if standing.drill is None or standing.question is None:
        return _("**Open now** nothing")
    question, link = standing.question.number, standing.drill.link
    if standing.closing is None:
        return ngettext(
            "**Open now** [question {question}]({link}): {number} answer",
            "**Open now** [question {question}]({link}): {number} answers",
            standing.answered,
            question=question,
            link=link,
        )
    return ngettext(
        "**Open now** [question {question}]({link}): {number} answer, closes <t:{when}:R>",
        "**Open now** [question {question}]({link}): {number} answers, closes <t:{when}:R>",
        standing.answered,
        question=question,
        link=link,
        when=int(standing.closing.timestamp()),
    )


def status_page(standing: TrackStatus, bank: Bank, *, drawn: bool = False) -> Page:
    """What `/daily status` shows; `drawn` where the picture of its participation is attached."""
    track = standing.track
    state, coming, wanting = _state(track), _next(track), _wanting(standing)
    lines = [state, _open(standing), coming] if wanting is None else [wanting, state, coming]
    blocks = ["\n".join([f"### <#{track.channel_id}>", *lines])]
    blocks += _problems(standing)
    if standing.participation.missed:
        blocks.append(dates_text(_("Not posted; streaks are safe"), standing.participation.missed))
    if standing.total:
        blocks.append(_left(standing))
    if standing.queued:
        blocks.append(queue_text(standing.queued, bank))
    if standing.skipped:
        blocks.append(dates_text(_("Skipped"), standing.skipped))
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
            _(
                "⚠️ I can't see the channel (id {channel}): it was deleted, or I need **View "
                "Channel**. Nothing is lost. Give me access, or move practice elsewhere with `/setup "
                "channel:`.",
                channel=track.channel_id,
            )
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
    left, total, weeks = standing.left, standing.total, -(-standing.left // len(standing.track.days))
    if not weeks:
        return _("**Questions** {left} of {total} still to come; then they start over", left=left, total=total)
    return ngettext(
        "**Questions** {left} of {total} still to come (about {number} week)",
        "**Questions** {left} of {total} still to come (about {number} weeks)",
        weeks,
        left=left,
        total=total,
    )


def _buttons(track: Track, *, posted: bool) -> list[Button]:
    buttons = [] if posted else [Button(_("Post now"), f"mb:daily:post:{track.id}", main=True)]
    if track.next_date is not None:
        buttons.append(Button(_("Skip next"), f"mb:daily:skip:{track.id}:{track.next_date}"))
    if track.paused:
        buttons.append(Button(_("Resume"), f"mb:daily:resume:{track.id}"))
    else:
        buttons.append(Button(pgettext("button", "Pause"), f"mb:daily:pause:{track.id}"))
    return [
        *buttons,
        Button(_("Queue"), f"mb:daily:queued:{track.id}"),
        Button(_("Settings"), f"mb:panel:show:{track.id}"),
    ]
