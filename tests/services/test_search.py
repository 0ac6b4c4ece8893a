"""What people type finds what they mean: whole words of the wording first, then other words, then what is alike."""

from dataclasses import replace

import pytest

from bot.domain.bank import Bank, KeyPoint, Pack
from bot.domain.errors import Refusal
from bot.services import search as module
from bot.services.search import one, search
from bot.storage.bank_files import shipped_pack
from bot.ui.refusals import explain
from tests.unit.packs import PLAIN

SHIPPED = Bank(shipped_pack("genai"))


def bank(*wordings: str, topic: str = "T", points: tuple[str, ...] = ()) -> Bank:
    """Questions with these wordings; the key points are those of the last."""
    questions = [
        replace(PLAIN, id=f"p-{at:03}", number=at, prompt=wording, topic=topic, key_points=())
        for at, wording in enumerate(wordings, start=1)
    ]
    questions[-1] = replace(questions[-1], key_points=tuple(KeyPoint(point, ()) for point in points))
    return Bank(Pack("p", "P", (), (), tuple(questions)))


def numbers(known: Bank, text: str) -> list[int]:
    """What a search finds, in its order."""
    return [question.number for question in search(known, text, 10)]


def test_every_question_with_the_word_is_found_and_first():
    named = [question.number for question in SHIPPED.questions if "attention" in question.wording.lower()]
    assert len(named) == 3 and numbers(SHIPPED, "attention")[:3] == named
    assert numbers(SHIPPED, "ATTENTION?")[:3] == named


@pytest.mark.parametrize("text", ["RAG", "prompt", "reparameterisation", "difference between RAG and fine-tuning"])
def test_words_of_any_part_find_something(text: str):
    assert numbers(SHIPPED, text)


def test_whole_words_come_before_beginnings_key_points_and_likeness():
    known = bank(
        "What does a cursor keep?",
        "What is cache coherence?",
        "Why do caches need eviction?",
        "How do you invalidate a cash?",
        "What keeps a copy?",
        points=("A cache keeps a copy",),
    )
    assert numbers(known, "cache") == [2, 3, 5]
    assert numbers(known, "cachee") == [2, 3] and numbers(known, "evction") == [3]
    assert numbers(known, "what eviction") == [3]
    assert numbers(known, "") == [1, 2, 3, 4, 5] and numbers(known, "!!") == []


def test_a_topic_finds_its_questions():
    assert numbers(bank("What is X?", "What is Y?", topic="Query plans"), "plans") == [1, 2]


def test_the_question_that_is_meant_is_taken_and_close_ones_are_named():
    known = bank("What is a quorum?", "What is a quorum queue?", "How does Raft elect a leader?")
    assert one(known, "what is a QUORUM").number == 1
    assert one(known, "raft").number == 3 and one(known, "p-002").number == 2 and one(known, "#2").number == 2
    with pytest.raises(Refusal, match=r"bank\.several_fit") as refused:
        one(known, "quorum")
    assert "`1` What is a quorum?, `2` What is a quorum queue?" in explain(refused.value)
    with pytest.raises(Refusal, match=r"bank\.question_unknown"):
        one(known, "kubernetes")
    with pytest.raises(Refusal, match=r"bank\.several_fit"):
        one(SHIPPED, "RAG")
    with pytest.raises(Refusal, match=r"bank\.question_unknown"):
        one(SHIPPED, "ours-001")


def test_an_index_is_built_once_for_a_bank(monkeypatch: pytest.MonkeyPatch):
    known = bank("What is a quorum?")
    built: list[Bank] = []
    index = module._Index
    monkeypatch.setattr(module, "_Index", lambda bank: built.append(bank) or index(bank))
    for typed in ("q", "qu", "quo", "quorum"):
        assert numbers(known, typed) == [1]
    assert built == [known]
