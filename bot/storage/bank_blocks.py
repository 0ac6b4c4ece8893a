"""A document as blocks, which its readers fill, and their text as Discord shows it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SOFT = "\x0b"
"""Where a line ends inside a paragraph. Files are read without control signs, so that no text has it."""
HELD = "\x0e"
"""Stands before a sign that its author has escaped: the text there is no mark of ours, such as `Answer:`."""


@dataclass(slots=True)
class Block:
    """A piece of a document.

    Attributes:
        kind: heading, para, code, list, item, quote, table, rule, or details.
        line: where it begins, from 1 on.
        text: its Markdown; of details their summary.
        level: of a heading; of an item its number, 0 in lists without.
        checked: of an item, whether its box is ticked; None without a box.
        rows: of a table, with the line of each.
        anchored: whether it is nothing but links to places in its own document.
    """

    kind: str
    line: int
    text: str = ""
    level: int = 0
    checked: bool | None = None
    children: list["Block"] = field(default_factory=list["Block"])
    rows: list[tuple[int, list[str]]] = field(default_factory=list[tuple[int, list[str]]])
    anchored: bool = False


def finished(text: str, soft: str = " ") -> str:
    """A paragraph's text without the signs that only the reader needs."""
    return text.replace(SOFT, soft).replace(HELD, "").strip()


def write_blocks(blocks: Iterable[Block], soft: str = " ", hard: str = "\n") -> str:
    """Markdown that Discord shows: tables as code, deep headings in bold, no rules.

    Args:
        soft, hard: what is written where a line ends inside a paragraph, and where its author broke it.
    """
    return "\n\n".join(filter(None, (_written(block, soft, hard) for block in blocks)))


def _written(block: Block, soft: str, hard: str) -> str:
    if block.kind == "heading":
        return f"**{finished(block.text, ' ').replace('**', '')}**"
    if block.kind == "para":
        return hard.join(line.strip() for line in finished(block.text, "\n" if soft == hard else soft).split("\n"))
    if block.kind == "code":
        return block.text
    if block.kind == "table":
        return table_text([cells for _, cells in block.rows])
    if block.kind == "quote":
        inner = write_blocks(block.children, soft, hard)
        return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
    if block.kind == "details":
        head = f"**{finished(block.text).replace('**', '')}**" if block.text else ""
        return "\n\n".join(filter(None, (head, write_blocks(block.children, soft, hard))))
    if block.kind == "list":
        return "\n".join(_entry(item, soft, hard) for item in block.children)
    return ""


def _entry(item: Block, soft: str, hard: str) -> str:
    mark = f"{item.level}. " if item.level else "- "
    inner = "\n".join(filter(None, (_written(block, soft, hard) for block in item.children)))
    box = {None: "", True: "[x] ", False: "[ ] "}[item.checked]
    return f"{mark}{box}{inner}".replace("\n", f"\n{' ' * len(mark)}").rstrip()


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """A table as a block of code with aligned columns."""
    plain = [[plain_text(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in plain if at < len(row)) for at in range(max(map(len, plain), default=0))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in plain
    ]
    if len(lines) > 1:
        lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(["```", *lines, "```"])


def plain_text(text: str) -> str:
    """A text without the marks of emphasis, code and links."""
    bare = re.sub(r"!?\[([^\[\]]*)\]\([^()\s]*\)", r"\1", finished(text))
    return " ".join(re.sub(r"\*\*|__|~~|`|(?<!\w)[*_]|[*_](?!\w)|\\(?=\W)", "", bare).split())
