"""A track as managers read it: its settings, how it stands, and what `/setup` and `/daily` ask back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import discord
from discord import ui

from bot.domain.bank import Bank
from bot.domain.drills import Mode
from bot.domain.errors import Problem
from bot.domain.selection import Order
from bot.domain.tracks import Track
from bot.services.tracks import ChangedTrack, MoveOrAdd, SkippedDate
from bot.ui.digests import digest_button, digest_time
from bot.ui.kit.forms import Form, chosen_default
from bot.ui.kit.layouts import Button, Page, counted, cut
from bot.ui.kit.permissions import CHANNEL_TYPES
from bot.ui.kit.words import WORDING_SHOWN, Sentence, quoted, weekday_and_day, weekdays
from bot.ui.problems import tell
from bot.ui.track_schedules import TypedSchedule, ask_schedule, try_again_page

FEW_LEFT = 7
SETTING_SHOWN = 300
QUEUE_SHOWN = 10
ZONES_SHOWN = 8
ORDERS = {
    Order.CURRICULUM: "curriculum (by number)",
    Order.SHUFFLE: "shuffle (no repeats)",
    Order.ADAPTIVE: "adaptive (weak topics first)",
}
MODES = {Mode.OPEN: "open (everyone reads along)", Mode.BLIND: "blind (hidden until the reveal)"}
FORUM_OPENS = "Answers are blind now. In a forum they become open: everyone can read the messages in a post."
GREETING = (
    "One interview question a day. Everyone answers, nobody practices alone.",
    "Setting me up takes a manager half a minute: press the button, or use `/setup`.",
)


def greeting_page() -> Page:
    """What a server reads when the bot joins."""
    return Page(
        "### Hi, I'm Mockingbird\n" + " ".join(GREETING), buttons=[Button("Set up", "mb:setup:open", main=True)]
    )


def next_post(track: Track) -> str:
    """When it posts next, as a sentence that every reader sees in their own zone."""
    if track.next_due_utc is None:
        return "Paused until `/daily resume`."
    at = int(track.next_due_utc.timestamp())
    paused = f"Paused until {weekday_and_day(track.paused_until)}. " if track.paused and track.paused_until else ""
    return f"{paused}Next question: <t:{at}:F> (<t:{at}:R>)."


def follows_text(track: Track, day: date) -> str:
    """Says when the question comes that is shown below."""
    if track.next_due_utc is None:
        return "Once you resume, this one comes next:"
    return f"{weekday_and_day(day)}, <t:{int(track.next_due_utc.timestamp())}:R>, this one comes next:"


def paused_text(track: Track) -> str:
    """A track was paused."""
    return f"<#{track.channel_id}> is paused. Streaks are safe. {next_post(track)}"


def resumed_text(track: Track) -> str:
    """A pause has ended."""
    return f"<#{track.channel_id}> is back on. {next_post(track)}"


def skipped_text(done: SkippedDate) -> tuple[str, list[Button]]:
    """A date was left out, with the button that takes it back; or it was taken back."""
    what = "is skipped; streaks are safe" if done.skipped else "is back on the plan"
    back = Button("Take it back", f"mb:daily:skip:{done.track.id}:{done.day}")
    return f"{weekday_and_day(done.day)} {what}. {next_post(done.track)}", [back] if done.skipped else []


def ask_to_end_page(track: Track) -> Page:
    """Asks before practice ends in a channel."""
    return Page(
        f"Stop the daily question in <#{track.channel_id}>? Answers, streaks and points "
        "stay, and `/setup` there starts it again.",
        buttons=[Button("End it", f"mb:daily:remove:{track.id}", danger=True)],
    )


def ended_text(track: Track) -> str:
    """Practice in a channel has ended."""
    return f"Practice in <#{track.channel_id}> has ended. `/setup` there starts it again."


def settings(track: Track) -> dict[str, str]:
    """A track's settings as a manager reads them, by name."""
    return {
        "Channel": f"<#{track.channel_id}>",
        "Posts": f"{weekdays(track.days)} at {track.at:%H:%M}, {track.zone}",
        "Packs": cut(", ".join(track.packs), SETTING_SHOWN),
        "Topics": cut(", ".join(map(quoted, track.topics)) or "all", SETTING_SHOWN),
        "Order": ORDERS[track.order],
        "Answers": MODES[track.mode],
        "Ping": f"<@&{track.ping_role_id}>" if track.ping_role_id else "nobody",
        "Feedback on answers": "on" if track.hints else "off",
        "Weekly digest": digest_time(track),
        "Log channel": f"<#{track.log_channel_id}>" if track.log_channel_id else "none",
    }


def settings_text(track: Track) -> str:
    """A track's settings, one line each."""
    return "\n".join(f"**{name}** {value}" for name, value in settings(track).items() if name != "Channel")


def changed_lines(before: Track, after: Track) -> list[str]:
    """What a manager has changed, one line each: from what to what."""
    was = settings(before)
    return [f"**{name}** {was[name]} → {value}" for name, value in settings(after).items() if was[name] != value]


def change_logged(channel_id: int, member_id: int, lines: Sequence[str]) -> Page:
    """What the log channel reads of a change."""
    return Page(f"<@{member_id}> changed the settings of <#{channel_id}>\n" + "\n".join(lines))


def set_up_page(done: ChangedTrack, warnings: Sequence[str], now: datetime) -> Page:
    """What `/setup` answers: what changed, settings, next post, what is wrong, and the next steps as buttons."""
    track = done.track
    changed = [] if done.before is None else changed_lines(done.before, track)
    there = f"It's {now.astimezone(ZoneInfo(track.zone)):%H:%M} there now, in {track.zone}."
    head = f"### <#{track.channel_id}> is set up\n{settings_text(track)}"
    blocks = [head, f"{there} {next_post(track)}", *warnings]
    if changed:
        blocks.insert(0, "✅ " + "\n".join(changed))
    which = "the first" if track.last_date is None else "today's"
    buttons = [
        Button(f"Post {which} question now", f"mb:daily:post:{track.id}", main=True),
        Button("Preview", f"mb:daily:preview:{track.id}"),
    ]
    if track.last_date is not None:
        return Page(*blocks, buttons=buttons)
    blocks.append(
        "Want to ping a role with each question? Pick it below. The **weekly digest** sums the week up for the "
        "channel; change or stop it with its button."
    )
    role: ui.RoleSelect[Page] = ui.RoleSelect(
        custom_id=f"mb:panel:ping:{track.id}",
        placeholder="Ping a role?",
        min_values=0,
        default_values=chosen_default(track.ping_role_id, discord.SelectDefaultValueType.role),
    )
    return Page(*blocks, selects=[role], buttons=[*buttons, digest_button(track)])


def move_or_add_page(asked: MoveOrAdd) -> Page:
    """Asks whether the server's only track moves or a second one is added."""
    old, new = f"<#{asked.track.channel_id}>", f"<#{asked.channel_id}>"
    opens = [FORUM_OPENS] if asked.opens else []
    return Page(
        f"{old} is already a practice channel. Move everything to {new}, streaks and history included, "
        f"or do you want a second practice channel in {new}?",
        *opens,
        buttons=[
            Button("Move it", f"mb:setup:move:{asked.proposal_id}", main=True),
            Button("Run both", f"mb:setup:add:{asked.proposal_id}"),
        ],
    )


def queue_text(queued: Sequence[str], bank: Bank) -> str:
    """The queue in its order."""
    if not queued:
        return "The queue is empty."
    found = [question for question in map(bank.find, queued) if question is not None]
    lines = [f"{at}. {quoted(q.wording, WORDING_SHOWN)} (`{q.number}`)" for at, q in enumerate(found, start=1)]
    if len(lines) > QUEUE_SHOWN:  # the first ones, and the last, which may just have been put there
        lines = [*lines[: QUEUE_SHOWN - 1], "…", lines[-1]]
    return "**Queue**\n" + "\n".join(lines)


def few_left(left: int, total: int) -> str | None:
    """From seven left on, replies to `/daily` say so."""
    if left > FEW_LEFT or total == 0:
        return None
    what = "No question is" if left == 0 else f"Only {counted(left, 'question')} {'is' if left == 1 else 'are'}"
    return f"-# {what} left in these topics; after that they start over. `/setup topics:` widens the choice."


LIKELY = ("practice", "interview", "daily")
"""What channels are called in which a team practices, the likeliest name first."""


def likely_channel(names: Mapping[int, str]) -> int | None:
    """The channel, by its id, that is called like a practice channel; None where none is."""
    return next((channel_id for word in LIKELY for channel_id, name in names.items() if word in name.lower()), None)


def setup_form(channel_id: int | None, typed: TypedSchedule, now: datetime) -> Form:
    """What a manager is asked in the first minute.

    Args:
        channel_id: the channel that is chosen already.
        typed: what stands in the other fields.
    """
    form = Form("Set up Mockingbird", "mb:setup:form")
    form.pick_channel("channel", "Channel for the daily question", channel_id, CHANNEL_TYPES)
    ask_schedule(form, typed, now)
    return form


def setup_again_page(why: str, channel_id: int | None, typed: TypedSchedule) -> Page:
    """Says what is wrong with that form, and offers it again with what was typed."""
    return try_again_page(why, f"mb:setup:again:{channel_id or 0}", typed)


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
    return f"“{text}” isn't a time of day. Write it like 9am, 09:00 or 17:30."


def _not_days(text: str) -> str:
    return f"I can't read the days “{text}”. Write mon-fri, daily, or a list like mon,wed,fri."


def _not_a_date(text: str) -> str:
    return f"“{text}” isn't a date. Write it like 30 Nov, tomorrow or monday."


def _topics_elsewhere(packs: Sequence[str]) -> str:
    named = ", ".join(f"`{pack}`" for pack in packs)
    return (
        f"Those topics aren't in {named}, where this channel's questions come from. Name their pack too: `packs`."
    )


def _several(channel_ids: Sequence[int]) -> str:
    return f"Which channel do you mean? Pick one with `channel`: {_channels(channel_ids)}."


def _not_here(channel_id: int, channel_ids: Sequence[int]) -> str:
    return f"<#{channel_id}> isn't a practice channel. Try {_channels(channel_ids)}."


def _day_off(day: str, days: Collection[int]) -> str:
    return f"{day} is a day off anyway: this channel posts {weekdays(days)}."


def _none_open(track: Track) -> str:
    return f"No question is open in <#{track.channel_id}>. {next_post(track)}"


def _not_posted(problem: Problem | None) -> str:
    why = "" if problem is None else tell(problem)
    return f"It isn't posted yet. {why} I'll keep trying; `/daily status` shows how it stands."


REFUSALS: Mapping[str, Sentence] = {
    "schedule.unknown_zone": _unknown_zone,
    "schedule.choose_zone": _choose_zone,
    "schedule.not_a_time": _not_a_time,
    "schedule.not_days": _not_days,
    "schedule.not_a_date": _not_a_date,
    "schedule.no_days": "Tick at least one day.",
    "tracks.no_zone": "Which time zone are you in? Add it like this: `/setup timezone:Europe/Berlin`.",
    "tracks.no_blind_in_forum": (
        "Blind answers don't work in a forum: everyone can write and read in a post, so nothing stays hidden "
        "until the reveal. Leave `answers` out, or choose a text channel."
    ),
    "tracks.channel_unseen": ("I can't see <#{channel_id}>. Give me View Channel there, then use `/setup` again."),
    "tracks.wrong_kind": ("I can't run practice in <#{channel_id}>. Pick a text, announcement or forum channel."),
    "tracks.topics_elsewhere": _topics_elsewhere,
    "tracks.decided": "That's already decided. `/setup` shows how things stand.",
    "tracks.channel_taken": "<#{channel_id}> already has its own daily question. Change it with `/setup` there.",
    "tracks.none": "There's no practice channel here yet. A manager can make one with `/setup`.",
    "tracks.several": _several,
    "tracks.not_here": _not_here,
    "tracks.removed": "This practice channel was removed. `/setup` there starts it again.",
    "tracks.pause_range": "Pick a date after today, {today}, and within a year, or leave `until` out.",
    "tracks.not_paused": "It isn't paused.",
    "tracks.no_next_date": "It's paused with no end, so there's no next date. Add a `date`.",
    "tracks.date_over": "{day} is over or already has its question. Pick a later date.",
    "tracks.date_too_far": "{day} is more than a year away. Pick an earlier date.",
    "tracks.day_off": _day_off,
    "tracks.queued_already": "This question is already in the queue. `/daily queue` moves it or takes it out.",
    "tracks.no_questions": (
        "There are no questions in the chosen topics, so there's nothing to post. Change them: `/setup topics:all`."
    ),
    "tracks.not_posted": _not_posted,
    "tracks.none_open": _none_open,
}
