"""What `hints` tells the operator at a command line, in English."""

from collections.abc import Mapping

from bot.services.hint_scores import BadLine

LINES: Mapping[str, str] = {
    "encoding": "it isn't UTF-8",
    "json": "it isn't JSON ({problem} at character {at})",
    "depth": "it's nested too deeply",
    "form": "{place}: {problem}",
}


def bad_line(line: BadLine) -> str:
    """What is wrong with a line that was to be scored."""
    problem = LINES[line.problem.code].format(**line.problem.values)
    return f"Line {line.number} can't be scored: {problem}."
