"""A track as managers read it: its settings, how it stands, and what `/setup` and `/daily` ask back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import discord

from bot.domain.bank import Bank, Question
from bot.domain.digests import DigestWeek
from bot.domain.drills import Drill, Mode
from bot.domain.schedule import format_days, parse_days, parse_time, parse_zone
from bot.domain.selection import Order
from bot.domain.tracks import Track
from bot.services.mistakes import OpenReports
from bot.services.participation import Participation
from bot.services.tracks import MoveOrAdd, PlanChange
from bot.ui.digests import digest_button, digest_line, missed_digest_line
from bot.ui.kit.forms import Form, fields
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.milestones import roles_button
from bot.ui.mistakes import pile_button, reports_line
from bot.ui.participation import dates_text, participation_text, quiet_button

FEW_LEFT = 7
QUEUE_SHOWN = 10
PROBLEM_LIMIT = 300
HELD_UP_SHOWN = 2
ROLES_SHOWN = 2
"""Problems of milestone roles; `/setup` shows all of them."""
NO_REPORTS = OpenReports([], {})
ORDERS = {
    Order.CURRICULUM: "curriculum (by number)",
    Order.SHUFFLE: "shuffle (no repeats)",
    Order.ADAPTIVE: "adaptive (weak topics first)",
}
MODES = {Mode.OPEN: "open (everyone reads along)", Mode.BLIND: "blind (hidden until the reveal)"}
FORUM_OPENS = "Answers are blind now. In a forum they become open: everyone can read the messages in a post."
GREETING = (
    "I post one interview question here every practice day, collect your answers and keep your streaks.",
    "A manager sets me up in a minute: press the button, or use `/setup`.",
)


def greeting_page() -> Page:
    """What a server reads when the bot joins."""
    return Page(
        "### Hello, I am Mockingbird\n" + " ".join(GREETING), buttons=[Button("Set up", "mb:setup:open", main=True)]
    )


def next_post(track: Track) -> str:
    """When it posts next, as a sentence that every reader sees in their own zone."""
    if track.next_due_utc is None:
        return "Paused until `/daily resume`."
    at = int(track.next_due_utc.timestamp())
    paused = f"Paused until {track.paused_until}. " if track.paused else ""
    return f"{paused}Next question: <t:{at}:F> (<t:{at}:R>)."


def settings_text(track: Track) -> str:
    """A track's settings, one line each."""
    topics = ", ".join(track.topics) if track.topics else "all"
    lines = [
        f"**Posts** {format_days(track.days)} at {track.at:%H:%M}, {track.zone}",
        f"**Topics** {topics}",
        f"**Order** {ORDERS[track.order]}",
        f"**Answers** {MODES[track.mode]}",
        f"**Ping** <@&{track.ping_role_id}>" if track.ping_role_id else "**Ping** nobody",
        digest_line(track),
    ]
    return "\n".join(lines)


def set_up_page(track: Track, warnings: Sequence[str], title: str) -> Page:
    """What `/setup` answers: settings, next post, what is wrong, and the next steps as buttons."""
    blocks = [f"### {title}\n{settings_text(track)}", next_post(track), *warnings]
    which = "the first" if track.last_date is None else "today's"
    buttons = [
        Button(f"Post {which} question now", f"mb:daily:post:{track.id}", main=True),
        Button("Preview", f"mb:daily:preview:{track.id}"),
    ]
    return Page(*blocks, buttons=buttons)


def settings_page(track: Track, warnings: Sequence[str], roles: str | None) -> Page:
    """What `/setup` without options shows of a track that is there; `roles` is how milestone roles stand."""
    blocks = [f"### <#{track.channel_id}>\n{settings_text(track)}", next_post(track), *warnings]
    if roles is not None:
        blocks.append(roles)
    blocks.append("-# To change something, name it: `/setup time:08:30`. `/daily status` shows how things stand.")
    return Page(*blocks, buttons=[digest_button(track), roles_button()])


def move_or_add_page(asked: MoveOrAdd) -> Page:
    """Asks whether the server's only track moves or a second one is added."""
    old, new = f"<#{asked.track.channel_id}>", f"<#{asked.channel_id}>"
    opens = [FORUM_OPENS] if asked.opens else []
    return Page(
        f"This server practises in {old}. Shall that move to {new}, streaks and history included, "
        f"or do you want a second practice channel in {new}?",
        *opens,
        buttons=[
            Button("Move it", f"mb:setup:move:{asked.proposal_id}", main=True),
            Button("Add a second one", f"mb:setup:add:{asked.proposal_id}"),
        ],
    )


@dataclass(frozen=True, slots=True)
class TrackStatus:
    """How a track stands, for `/daily status`."""

    track: Track
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
    held_up: Sequence[str] = ()
    roles: Sequence[str] = ()


def status_page(standing: TrackStatus, bank: Bank) -> Page:
    """What `/daily status` shows."""
    track = standing.track
    blocks = [f"### <#{track.channel_id}>\n{next_post(track)}"]
    if standing.gone:
        blocks.append(
            f"⚠️ I cannot see the channel (id {track.channel_id}): it was deleted, or I lack **View Channel**. "
            "Nothing is lost. Give me access, or move on with `/setup channel:`."
        )
    else:
        blocks += standing.warnings
    if track.problem is not None:
        blocks.append(f"⚠️ {track.problem[:PROBLEM_LIMIT]}")
    note = standing.drill.thread_note if standing.drill is not None else None
    if note is not None and note != track.problem:
        blocks.append(f"⚠️ {note[:PROBLEM_LIMIT]}")
    if standing.missed_digest is not None:
        blocks.append(missed_digest_line(track, standing.missed_digest))
    blocks += [f"⚠️ {note[:PROBLEM_LIMIT]}" for note in standing.held_up[:HELD_UP_SHOWN]]
    if standing.roles:
        blocks.append("\n".join(f"⚠️ {problem[:PROBLEM_LIMIT]}" for problem in standing.roles[:ROLES_SHOWN]))
    if standing.participation.missed:
        blocks.append(dates_text("Not posted, neutral for streaks", standing.participation.missed))
    if standing.drill is not None and standing.question is not None:
        closes = f", closes <t:{int(standing.closing.timestamp())}:R>" if standing.closing else ""
        blocks.append(
            f"**Open now** [question {standing.question.number}]({standing.drill.link}): "
            f"{counted(standing.answered, 'answer')}{closes}"
        )
    if standing.total:
        blocks.append(f"**Questions** {standing.left} of {standing.total} left before the topics begin again")
    else:
        blocks.append(
            "⚠️ The chosen topics hold no question, so nothing is posted. Change them: `/setup topics:all`."
        )
    if standing.queued:
        blocks.append(queue_text(standing.queued, bank))
    if standing.skipped:
        blocks.append(dates_text("Skipped", standing.skipped))
    blocks += [participation_text(standing.participation), settings_text(track)]
    if standing.wished is not None:
        blocks.append(standing.wished)
    buttons = [quiet_button(track.id)]
    if (line := reports_line(standing.reports)) is not None:
        blocks.append(line)
        buttons.append(pile_button())
    return Page(*blocks, buttons=buttons)


def queue_text(queued: Sequence[str], bank: Bank) -> str:
    """The queue in its order."""
    found = [question for question in map(bank.find, queued) if question is not None]
    lines = [f"{at}. {q.prompt} (`{q.number}`)" for at, q in enumerate(found, start=1)]
    if len(lines) > QUEUE_SHOWN:  # the first ones, and the last, which may just have been put there
        lines = [*lines[: QUEUE_SHOWN - 1], "…", lines[-1]]
    return "**Queue**\n" + "\n".join(lines)


def few_left(left: int, total: int) -> str | None:
    """From seven left on, replies to `/daily` say so."""
    if left > FEW_LEFT or total == 0:
        return None
    what = "No question is" if left == 0 else f"Only {counted(left, 'question')} {'is' if left == 1 else 'are'}"
    return f"-# {what} left in these topics; after that they begin again. `/setup topics:` widens the choice."


def setup_form() -> Form:
    """What a manager is asked in the first minute."""
    form = Form("Set up Mockingbird here", "mb:setup:form")
    form.ask("timezone", "Time zone", hint="Europe/Berlin")
    form.ask("time", "Time of the daily question", value="09:00")
    form.ask("days", "Days", value="mon-fri")
    return form


def sent_plan(interaction: discord.Interaction) -> PlanChange:
    """What a manager has sent with that form; raises BadInput."""
    sent = fields(interaction)
    return PlanChange(zone=parse_zone(sent["timezone"]), at=parse_time(sent["time"]), days=parse_days(sent["days"]))
