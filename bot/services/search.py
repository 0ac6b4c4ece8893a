"""Finds questions by number, id or words."""

from rapidfuzz import fuzz, process, utils

from bot.domain.bank import Bank, Question
from bot.domain.errors import Refusal

WORTH_OFFERING, SURE = 60, 75
"""How well words must fit (0-100) to be offered in a list, and to be taken for what a person means."""


def search(bank: Bank, text: str, limit: int, cutoff: int = WORTH_OFFERING) -> list[Question]:
    """Questions that fit best: the one with this number or id, else those whose words do."""
    exact = bank.find(text)
    if exact is not None:
        return [exact]
    if not text.strip():
        return list(bank.questions[:limit])
    wording = {index: f"{question.wording} {question.topic}" for index, question in enumerate(bank.questions)}
    found = process.extract(
        text, wording, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit, score_cutoff=cutoff
    )
    return [bank.questions[index] for _, _, index in found]


def one(bank: Bank, text: str) -> Question:
    """The question that a person means.

    Raises:
        Refusal: `bank.several_fit` with those that are close, `bank.question_unknown` without any.
    """
    exact = bank.find(text)
    if exact is not None:
        return exact
    near = search(bank, text, 3, SURE)
    if len(near) == 1 or (near and text.strip().lower() in (near[0].prompt.lower(), near[0].wording.lower())):
        return near[0]
    if near:
        raise Refusal("bank.several_fit", text=text, questions=near)
    raise Refusal("bank.question_unknown", text=text, count=len(bank.questions))
