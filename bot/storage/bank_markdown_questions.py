"""A question of a Markdown document from what was read of it: its wording, its quiz items, its answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.bank_imports import FoundItem, FoundQuestion, SkippedText, skip
from bot.storage.bank_blocks import Block, finished, write_blocks
from bot.storage.bank_wording import (
    answer_label,
    is_hidden_answer,
    is_placeholder,
    keys_of,
    lettered,
    lines_of,
    marked_right,
    unbold,
)

QUIZ = re.compile(r"\*\*Quiz:\*\*\s+")
"""How our own export marks the stem of a quiz item."""
_ABOUT_CODE = re.compile(
    r"\b(?:output|prints?|printed|logs?|logged|value\s+of|(?:this|the\s+following|following|below)"
    r"(?:\s+(?:code|snippet|function|program|query|works?))?|evaluates?|happens?\s+here)\b.{0,80}[?:]",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class QuestionDraft:
    """A question of which more may follow; `kind`: heading, label, bold, details, list or plain."""

    kind: str
    prompt: str
    line: int
    topic: str | None
    number: int | None = None
    level: int = 0
    body: list[Block] = field(default_factory=list[Block])


def finished_question(draft: QuestionDraft) -> tuple[FoundQuestion, list[SkippedText]]:
    """A question from what was read of it: what belongs to its wording, its quiz items, its answer."""
    before, answer, labelled = _sides([_as_list(block) for block in draft.body])
    told: list[SkippedText] = []
    items: list[FoundItem] = []
    prompt = finished(unbold(draft.prompt))
    if (shown := _shown_code(prompt, before)) and not labelled:
        prompt, before = _joined(prompt, before[:shown]), before[shown:]
    side, other = (before, answer) if labelled else (before, [])
    lists = [at for at, block in enumerate(side) if _is_quiz(block)]
    still_asking = False
    options = _options(side) if not lists and labelled else None
    if lists and not QUIZ.match(_before(side, lists[0])):
        # What stands above the options belongs to the question, what stands below them explains.
        stem_blocks, side = side[: lists[0]], side[lists[0] :]
        prompt = _joined(prompt, stem_blocks)
        lists = [at for at, block in enumerate(side) if _is_quiz(block)]
    elif options is not None:
        prompt = _joined(prompt, side[: options[0]])
        stem = prompt
        kept_side, other, item = _keyed(side, other, options, stem)
        if item is None:
            prompt, side = _joined(prompt, side[options[0] :]), []
        else:
            items, side = [item], kept_side
    else:
        still_asking = labelled
    kept, more, unclear = _task_items(side, lists, prompt)
    items += more
    if still_asking:
        prompt, kept = _joined(prompt, kept), []
    for block in unclear:
        texts = [finished(write_blocks(item.children)) for item in block.children]
        right = [item for item in block.children if item.checked]
        told.append(skip(block.line, texts[0], "bank.right_options", count=len(right)))
        prompt = _listed(prompt, texts)
        kept += [Block("list", block.line, children=right)] if right else []
    for block in kept:
        for item in block.children if block.kind == "list" else ():
            item.checked = None
    text = write_blocks([*kept, *other])
    return (
        FoundQuestion(
            prompt=prompt,
            line=draft.line,
            answer=None if is_placeholder(text) else text,
            topic=draft.topic,
            number=draft.number,
            items=tuple(items),
        ),
        told,
    )


def _task_items(
    blocks: Sequence[Block], lists: Sequence[int], prompt: str
) -> tuple[list[Block], list[FoundItem], list[Block]]:
    """What stands around the lists of boxes at these places, their items, and lists without one right option."""
    kept: list[Block] = []
    items: list[FoundItem] = []
    unclear: list[Block] = []
    for at, block in enumerate(blocks):
        if at not in lists:
            kept.append(block)
            continue
        stem = QUIZ.sub("", _before(blocks, at)) if QUIZ.match(_before(blocks, at)) else ""
        if stem:
            kept.pop()
        right = [place for place, item in enumerate(block.children) if item.checked]
        if len(right) == 1:
            texts = tuple(finished(write_blocks(item.children)) for item in block.children)
            items.append(FoundItem(finished(stem) or prompt, texts, right[0]))
        else:
            unclear.append(block)
    return kept, items, unclear


def _shown_code(prompt: str, body: Sequence[Block]) -> int:
    """How many blocks of code right below a question belong to it, since it asks what they do."""
    count = next((at for at, block in enumerate(body) if block.kind != "code"), len(body))
    return count if _ABOUT_CODE.search(prompt) else 0


def _as_list(block: Block) -> Block:
    """A paragraph whose lines are options `A) …`, `B) …` as a list of them; any other block as it is."""
    lines = lines_of(block.text) if block.kind == "para" else []
    places = [entry[0] for line in lines if (entry := lettered(line))]
    if len(lines) < 2 or places != list(range(len(lines))):
        return block
    items = [Block("item", block.line, children=[Block("para", block.line, line)]) for line in lines]
    return Block("list", block.line, children=items)


def _joined(prompt: str, blocks: Sequence[Block]) -> str:
    return "\n\n".join(filter(None, (prompt, write_blocks(blocks))))


def _listed(prompt: str, options: Sequence[str]) -> str:
    return "\n".join((f"{prompt}\n", *(f"- {option}" for option in options)))


def _before(blocks: Sequence[Block], at: int) -> str:
    return blocks[at - 1].text if at and blocks[at - 1].kind == "para" else ""


def _is_quiz(block: Block) -> bool:
    return (
        block.kind == "list"
        and len(block.children) > 1
        and all(item.checked is not None for item in block.children)
    )


def _label(block: Block) -> str | None:
    return answer_label(block.text) if block.kind in ("para", "heading") else None


def _sides(body: Sequence[Block]) -> tuple[list[Block], list[Block], bool]:
    """What stands before and from the answer's label on, and whether there is one."""
    before: list[Block] = []
    for at, block in enumerate(body):
        label = _label(block)
        if label is not None:
            first = [Block("para", block.line, label)] if label.strip(" *_") else []
            return before, [*first, *_unlabelled(body[at + 1 :])], True
        if block.kind == "details" and is_hidden_answer(block.text):
            inner = _sides(block.children)
            shown = inner[1] if inner[2] and not inner[0] else _unlabelled(block.children)
            return before, [*shown, *_unlabelled(body[at + 1 :])], True
        if block.kind == "quote" and block.children and answer_label(block.children[0].text) is not None:
            return before, [*_unlabelled(block.children), *_unlabelled(body[at + 1 :])], True
        before.append(block)
    return before, [], False


def _unlabelled(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without the labels that only say that an answer follows."""
    kept: list[Block] = []
    for block in blocks:
        label = _label(block)
        if label is None:
            kept.append(block)
        elif label.strip(" *_"):
            kept.append(Block("para", block.line, label))
    return kept


def _options(blocks: Sequence[Block]) -> tuple[int, list[str], bool] | None:
    """The place of the last list that could be options, their texts, and whether numbers name them."""
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        if block.kind == "list" and 2 <= len(block.children) <= 8:
            texts = [write_blocks(item.children) for item in block.children]
            found = [lettered(text) for text in texts]
            if all(found):
                return at, [entry[1] for entry in found if entry], False
            return at, texts, block.children[0].level > 0
    return None


def _keyed(
    before: list[Block], answer: list[Block], options: tuple[int, list[str], bool], prompt: str
) -> tuple[list[Block], list[Block], FoundItem | None]:
    """Makes an item of options and an answer that names one of them.

    Returns:
        What is left of what stands before the answer, and of the answer; the item, None where no option is named.
    """
    at, texts, numbered = options
    rest = before[at + 1 :]
    first = answer[0] if answer else None
    keys, more = keys_of(first.text, texts, numbered=numbered) if first and first.kind == "para" else ([], "")
    if not keys and first and first.kind == "para":
        keys, more = keys_of(first.text, texts, numbered=False)
    right = [marked_right(text) for text in texts]
    if not keys and sum(text is not None for text in right) == 1:
        keys = [place for place, text in enumerate(right) if text is not None]
        texts, more = (
            [text if text is not None else texts[n] for n, text in enumerate(right)],
            first.text if first else "",
        )
    if len(keys) != 1 or first is None:
        return rest, answer, None
    left = [Block("para", first.line, more)] if more else []
    return rest, [*left, *answer[1:]], FoundItem(prompt, tuple(map(finished, texts)), keys[0])
