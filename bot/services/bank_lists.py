"""Questions as lists that a person edits: Markdown and CSV that the importer reads back."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from bot.domain.bank_imports import FoundItem, FoundQuestion
from bot.storage.bank_blocks import plain_text, write_blocks
from bot.storage.bank_markup import read_blocks
from bot.storage.bank_wording import answer_label, is_asked, question_label

BREAK = "  \n"
_FORMULA = re.compile(r"'*\s*[=+\-@\t]")
_LEAD = re.compile(r"\s*(?:>\s?)*(?:(?:[-*+]|\d{1,9}[.)])\s+)?")
_LABEL_END = re.compile(r"[:.)\]-]")
_INNER = re.compile(r"(`+[^`]*`+)|(?<=\s)((?:\*\*)?(?:A|Ans|Answer)(?:\*\*)?\s*):", re.IGNORECASE)
_TAG = re.compile(r"(`+[^`]*`+)|<(?=/?[a-zA-Z]|!--)")


def markdown_list(questions: Sequence[FoundQuestion], title: str) -> str:
    """Questions under headings of their topics, each with its answer and its quiz items below."""
    lines = [] if any(question.topic is None for question in questions) else [f"# {title}"]
    topic: str | None = None
    # Those without a topic stand first: below a heading they would belong to it.
    for question in sorted(questions, key=lambda question: question.topic is not None):
        if question.topic != topic:
            topic = question.topic
            lines.append(f"## {topic}")
        lines += _question(question)
    return "\n\n".join(lines) + "\n"


def _question(question: FoundQuestion) -> Iterator[str]:
    first, _, rest = question.prompt.partition("\n")
    number = "" if question.number is None else str(question.number)
    # What does not look like a question says that it is one.
    lead = f"{number}. " if number and is_asked(first) else "" if is_asked(first) else f"Q{number}: "
    yield f"### {lead}{_guarded(first)}"
    answer = _editable(question.answer or "")
    quizzes = [_quiz(item) for item in question.items]
    if rest.strip() or answer.startswith("```"):
        yield from filter(None, (_editable(rest), *quizzes, "**Answer:**", answer))
    else:
        yield from filter(None, (answer, *quizzes))


def _quiz(item: FoundItem) -> str:
    options = (
        f"- [{'x' if at == item.correct else ' '}] {_guarded(option)}".replace("\n", f"{BREAK}  ")
        for at, option in enumerate(item.options)
    )
    return "\n".join((f"**Quiz:** {_guarded(item.stem)}".replace("\n", BREAK), "", *options))


def _editable(text: str) -> str:
    """A text whose line breaks stay where they are, and in which nothing is taken for a mark of the list."""
    lines: list[str] = []
    fenced = False
    for line in write_blocks(read_blocks(text), soft=BREAK, hard=BREAK).split("\n"):
        fenced ^= line.lstrip("> ").startswith("```")
        lines.append(line if fenced else _guarded(line))
    return "\n".join(lines)


def _guarded(line: str) -> str:
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    rest = _TAG.sub(lambda found: found[1] or "\\<", line[start:])
    if question_label(rest) is not None or answer_label(rest) is not None or rest.startswith("**Quiz:**"):
        rest = _LABEL_END.sub(lambda found: f"\\{found[0]}", rest, count=1)
    rest = _INNER.sub(lambda found: found[1] or f"{found[2]}\\:", rest)
    if re.match(r"\[(?:[ xX]\]|[^\]]*\]:)", rest):
        rest = f"\\{rest}"
    return f"{line[:start]}{rest}"


def csv_list(questions: Sequence[FoundQuestion]) -> str:
    """Questions as rows for a spreadsheet; more items of one question follow in rows of their own."""
    most = max((len(item.options) for question in questions for item in question.items), default=0)
    options = [f"option {at + 1}" for at in range(most)]
    quiz = ["quiz", *options, "correct"] if most else []
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["number", "topic", "difficulty", "question", "answer", *quiz])
    for question in questions:
        head = [str(question.number or ""), question.topic or "", str(question.difficulty or "")]
        items = [_row(item, most) for item in question.items] or [[""] * len(quiz)]
        rows.writerow(_safe([*head, question.prompt, question.answer or "", *items[0]]))
        rows.writerows(_safe(["", "", "", "", "", *item]) for item in items[1:])
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    return f"\ufeff{file.getvalue()}"


def _row(item: FoundItem, most: int) -> list[str]:
    plain = [plain_text(option) for option in item.options]
    letters = all(len(option) > 1 for option in plain)
    correct = "ABCDEFGH"[item.correct] if letters else item.options[item.correct]
    return [item.stem, *item.options, *[""] * (most - len(item.options)), correct]


def _safe(cells: Sequence[str]) -> list[str]:
    """Cells that no spreadsheet takes for formulas."""
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells]
