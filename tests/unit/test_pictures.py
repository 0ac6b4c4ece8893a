"""Every picture, whatever people are called and however much they do: nothing leaves its room."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.mastery import Tally, TopicMastery
from bot.domain.points import Ranked
from bot.services.boards import Trend, TrendLine
from bot.services.votes import BestAnswer
from bot.ui.charts.boards import board_picture
from bot.ui.charts.cards import Imprint, Person, initials
from bot.ui.charts.digests import digest_picture
from bot.ui.charts.palette import ACCENT, CARD, DARK, DEEP, FAINT, INK, PANEL, SHADES
from bot.ui.charts.progress import progress_picture, progress_words
from tests.drawn import assert_legible, boxes, contrast, texts
from tests.unit.test_board_pictures import MONDAYS
from tests.unit.test_digest import digest

TODAY = date(2026, 11, 27)
NAMES = st.one_of(
    st.text(max_size=100), st.sampled_from(["W" * 32, "@" * 100, "M M M M M", "日本語", "مرحبا بالعالم", "", "Zoë"])
)
IMPRINTS = st.builds(Imprint, NAMES, st.just(date(2026, 12, 28)))
COUNTS = st.one_of(st.integers(0, 20), st.integers(0, 10**7))


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        *((words, ground) for words in (INK, FAINT) for ground in (CARD, PANEL)),
        *((INK, ground) for ground in (SHADES[0], DEEP)),
        (DARK, ACCENT),
        (ACCENT, CARD),
        (ACCENT, PANEL),
    ],
)
def test_words_stand_out_from_what_they_stand_on(words: str, ground: str):
    assert contrast(words, ground) >= 4.5


def test_shades_differ_in_lightness_alone():
    light = [contrast(shade, CARD) for shade in SHADES]
    assert all(after / before > 1.5 for before, after in pairwise(light))
    assert contrast(ACCENT, DEEP) > 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(NAMES, COUNTS, st.lists(COUNTS, min_size=8, max_size=8)), min_size=1, max_size=8),
    IMPRINTS,
    st.data(),
)
def test_no_board_overflows(rows: list[tuple[str, int, list[int]]], imprint: Imprint, data: st.DataObject):
    best = sorted(rows, key=lambda row: -row[1])
    own = data.draw(st.integers(0, len(rows) - 1))
    lines = [
        TrendLine(1 + sum(other[1] > total for other in best), name, weeks, total, own=at == own)
        for at, (name, total, weeks) in enumerate(best)
    ]
    trend = Trend(MONDAYS, lines, data.draw(st.booleans()))
    assert_legible(board_picture("Leaderboard", "Last month · November 2026", trend, imprint))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(NAMES, st.integers(1, 500), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20),
    NAMES,
    IMPRINTS,
)
def test_no_progress_overflows(rows: list[tuple[str, int, float, float]], name: str, imprint: Imprint):
    topics = [
        TopicMastery(topic, 0.5, share * proven, max(1, round(questions * share)), questions, Tally())
        for topic, questions, share, proven in rows
    ]
    assert_legible(progress_picture(topics, Person(name), imprint))
    assert len(progress_words(topics)) <= 1024


@settings(max_examples=40, deadline=None)
@given(*(st.lists(COUNTS, min_size=7, max_size=7) for _ in range(2)), NAMES, COUNTS, st.booleans(), IMPRINTS)
def test_no_digest_overflows(
    answers: list[int], before: list[int], name: str, count: int, voted: bool, imprint: Imprint
):
    best = BestAnswer(name, count, None) if voted else None
    top = [Ranked(1, at, count, name, None) for at in range(1 + count % 3)]
    told = digest(tuple(answers), tuple(before), people=count, best=best, top=top)
    assert_legible(digest_picture(told, "23 Nov to 29 Nov", imprint))


def topic(name: str, practised: int, proven: float, questions: int = 8) -> TopicMastery:
    return TopicMastery(name, 0.5, proven, practised, questions, Tally())


def test_progress_leads_with_what_was_done_and_tells_answered_from_proven():
    topics = [topic("Autoencoders", 4, 0.25), topic("Agents (RAG, tools)", 8, 0)]
    svg = progress_picture(topics, Person("Anna Petrova"), Imprint("Study group", TODAY))
    assert texts(svg)[0] == "Mockingbird · Study group" and {"AP", "27 Nov 2026"} <= set(texts(svg))
    assert {"12", "questions", "practiced", "1", "topic", "finished", "4 of 8", "8 of 8"} <= set(texts(svg))
    track, answered, proven, *_ = [box for box in boxes(svg) if box.height == 10 and box.width > 20]
    assert (answered.width / track.width, proven.width / track.width) == pytest.approx((0.5, 0.25), abs=0.01)
    assert (answered.fill, proven.fill) == (DEEP, ACCENT)
    assert "Autoencoders 4 of 8 questions, 25% proven" in progress_words(topics)
    begun = progress_picture(topics[:1], Person("Anna"), Imprint("", TODAY))
    assert {"1", "topic", "begun"} <= set(texts(begun)) and "finished" not in texts(begun)


def test_long_labels_lose_their_brackets_and_are_cut_between_words():
    labels = (
        "Recurrent Neural Networks and their kin (RNNs, LSTMs, GRUs)",
        "Project-Based, Behavioral & System Design Questions for Seniors",
        "Unaussprechliche-Rechtsschutzversicherungsgesellschaften",
    )
    svg = progress_picture([topic(label, 17, 0.5, 17) for label in labels], Person("Anna"), Imprint("", TODAY))
    assert {"Recurrent Neural Networks and their kin", "Project-Based, Behavioral & System Design…"} < set(
        texts(svg)
    )
    assert_legible(svg)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Petrova", "AP"), ("ben", "B"), ("_chen_ li", "L"), ("--", "-"), ("", ""), ("Дмитрий", "Д")],
)
def test_who_has_no_portrait_has_initials(name: str, letters: str):
    assert initials(name) == letters
