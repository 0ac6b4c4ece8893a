"""Sentences for refusals; people's words, which can hold anything, and scores, as a line has them."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

import discord

from bot.domain.bank import Difficulty
from bot.domain.schedule import DAY_NAMES, format_days
from bot.domain.text import visible
from bot.ui.kit.catalog import ENGLISH, N_, _, ngettext, numeral, pgettext, spoken
from bot.ui.kit.layouts import cut

Sentence = str | Callable[..., str]
"""A refusal's sentence, with `{names}` for its values where it has some; or a function of those values."""
NOBODY = N_("A member")
"""Stands for somebody whose name is not known."""
NAME_SHOWN, WORDS_SHOWN, WORDING_SHOWN = 40, 100, 200
"""How many characters a line shows of a name, of what somebody typed, and of a question's wording."""
LEVELS = {Difficulty.EASY: N_("easy"), Difficulty.MEDIUM: N_("medium"), Difficulty.HARD: N_("hard")}
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
    return quoted(name, limit) or _(NOBODY)


def right_to_left(sign: str) -> bool:
    """Whether a sign belongs to a script that is written from right to left."""
    return unicodedata.bidirectional(sign) in ("R", "AL", "AN")


def listed(names: Sequence[str], more: int = 0) -> str:
    """Names in a row: `Ana, Ben and Cleo`; with more than are named `Ana, Ben and 3 more`."""
    row = [*names, ngettext("{number} more", "{number} more", more)] if more else list(names)
    if len(row) < 2:
        return "".join(row)
    return _("{names} and {last}", names=", ".join(row[:-1]), last=row[-1])


def day_and_month(day: date) -> str:
    """A date of this year: `Nov 5`. Windows knows no code for a day without its zero."""
    return pgettext("date", "{month} {day}", day=day.day, month=month(day))


def weekday_and_day(day: date) -> str:
    """A date as people name it: `Mon, Nov 30`."""
    values = {"weekday": weekday(day.weekday()), "day": day.day, "month": month(day)}
    return pgettext("date", "{weekday}, {month} {day}", **values)


def days_listed(days: Iterable[date]) -> str:
    """Dates in a row, told apart by more than the comma that each of them has: `Mon, Nov 30; Tue, Dec 1`."""
    return "; ".join(map(weekday_and_day, days))


def full_date(day: date) -> str:
    """A date of any year: `Mon, Nov 30, 2026`."""
    values = {"weekday": weekday(day.weekday()), "day": day.day, "month": month(day), "year": day.year}
    return pgettext("date", "{weekday}, {month} {day}, {year}", **values)


def dated(day: date) -> str:
    """A date without its day of the week: `Nov 30, 2026`."""
    return pgettext("date", "{month} {day}, {year}", day=day.day, month=month(day), year=day.year)


def month_and_year(day: date) -> str:
    """A month of any year: `November 2026`."""
    return pgettext("date", "{month} {year}", month=month(day, whole=True), year=day.year)


def weekday(day: int, *, whole: bool = False) -> str:
    """The name of a day of the week, 0 being Monday: `Mon`, whole `Monday`."""
    if spoken() == ENGLISH:
        return f"{date(2001, 1, 1 + day):{'%A' if whole else '%a'}}"
    from babel.dates import get_day_names

    return str(get_day_names("wide" if whole else "abbreviated", "stand-alone", spoken())[day])


def weekday_letter(day: int) -> str:
    """The letter of a day of the week, 0 being Monday, as calendars have it."""
    if spoken() == ENGLISH:
        return weekday(day)[0]
    from babel.dates import get_day_names

    return str(get_day_names("narrow", "stand-alone", spoken())[day])


def month(day: date, *, whole: bool = False) -> str:
    """The name of a date's month: `Nov`, whole `November`."""
    if spoken() == ENGLISH:
        return f"{day:{'%B' if whole else '%b'}}"
    from babel.dates import get_month_names

    return str(get_month_names("wide" if whole else "abbreviated", "stand-alone", spoken())[day.month])


def weekdays(days: Collection[int]) -> str:
    """Days of the week as people name them: `daily`, `Mon-Fri`, `Mon, Thu`."""
    if len(set(days)) == len(DAY_NAMES):
        return pgettext("days of the week", "daily")
    return re.sub("[a-z]+", lambda found: weekday(DAY_NAMES.index(found[0])), format_days(days)).replace(",", ", ")


def level(difficulty: Difficulty) -> str:
    """How difficult a question or an item is, in a word."""
    return _(LEVELS[difficulty])


def plain(number: float) -> str:
    """A score with one digit after the point where it has one: `1`, `13.3`."""
    return numeral(number, ",.0f" if f"{number:.1f}".endswith(".0") else ",.1f")
