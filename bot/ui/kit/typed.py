"""What people type in their own language, in the English words that the rules read.

Only whole words are looked at, and what isn't known stays as it was typed: English works in each language.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar
from unicodedata import combining, normalize

from bot.domain.errors import Refusal
from bot.domain.schedule import DAY_NAMES
from bot.ui.kit.catalog import ENGLISH, pgettext, speaking, spoken

T = TypeVar("T")

_WORD = re.compile(r"([^\W\d_]+)\.?")
"""A word, with the dot that shortens it."""
_BETWEEN = re.compile(r"(?<=\d)\.?(?: de)? (?=[^\W\d_])| de (?=\d)")
"""Between the parts of a date: `24. Dezember`, `24 de diciembre de 2026`."""
_BEFORE_DATE = re.compile(r"([^\W\d_]+)\.?,? (?=\d)")
"""The day of the week before a date: `mar 13 ene`."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def in_english(text: str, *words: str) -> str:
    """What can be chosen, such as `alle` for `all` or `schwer` for `hard`.

    Args:
        words: the English ones that can be meant; everything else is a name, whatever it says in another language.
    """
    meant = _words(spoken()).get(_plain(text))
    return meant if meant in words else text


def read(parse: Callable[..., T], text: str, *more: Any) -> T:
    """Days and dates as a rule reads them, such as `mo-fr`, `morgen` or `24. Dezember`.

    Args:
        parse: takes the text in English, and `more`.

    Raises:
        Refusal: what `parse` raises, with the text as it was typed.
    """
    try:
        return parse(dates_in_english(text), *more)
    except Refusal as refusal:
        said = {"text": text} if refusal.code in ("schedule.not_days", "schedule.not_a_date") else {}
        raise Refusal(refusal.code, **refusal.values | said) from None


def dates_in_english(text: str) -> str:
    """Days and dates in English.

    A Spanish `mar` is Tuesday alone or before a whole date, otherwise March where there is a number.
    """
    if spoken() == ENGLISH:
        return text
    words, said = _words(spoken()), _BETWEEN.sub(" ", _plain(text))
    for before in ("", pgettext("typed", "every"), pgettext("typed", "next"), pgettext("typed", "on")):
        # Languages in which such a word bends have all its forms, as in `nächsten|nächster`.
        for form in before.split("|"):
            said = said.removeprefix(f"{_plain(form)} ")
        if said in words:
            return words[said]
    days, months = _days_and_months(spoken())
    joined = {_plain(pgettext("typed", "to")): "to", _plain(pgettext("typed", "and")): "and"}
    names = joined | (days | months if any(sign.isdigit() for sign in text) else months | days)

    def english(word: re.Match[str]) -> str:
        return names.get(word[1]) or names.get(word[1].removesuffix("s")) or word[0]

    before_date = _BEFORE_DATE.match(said)
    if before_date and before_date[1] in days and _WORD.search(said, before_date.end()):
        return f"{days[before_date[1]]} {_WORD.sub(english, said[before_date.end() :])}"
    return _WORD.sub(english, said)


def _plain(text: str) -> str:
    """A text in lower case and without accents, which many people leave out."""
    letters = normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not combining(letter)).split())


@cache
def _words(language: str) -> dict[str, str]:
    """The English words by those of a language."""
    with speaking(ENGLISH):
        english = _said()
    with speaking(language):
        return dict(zip(map(_plain, _said()), english, strict=True))


def _said() -> list[str]:
    """What the rules read, in the language that is spoken."""
    return [
        pgettext("typed", "all"),
        pgettext("typed", "off"),
        pgettext("typed", "easy"),
        pgettext("typed", "medium"),
        pgettext("typed", "hard"),
        pgettext("typed", "daily"),
        pgettext("typed", "every day"),
        pgettext("typed", "weekdays"),
        pgettext("typed", "weekends"),
        pgettext("typed", "today"),
        pgettext("typed", "tomorrow"),
        pgettext("typed", "next week"),
    ]


@cache
def _days_and_months(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """The English names of days and of months by those of a language, short or whole, in a row or alone."""
    from babel.dates import get_day_names, get_month_names

    days, months = dict[str, str](), dict[str, str]()
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "short"):
            names: Any = get_day_names(width, context, language)
            days |= {_plain(name).rstrip("."): DAY_NAMES[day] for day, name in names.items()}
        for width in ("wide", "abbreviated"):
            names = get_month_names(width, context, language)
            months |= {_plain(name).rstrip("."): _MONTHS[month - 1] for month, name in names.items()}
            # Most people cut the names of months after three letters.
            months |= {_plain(name)[:3]: _MONTHS[month - 1] for month, name in names.items()}
    return days, months
