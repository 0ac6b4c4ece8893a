"""What people type in their own language means what its English words mean."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date, get_day_names

from bot.domain.errors import Refusal
from bot.domain.schedule import DAILY, WEEKDAYS, parse_date, parse_days
from bot.ui.kit.catalog import ENGLISH, LANGUAGES, speaking
from bot.ui.kit.typed import dates_in_english, in_english, read
from bot.ui.kit.words import dated, day_and_month, full_date, weekday_and_day

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize("language", OTHERS)
def test_days_are_read_by_every_name_that_they_have(language: str):
    with speaking(language):
        for width in ("wide", "abbreviated", "short"):
            for number, name in get_day_names(width, "format", language).items():
                for written in (name, name.upper(), f" {name.rstrip('.')} "):
                    assert parse_days(dates_in_english(written)) == {number}, written


@pytest.mark.parametrize("language", OTHERS)
def test_dates_are_read_as_the_language_writes_them(language: str):
    with speaking(language):
        for month in range(1, 13):
            day = date(2027, month, 28)
            for form in ("d MMMM", "d MMM", "d. MMMM", "d. MMM", "d 'de' MMMM", "d MMMM y", "long", "dd.MM.yyyy"):
                written = format_date(day, form, language)
                found = parse_date(dates_in_english(written), date(2027, 1, 1))
                assert found == day, written


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "typed", ["mon-fri", "tomorrow", "next monday", "24 Dec", "Dec 24", "2026-12-24", "all", "hard", "daily", "@?"]
)
def test_english_stays_what_it_is(language: str, typed: str):
    with speaking(language):
        assert in_english(typed, "all", "hard") == typed and dates_in_english(typed).lower() == typed.lower()


@pytest.mark.parametrize(
    ("language", "typed", "days"),
    [
        ("de", "mo-fr", WEEKDAYS),
        ("de", "Mo, Mi, Fr", {0, 2, 4}),
        ("de", "Montags", {0}),
        ("de", "jeden Tag", DAILY),
        ("de", "täglich", DAILY),
        ("de", "werktags", WEEKDAYS),
        ("es", "lun-vie", WEEKDAYS),
        ("es", "mar, jue", {1, 3}),
        ("es", "cada viernes", {4}),
        ("es", "Sábados", {5}),
        ("es", "todos los días", DAILY),
        ("es", "entre semana", WEEKDAYS),
        ("de", "Mo bis Fr", WEEKDAYS),
        ("de", "Montag, Dienstag und Mittwoch", {0, 1, 2}),
        ("de", "am Wochenende", {5, 6}),
        ("de", "Wochenende", {5, 6}),
        ("de", "am Freitag", {4}),
        ("es", "lunes a viernes", WEEKDAYS),
        ("es", "lun y mié", {0, 2}),
        ("es", "el jueves", {3}),
        ("es", "los miercoles", {2}),
        ("es", "todos los sabados", {5}),
        ("de", "taglich", DAILY),
    ],
)
def test_several_days(language: str, typed: str, days: frozenset[int]):
    with speaking(language):
        assert parse_days(dates_in_english(typed)) == days


@pytest.mark.parametrize(
    ("language", "typed", "day"),
    [
        ("de", "heute", date(2026, 11, 30)),
        ("de", "Morgen", date(2026, 12, 1)),
        ("de", "nächste Woche", date(2026, 12, 7)),
        ("de", "nächsten Mittwoch", date(2026, 12, 2)),
        ("de", "Do 24. Dez.", date(2026, 12, 24)),
        ("de", "1. März", date(2027, 3, 1)),
        ("es", "mañana", date(2026, 12, 1)),
        ("es", "el próximo jueves", date(2026, 12, 3)),
        ("es", "24 de diciembre de 2026", date(2026, 12, 24)),
        ("es", "3 mar", date(2027, 3, 3)),
        ("es", "mar", date(2026, 12, 1)),
        ("es", "mar 13 ene", date(2027, 1, 13)),
        ("de", "nächster Mittwoch", date(2026, 12, 2)),
        ("de", "1. Marz", date(2027, 3, 1)),
        ("es", "proximo jueves", date(2026, 12, 3)),
        ("es", "manana", date(2026, 12, 1)),
        ("es", "mie 6 ene", date(2027, 1, 6)),
        ("es", "mar 8", date(2027, 3, 8)),
    ],
)
def test_dates_and_days_from_a_monday(language: str, typed: str, day: date):
    with speaking(language):
        assert parse_date(dates_in_english(typed), MONDAY) == day


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_are_read_as_the_bot_writes_them(language: str):
    with speaking(language):
        for day in (date(2027, 1, 1) + timedelta(days=at) for at in range(365)):
            for written in (weekday_and_day(day), full_date(day), dated(day), day_and_month(day)):
                assert read(parse_date, written, date(2027, 1, 1)) == day, written


@pytest.mark.parametrize(
    ("language", "typed", "english"),
    [("de", "alle", "all"), ("de", " Schwer ", "hard"), ("es", "todos", "all"), ("es", "difícil", "hard")],
)
def test_what_can_be_chosen(language: str, typed: str, english: str):
    with speaking(language):
        assert in_english(typed, "all", "hard") == english


@pytest.mark.parametrize(("language", "name"), [("es", "media"), ("es", "hoy"), ("de", "mittel"), ("de", "aus")])
def test_a_name_is_no_word_for_something_else(language: str, name: str):
    with speaking(language):
        assert in_english(name, "all") == name


def test_what_is_refused_is_quoted_as_it_was_typed():
    with speaking("de"), pytest.raises(Refusal) as refused:
        read(parse_days, "Montag bis Straße")
    assert refused.value.values["text"] == "Montag bis Straße"
