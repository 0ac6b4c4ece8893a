"""A pack as JSON, for other programs."""

import json
from dataclasses import asdict
from typing import Any

from bot.domain.bank import Item, Pack, Question

EXPORT_SEED = "export"


def _item(question: Question, item: Item) -> dict[str, Any]:
    options = item.options(EXPORT_SEED)
    holding = {distractor.text for distractor in item.distractors if distractor.holds}
    return {
        "id": item.id,
        "kind": item.kind,
        "difficulty": question.difficulty_of(item),
        "sums": item.sums,
        "seconds": item.reading_seconds,
        "stem": item.stem,
        "options": [option.text for option in options],
        "correct": next(index for index, option in enumerate(options) if option.why is None),
        "explanation": item.explanation,
        "why_wrong": [option.why for option in options],
        "holds": [None if option.why is None else option.text in holding for option in options],
    }


def export_json(pack: Pack) -> str:
    """The whole pack; an item's options stand in a fixed shuffled order."""
    questions = [
        {**asdict(question), "answer": question.model_answer, "items": [_item(question, i) for i in question.items]}
        for question in pack.questions
    ]
    return json.dumps({"pack": pack.id, "title": pack.title, "questions": questions}, ensure_ascii=False, indent=2)
