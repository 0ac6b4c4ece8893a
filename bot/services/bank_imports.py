"""Reads files of questions that people bring: what was found, and what was not understood, with its lines."""

from dataclasses import replace

from bot.domain.bank_imports import (
    QUESTIONS,
    SKIPPED,
    Found,
    FoundQuestion,
    SkippedText,
    fitting,
    same_question,
    skip,
)
from bot.domain.errors import Refusal
from bot.storage.bank_csv import read_csv
from bot.storage.bank_documents import read_json, read_yaml_questions
from bot.storage.bank_markdown import read_markdown
from bot.storage.bank_rows import read_rows
from bot.storage.bank_text import read_text

_BY_ENDING = {
    "csv": "csv",
    "tsv": "csv",
    "json": "json",
    "jsonl": "json",
    "ndjson": "json",
    "yaml": "yaml",
    "yml": "yaml",
    "md": "md",
    "markdown": "md",
    "mdown": "md",
    "mkd": "md",
    "txt": "md",
    "text": "md",
}


def find_questions(data: bytes, name: str) -> Found:
    """The questions of a file, as a card and a form can carry them, in the order of the file.

    Args:
        data: the file's bytes, 5 MB at most.
        name: its name: the ending says what it is.

    Raises:
        Refusal: the file cannot be read at all: `bank.file_…`, `bank.not_json`, `bank.too_deep`, `bank.yaml_…`.
    """
    text, told = read_text(data)
    found = _read(text, _format(name, text))
    skipped = [*told, *found.skipped]
    kept: list[FoundQuestion] = []
    seen: dict[tuple[str, str | None], FoundQuestion] = {}
    for question in found.questions:
        fit, why = fitting(question)
        skipped += why
        if fit is None:
            continue
        key = (same_question(fit.prompt), fit.topic)
        if key in seen:
            skipped.append(skip(fit.line, fit.prompt, "bank.asked_twice", line=seen[key].line))
        elif len(kept) == QUESTIONS:
            skipped.append(skip(fit.line, fit.prompt, "bank.too_many", most=QUESTIONS))
            break
        else:
            kept.append(fit)
            seen[key] = fit
    skipped.sort(key=_line)
    if len(skipped) > SKIPPED:
        more = skip(skipped[SKIPPED].line, "", "bank.more", count=len(skipped) - SKIPPED)
        skipped = [*skipped[:SKIPPED], more]
    return replace(found, questions=tuple(kept), skipped=tuple(skipped))


def _line(told: SkippedText) -> int:
    return told.line


def _format(name: str, text: str) -> str:
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending:
        if ending not in _BY_ENDING:
            raise Refusal("bank.file_format", ending=ending[:20])
        return _BY_ENDING[ending]
    return "json" if text.lstrip()[:1] in ("{", "[") else "md"


def _read(text: str, form: str) -> Found:
    match form:
        case "csv":
            return read_csv(text)
        case "json":
            return read_json(text)
        case "yaml":
            return read_yaml_questions(text)
        case _:
            return read_markdown(text, lambda rows, topic: read_rows(rows, topic, must_ask=True))
