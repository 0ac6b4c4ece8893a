"""Words of custom_ids are taken as the bot writes them, and in no other way."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.ui.kit import custom_ids
from bot.ui.kit.custom_ids import ANY_ID, DAY, LETTER, NUMBER, PERIOD, RATING, TEXT, TRACK, Word, check_words, maybe

HOSTILE = (
    *(
        "",
        "x",
        "-1",
        "99999999999999999999999",
        str(2**63),
        str(2**64),
        "1e3",
        "１",
        "0x1",
        "+1",
        " 1",
        "1\n",
        "1_0",
    ),
    *("2026-13-99", "2026-02-30", "9999-99-99", "next-week", "__class__", "'; DROP TABLE drills; --"),
)
WORDS = {name: word for name, word in vars(custom_ids).items() if isinstance(word, Word) and word is not TEXT}


@pytest.mark.parametrize("name", WORDS)
@given(text=st.text() | st.sampled_from(HOSTILE))
def test_what_fits_is_written_as_the_bot_writes_it(name: str, text: str):
    if WORDS[name].fits(text):
        assert text.isascii() and len(text) < 20
        if WORDS[name] not in (DAY, PERIOD):
            assert 0 <= int(text) < 2**63


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", WORDS)
def test_hostile_words_fit_nowhere(name: str, text: str):
    assert not WORDS[name].fits(text)


@given(st.integers(0, 2**63 - 1), st.dates())
def test_what_the_bot_writes_fits(number: int, day: date):
    assert ANY_ID.fits(str(number)) and TRACK.fits(str(number)) and DAY.fits(str(day))


def test_letters_and_ratings_are_those_on_screen():
    assert [n for n in range(200) if LETTER.fits(str(n))] == [0, 1, 2, 3]
    assert [n for n in range(200) if RATING.fits(str(n))] == [1, 2, 3, 4]


def test_the_number_of_words_counts():
    assert check_words(["1"], [NUMBER, maybe(NUMBER)]) == check_words(["1", "2"], [NUMBER, maybe(NUMBER)]) == []
    for words in ([], ["1", "2", "3"]):
        with pytest.raises(Refusal, match=r"commands\.outdated"):
            check_words(words, [NUMBER, maybe(NUMBER)])
