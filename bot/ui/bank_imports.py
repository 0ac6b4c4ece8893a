"""What an import found, what it left out and why, and why a file cannot be read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.domain.bank_imports import Found, SkippedText
from bot.ui.kit.layouts import counted
from bot.ui.kit.words import Sentence, say


def _right_options(count: int) -> str:
    marked = f"{count} options are" if count else "no option is"
    return f"{marked} marked right and a quiz item needs one; I kept the question without it"


SKIPS: Mapping[str, Sentence] = {
    "bank.answer_long": "the answer has {chars:,} characters and a form holds {most:,}; I cut it at a paragraph",
    "bank.asked_twice": "the same question is on line {line}; I took it once",
    "bank.column_unknown": "I don't know this column, so I left it out",
    "bank.control_lines": "{count} lines have control characters, this one first; I left the characters out",
    "bank.control_signs": "a control character ({sign}) can't be shown; I left it out",
    "bank.formula": "this looks like a spreadsheet formula; I put an apostrophe in front so that it stays text",
    "bank.key_twice": "the key “{key}” stands twice in one object; I took the first",
    "bank.line_not_json": "from here on this isn't valid JSON",
    "bank.more": "{count:,} more places like these follow",
    "bank.no_column": "I can't tell which column has the questions; name it “question”",
    "bank.no_question": "there is no question in this entry; give it a “question”",
    "bank.no_wording": "the question has no words",
    "bank.not_asked": "I can't tell that this is a question; end it with a question mark or number it",
    "bank.not_utf8": "the file isn't UTF-8; I read it as {name}, so look at its accents",
    "bank.option_long": "an option has {chars:,} characters, more than {most:,}; I left the quiz item out",
    "bank.options_alike": "two options are the same; I left the quiz item out",
    "bank.options_count": "a quiz item has {least} to {most} options, this one {count}; I left it out",
    "bank.outside": "this belongs to no question",
    "bank.paragraph_long": "this paragraph is too long for any card",
    "bank.part_long": "a part of it is longer than a card holds; I kept question, answer and quiz items",
    "bank.points_left": "a form ticks {most} key points of {chars} characters; I left out the others",
    "bank.prompt_long": "the question has {chars:,} characters and fits no card beyond {most:,}; shorten it",
    "bank.quotes": "a quotation mark isn't closed or isn't doubled; I read this line as it stands",
    "bank.right_options": _right_options,
    "bank.row_empty": "this row has no question",
    "bank.stem_long": "a quiz item's question has {chars:,} characters, more than {most:,}; I left it out",
    "bank.too_many": "I take {most:,} questions from one file; split it from here on",
    "bank.topic_long": "the topic has {chars:,} characters; I cut it to {most:,}",
}
"""Why something in a file was not taken as it stands, by code."""


def _too_large(size: int) -> str:
    return f"This file has {size / 1024 / 1024:.1f} MB, and I read 5 MB at most. Split it in two."


def _export_large(size: int, most: int) -> str:
    have, take = (f"{number / 1024 / 1024:.1f} MB" for number in (size, most))
    return f"This file would have {have}, and I can send {take} here. Try `format:csv`, which is smaller."


def _export_several(packs: Sequence[str]) -> str:
    return f"A file holds one pack. Name one of: {', '.join(f'`{pack}`' for pack in packs)}."


REFUSALS: Mapping[str, Sentence] = {
    "bank.export_empty": "`{pack}` has no questions now, so there's nothing to export. Name another `pack`.",
    "bank.export_large": _export_large,
    "bank.export_several": _export_several,
    "bank.file_binary": "This isn't a text file. Save it as CSV, JSON, YAML or Markdown and try again.",
    "bank.file_empty": "This file is empty. Write your questions into it and try again.",
    "bank.file_encoding": "I can't tell how this file is encoded (line {line}). Save it as UTF-8 and try again.",
    "bank.file_format": "I can't read “.{ending}” files. Save it as .csv, .json, .yaml or .md and try again.",
    "bank.file_large": _too_large,
    "bank.file_lost": "I couldn't get that file from Discord. Nothing was stored; please send it again.",
    "bank.file_no_question": (
        "I found no question in this file. Give each one a number, a heading or a question mark, and try again."
    ),
    "bank.file_slow": "This file takes me too long to read. Split it into smaller ones and try again.",
    "bank.import_asked": (
        "`{question_id}` has been asked already, so I left them all in. `/bank retire` takes single ones out."
    ),
    "bank.import_done": "This file is imported already. `/bank packs` shows what you have.",
    "bank.import_gone": (
        "This preview is out of date, and nothing of it is stored. `/bank import` reads your file again."
    ),
    "bank.import_nothing": "All of these questions are in `{pack}` already, so there's nothing to add.",
    "bank.import_undone": "This import was taken back already. `/bank import` reads your file again.",
    "bank.json_number": "This file has a number with thousands of digits. Write it as text, in quotation marks.",
    "bank.not_json": "Line {line} isn't valid JSON: {about}.",
    "bank.too_deep": "This file is nested too deep to be a list of questions.",
    "bank.yaml_alias": "Line {line}: “{about}” refers to another place in the file. Write its text there instead.",
    "bank.yaml_deep": "Line {line} is nested more than {about} levels deep, too deep for a list of questions.",
    "bank.yaml_invalid": "Line {line} isn't valid YAML: {about}.",
    "bank.yaml_sign": "Line {line} has a control character ({about}). Delete it and try again.",
    "bank.yaml_twice": "Line {line}: the key “{about}” is there a second time. Keep one of them.",
}


def why_skipped(skipped: SkippedText) -> str:
    """Why something was not taken, in a sentence."""
    return say(SKIPS[skipped.why.code], skipped.why.values)


def found_json(found: Found) -> dict[str, Any]:
    """What an import found, for other programs."""
    return {
        "questions": [
            {
                "prompt": question.prompt,
                "answer": question.answer,
                "topic": question.topic,
                "number": question.number,
                "items": [
                    {"stem": item.stem, "options": list(item.options), "correct": item.correct}
                    for item in question.items
                ],
            }
            for question in found.questions
        ],
        "skipped": [
            {"line": skipped.line, "text": skipped.text, "why": why_skipped(skipped)} for skipped in found.skipped
        ],
    }


def found_lines(found: Found, each: int = 10) -> list[str]:
    """What an import found, for a reader: its counts by topic, and what was left out with its lines."""
    topics: dict[str, int] = {}
    for question in found.questions:
        name = question.topic or "no topic"
        topics[name] = topics.get(name, 0) + 1
    answers = sum(question.answer is not None for question in found.questions)
    items = sum(len(question.items) for question in found.questions)
    lines = [
        f"{counted(len(found.questions), 'question')} in {counted(len(topics), 'topic')}, "
        f"{answers:,} with an answer, {counted(items, 'quiz item')}",
        *(f"  {count:>4}  {name}" for name, count in topics.items()),
    ]
    if found.skipped:
        lines.append("Look at these lines:")
        lines += [f"  line {s.line}: {why_skipped(s)}: “{s.text}”" for s in found.skipped[:each]]
        if (more := len(found.skipped) - each) > 0:
            lines.append(f"  and {more:,} more")
    return lines


def nothing_stored() -> str:
    """Where questions go from the command line."""
    return (
        "Nothing is stored: this only tells what's in the file. --to FOLDER writes a pack, and the bot reads all "
        "packs in the folder that MOCKINGBIRD_PACKS_DIR names."
    )


def pack_written(folder: Path, left: int) -> str:
    """A pack was written; `left` quiz items could not be."""
    lost = (
        f" {counted(left, 'quiz item')} stayed behind: in a pack each wrong option says why it's wrong."
        if left
        else ""
    )
    return f"Wrote a pack into {folder}.{lost} `bank check {folder.parent}` tells what it still lacks."
