"""What people and programs are told about hints."""

from collections.abc import Mapping

from bot.services.hint_scores import BadLine
from bot.ui.kit.words import Sentence, say

LINES: Mapping[str, Sentence] = {
    "encoding": "it isn't UTF-8",
    "json": "it isn't JSON ({problem} at character {at})",
    "depth": "it's nested too deeply",
    "form": "{place}: {problem}",
}


def bad_line(line: BadLine) -> str:
    """What is wrong with a line that was to be scored."""
    return f"Line {line.number} can't be scored: {say(LINES[line.problem.code], line.problem.values)}."
