"""Sentences, dates, numbers and lists in the language that is spoken."""

from datetime import date

import pytest

from bot.ui.kit.catalog import _, language_of, ngettext, numeral, speaking, spoken
from bot.ui.kit.words import full_date, listed, month, plain, weekday, weekdays

DAY = date(2026, 11, 5)


def test_english_is_spoken_unless_said_otherwise():
    assert [full_date(DAY), weekdays(range(5)), weekdays([0, 3]), weekdays(range(7))] == [
        "Thu, Nov 5, 2026",
        "Mon-Fri",
        "Mon, Thu",
        "daily",
    ]
    assert [plain(1), plain(1.04), plain(1234.56), numeral(1234), numeral(0.456, ".0%")] == [
        *("1", "1", "1,234.6", "1,234", "46%")
    ]
    assert _("{share:.0%} of {all:,} in {year}", share=0.5, all=1234, year=2026) == "50% of 1,234 in 2026"
    assert ngettext("{number} sail", "{number} sails", 1234) == "1,234 sails"


@pytest.mark.parametrize(
    ("language", "day", "name", "number", "share"),
    [("de", "Do", "Nov", "1.234,6", "46\xa0%"), ("es", "jue", "nov", "1.234,6", "46\xa0%")],
)
def test_names_of_days_and_numbers_are_written_as_the_language_has_them(
    language: str, day: str, name: str, number: str, share: str
):
    with speaking(language):
        assert (weekday(3), month(DAY), plain(1234.56), numeral(0.456, ".0%")) == (day, name, number, share)
        assert weekdays([0, 3]) == f"{weekday(0)}, {weekday(3)}"
        assert _("{share:.0%} is left", share=0.456) == f"{share} is left"
    assert spoken() == "en"


def test_names_in_a_row_end_with_how_many_more_there_are():
    assert [listed([]), listed(["Ana"]), listed(["Ana", "Ben", "Cleo"])] == ["", "Ana", "Ana, Ben and Cleo"]
    assert [listed(["Ana"], 2), listed(["Ana", "Ben"], 1000)] == ["Ana and 2 more", "Ana, Ben and 1,000 more"]


def test_discords_locales_have_a_language_of_the_catalog():
    found = [language_of(locale) for locale in ("de", "es-ES", "es-419", "en-GB", "fr", None)]
    assert found == ["de", "es", "es", "en", "en", "en"]
