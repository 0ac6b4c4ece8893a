"""What the form of items gives away, on items whose cues are known because they are made."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from bot.domain.bank import Distractor, Item, Question
from bot.domain.standard import findings, item_guesses
from bot.domain.surface import guesses, length_ranks, shares
from tests.unit.packs import LAYERED, PACK, PLAIN

WORDS = [
    *("gradient", "layer", "token", "weight", "batch", "kernel", "loss", "state"),
    *("mask", "score", "prior", "sample", "patch", "query", "index", "chunk"),
    *("prompt", "noise", "schedule", "encoder", "decoder", "critic", "branch", "filter"),
    *("corpus", "margin", "penalty", "window", "budget", "latency"),
]
KINDS = ("reason", "case", "choice")
Bend = Callable[[random.Random, str, list[str]], tuple[str, list[str]]]


def statement(chance: random.Random) -> str:
    return " ".join(chance.sample(WORDS, chance.randint(4, 9)))


def plain(_: random.Random, right: str, wrong: list[str]) -> tuple[str, list[str]]:
    return right, wrong


def made(bend: Bend = plain, count: int = 40, **changes: bool) -> tuple[Question, ...]:
    """Questions with three items each, whose options are words at random; `bend` leaves a cue in them."""
    chance = random.Random(1)
    questions: list[Question] = []
    for number in range(count):
        items: list[Item] = []
        for kind in KINDS:
            right, wrong = bend(chance, statement(chance), [statement(chance) for _ in range(3)])
            distractors = tuple(Distractor(text, "No.", holds=changes.get("holds", True)) for text in wrong)
            items.append(
                replace(LAYERED.items[0], id=f"q-{number}-{kind}", kind=kind, stem=f"Stem {number} {kind}?")
            )
            items[-1] = replace(items[-1], correct=right, distractors=distractors)
        questions.append(replace(LAYERED, id=f"q-{number}", number=number, items=tuple(items)))
    return tuple(questions)


def told(*questions: Question) -> str:
    return "\n".join(finding.message for finding in findings(replace(PACK, questions=questions)))


@cache
def told_without_cues() -> str:
    return told(*made())


def guessed(questions: tuple[Question, ...]) -> float:
    return shares(guesses(questions)).guessed


def middle(_: random.Random, right: str, wrong: list[str]) -> tuple[str, list[str]]:
    by_length = sorted([right, *wrong], key=len)
    return by_length[1], [by_length[0], *by_length[2:]]


def hedged(_: random.Random, right: str, wrong: list[str]) -> tuple[str, list[str]]:
    return right.replace(" ", " usually ", 1), [text.replace(" ", " window ", 1) for text in wrong]


def with_digits(_: random.Random, right: str, wrong: list[str]) -> tuple[str, list[str]]:
    return right.replace(" ", " 7 ", 1), wrong


def edited(chance: random.Random, right: str, _: list[str]) -> tuple[str, list[str]]:
    words = right.split()
    return right, [" ".join([*words[:at], chance.choice(WORDS), *words[at + 1 :]]) for at in (1, 2, 3)]


@pytest.mark.parametrize(
    ("bend", "least", "cue"),
    [
        (middle, 0.9, "second_length"),
        (hedged, 0.9, "hedges"),
        (with_digits, 0.9, "digits"),
        (edited, 0.7, "words_in_common"),
    ],
)
def test_a_cue_that_many_items_share_is_found_and_named(bend: Bend, least: float, cue: str):
    found = guesses(made(bend))
    assert shares(found).guessed >= least
    assert cue in Counter(guess.cue for guess in found if guess.right == 1).most_common(1)[0][0]


def test_options_without_a_cue_are_guessed_by_chance():
    assert guessed(made(count=60)) == pytest.approx(0.25, abs=0.08)


def test_the_same_items_bring_the_same_guesses():
    questions = made(hedged, 20)
    first = guesses(questions)
    guesses.cache_clear()
    assert guesses(questions) == first


def test_an_item_is_guessed_by_what_other_questions_taught():
    """One question whose right options have digits teaches nothing about itself."""
    odd = replace(made(with_digits, 1)[0], id="odd")
    alone = next(guess for guess in guesses((*made(count=1), odd)) if guess.item in odd.items)
    assert "digits" not in alone.cue


def test_equal_lengths_share_their_ranks():
    item = replace(
        LAYERED.items[1], correct="22", distractors=tuple(Distractor(t, "") for t in ("33", "44", "555"))
    )
    assert length_ranks(item) == [pytest.approx(1 / 3)] * 3 + [0]
    assert length_ranks(replace(item, correct="1")) == [1, 0, 0, 0]
    assert length_ranks(replace(item, correct="5555")) == [0, 0, 0, 1]


def longest(_: random.Random, right: str, wrong: list[str]) -> tuple[str, list[str]]:
    *rest, most = sorted([right, *wrong], key=len)
    return f"{most} too", rest


def knowing(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    return tuple(
        replace(q, items=tuple(replace(item, kind="definition", sums=False) for item in q.items)) for q in questions
    )


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (
            made(longest),
            "the right option is the longest in 100% of 120 items, not in 20% to 30%; by topic",
        ),
        (made(longest), "the right option is the second in 0% of 120 items"),
        (made(holds=False), "most distractors hold in 0% of 120 items, not in at least 50%"),
        (
            knowing(made()),
            "knowledge is applied (calculation, case, choice, debugging, estimate, measurement)",
        ),
        (made(hedged), "the form gives the right option away in 100% of 120 items, not in at most 33%"),
        (made(hedged), "q-7-case: the form of its options gives the right one 9"),
    ],
)
def test_each_rule_of_form_is_held(questions: tuple[Question, ...], said: str):
    assert said in told(*questions) and said not in told_without_cues()


def test_the_rules_of_form_leave_small_packs_and_entries_without_layers_alone():
    assert "of 39 items" not in told(*made(longest, 13))
    assert told(replace(PLAIN, items=()), *made(hedged)).count("gives the right") == 0
    assert item_guesses(replace(PACK, questions=(PLAIN,))) == {}
