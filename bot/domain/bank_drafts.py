"""A question while somebody writes it: as it was typed, and what becomes of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.bank import Difficulty, Distractor, Item, KeyPoint, Question
from bot.domain.bank_limits import (
    ANSWER_CHARS,
    OPTION_CHARS,
    OPTIONS,
    PROMPT_CHARS,
    STEM_CHARS,
    TOPIC_CHARS,
    controls,
)
from bot.domain.errors import Refusal
from bot.domain.text import alike, sorted_words

POINTS_CHARS, WHY_CHARS = 1500, 1000
POINTS, POINT_CHARS = 10, 100
"""How many key points a form can offer to tick, and how long each may be there."""
ITEMS = 10
WRONG = (OPTIONS[0] - 1, OPTIONS[1] - 1)
NEAR = 80
"""From this degree on (0-100) two wordings ask so much the same that one is shown to whoever writes the other."""


class Purpose(StrEnum):
    """What a draft is for: a new question, an edition of one, or a suggestion."""

    ADD = "add"
    EDIT = "edit"
    SUGGEST = "suggest"


@dataclass(frozen=True, slots=True)
class ItemFields:
    """A quiz item as it was typed; wrong options stand one a line."""

    stem: str = ""
    correct: str = ""
    wrong: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFields:
    """A question as it was typed.

    Attributes:
        key_points: one a line.
        items: the quiz items that it has.
        pending: an item that could not be taken as it was typed.
    """

    prompt: str = ""
    topic: str = ""
    difficulty: str = ""
    answer: str = ""
    key_points: str = ""
    items: tuple[Item, ...] = ()
    pending: ItemFields | None = None


def fields_of(question: Question) -> QuestionFields:
    """What a form that edits a question holds at first."""
    return QuestionFields(
        prompt=question.wording,
        topic=question.topic,
        difficulty=question.difficulty,
        answer=question.model_answer or "",
        key_points="\n".join(point.text for point in question.key_points),
        items=question.items,
    )


def _lines(text: str) -> list[str]:
    return [line for line in (re.sub(r"^[-*•]\s+", "", line.strip()) for line in text.splitlines()) if line]


def _within(part: str, text: str, most: int) -> str:
    """A text that a card and a form can carry; raises Refusal for one that is too long or cannot be shown."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise Refusal("bank.draft_long", part=part, chars=len(text), most=most)
    if sign := controls(text):
        raise Refusal("bank.draft_sign", part=part, sign=sign)
    return text


def written(fields: QuestionFields, before: Question | None = None) -> Question:
    """The question that was typed; what its form does not show stays as it was before.

    Raises:
        Refusal: `bank.draft_…` for what a card or a form cannot carry.
    """
    prompt = _within("wording", fields.prompt, PROMPT_CHARS)
    topic = " ".join(_within("topic", fields.topic, TOPIC_CHARS).split())
    answer = _within("answer", fields.answer, ANSWER_CHARS) if not _kept(fields, before) else ""
    points = _lines(_within("key points", fields.key_points, POINTS * (POINT_CHARS + 3)))
    level = fields.difficulty.strip().lower() or Difficulty.MEDIUM
    if not re.search(r"\w", prompt):
        raise Refusal("bank.draft_empty", part="wording")
    if not re.search(r"[^\W\d_]", topic) or topic.lower() == "all":
        raise Refusal("bank.draft_topic", topic=topic)
    if level not in list(Difficulty):
        raise Refusal("bank.draft_difficulty", text=fields.difficulty.strip())
    if len(points) > POINTS:
        raise Refusal("bank.draft_points", count=len(points), most=POINTS)
    for point in points:
        _within("key point", point, POINT_CHARS)
    base = before or Question(id="", number=0, module=0, topic=topic, difficulty=Difficulty.MEDIUM, prompt=prompt)
    known = {point.text: point for point in base.key_points}
    question = replace(
        base,
        topic=topic,
        difficulty=Difficulty(level),
        key_points=tuple(known.get(point) or KeyPoint(point, ()) for point in points),
        items=fields.items,
    )
    if prompt != question.wording:
        question = replace(question, prompt=prompt, shown=None)
    if not _kept(fields, before):
        question = replace(
            question,
            say=None,
            show=None,
            stands_out=None,
            gist=None,
            as_of=None,
            picture=None,
            answer=answer or None,
        )
    return question


def _kept(fields: QuestionFields, before: Question | None) -> bool:
    """Whether the answer stays as it is, in its layers."""
    return before is not None and fields.answer.strip() == (before.model_answer or "").strip()


def with_item(fields: QuestionFields, typed: ItemFields) -> QuestionFields:
    """A draft with one more quiz item.

    Raises:
        Refusal: `bank.draft_…` or `bank.item_…` for what a quiz cannot ask.
    """
    if len(fields.items) >= ITEMS:
        raise Refusal("bank.item_many", most=ITEMS)
    stem = _within("quiz question", typed.stem, STEM_CHARS)
    correct = " ".join(_within("right answer", typed.correct, OPTION_CHARS).split())
    wrong = [_within("wrong answer", line, OPTION_CHARS) for line in _lines(typed.wrong)]
    if not stem or not correct:
        raise Refusal("bank.draft_empty", part="right answer" if stem else "quiz question")
    if not WRONG[0] <= len(wrong) <= WRONG[1]:
        raise Refusal("bank.item_wrong", count=len(wrong), most=WRONG[1])
    if len({option.casefold() for option in (correct, *wrong)}) <= len(wrong):
        raise Refusal("bank.item_alike")
    item = Item(
        id="",
        kind="definition",
        stem=stem,
        correct=correct,
        distractors=tuple(Distractor(option, "") for option in wrong),
        explanation=_within("explanation", typed.explanation, WHY_CHARS),
    )
    return replace(fields, items=(*fields.items, item), pending=None)


def near(prompt: str, others: Sequence[Question], limit: int = 3) -> list[Question]:
    """The questions whose wording comes close to a new one, closest first."""
    wordings = [sorted_words(question.wording) for question in others]
    return [others[at] for _, at in alike(sorted_words(prompt), wordings, limit, NEAR)]
