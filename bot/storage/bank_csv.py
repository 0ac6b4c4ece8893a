"""Reads files of rows: CSV with whatever delimiter and columns a spreadsheet wrote."""

import csv
import re
from collections.abc import Sequence

from bot.domain.bank_imports import QUESTIONS, Found, SkippedText, skip
from bot.storage.bank_rows import field_of, read_rows

DELIMITERS = ",;\t|"
ROWS = 2 * QUESTIONS
_SAMPLED = 50
_FORMULA = re.compile(r"\s*(?:=\s*[\w+\-@(\"']|[+\-@][\w.]+[(|!])")
_HELD = re.compile(r"'+\s*[=+\-@\t]")
"""An apostrophe with which a spreadsheet or our own export keeps a text from being a formula."""


def read_csv(text: str) -> Found:
    """The questions of a file of rows; formulas become texts, and are told."""
    named = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    skipped_lines = 0
    if named:
        text, skipped_lines = text[named.end() :], 1
    rows, broken = _rows(text, named[1] if named else _delimiter(text))
    told: list[SkippedText] = []
    kept: list[tuple[int, Sequence[str]]] = []
    if len(rows) > ROWS:
        told.append(skip(rows[ROWS][0], "", "bank.too_many", most=QUESTIONS))
    for line, cells in rows[:ROWS]:
        made: list[str] = []
        for cell in cells:
            if _HELD.match(cell):
                made.append(cell[1:])
            elif _FORMULA.match(cell):
                told.append(skip(line + skipped_lines, cell, "bank.formula"))
                made.append(f"'{cell.lstrip()}")
            else:
                made.append(cell)
        kept.append((line + skipped_lines, made))
    found = read_rows(kept) or Found()
    broken = [skip(one.line + skipped_lines, one.text, one.why.code, **one.why.values) for one in broken]
    return Found(found.questions, (*broken, *told, *found.skipped))


def _rows(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], list[SkippedText]]:
    """The rows with the lines on which they begin, and the quotation mark that nobody closed."""
    lines = text.split("\n")
    rows: list[tuple[int, list[str]]] = []
    told: list[SkippedText] = []
    at = 0
    while at < len(lines):
        reader = csv.reader(
            (f"{line}\n" for line in lines[at:]), delimiter=delimiter, skipinitialspace=True, strict=True
        )
        begun = 0
        try:
            for cells in reader:
                rows.append((at + begun + 1, [cell.strip() for cell in cells]))
                begun = reader.line_num
            break
        except csv.Error:
            # One bad row does not take the rest of the file with it: its first line is read as it stands.
            line = lines[at + begun]
            told.append(skip(at + begun + 1, line, "bank.quotes"))
            rows.append((at + begun + 1, [cell.strip().strip('"') for cell in line.split(delimiter)]))
            at += begun + 1
            if len(told) > _SAMPLED:
                rows += [
                    (n + 1, [cell.strip() for cell in lines[n].split(delimiter)]) for n in range(at, len(lines))
                ]
                break
    return rows, told


def _delimiter(text: str) -> str:
    """The sign that cuts the first rows into columns with names that we know, else into most columns."""
    head = "\n".join(text.split("\n")[:_SAMPLED])

    def fits(sign: str) -> tuple[int, bool, int]:
        rows = [cells for _, cells in _rows(head, sign)[0] if any(cells)]
        if not rows:
            return (0, False, 0)
        widths = [len(cells) for cells in rows]
        known = sum(field_of(name) is not None for name in rows[0])
        return (known, len(set(widths)) == 1 and widths[0] > 1, widths[0])

    return max(DELIMITERS, key=fits)
