"""Where a command was run, and which question or zone its autocomplete offers."""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

import discord
from discord import app_commands

from bot.domain import zones
from bot.domain.bank import Bank, Banks, Pack, Question, can_name_pack
from bot.domain.errors import Refusal
from bot.domain.schedule import DAILY, WEEKDAYS, WEEKENDS, format_days, parse_date, parse_days, parse_time
from bot.domain.text import visible
from bot.ui.kit.catalog import N_, _
from bot.ui.kit.layouts import cut
from bot.ui.kit.permissions import CHANNEL_TYPES
from bot.ui.kit.typed import in_english, read
from bot.ui.kit.words import Sentence, full_date, weekday_and_day, weekdays

REFUSALS: Mapping[str, Sentence] = {
    "commands.server_only": N_("This only works in a server."),
    "commands.managers_only": N_("You need the Manage Server permission for that."),
    "commands.outdated": N_("This button is from an older version. Use the command again."),
}
CHOICES = 25
DAYS_OFFERED = 14
USUAL_DAYS = (WEEKDAYS, frozenset({0, 2, 4}), frozenset({1, 3}), frozenset({0, 1, 2, 3}), DAILY, WEEKENDS)
CHOICE_LIMIT = 100
FIRST_ZONES = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)


class PracticeChannel(app_commands.Transformer):
    """The option `channel`, taken as Discord names it, so that a channel the bot cannot see gets a clear answer."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel option."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """What Discord offers to pick from."""
        return list(CHANNEL_TYPES)

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> app_commands.AppCommandChannel:
        """The channel as named, not looked up."""
        return value


Channel = app_commands.Transform[app_commands.AppCommandChannel, PracticeChannel]


def here(interaction: discord.Interaction) -> tuple[int, int]:
    """(server, channel or thread) in which something was used; raises Refusal outside of servers."""
    if interaction.guild_id is None or interaction.channel_id is None:
        raise Refusal("commands.server_only")
    return interaction.guild_id, interaction.channel_id


def where(interaction: discord.Interaction, named: app_commands.AppCommandChannel | None = None) -> tuple[int, int]:
    """(server, channel) that a command means: the named channel, else its own; a thread means its parent.

    Raises:
        Refusal: outside of servers.
    """
    guild_id, own_id = here(interaction)
    if named is not None:
        return guild_id, named.id
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return guild_id, parent or own_id


def bank(interaction: discord.Interaction, banks: Banks) -> Bank:
    """The questions of the server in which something was used; raises Refusal outside of servers."""
    return banks.of(here(interaction)[0])


def zone_choices(text: str) -> list[app_commands.Choice[str]]:
    """Zones that fit the city, country, abbreviation or offset typed so far; the usual ones before that."""
    if not text.strip():
        return _choices(FIRST_ZONES)
    sure = zones.take(text)
    return _choices(dict.fromkeys([*([sure] if sure else []), *zones.choices(text), *zones.near(text, CHOICES)]))


def question_choices(found: Iterable[Question]) -> list[app_commands.Choice[str]]:
    """Questions as choices whose value is their id."""
    return [
        app_commands.Choice(name=_cut(f"{question.number} · {question.wording}"), value=question.id)
        for question in list(found)[:CHOICES]
    ]


def pack_choices(packs: Iterable[Pack], text: str) -> list[app_commands.Choice[str]]:
    """Packs that hold the last of what was typed so far, each behind those that were named before it."""
    *named, wanted = (piece.strip().lower() for piece in text[:CHOICE_LIMIT].split(","))
    found = [pack for pack in packs if wanted in f"{pack.id} {pack.title}".lower() and pack.id not in named]
    lists = ((", ".join([*named, pack.id]), pack) for pack in found)
    return [
        app_commands.Choice(name=_cut(ids if pack.title == pack.id else f"{ids} · {pack.title}"), value=ids)
        for ids, pack in lists
        if len(ids) <= CHOICE_LIMIT
    ][:CHOICES]


def own_pack_choices(bank: Bank, text: str) -> list[app_commands.Choice[str]]:
    """A server's own packs, into which new questions go; then what was typed, as a name for another."""
    packs = bank.own.packs
    typed = text.strip().lower()[:CHOICE_LIMIT]
    found = [pack.id for pack in packs if typed in f"{pack.id} {pack.title}".lower()][: CHOICES - 1]
    named = [app_commands.Choice(name=pack_id, value=pack_id) for pack_id in found]
    if not can_name_pack(typed) or any(pack.id == typed for pack in bank.packs):
        return named
    return [*named, app_commands.Choice(name=_("{pack} (a new pack)", pack=typed), value=typed)]


def topic_choices(bank: Bank, text: str) -> list[app_commands.Choice[str]]:
    """Topics that hold what was typed so far."""
    return [
        app_commands.Choice(name=_cut(f"{topic.number} · {topic.title}"), value=str(topic.number))
        for topic in bank.topics
        if text.strip().lower() in f"{topic.number} {topic.title}".lower()
    ][:CHOICES]


def topic_title(bank: Bank, text: str | None) -> str | None:
    """The title of the one topic that was named, None for all; raises Refusal."""
    topic = bank.parse_topic(in_english(text, "all")) if text else None
    return topic.title if topic else None


def fixed_choices(values: Iterable[str]) -> list[app_commands.Choice[str]]:
    """All that an option can be, as people read it: `This week` for `this-week`."""
    return [app_commands.Choice(name=value.replace("-", " ").capitalize(), value=value) for value in values]


def date_choices(text: str, today: date) -> list[app_commands.Choice[str]]:
    """The day that was typed, then the next 14 days in words that hold it."""
    coming = [today + timedelta(days=step) for step in range(DAYS_OFFERED)]
    wanted = " ".join(text[:CHOICE_LIMIT].lower().split())
    days = {day: _relative(day, today) for day in coming}
    found = [day for day, words in days.items() if wanted in words.lower()]
    with contextlib.suppress(Refusal):
        found.insert(0, read(parse_date, text, today))
    return [app_commands.Choice(name=days.get(day, full_date(day)), value=str(day)) for day in dict.fromkeys(found)]


def time_choices(text: str, hours: Iterable[int]) -> list[app_commands.Choice[str]]:
    """The times of day that what was typed so far can mean; the usual hours before that."""
    typed = text[:CHOICE_LIMIT].strip()
    found = [] if typed else [time(hour) for hour in hours]
    for guess in dict.fromkeys((typed, f"{typed}am", f"{typed}pm", f"{typed}m")):
        with contextlib.suppress(Refusal):
            found.append(parse_time(guess))
    return [app_commands.Choice(name=_both_clocks(at), value=f"{at:%H:%M}") for at in dict.fromkeys(found)]


def _both_clocks(at: time) -> str:
    """A time of day as both clocks say it: `18:00 · 6:00 pm`."""
    return f"{at:%H:%M} · {at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def days_choices(text: str) -> list[app_commands.Choice[str]]:
    """The weekdays that were typed, then the usual ones that hold what was typed so far."""
    typed = text[:CHOICE_LIMIT].strip().lower()
    found = [days for days in USUAL_DAYS if typed in f"{format_days(days)} {weekdays(days)}".lower()]
    with contextlib.suppress(Refusal):
        found.insert(0, read(parse_days, typed))
    return [app_commands.Choice(name=weekdays(days), value=format_days(days)) for days in dict.fromkeys(found)]


def _relative(day: date, today: date) -> str:
    date = weekday_and_day(day)
    if day == today:
        return _("Today ({date})", date=date)
    return _("Tomorrow ({date})", date=date) if (day - today).days == 1 else date


def name_choices(names: Iterable[str], text: str) -> list[app_commands.Choice[str]]:
    """Names that hold what was typed so far, capitals or not."""
    wanted = text.strip().casefold()
    return _choices(name for name in names if wanted in name.casefold())


def _choices(names: Iterable[str]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=_cut(name), value=name) for name in list(names)[:CHOICES]]


def _cut(text: str) -> str:
    return cut(visible(text), CHOICE_LIMIT)
