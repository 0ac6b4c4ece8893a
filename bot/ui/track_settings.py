"""The settings panel of `/setup`: each of a track's settings beside the button that changes it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import discord
from discord import ui

from bot.domain.bank import Bank
from bot.domain.drills import Mode
from bot.domain.errors import Refusal
from bot.domain.selection import Order
from bot.domain.tracks import NOTHING, PlanChange, Track
from bot.ui.digests import digest_button
from bot.ui.kit.custom_ids import Word
from bot.ui.kit.forms import Form, fields, picked, selected
from bot.ui.kit.layouts import Beside, Button, Page, Select, cut
from bot.ui.kit.options import CHOICES
from bot.ui.kit.permissions import CHANNEL_TYPES
from bot.ui.milestones import roles_button
from bot.ui.track_schedules import TypedSchedule, ask_schedule, sent_typed, try_again_page, typed_plan, wanted
from bot.ui.tracks import ORDERS, next_post, settings

BLOCK_SHOWN = 900
NOTHING_CHANGED = "Nothing changed."
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
ORDER_WORDS = {
    Order.CURRICULUM: "One topic after the other, by number",
    Order.SHUFFLE: "At random; no repeats until all were asked",
    Order.ADAPTIVE: "What your members get wrong in quizzes comes first",
}


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
    clock = f"{now.astimezone(ZoneInfo(track.zone)):%H:%M}"
    head = f"### Settings of <#{track.channel_id}>\n{next_post(track)} It's {clock} there now."
    shown = settings(track)
    mode = ("Make them open", "open") if track.mode is Mode.BLIND else ("Make them blind", "blind")
    hints = ("Turn feedback off", "hints-off") if track.hints else ("Turn feedback on", "hints-on")

    def line(name: str, button: Button) -> Beside:
        return Beside(f"**{name}** {shown[name]}", button)

    def form(label: str, setting: str) -> Button:
        return Button(label, f"mb:panel:open:{track.id}:{setting}")

    def switch(label: str, to: str) -> Button:
        return Button(label, f"mb:panel:set:{track.id}:{to}")

    questions = f"**Packs** {shown['Packs']}\n**Topics** {shown['Topics']}"
    milestones = cut(roles or "**Milestone roles** none", BLOCK_SHOWN)
    return Page(
        *([f"✅ {cut(notice, BLOCK_SHOWN)}"] if notice else []),
        head,
        line("Channel", form("Move", MOVE)),
        line("Posts", form("Change schedule", SCHEDULE)),
        Beside(questions, form("Choose questions", QUESTIONS)),
        line("Order", form("Change order", ORDER)),
        line("Answers", switch(*mode)),
        line("Ping", form("Choose role", PING)),
        line("Feedback on answers", switch(*hints)),
        line("Weekly digest", digest_button(track)),
        Beside(milestones, roles_button(track.id)),
        line("Log channel", form("Choose channel", LOG)),
        *([cut("\n".join(warnings), BLOCK_SHOWN)] if warnings else []),
        selects=[_tracks_select(names, track.id)] if len(names) > 1 else [],
    )


def choose_track_page(names: Mapping[int, str]) -> Page:
    """Asks which of a server's tracks is meant."""
    return Page("Which channel's settings do you want to see?", selects=[_tracks_select(names, None)])


def _tracks_select(names: Mapping[int, str], chosen: int | None) -> Select:
    """A menu of the first 25 tracks; a track beyond them has its panel in its own channel."""
    options = [
        discord.SelectOption(label=cut(f"#{name}", 100), value=str(track_id), default=track_id == chosen)
        for track_id, name in list(names.items())[:CHOICES]
    ]
    return ui.Select(custom_id="mb:panel:pick", placeholder="Another practice channel", options=options)


def schedule_form(track: Track, typed: TypedSchedule, now: datetime) -> Form:
    """The form of the schedule with what was typed before."""
    form = Form("When questions come", f"mb:panel:form:{track.id}:{SCHEDULE}")
    ask_schedule(form, typed, now)
    return form


def again_page(why: str, track: Track, typed: TypedSchedule) -> Page:
    """Says what is wrong with a schedule, and offers the form again with what was typed."""
    return try_again_page(why, f"mb:panel:again:{track.id}", typed)


def _schedule(track: Track, bank: Bank, now: datetime) -> Form:
    return schedule_form(track, typed_plan(track.plan), now)


def _questions(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form("Where questions come from", f"mb:panel:form:{track.id}:{QUESTIONS}")
    packs = [
        discord.SelectOption(
            label=cut(pack.title, 100), value=pack.id, description=pack.id, default=pack.id in track.packs
        )
        for pack in bank.packs[:CHOICES]
    ]
    form.choose("packs", "Packs", packs, many=True)
    if len(bank.topics) <= CHOICES:
        topics = [
            discord.SelectOption(
                label=cut(topic.title, 100), value=str(topic.number), default=topic.title in track.topics
            )
            for topic in bank.topics
        ]
        form.choose("topics", "Topics", topics, hint="All of them", many=True)
    else:
        chosen = ", ".join(str(topic.number) for topic in bank.topics if topic.title in track.topics)
        form.ask("topics", "Topics: all, or numbers with commas", value=chosen or "all", required=False, limit=1000)
    return form


def _order(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form("In which order", f"mb:panel:form:{track.id}:{ORDER}")
    options = [
        discord.RadioGroupOption(
            label=ORDERS[order].capitalize(), value=order, description=words, default=order is track.order
        )
        for order, words in ORDER_WORDS.items()
    ]
    group: ui.RadioGroup[Form] = ui.RadioGroup(custom_id="order", options=options)
    form.add_item(ui.Label(text="Order of the questions", component=group))
    return form


def _ping(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form("Who is pinged", f"mb:panel:form:{track.id}:{PING}")
    form.pick_role("ping", "Role; leave it empty for nobody", track.ping_role_id, "Nobody")
    return form


def _log(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form("Log channel", f"mb:panel:form:{track.id}:{LOG}")
    form.note(
        "I'll say there when a question doesn't come and when it's mended, and note who changed which setting. "
        "Without a log channel I message whoever set this up, only about questions that don't come."
    )
    text = [discord.ChannelType.text]
    label = "Channel for managers; leave it empty for none"
    form.pick_channel("log", label, track.log_channel_id, text, hint="None", required=False)
    return form


def _move(track: Track, bank: Bank, now: datetime) -> Form:
    form = Form("Move practice to another channel", f"mb:panel:form:{track.id}:{MOVE}")
    form.note("Streaks, points and history move along.")
    form.pick_channel("channel", "Channel", track.channel_id, CHANNEL_TYPES)
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
        topics = picked(interaction, "topics") or [fields(interaction)["topics"]]
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
        return role_change(interaction.guild_id or 0, map(str, selected(interaction, "ping")))
    return PlanChange(log_channel_id=next(iter(selected(interaction, "log")), NOTHING))
