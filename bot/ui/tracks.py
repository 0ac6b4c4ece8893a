"""A track as managers read it: its settings, how it stands, and what `/setup` and `/daily` ask back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import discord

from bot.domain.bank import Bank, Question
from bot.domain.digests import DigestWeek
from bot.domain.drills import Drill, Mode
from bot.domain.errors import Problem
from bot.domain.schedule import format_days, parse_days, parse_time, parse_zone
from bot.domain.selection import Order
from bot.domain.tracks import PlanChange, Track
from bot.services.mistakes import OpenReports
from bot.services.participation import Participation
from bot.services.tracks import MoveOrAdd, SkippedDate
from bot.ui.digests import digest_button, digest_line, missed_digest_line
from bot.ui.kit.forms import Form, fields
from bot.ui.kit.layouts import Button, Page, counted
from bot.ui.kit.words import WORDING_SHOWN, Sentence, quoted
from bot.ui.milestones import roles_button
from bot.ui.mistakes import reports_button, reports_line
from bot.ui.participation import dates_text, participation_text, quiet_button
from bot.ui.problems import tell

FEW_LEFT = 7
QUEUE_SHOWN = 10
PROBLEM_LIMIT = 300
ZONES_SHOWN = 8
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


def _warning(problem: Problem) -> str:
    return f"⚠️ {tell(problem)[:PROBLEM_LIMIT]}"


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


def paused_text(track: Track) -> str:
    """A track was paused."""
    return f"<#{track.channel_id}> is paused; streaks rest. {next_post(track)}"


def resumed_text(track: Track) -> str:
    """A pause has ended."""
    return f"<#{track.channel_id}> goes on. {next_post(track)}"


def skipped_text(done: SkippedDate) -> tuple[str, list[Button]]:
    """A date was left out, with the button that takes it back; or it was taken back."""
    what = "is left out; streaks rest" if done.skipped else "is practised again"
    back = Button("Take it back", f"mb:daily:skip:{done.track.id}:{done.day}")
    return f"{done.day:%A}, {done.day} {what}. {next_post(done.track)}", [back] if done.skipped else []


def ask_to_end_page(track: Track) -> Page:
    """Asks before practice ends in a channel."""
    return Page(
        f"End practice in <#{track.channel_id}>? No more questions come. Answers, streaks and points "
        "stay, and `/setup` there takes it up again.",
        buttons=[Button("End it", f"mb:daily:remove:{track.id}", danger=True)],
    )


def ended_text(track: Track) -> str:
    """Practice in a channel has ended."""
    return f"Practice in <#{track.channel_id}> has ended. `/setup` there takes it up again."


def settings_text(track: Track) -> str:
    """A track's settings, one line each."""
    topics = ", ".join(map(quoted, track.topics)) if track.topics else "all"
    lines = [
        f"**Posts** {format_days(track.days)} at {track.at:%H:%M}, {track.zone}",
        f"**Packs** {', '.join(track.packs)}",
        f"**Topics** {topics}",
        f"**Order** {ORDERS[track.order]}",
        f"**Answers** {MODES[track.mode]}",
        f"**Ping** <@&{track.ping_role_id}>" if track.ping_role_id else "**Ping** nobody",
        f"**Feedback on answers** {'on' if track.hints else 'off'}",
        digest_line(track),
    ]
    return "\n".join(lines)


def set_up_page(track: Track, warnings: Sequence[str]) -> Page:
    """What `/setup` answers: settings, next post, what is wrong, and the next steps as buttons."""
    blocks = [f"### <#{track.channel_id}> is set up\n{settings_text(track)}", next_post(track), *warnings]
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


@dataclass(frozen=True, slots=True, kw_only=True)
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
    held_up: Sequence[Problem] = ()
    roles: Sequence[str] = ()
    storage: str | None = None


def status_page(standing: TrackStatus, bank: Bank) -> Page:
    """What `/daily status` shows."""
    track = standing.track
    blocks = [f"### <#{track.channel_id}>\n{next_post(track)}"]
    if standing.storage is not None:
        blocks.append(_warning(Problem(f"storage_{standing.storage}")))
    if standing.gone:
        blocks.append(
            f"⚠️ I cannot see the channel (id {track.channel_id}): it was deleted, or I lack **View Channel**. "
            "Nothing is lost. Give me access, or move on with `/setup channel:`."
        )
    else:
        blocks += standing.warnings
    if track.problem is not None:
        blocks.append(_warning(track.problem))
    note = standing.drill.thread_note if standing.drill is not None else None
    if note is not None and note != track.problem:
        blocks.append(_warning(note))
    if standing.missed_digest is not None:
        blocks.append(missed_digest_line(track, standing.missed_digest))
    blocks += map(_warning, standing.held_up[:HELD_UP_SHOWN])
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
        buttons.append(reports_button())
    return Page(*blocks, buttons=buttons)


def queue_text(queued: Sequence[str], bank: Bank) -> str:
    """The queue in its order."""
    if not queued:
        return "The queue is empty."
    found = [question for question in map(bank.find, queued) if question is not None]
    lines = [f"{at}. {quoted(q.wording, WORDING_SHOWN)} (`{q.number}`)" for at, q in enumerate(found, start=1)]
    if len(lines) > QUEUE_SHOWN:  # the first ones, and the last, which may just have been put there
        lines = [*lines[: QUEUE_SHOWN - 1], "…", lines[-1]]
    return "**Queue**\n" + "\n".join(lines)


def unqueue_button(track: Track, question: Question) -> Button:
    """Takes a question out of the queue again."""
    return Button("Take it out again", f"mb:daily:unqueue:{track.id}:{question.id}")


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
    """What a manager has sent with that form; raises Refusal where it cannot be read."""
    sent = fields(interaction)
    return PlanChange(zone=parse_zone(sent["timezone"]), at=parse_time(sent["time"]), days=parse_days(sent["days"]))


def _channels(channel_ids: Sequence[int]) -> str:
    return ", ".join(f"<#{channel_id}>" for channel_id in channel_ids)


def _listed(zones: Sequence[str]) -> str:
    return ", ".join(f"`{zone}`" for zone in zones)


def _unknown_zone(text: str, near: Sequence[str]) -> str:
    hint = f"Did you mean {_listed(near)}?" if near else "Write it like Europe/Berlin or Asia/Kolkata."
    return f"I don't know the time zone “{text}”. {hint}"


def _choose_zone(text: str, zones: Sequence[str]) -> str:
    if len(zones) == 1:
        return f"For “{text}” the time zone is `{zones[0]}`. Write that if it's the one you mean."
    more = f", or another of the {len(zones)} that fit" if len(zones) > ZONES_SHOWN else ""
    return (
        f"“{text}” can be several time zones. Pick the city whose clocks you keep: "
        f"{_listed(zones[:ZONES_SHOWN])}{more}."
    )


def _not_a_time(text: str) -> str:
    return f"“{text}” is not a time of day. Write it like 09:00 or 17:30."


def _not_days(text: str) -> str:
    return f"I cannot read the days “{text}”. Write mon-fri, daily, or a list like mon,wed,fri."


def _not_a_date(text: str) -> str:
    return f"“{text}” is not a date. Write it like 2026-11-30."


def _topics_elsewhere(packs: Sequence[str]) -> str:
    named = ", ".join(f"`{pack}`" for pack in packs)
    return (
        f"Those topics aren't in {named}, where this channel's questions come from. Name their pack too: `packs`."
    )


def _several(channel_ids: Sequence[int]) -> str:
    return f"Which channel do you mean? Name one with `channel`: {_channels(channel_ids)}."


def _not_here(channel_id: int, channel_ids: Sequence[int]) -> str:
    return f"<#{channel_id}> is no practice channel. These are: {_channels(channel_ids)}."


def _day_off(day: date, days: Collection[int]) -> str:
    return f"{day:%A}, {day} is a day off anyway: this channel posts {format_days(days)}."


def _none_open(track: Track) -> str:
    return f"No question is open in <#{track.channel_id}>. {next_post(track)}"


def _not_posted(problem: Problem | None) -> str:
    why = "" if problem is None else tell(problem)
    return f"It is not posted yet. {why} I keep trying; `/daily status` shows how it stands."


REFUSALS: Mapping[str, Sentence] = {
    "schedule.unknown_zone": _unknown_zone,
    "schedule.choose_zone": _choose_zone,
    "schedule.not_a_time": _not_a_time,
    "schedule.not_days": _not_days,
    "schedule.not_a_date": _not_a_date,
    "tracks.no_zone": "For the first question I need your time zone: `/setup timezone:Europe/Berlin`.",
    "tracks.no_blind_in_forum": (
        "Blind answers do not work in a forum: everyone can write and read in a post, so nothing stays hidden "
        "until the reveal. Leave `answers` out, or choose a text channel."
    ),
    "tracks.channel_unseen": ("I cannot see <#{channel_id}>. Give me View Channel there, then use `/setup` again."),
    "tracks.wrong_kind": ("I cannot practise in <#{channel_id}>. Choose a text, announcement or forum channel."),
    "tracks.topics_elsewhere": _topics_elsewhere,
    "tracks.decided": "This question was answered already. `/setup` shows how things stand.",
    "tracks.channel_taken": "<#{channel_id}> has a track of its own. Change it with `/setup` there.",
    "tracks.none": "There is no practice channel here yet. A manager can make one with `/setup`.",
    "tracks.several": _several,
    "tracks.not_here": _not_here,
    "tracks.removed": "This practice channel was removed. `/setup` there takes it up again.",
    "tracks.pause_range": "Name a date after today ({today}) and within a year, or leave `until` out.",
    "tracks.not_paused": "It is not paused.",
    "tracks.no_next_date": "It is paused without an end, so there is no next date. Name a `date`.",
    "tracks.date_over": "{day} is over or has its question already. Name a later date.",
    "tracks.date_too_far": "{day} is more than a year away. Name an earlier date.",
    "tracks.day_off": _day_off,
    "tracks.queued_already": "This question is in the queue already.",
    "tracks.no_questions": (
        "The chosen topics hold no question, so there is nothing to post. Change them: `/setup topics:all`."
    ),
    "tracks.not_posted": _not_posted,
    "tracks.none_open": _none_open,
}
