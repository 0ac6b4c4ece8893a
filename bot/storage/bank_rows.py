"""Finds questions in rows and records (tables, CSV, objects) by the names that people give their columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.bank import Difficulty
from bot.domain.bank_imports import Found, FoundItem, FoundQuestion, SkippedText, skip
from bot.storage.bank_blocks import plain_text
from bot.storage.bank_wording import (
    is_asked,
    is_placeholder,
    keys_of,
    lettered,
    marked_right,
    number_label,
    question_label,
)
from bot.storage.bank_yaml import Value

NAMES: Mapping[str, str] = {
    name: field
    for field, names in {
        "question": "question|questions|prompt|q|front|interview question|question text|wording|query|problem|ask",
        "answer": "answer|answers|a|back|model answer|response|solution|sample answer|ideal answer|key answer"
        "|explanation|expected answer",
        "topic": "topic|topics|category|categories|section|subject|chapter|area|module|tag|tags|group|deck|theme",
        "number": "number|no|nr|num|#|n|id|index|s no|sr no|sl no|s no|question number|question no|№",
        "difficulty": "difficulty|level|difficulty level",
        "stem": "quiz|stem|quiz question|item",
        "options": "options|choices|alternatives|answer options|possible answers",
        "wrong": "incorrect answers|wrong answers|distractors",
        "correct": "correct|right|correct answer|correct option|right answer|right option|key|answer key"
        "|answer index|correct index|correct choice|solution index",
        "title": "title|name|text",
    }.items()
    for name in names.split("|")
}
"""Names of columns as people write them, in lower case and without punctuation, and what they hold."""
_OPTION = re.compile(
    r"(?:options?|choices?|answers?|alternatives?)\s*\(?([a-h]|[1-8])\)?|([a-h])|(?:wrong|incorrect|distractor)\s*(?:answer|option)?\s*([1-7])"
)


def field_of(name: str) -> str | None:
    """What a column or key of this name holds: a field, `option` with its place such as `option 0`, or None."""
    plain = re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).lower().strip() or name.strip()
    if plain in NAMES:
        return NAMES[plain]
    found = _OPTION.fullmatch(plain)
    if found is None:
        return None
    sign = found[1] or found[2] or found[3]
    return f"option {(int(sign) - 1) if sign.isdigit() else ord(sign) - ord('a')}"


def read_rows(
    rows: Sequence[tuple[int, Sequence[str]]], topic: str | None = None, *, must_ask: bool = False
) -> Found | None:
    """The questions of a table whose first row may name its columns.

    Args:
        rows: each with its line, from 1 on.
        topic: what rows without a topic of their own belong to.
        must_ask: whether the table may be about anything: then it needs a column of questions.

    Returns:
        What was found; None where a table `must_ask` and does not.
    """
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in rows if any(map(str.strip, cells))]
    if not rows:
        return None if must_ask else Found()
    head = [field_of(plain_text(name)) for name in rows[0][1]]
    told: list[SkippedText] = []
    if "question" not in head and "title" in head and (len(head) == 1 or "answer" in head):
        head[head.index("title")] = "question"
    if "question" in head:
        told = [
            skip(rows[0][0], name, "bank.column_unknown")
            for name, field in zip(rows[0][1], head, strict=True)
            if field is None and name and not must_ask
        ]
        rows = rows[1:]
    else:
        first = 1 if must_ask else 0
        columns = range(max(len(cells) for _, cells in rows))
        asked = [
            2 * sum(at < len(cells) and is_asked(cells[at]) for _, cells in rows[first:]) > len(rows[first:])
            for at in columns
        ]
        if True not in asked:
            if must_ask or len(columns) != 1:
                return (
                    None
                    if must_ask
                    else Found(skipped=(skip(rows[0][0], ", ".join(rows[0][1]), "bank.no_column"),))
                )
            asked = [True]
        at = asked.index(True)
        head = ["question" if n == at else "answer" if n == at + 1 else None for n in columns]
        if at and all(cells[0].isdigit() for _, cells in rows[first:] if cells):
            head[0] = "number"
        rows = rows[1:] if must_ask or (not any(map(is_asked, rows[0][1])) and len(columns) > 1) else rows
    questions: list[FoundQuestion] = []
    for line, cells in rows:
        named = [(field, cell) for field, cell in zip(head, cells, strict=False) if field and cell]
        record: dict[str, Value] = {}
        for field, cell in named:
            record.setdefault(field, cell)
        if "question" not in record and "stem" in record and questions:
            question, why = with_item(questions[-1], record, 1)
            questions[-1] = question
            told += why
        elif "question" not in record:
            told.append(skip(line, ", ".join(cells), "bank.row_empty"))
        else:
            # Where only the first row of a group names its topic, as in merged cells, the others share it.
            topic = text_of(record.get("topic")) or topic
            question, why = read_record(record, line, topic, counted_from=1)
            questions.append(question)
            told += why
    return Found(tuple(questions), tuple(told))


def read_record(
    record: Mapping[str, Value], line: int, topic: str | None = None, *, counted_from: int = 0
) -> tuple[FoundQuestion, list[SkippedText]]:
    """One question from its fields by their names as `field_of` gives them, and what there is to tell.

    Args:
        counted_from: what the number of a right option counts from: people count from 1, programs from 0.
    """
    prompt = text_of(record.get("question"))
    number = _number(record.get("number"))
    if number is None and (marked := question_label(prompt) or number_label(prompt)) is not None:
        number, prompt = marked
    answer = text_of(record.get("answer"))
    level = text_of(record.get("difficulty")).lower()
    question = FoundQuestion(
        prompt=prompt,
        line=line,
        answer=None if is_placeholder(answer) else answer,
        topic=text_of(record.get("topic")) or topic,
        number=number,
        difficulty=Difficulty(level) if level in list(Difficulty) else None,
    )
    return with_item(question, record, counted_from)


def with_item(
    question: FoundQuestion, record: Mapping[str, Value], counted_from: int = 0
) -> tuple[FoundQuestion, list[SkippedText]]:
    """A question with one more item, whose options and right one stand in a record; the same without options."""
    options, correct = _choices(record)
    if not options:
        return question, []
    stem, answer = text_of(record.get("stem")) or question.prompt, question.answer
    if correct is None and answer is not None:
        keys, rest = keys_of(answer, options, numbered=False)
        key, answer = (keys[0], rest or None) if len(keys) == 1 else (None, answer)
    else:
        key = _key(text_of(correct), options, counted_from)
    if key is not None:
        item = FoundItem(stem, tuple(options), key)
        return replace(question, answer=answer, items=(*question.items, item)), []
    told = [skip(question.line, stem, "bank.right_options", count=0)]
    if stem != question.prompt:
        return question, told
    return replace(
        question, prompt="\n".join((f"{question.prompt}\n", *(f"- {option}" for option in options)))
    ), told


def _key(text: str, options: Sequence[str], counted_from: int) -> int | None:
    """The position of the right option from its very text, its number or its letter."""
    plain = [plain_text(option).casefold() for option in options]
    if (said := plain_text(text).casefold()) in plain:
        return plain.index(said)
    keys = (
        [int(text) - counted_from]
        if re.fullmatch(r"[0-9]", text)
        else keys_of(text, list(options), numbered=False)[0]
    )
    return keys[0] if len(keys) == 1 and 0 <= keys[0] < len(options) else None


def _choices(record: Mapping[str, Value]) -> tuple[list[str], Value]:
    """The options of a record, and what it says about the right one."""
    correct, given = record.get("correct"), record.get("options")
    single = sorted((int(key[7:]), text_of(value)) for key, value in record.items() if key.startswith("option "))
    options = [text for _, text in single]
    if isinstance(given, str):
        sign = next((sign for sign in ("\n", "|", ";", ",") if sign in given), "\n")
        options += [part.strip() for part in given.split(sign) if part.strip()]
    elif isinstance(given, dict):
        keys = [key.casefold() for key in given]
        if (said := text_of(correct).casefold()) in keys:
            correct = text_of(list(given.values())[keys.index(said)])
        options += map(text_of, given.values())
    elif isinstance(given, list):
        for entry in given:
            text, right = _option(entry)
            correct = text if right else correct
            options.append(text)
    found = [entry for entry in map(lettered, options) if entry]
    if len(found) == len(options) and [at for at, _ in found] == list(range(len(options))):
        options = [text for _, text in found]
    if record.get("wrong"):
        wrong = record["wrong"]
        options = [
            text_of(correct),
            *(_option(entry)[0] for entry in (wrong if isinstance(wrong, list) else text_of(wrong).split("|"))),
        ]
    marked = [marked_right(option) for option in options]
    if correct is None and sum(text is not None for text in marked) == 1:
        options = [text or option for text, option in zip(marked, options, strict=True)]
        correct = next(text for text in marked if text is not None)
    return options, correct


def _option(entry: Value) -> tuple[str, bool]:
    """The text of an entry of a list of options, and whether it says that it is right."""
    if not isinstance(entry, dict):
        return text_of(entry), False
    fields = {key.lower(): value for key, value in entry.items()}
    right = next(
        (fields[name] for name in ("correct", "right", "is_correct", "iscorrect") if name in fields), False
    )
    text = next((fields[name] for name in ("text", "option", "answer", "value", "label") if name in fields), "")
    return text_of(text), text_of(right).lower() in ("true", "yes", "1")


def text_of(value: Value) -> str:
    """A value as text; lists and mappings as lists of Markdown."""
    if isinstance(value, list):
        return "\n".join(f"- {text_of(entry)}" for entry in value)
    if isinstance(value, dict):
        return "\n".join(f"- **{key}:** {text_of(entry)}" for key, entry in value.items())
    return "" if value is None else str(value).strip()


def _number(value: Value) -> int | None:
    found = re.fullmatch(r"(?:q|#)?\s*(\d{1,6})\.?", text_of(value), re.IGNORECASE)
    return int(found[1]) if found else None
