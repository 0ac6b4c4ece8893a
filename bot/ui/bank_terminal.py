"""What `bank` tells the operator at a command line, in English."""

from pathlib import Path
from typing import Any

from bot.domain.bank_imports import Found
from bot.ui.bank_imports import why_skipped
from bot.ui.kit.layouts import counted


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
