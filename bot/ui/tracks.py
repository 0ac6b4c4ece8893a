"""A track as managers read it: its settings, how it stands, and what `/setup` and `/daily` ask back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import discord
from discord import ui

from bot.domain.bank import Bank
from bot.domain.drills import Mode
from bot.domain.errors import Problem
from bot.domain.selection import Order
from bot.domain.tracks import Track
from bot.services.tracks import ChangedTrack, MoveOrAdd, SkippedDate
from bot.ui.digests import digest_button, digest_time
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.forms import Form, chosen_default
from bot.ui.kit.layouts import Button, Page, cut
from bot.ui.kit.permissions import CHANNEL_TYPES
from bot.ui.kit.words import WORDING_SHOWN, Sentence, quoted, weekday_and_day, weekdays
from bot.ui.problems import tell
from bot.ui.track_schedules import TypedSchedule, ask_schedule, time_in, try_again_page

FEW_LEFT = 7
SETTING_SHOWN = 300
QUEUE_SHOWN = 10
ZONES_SHOWN = 8
ORDERS = {
    Order.CURRICULUM: N_("curriculum (by number)"),
    Order.SHUFFLE: N_("shuffle (no repeats)"),
    Order.ADAPTIVE: N_("adaptive (weak topics first)"),
}
MODES = {Mode.OPEN: N_("open (everyone reads along)"), Mode.BLIND: N_("blind (hidden until the reveal)")}
FORUM_OPENS = N_("Answers are blind now. In a forum they become open: everyone can read the messages in a post.")


class Setting(NamedTuple):
    """One of a track's settings as a manager reads it."""

    label: str
    value: str

    @property
    def line(self) -> str:
        """Both of them in a line."""
        return f"**{self.label}** {self.value}"


def greeting_page() -> Page:
    """What a server reads when the bot joins."""
    return Page(
        _(
            "### Hi, I'm Mockingbird\nOne interview question a day. Everyone answers, nobody practices alone. "
            "Setting me up takes a manager half a minute: press the button, or use `/setup`."
        ),
        buttons=[Button(_("Set up"), "mb:setup:open", main=True)],
    )


def next_post(track: Track) -> str:
    """When it posts next, as a sentence that every reader sees in their own zone."""
    if track.next_due_utc is None:
        return _("Paused until `/daily resume`.")
    coming = _("Next question: <t:{when}:F> (<t:{when}:R>).", when=int(track.next_due_utc.timestamp()))
    if not track.paused or track.paused_until is None:
        return coming
    return " ".join((_("Paused until {day}.", day=weekday_and_day(track.paused_until)), coming))


def follows_text(track: Track, day: date) -> str:
    """Says when the question comes that is shown below."""
    if track.next_due_utc is None:
        return _("Once you resume, this one comes next:")
    when = int(track.next_due_utc.timestamp())
    return _("This one comes next, on {day} (<t:{when}:R>):", day=weekday_and_day(day), when=when)


def paused_text(track: Track) -> tuple[str, list[Button]]:
    """A track was paused, with the button that ends the pause."""
    said = _("<#{channel}> is paused. Streaks are safe.", channel=track.channel_id)
    if track.next_due_utc is not None:
        said = f"{said} {next_post(track)}"
    return said, [Button(_("Resume"), f"mb:daily:resume:{track.id}")]


def resumed_text(track: Track) -> str:
    """A pause has ended."""
    return " ".join((_("<#{channel}> is back on.", channel=track.channel_id), next_post(track)))


def skipped_text(done: SkippedDate) -> tuple[str, list[Button]]:
    """A date was left out, with the button that takes it back; or it was taken back."""
    day = weekday_and_day(done.day)
    if not done.skipped:
        return " ".join((_("{day} is back on the schedule.", day=day), next_post(done.track))), []
    back = Button(_("Take it back"), f"mb:daily:skip:{done.track.id}:{done.day}")
    return " ".join((_("{day} is skipped; streaks are safe.", day=day), next_post(done.track))), [back]


def ask_to_end_page(track: Track) -> Page:
    """Asks before practice ends in a channel."""
    return Page(
        _(
            "Stop the daily question in <#{channel}>? Answers, streaks and points stay, and you "
            "can start it again there with `/setup`.",
            channel=track.channel_id,
        ),
        buttons=[Button(_("End it"), f"mb:daily:remove:{track.id}", danger=True)],
    )


def ended_text(track: Track) -> str:
    """Practice in a channel has ended."""
    return _("Practice in <#{channel}> has ended. Use `/setup` there to start it again.", channel=track.channel_id)


def settings(track: Track) -> dict[str, Setting]:
    """A track's settings as a manager reads them."""
    time = f"{track.at:%H:%M}"
    posts = _("{days} at {time}, {zone}", days=weekdays(track.days), time=time, zone=track.zone)
    topics = cut(", ".join(map(quoted, track.topics)) or pgettext("topics", "all"), SETTING_SHOWN)
    ping = f"<@&{track.ping_role_id}>" if track.ping_role_id else pgettext("ping", "nobody")
    hints = pgettext("feedback on answers", "on") if track.hints else pgettext("feedback on answers", "off")
    last_call = pgettext("last call", "on") if track.last_call else pgettext("last call", "off")
    log = f"<#{track.log_channel_id}>" if track.log_channel_id else pgettext("log channel", "none")
    return {
        "channel": Setting(pgettext("setting", "Channel"), f"<#{track.channel_id}>"),
        "posts": Setting(pgettext("setting: when questions are posted", "Posts"), posts),
        "packs": Setting(pgettext("setting", "Packs"), cut(", ".join(track.packs), SETTING_SHOWN)),
        "topics": Setting(pgettext("setting", "Topics"), topics),
        "order": Setting(pgettext("setting: in which sequence questions come", "Order"), _(ORDERS[track.order])),
        "answers": Setting(pgettext("setting: open or blind", "Answers"), _(MODES[track.mode])),
        "ping": Setting(pgettext("setting: who is mentioned", "Ping"), ping),
        "last_call": Setting(pgettext("setting", "Last call"), last_call),
        "hints": Setting(pgettext("setting", "Feedback on answers"), hints),
        "digest": Setting(pgettext("setting", "Weekly digest"), digest_time(track)),
        "log": Setting(pgettext("setting", "Log channel"), log),
    }


def settings_text(track: Track) -> str:
    """A track's settings, one line each."""
    return "\n".join(setting.line for key, setting in settings(track).items() if key != "channel")


def changed_lines(before: Track, after: Track) -> list[str]:
    """What a manager has changed, one line each: from what to what."""
    return [
        f"{was.line} → {now.value}"
        for was, now in zip(settings(before).values(), settings(after).values(), strict=True)
        if was != now
    ]


def change_logged(channel_id: int, member_id: int, lines: Sequence[str]) -> Page:
    """What the log channel reads of a change."""
    head = _("<@{member}> changed the settings for <#{channel}>", member=member_id, channel=channel_id)
    return Page("\n".join([head, *lines]))


def set_up_page(done: ChangedTrack, warnings: Sequence[str], now: datetime) -> Page:
    """What `/setup` answers: what changed, settings, next post, what is wrong, and the next steps as buttons."""
    track = done.track
    changed = [] if done.before is None else changed_lines(done.before, track)
    there = _("It's {time} there now, in {zone}.", time=time_in(track.zone, now), zone=track.zone)
    head = _("### <#{channel}> is set up", channel=track.channel_id)
    blocks = [f"{head}\n{settings_text(track)}", f"{there} {next_post(track)}", *warnings]
    if changed:
        blocks.insert(0, "✅ " + "\n".join(changed))
    post = _("Post the first question now") if track.last_date is None else _("Post today's question now")
    buttons = [
        Button(post, f"mb:daily:post:{track.id}", main=True),
        Button(_("Preview"), f"mb:daily:preview:{track.id}"),
    ]
    if track.last_date is not None:
        return Page(*blocks, buttons=buttons)
    blocks.append(
        _(
            "Want to ping a role with each question? Pick it below. The **weekly digest** sums the week up for the "
            "channel; change or stop it with its button."
        )
    )
    role: ui.RoleSelect[Page] = ui.RoleSelect(
        custom_id=f"mb:panel:ping:{track.id}",
        placeholder=_("Ping a role?"),
        min_values=0,
        default_values=chosen_default(track.ping_role_id, discord.SelectDefaultValueType.role),
    )
    return Page(*blocks, selects=[role], buttons=[*buttons, digest_button(track)])


def move_or_add_page(asked: MoveOrAdd) -> Page:
    """Asks whether the server's only track moves or a second one is added."""
    opens = [_(FORUM_OPENS)] if asked.opens else []
    return Page(
        _(
            "<#{old}> is already a practice channel. Do you want to move everything to <#{new}>, "
            "streaks and history included, or run a second practice channel in <#{new}>?",
            old=asked.track.channel_id,
            new=asked.channel_id,
        ),
        *opens,
        buttons=[
            Button(_("Move it"), f"mb:setup:move:{asked.proposal_id}", main=True),
            Button(_("Run both"), f"mb:setup:add:{asked.proposal_id}"),
        ],
    )


def queue_text(queued: Sequence[str], bank: Bank) -> str:
    """The queue in its order."""
    if not queued:
        return _("The queue is empty.")
    found = [question for question in map(bank.find, queued) if question is not None]
    lines = [f"{at}. {quoted(q.wording, WORDING_SHOWN)} (`{q.number}`)" for at, q in enumerate(found, start=1)]
    if len(lines) > QUEUE_SHOWN:  # the first ones, and the last, which may just have been put there
        lines = [*lines[: QUEUE_SHOWN - 1], "…", lines[-1]]
    return "\n".join([_("**Queue**"), *lines])


def few_left(left: int, total: int) -> str | None:
    """From seven left on, replies to `/daily` say so."""
    if left > FEW_LEFT or total == 0:
        return None
    if not left:
        return _("-# No questions are left in these topics, so they start over. Use `/setup topics:` to add more.")
    return ngettext(
        "-# Only {number} question is left in these topics; then they start over. Use "
        "`/setup topics:` to add more.",
        "-# Only {number} questions are left in these topics; then they start over. Use "
        "`/setup topics:` to add more.",
        left,
    )


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
    form = Form(_("Set up Mockingbird"), "mb:setup:form")
    form.pick_channel("channel", _("Channel for the daily question"), channel_id, CHANNEL_TYPES)
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
    unknown = _("I don't know the time zone “{text}”.", text=text)
    if not near:
        return " ".join((unknown, _("Write it like Europe/Berlin or Asia/Kolkata.")))
    return " ".join((unknown, _("Did you mean {zones}?", zones=_listed(near))))


def _choose_zone(text: str, zones: Sequence[str]) -> str:
    if len(zones) == 1:
        return _(
            "For “{text}” the time zone is `{zone}`. Write that if it's the one you mean.", text=text, zone=zones[0]
        )
    if len(zones) <= ZONES_SHOWN:
        return _(
            "“{text}” could mean several time zones. Pick the city that shares your clock: {zones}.",
            text=text,
            zones=_listed(zones),
        )
    return _(
        "“{text}” could mean several time zones. Pick the city that shares your clock: "
        "{zones}, or another of the {count} that fit.",
        text=text,
        zones=_listed(zones[:ZONES_SHOWN]),
        count=len(zones),
    )


def _topics_elsewhere(packs: Sequence[str]) -> str:
    return _(
        "Those topics aren't in {packs}, where this channel's questions come from. Name "
        "their pack as well: `packs`.",
        packs=", ".join(f"`{pack}`" for pack in packs),
    )


def _several(channel_ids: Sequence[int]) -> str:
    return _("Which channel do you mean? Pick one with `channel`: {channels}.", channels=_channels(channel_ids))


def _not_here(channel_id: int, channel_ids: Sequence[int]) -> str:
    return _(
        "<#{channel}> isn't a practice channel. Try {channels}.",
        channel=channel_id,
        channels=_channels(channel_ids),
    )


def _day_off(day: str, days: Collection[int]) -> str:
    return _("{day} is a day off anyway: this channel posts {days}.", day=day, days=weekdays(days))


def _not_paused(track: Track) -> str:
    return " ".join((_("<#{channel}> isn't paused.", channel=track.channel_id), next_post(track)))


def _none_open(track: Track) -> str:
    return " ".join((_("No question is open in <#{channel}>.", channel=track.channel_id), next_post(track)))


def _not_posted(problem: Problem | None) -> str:
    why = "" if problem is None else tell(problem)
    trying = _("I'll keep trying; use `/daily status` to see how it stands.")
    return " ".join(filter(None, (_("It isn't posted yet."), why, trying)))


REFUSALS: Mapping[str, Sentence] = {
    "schedule.unknown_zone": _unknown_zone,
    "schedule.choose_zone": _choose_zone,
    "schedule.not_a_time": N_("“{text}” isn't a time of day. Write it like 9am, 09:00 or 17:30."),
    "schedule.not_days": N_("I can't read the days “{text}”. Write mon-fri, daily, or a list like mon,wed,fri."),
    "schedule.not_a_date": N_("“{text}” isn't a date. Write it like Nov 30, tomorrow or Monday."),
    "schedule.no_days": N_("Tick at least one day."),
    "tracks.no_zone": N_("Which time zone are you in? Add it like this: `/setup timezone:Europe/Berlin`."),
    "tracks.no_blind_in_forum": N_(
        "Blind answers don't work in a forum: everyone can write and read in a post, so nothing stays hidden "
        "until the reveal. Leave `answers` out, or choose a text channel."
    ),
    "tracks.channel_unseen": N_(
        "I can't see <#{channel_id}>. Give me View Channel there, then use `/setup` again."
    ),
    "tracks.wrong_kind": N_("I can't run practice in <#{channel_id}>. Pick a text, announcement or forum channel."),
    "tracks.topics_elsewhere": _topics_elsewhere,
    "tracks.decided": N_("That's already decided. Use `/setup` to see how things stand."),
    "tracks.channel_taken": N_(
        "<#{channel_id}> already has its own daily question. Change it with `/setup` there."
    ),
    "tracks.none": N_("There's no practice channel here yet. A manager can set one up with `/setup`."),
    "tracks.several": _several,
    "tracks.not_here": _not_here,
    "tracks.removed": N_("This practice channel was removed. Use `/setup` there to start it again."),
    "tracks.pause_range": N_("Pick a date after today, {today}, and within a year, or leave `until` out."),
    "tracks.not_paused": _not_paused,
    "tracks.no_next_date": N_("It's paused with no end, so there's no next date. Add a `date`."),
    "tracks.date_over": N_("{day} is over or already has its question. Pick a later date."),
    "tracks.date_too_far": N_("{day} is more than a year away. Pick an earlier date."),
    "tracks.day_off": _day_off,
    "tracks.queued_already": N_(
        "This question is already in the queue. Use `/daily queue` to move it or take it out."
    ),
    "tracks.no_questions": N_(
        "There are no questions in the chosen topics, so there's nothing to post. Change "
        "them with `/setup topics:all`."
    ),
    "tracks.not_posted": _not_posted,
    "tracks.none_open": _none_open,
}
