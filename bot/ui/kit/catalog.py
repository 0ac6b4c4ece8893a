"""The catalog of what people read: each sentence in the reader's language.

English is the source: a sentence stands in the code as it is read in English, and its translations stand in
`bot/locales`. What has no translation is read in English. Private replies speak the member's language, what a
channel reads speaks the server's.
"""

import gettext
import string
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "es")
DOMAIN = "mockingbird"
LOCALES = Path(__file__).resolve().parents[2] / "locales"
_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


class _Values(string.Formatter):
    """Puts values into a sentence, numbers as the language writes them."""

    def format_field(self, value: object, format_spec: str) -> str:
        """A number with `,`, `.0%` and the like behind its name has the language's separators."""
        return numeral(value, format_spec) if isinstance(value, int | float) and format_spec else str(value)


_VALUES = _Values()


def _(sentence: str, /, **values: object) -> str:
    """A sentence in the language that is spoken, with its values.

    Args:
        sentence: in English, with `{names}` for its values; without values it is shown as it stands.
    """
    return _filled(_translations(_spoken.get()).gettext(sentence), values)


def pgettext(context: str, sentence: str, /, **values: object) -> str:
    """The same for words that mean several things.

    Args:
        context: which of them is meant.
    """
    return _filled(_translations(_spoken.get()).pgettext(context, sentence), values)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The same for a sentence that depends on a number, which stands in it as `{number}`."""
    found = _translations(_spoken.get()).ngettext(one, many, number)
    return _filled(found, {"number": numeral(number), **values})


def numeral(value: float, form: str = ",") -> str:
    """A number as the language that is spoken writes it.

    Args:
        form: as Python's `format` takes it: `,` for separators, `,.1f` for a digit behind them, `.0%` for percent.
    """
    if _spoken.get() == ENGLISH:
        return format(value, form)
    from babel.numbers import format_decimal, format_percent

    digits = int(form[-2]) if form[-1] in "f%" else 0
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    if form.endswith("%"):
        return format_percent(value, locale=_spoken.get())
    return format_decimal(value, pattern, _spoken.get())


def N_(sentence: str, /) -> str:
    """Marks a sentence for the catalog that is translated when it is shown, such as one in a table."""
    return sentence


def language_of(locale: object) -> str:
    """The language of the catalog for one of Discord's locales, such as `es-419`; English where there is none."""
    language = str(locale).split("-")[0].lower()
    return language if language in LANGUAGES else ENGLISH


def spoken() -> str:
    """The language that is spoken here."""
    return _spoken.get()


def speak(language: str) -> None:
    """Speaks a language of the catalog from here to the end of the task."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Generator[None]:
    """Speaks a language of the catalog for a while."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def _filled(sentence: str, values: dict[str, object]) -> str:
    return _VALUES.vformat(sentence, (), values) if values else sentence


@cache
def _translations(language: str) -> gettext.NullTranslations:
    """The translations into a language, read once."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALES, [language], fallback=True)
