"""People's words cost little, however long and strange they are: nothing that looks at them is quadratic."""

import contextlib
import time
from collections.abc import Callable
from datetime import date

import pytest

from bot.domain import answers, schedule, teams, text
from bot.domain.errors import Refusal
from bot.domain.votes import is_thumb
from bot.services import search
from bot.ui.answers import given_back
from bot.ui.charts.cards import Imprint, Person
from bot.ui.charts.progress import progress_picture
from bot.ui.drills import carried_pages
from bot.ui.kit import layouts, options, words
from tests.builders import bank

BANK = bank()
LONG, TODAY = 24_000, date(2026, 11, 28)
SECONDS = 0.4
"""Of processor time. What grows with the square of the length takes many times as long."""
SIGNS = (
    *(
        "<",
        "_",
        "`",
        "*",
        "[",
        "](",
        "||",
        "a_",
        "_a",
        "<a:",
        "<@",
        ":a",
        "a",
        " ",
        "\n",
        "\\",
        "-",
        ",",
        "0",
        "9:",
    ),
    *("https://", "x_t = ", "America/", "all,", "#1 ", "mon ", "\u200d", "\u2800", "\u0301", "é", "ا", "𝔘", "👍🏿"),
)
READERS: dict[str, Callable[[str], object]] = {
    "upright": layouts.upright,
    "quoted": words.quoted,
    "pages": lambda said: layouts.pages([said]),
    "cut": lambda said: layouts.cut(said, 100),
    "split_message": text.split_message,
    "visible": text.visible,
    "counts": lambda said: answers.counts(said, has_file=False),
    "is_thumb": is_thumb,
    "team name": teams.parse_name,
    "folded": teams.folded,
    "zone": schedule.parse_zone,
    "time": schedule.parse_time,
    "days": schedule.parse_days,
    "date": lambda said: schedule.parse_date(said, TODAY),
    "dates offered": lambda said: options.date_choices(said, TODAY),
    "packs offered": lambda said: options.pack_choices(BANK.packs, said),
    "topics": BANK.parse_topics,
    "topic": BANK.parse_topic,
    "search": lambda said: search.search(BANK, said, 25),
    "the one question": lambda said: search.one(BANK, said),
    "carried": lambda said: carried_pages("Anna", said, None, has_file=False),
    "a name": words.shown,
    "given back": given_back,
    "drawn": lambda said: progress_picture([], Person(said), Imprint(said, TODAY)),
    "names offered": lambda said: options.name_choices(["Red", "Blue"], said),
    "zones offered": options.zone_choices,
    "topics offered": lambda said: options.topic_choices(BANK, said),
}


@pytest.mark.parametrize("reader", READERS)
def test_long_hostile_text_is_read_in_no_time(reader: str):
    read = READERS[reader]
    with contextlib.suppress(Refusal):
        read("Berlin")  # the first reading of a process builds its tables
    for sign in SIGNS:
        said = (sign * LONG)[:LONG]
        begun = time.process_time()
        with contextlib.suppress(Refusal):
            read(said)
        took = time.process_time() - begun
        assert took < SECONDS, f"{took:.1f} s for {sign!r}"
