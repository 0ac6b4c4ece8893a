"""A pack in the formats that an import reads: JSON and YAML for programs, CSV and Markdown for people."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from bot.domain.bank import OWN_PACK, Bank, Difficulty, Item, Pack, Question
from bot.domain.bank_imports import EXPORT_SEED, LAYERS, LISTS, NO_TOPIC, Found, FoundQuestion, differing, found_in
from bot.domain.errors import Refusal

FORMATS = ("yaml", "json", "csv", "md")


def _plain(question: Question) -> Question:
    return Question(**{field.name: getattr(question, field.name) for field in fields(Question)})


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


def pack_to_export(known: Bank, named: str | None) -> Pack:
    """The pack that is meant: without a name the server's own, or the first there is where it has none.

    Raises:
        Refusal: `bank.pack_unknown`, `bank.export_several` for more than one name, `bank.export_empty`.
    """
    if named is None:
        own = sorted(known.own.packs, key=lambda pack: pack.id != OWN_PACK)
        pack = next((pack for pack in own if pack.questions), known.packs[0])
    else:
        chosen, *more = known.parse_packs(named)
        if more:
            raise Refusal("bank.export_several", packs=[chosen, *more])
        pack = next(pack for pack in known.packs if pack.id == chosen)
    if not pack.questions:
        raise Refusal("bank.export_empty", pack=pack.id)
    return pack


def keep_back(pack: Pack, ids: Collection[str]) -> tuple[Pack, list[Question]]:
    """(a pack that has only the wording of some of its questions, those of them that say more)."""
    said = [question for question in pack.questions if question.id in ids and differing(_bare(question), question)]
    bare = {question.id: _bare(question) for question in said}
    return replace(pack, questions=tuple(bare.get(one.id, one) for one in pack.questions)), said


def _bare(question: Question) -> Question:
    return replace(question, **dict.fromkeys(LAYERS), **dict.fromkeys(LISTS, ()), picture=None)


def export_file(pack: Pack, form: str, most: int) -> bytes:
    """A whole pack as a file in one of `FORMATS`; takes a while for a large one.

    Raises:
        Refusal: `bank.export_large` for a file of more than `most` bytes.
    """
    data = export_pack(pack, form).encode()
    if len(data) > most:
        raise Refusal("bank.export_large", size=len(data), most=most)
    return data


def export_pack(pack: Pack, form: str) -> str:
    """A whole pack in one of `FORMATS`. CSV and Markdown have wordings, topics, answers and quiz items.

    Who suggested a question, and which of its editions this is, stays in the server.
    """
    pack = replace(pack, questions=tuple(map(_plain, pack.questions)))
    if form == "json":
        return export_json(pack)
    if form == "yaml":
        # With PyYAML: a bot has no other use for it.
        from bot.storage.bank_entries import export_yaml

        return export_yaml(pack)
    return export_questions([found_in(question, 0) for question in pack.questions], pack.title, form)


def export_questions(questions: Sequence[FoundQuestion], title: str, form: str) -> str:
    """Questions as a list that a person edits, `csv` or `md`."""
    # With Markdown's own rules: a bot has no other use for them.
    from bot.services.bank_lists import csv_list, markdown_list

    return csv_list(questions) if form == "csv" else markdown_list(questions, title)


def save_pack(folder: Path, found: Found) -> int:
    """Writes what an import found as a pack of files into a new folder, whose name becomes the pack's id.

    Returns:
        How many quiz items were left out, since an item of a pack says of each wrong option why it is wrong.

    Raises:
        OSError: the folder exists, or cannot be written.
    """
    from bot.storage.bank_entries import write_pack

    pack_id = re.sub(r"[^a-z0-9]+", "", folder.name.lower()) or "ours"
    given = [question.number for question in found.questions]
    keep = None not in given and len(set(given)) == len(given) and 0 not in given
    questions: list[Question] = []
    left = 0
    for at, question in enumerate(found.questions, start=1):
        number = (question.number or at) if keep else at
        whole = question.whole
        if whole is None:
            left += len(question.items)
            whole = Question(
                id="",
                number=number,
                module=1,
                topic=question.topic or NO_TOPIC,
                difficulty=question.difficulty or Difficulty.MEDIUM,
                prompt=question.prompt,
                answer=question.answer,
            )
        items = tuple(replace(item, id=f"{pack_id}-{number:03}-{n}") for n, item in enumerate(whole.items, start=1))
        questions.append(replace(whole, id=f"{pack_id}-{number:03}", number=number, items=items))
    write_pack(folder, pack_id, found.title or folder.name, questions)
    return left
