"""Sentences for refusals; names of members and teams, which can hold anything, and scores, as a line has them."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from bot.domain.text import visible
from bot.ui.kit.layouts import cut, safe

Sentence = str | Callable[..., str]
"""A refusal's sentence, with `{names}` for its values where it has some; or a function of those values."""
NOBODY = "A member"
"""Stands for somebody whose name is not known."""
NAME_SHOWN = 40
_ISOLATE, _END = "\u2068", "\u2069"
_BREAK = "\u200b"


def say(sentence: Sentence, values: Mapping[str, object]) -> str:
    """A sentence with its values."""
    if callable(sentence):
        return sentence(**values)
    return sentence.format(**values) if values else sentence


def shown(name: str, limit: int = NAME_SHOWN) -> str:
    """A name that is short, visible, without working markup or links, and cannot turn the line's direction."""
    text = safe(cut(visible(name), limit)) or NOBODY
    text = text.replace("<", f"<{_BREAK}").replace("://", f":{_BREAK}//")
    return f"{_ISOLATE}{text}{_END}" if any(map(right_to_left, text)) else text


def right_to_left(sign: str) -> bool:
    """Whether a sign belongs to a script that is written from right to left."""
    return unicodedata.bidirectional(sign) in ("R", "AL", "AN")


def day_and_month(day: date) -> str:
    """A date of this year: `5 Nov`. Windows knows no code for a day without its zero."""
    return f"{day.day} {day:%b}"


def plain(number: float) -> str:
    """A score with one digit after the point where it has one: `1`, `13.3`."""
    return f"{number:,.1f}".removesuffix(".0")
