"""Sentences for refusals; people's words, which can hold anything, and scores, as a line has them."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date

import discord

from bot.domain.schedule import DAY_NAMES, format_days
from bot.domain.text import visible
from bot.ui.kit.catalog import _
from bot.ui.kit.layouts import cut

Sentence = str | Callable[..., str]
"""A refusal's sentence, with `{names}` for its values where it has some; or a function of those values."""
NOBODY = "A member"
"""Stands for somebody whose name is not known."""
NAME_SHOWN, WORDS_SHOWN, WORDING_SHOWN = 40, 100, 200
"""How many characters a line shows of a name, of what somebody typed, and of a question's wording."""
_ISOLATE, _END = "\u2068", "\u2069"
_BREAK = "\u200b"
_MARKUP = re.compile(r"[\\*_~|`\[\]]|^[#>+-]")
"""What Discord reads as markup, anywhere or where a line begins."""


def say(sentence: Sentence, values: Mapping[str, object]) -> str:
    """A sentence with its values."""
    if callable(sentence):
        return sentence(**values)
    return _(sentence, **values)


def quoted(text: str, limit: int = WORDS_SHOWN) -> str:
    """Anybody's words inside the bot's: on one line, visible, without working markup, links or mentions.

    They cannot turn the direction of what stands beside them. Empty where nothing of them can be seen.

    Args:
        limit: of characters as they were written; signs that keep markup from working come on top.
    """
    kept = discord.utils.escape_mentions(_MARKUP.sub(lambda found: f"\\{found[0]}", cut(visible(text), limit)))
    kept = kept.replace("<", f"<{_BREAK}").replace("://", f":{_BREAK}//")
    return f"{_ISOLATE}{kept}{_END}" if any(map(right_to_left, kept)) else kept


def shown(name: str, limit: int = NAME_SHOWN) -> str:
    """The name of a member or a team, quoted."""
    return quoted(name, limit) or NOBODY


def right_to_left(sign: str) -> bool:
    """Whether a sign belongs to a script that is written from right to left."""
    return unicodedata.bidirectional(sign) in ("R", "AL", "AN")


def day_and_month(day: date) -> str:
    """A date of this year: `5 Nov`. Windows knows no code for a day without its zero."""
    return f"{day.day} {day:%b}"


def weekday_and_day(day: date) -> str:
    """A date as people name it: `Mon 30 Nov`."""
    return f"{day:%a} {day_and_month(day)}"


def full_date(day: date) -> str:
    """A date of any year: `Mon 30 Nov 2026`."""
    return f"{weekday_and_day(day)} {day.year}"


def weekdays(days: Collection[int]) -> str:
    """Days of the week as people name them: `daily`, `Mon-Fri`, `Mon, Thu`."""
    named = format_days(days)
    return named if len(set(days)) == len(DAY_NAMES) else named.title().replace(",", ", ")


def plain(number: float) -> str:
    """A score with one digit after the point where it has one: `1`, `13.3`."""
    return f"{number:,.1f}".removesuffix(".0")
