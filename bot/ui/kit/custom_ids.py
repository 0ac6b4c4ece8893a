"""What the words of a custom_id may be, and to which server the things belong that they name.

Whoever can press a button can also send words of their own: nothing behind this file sees any that do not fit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from urllib.parse import quote, unquote

import discord

from bot.domain.errors import Refusal
from bot.domain.points import Period
from bot.domain.servers import NamedThing, Thing
from bot.ui.kit.forms import submitted

LARGEST_ID = 2**63 - 1
LARGEST_NUMBER = 99_999
CHANNEL_OPTION, ROLE_OPTION = discord.AppCommandOptionType.channel.value, discord.AppCommandOptionType.role.value
ROLE_SELECT, CHANNEL_SELECT = discord.ComponentType.role_select.value, discord.ComponentType.channel_select.value


@dataclass(frozen=True, slots=True)
class Word:
    """What stands at one place of a custom_id.

    Attributes:
        fits: whether a text can stand there.
        kind: of the thing whose id it is, None for plain values.
        required: whether it stands in all buttons, also in those of earlier versions.
    """

    fits: Callable[[str], bool]
    kind: Thing | None = None
    required: bool = True


def _within(first: int, last: int) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        return text.isascii() and text.isdigit() and len(text) < 20 and first <= int(text) <= last

    return fits


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def an(kind: Thing) -> Word:
    """The id of something that belongs to a server."""
    return Word(_within(0, LARGEST_ID), kind)


def maybe(word: Word) -> Word:
    """A word that buttons of earlier versions lack."""
    return replace(word, required=False)


CHANNEL, DRILL, INTERVIEW, LIVE = an(Thing.CHANNEL), an(Thing.DRILL), an(Thing.INTERVIEW), an(Thing.LIVE_QUIZ)
QUIZ, QUIZ_PLAN, TRACK = an(Thing.QUIZ), an(Thing.QUIZ_PLAN), an(Thing.TRACK)
ANY_ID = Word(_within(0, LARGEST_ID))
"""Of a person, or of a message."""
NUMBER = Word(_within(0, LARGEST_NUMBER))
"""A position, a page, a count, a topic; 0 stands for all of them."""
LETTER = Word(_within(0, 3))
RATING = Word(_within(1, 4))
DAY = Word(_is_date)
PERIOD = Word(lambda text: text in list(Period))
TEXT = Word(bool)
"""The id of a question or an item, and other words: whoever reads them must know what to do with any."""


def packed(text: str, limit: int) -> str:
    """What somebody typed, also nothing, as a word of a custom_id; `unpacked` reads it again.

    Args:
        limit: how many characters the word may have; what is beyond them is cut off.
    """
    written = "~"
    for sign in text.strip():
        sign = quote(sign) if sign in ":%" else sign
        if len(written) + len(sign) > limit:
            break
        written += sign
    return written


def unpacked(word: str) -> str:
    """What `packed` wrote."""
    return unquote(word.removeprefix("~"))


def check_words(words: Sequence[str], expected: Sequence[Word]) -> list[NamedThing]:
    """The things that a custom_id names.

    Raises:
        Refusal: `commands.outdated` for words that no button of today has.
    """
    required = sum(word.required for word in expected)
    if not required <= len(words) <= len(expected):
        raise Refusal("commands.outdated")
    pairs = list(zip(expected, words, strict=False))
    if not all(word.fits(text) for word, text in pairs):
        raise Refusal("commands.outdated")
    return [NamedThing(word.kind, int(text)) for word, text in pairs if word.kind is not None]


def check_server(interaction: discord.Interaction, named: Iterable[NamedThing]) -> list[NamedThing]:
    """The things of those that the database has to place: the gateway told the others.

    Channels and roles that somebody picked, in an option, a select menu or a form, are looked at too.

    Raises:
        Refusal: `commands.outdated` for what is known to stand in another server.
    """
    picked = list(_picked(interaction))
    channels = [NamedThing(Thing.CHANNEL, number) for kind, number in picked if kind == CHANNEL_OPTION]
    roles = {number for kind, number in picked if kind == ROLE_OPTION}
    guild, unplaced = interaction.guild, list[NamedThing]()
    if guild is not None and any(guild.get_role(role_id) is None for role_id in roles):
        raise Refusal("commands.outdated")
    for thing in (*named, *channels):
        if guild is None:
            raise Refusal("commands.outdated")
        place = interaction.client.get_channel(thing.id) if thing.kind is Thing.CHANNEL else None
        if place is None:
            unplaced.append(thing)
        elif getattr(place, "guild", None) != guild:
            raise Refusal("commands.outdated")
    return unplaced


def _picked(interaction: discord.Interaction) -> Iterator[tuple[int, int]]:
    """(type of option, id) of each channel and role that a command's options or a form's selects hold."""
    data = cast("dict[str, Any]", interaction.data or {})
    if interaction.type is discord.InteractionType.modal_submit:
        for inner in submitted(interaction):
            yield from _in_select(inner.get("type", 0), inner)
    elif interaction.type is discord.InteractionType.component:
        yield from _in_select(data.get("component_type", 0), data)
    else:
        yield from _in_options(data.get("options") or [])


def _in_select(kind: int, select: dict[str, Any]) -> Iterator[tuple[int, int]]:
    option = {ROLE_SELECT: ROLE_OPTION, CHANNEL_SELECT: CHANNEL_OPTION}.get(kind)
    if option is not None:
        yield from ((option, int(value)) for value in cast("list[str]", select.get("values") or []))


def _in_options(options: Iterable[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    for option in options:
        yield from _in_options(option.get("options") or [])
        if option.get("type") in (CHANNEL_OPTION, ROLE_OPTION):
            yield option["type"], int(option["value"])
