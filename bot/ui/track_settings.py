"""The settings panel of `/setup`: each of a track's settings beside the button that changes it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import discord
from discord import ui

from bot.domain.bank import Bank
from bot.domain.drills import Mode
from bot.domain.errors import Refusal
from bot.domain.selection import Order
from bot.domain.tracks import NOTHING, PlanChange, Track
from bot.ui.digests import digest_button
from bot.ui.kit.catalog import N_, _, pgettext
from bot.ui.kit.custom_ids import Word
from bot.ui.kit.forms import Form, fields, picked, selected
from bot.ui.kit.layouts import Beside, Button, Page, Select, cut
from bot.ui.kit.options import CHOICES
from bot.ui.kit.permissions import CHANNEL_TYPES
from bot.ui.kit.typed import in_english
from bot.ui.milestones import roles_button
from bot.ui.track_schedules import (
    TypedSchedule,
    ask_schedule,
    sent_typed,
    time_in,
    try_again_page,
    typed_plan,
    wanted,
)
from bot.ui.tracks import next_post, settings

BLOCK_SHOWN = 900
SCHEDULE, QUESTIONS, ORDER, PING, LOG = FORMS = ("schedule", "questions", "order", "ping", "log")
MOVE = "channel"
SETTING = Word((*FORMS, MOVE).__contains__)
"""The settings that have a form."""
SWITCHES: Mapping[str, PlanChange] = {
    "open": PlanChange(mode=Mode.OPEN),
    "blind": PlanChange(mode=Mode.BLIND),
    "hints-on": PlanChange(hints=True),
    "hints-off": PlanChange(hints=False),
}
SWITCH = Word(SWITCHES.__contains__)
"""What a press changes at once. It names what is wanted, so that an old panel's button undoes nothing."""
ORDERS = {
    Order.CURRICULUM: (N_("Curriculum (by number)"), N_("One topic after another, by number")),
    Order.SHUFFLE: (N_("Shuffle (no repeats)"), N_("At random; no repeats until all have been asked")),
    Order.ADAPTIVE: (N_("Adaptive (weak topics first)"), N_("What your members get wrong in quizzes comes first")),
}
"""What a manager chooses from, and what each means."""


def panel_page(
    track: Track,
    now: datetime,
    *,
    roles: str | None,
    warnings: Sequence[str],
    names: Mapping[int, str],
    notice: str | None = None,
) -> Page:
    """A track's settings, each with what changes it.

    Args:
        roles: how milestone roles stand.
        names: of the server's practice channels, by the ids of their tracks.
        notice: what has just been changed.
    """
    clock = _("It's {time} there now.", time=time_in(track.zone, now))
    head = _("### Settings for <#{channel}>", channel=track.channel_id)
    shown = settings(track)
    mode = (_("Make them open"), "open") if track.mode is Mode.BLIND else (_("Make them blind"), "blind")
    hints = (_("Turn feedback off"), "hints-off") if track.hints else (_("Turn feedback on"), "hints-on")

    def line(key: str, button: Button) -> Beside:
        return Beside(shown[key].line, button)

    def form(label: str, setting: str) -> Button:
        return Button(label, f"mb:panel:open:{track.id}:{setting}")

    def switch(label: str, to: str) -> Button:
        return Button(label, f"mb:panel:set:{track.id}:{to}")

    questions = f"{shown['packs'].line}\n{shown['topics'].line}"
    pings = f"{shown['ping'].line}\n{shown['last_call'].line}"
    milestones = cut(roles or _("**Milestone roles** none"), BLOCK_SHOWN)
    return Page(
        *([f"✅ {cut(notice, BLOCK_SHOWN)}"] if notice else []),
        f"{head}\n{next_post(track)} {clock}",
        line("channel", form(_("Move"), MOVE)),
        line("posts", form(_("Change schedule"), SCHEDULE)),
        Beside(questions, form(_("Choose questions"), QUESTIONS)),
        line("order", form(_("Change order"), ORDER)),
        line("answers", switch(*mode)),
        Beside(pings, form(_("Change pings"), PING)),
        line("hints", switch(*hints)),
        line("digest", digest_button(track)),
        Beside(milestones, roles_button(track.id)),
        line("log", form(_("Choose channel"), LOG)),
        *([cut("\n".join(warnings), BLOCK_SHOWN)] if warnings else []),
        selects=[_tracks_select(names, track.id)] if len(names) > 1 else [],
    )


def nothing_changed_text() -> str:
    """A form was sent that changes nothing."""
    return _("Nothing changed.")


def choose_track_page(names: Mapping[int, str]) -> Page:
    """Asks which of a server's tracks is meant."""
    return Page(_("Which channel's settings do you want to see?"), selects=[_tracks_select(names, None)])


def _tracks_select(names: Mapping[int, str], chosen: int | None) -> Select:
    """A menu of the first 25 tracks; a track beyond them has its panel in its own channel."""
    options = [
        discord.SelectOption(label=cut(f"#{name}", 100), value=str(track_id), default=track_id == chosen)
        for track_id, name in list(names.items())[:CHOICES]
    ]
    return ui.Select(custom_id="mb:panel:pick", placeholder=_("Another practice channel"), options=options)


def schedule_form(track: Track, typed: TypedSchedule, now: datetime) -> Form:
    """The form of the schedule with what was typed before."""
    form = Form(_("When questions come"), f"mb:panel:form:{track.id}:{SCHEDULE}")
    ask_schedule(form, typed, now)
    return form


def again_page(why: str, track: Track, typed: TypedSchedule) -> Page:
    """Says what is wrong with a schedule, and offers the form again with what was typed."""
    return try_again_page(why, f"mb:panel:again:{track.id}", typed)


def _schedule(track: Track, bank: Bank, now: datetime) -> Form:
    return schedule_form(track, typed_plan(track.plan), now)


def _questions(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form(_("Where questions come from"), f"mb:panel:form:{track.id}:{QUESTIONS}")
    packs = [
        discord.SelectOption(
            label=cut(pack.title, 100), value=pack.id, description=pack.id, default=pack.id in track.packs
        )
        for pack in bank.packs[:CHOICES]
    ]
    form.choose("packs", _("Packs"), packs, many=True)
    if len(bank.topics) <= CHOICES:
        topics = [
            discord.SelectOption(
                label=cut(topic.title, 100), value=str(topic.number), default=topic.title in track.topics
            )
            for topic in bank.topics
        ]
        form.choose("topics", _("Topics"), topics, hint=pgettext("topics", "All of them"), many=True)
    else:
        chosen = ", ".join(str(topic.number) for topic in bank.topics if topic.title in track.topics)
        label = _("Topics: all, or numbers with commas")
        form.ask("topics", label, value=chosen or "all", required=False, limit=1000)
    return form


def _order(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form(_("In which order"), f"mb:panel:form:{track.id}:{ORDER}")
    options = [
        discord.RadioGroupOption(label=_(name), value=order, description=_(meaning), default=order is track.order)
        for order, (name, meaning) in ORDERS.items()
    ]
    group: ui.RadioGroup[Form] = ui.RadioGroup(custom_id="order", options=options)
    form.add_item(ui.Label(text=_("Order of the questions"), component=group))
    return form


def _ping(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form(_("Who is pinged"), f"mb:panel:form:{track.id}:{PING}")
    form.pick_role("ping", _("Role; leave it empty for nobody"), track.ping_role_id, _("Nobody"))
    options = [
        discord.RadioGroupOption(label=pgettext("last call", "Off"), value="off", default=not track.last_call),
        discord.RadioGroupOption(label=pgettext("last call", "On"), value="on", default=track.last_call),
    ]
    group: ui.RadioGroup[Form] = ui.RadioGroup(custom_id="last_call", options=options)
    words = _("One line in the thread, 2 hours before closing, if few have answered. It names nobody.")
    form.add_item(ui.Label(text=_("Last call"), description=words, component=group))
    return form


def _log(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form(_("Log channel"), f"mb:panel:form:{track.id}:{LOG}")
    form.note(
        _(
            "I'll say there when a question doesn't come and when that's fixed, and note who "
            "changed which setting. Without a log channel, I message whoever set this up, but "
            "only about questions that don't come."
        )
    )
    text = [discord.ChannelType.text]
    label = _("Channel for managers; leave it empty for none")
    none = pgettext("log channel", "None")
    form.pick_channel("log", label, track.log_channel_id, text, hint=none, required=False)
    return form


def _move(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form(_("Move practice to another channel"), f"mb:panel:form:{track.id}:{MOVE}")
    form.note(_("Streaks, points and history move with it."))
    form.pick_channel("channel", _("Channel"), track.channel_id, CHANNEL_TYPES)
    return form


_FORMS: Mapping[str, Callable[[Track, Bank, datetime], Form]] = {
    SCHEDULE: _schedule,
    QUESTIONS: _questions,
    ORDER: _order,
    PING: _ping,
    LOG: _log,
    MOVE: _move,
}


def setting_form(setting: str, track: Track, bank: Bank, now: datetime) -> Form:
    """The form of one of the settings, holding what is set now."""
    return _FORMS[setting](track, bank, now)


def sent_channel(interaction: discord.Interaction) -> int:
    """The channel that a manager has sent with a form."""
    found = selected(interaction, "channel")
    if len(found) != 1:
        raise Refusal("commands.outdated")
    return found[0]


def role_change(guild_id: int, chosen: Iterable[str]) -> PlanChange:
    """Pings the role that was chosen; @everyone, which bears the server's id, means nobody."""
    role_id = next((int(role) for role in chosen if role.isdigit()), NOTHING)
    return PlanChange(ping_role_id=NOTHING if role_id == guild_id else role_id)


def sent_setting(setting: str, interaction: discord.Interaction, bank: Bank) -> PlanChange:
    """What a manager has sent with one of these forms but the one that moves; Refusal where it cannot be read."""
    if setting == SCHEDULE:
        return wanted(sent_typed(interaction))
    if setting == QUESTIONS:
        packs = picked(interaction, "packs")
        topics = picked(interaction, "topics") or [in_english(fields(interaction)["topics"], "all")]
        return PlanChange(
            packs=bank.parse_packs(",".join(packs)) if packs else None,
            topics=bank.parse_topics(",".join(topics).strip() or "all"),
        )
    if setting == ORDER:
        chosen = fields(interaction)["order"]
        if chosen not in list(Order):
            raise Refusal("commands.outdated")
        return PlanChange(order=Order(chosen))
    if setting == PING:
        change = role_change(interaction.guild_id or 0, map(str, selected(interaction, "ping")))
        return replace(change, last_call={"on": True, "off": False}.get(fields(interaction).get("last_call", "")))
    return PlanChange(log_channel_id=next(iter(selected(interaction, "log")), NOTHING))
