"""What `/help` says."""

from collections.abc import Sequence

from bot.ui.kit.layouts import Page

HOW = (
    "### How it works\nEvery practice day I post one question. Answer in its thread, by replying to it, or with "
    "the button **Answer**. Answer in time to keep your streak: ✅ counts, 🕒 came late, ✏️ is too short so far. "
    "When the next question comes, the model answer of the last one appears in its thread. A 👍 on "
    "somebody's answer is a vote: it brings them a point, and the answer with the most votes is named the best."
)
FOOT = "-# Mockingbird is for practice. It must not be used to select people for jobs."


def help_page(members: Sequence[tuple[str, str]], managers: Sequence[tuple[str, str]]) -> Page:
    """How the day goes, and the commands for members and for managers: (name, description) each."""
    blocks = [HOW, "### Commands\n" + _lines(members)]
    if managers:
        blocks.append("### For managers\n" + _lines(managers))
    return Page(*blocks, FOOT)


def _lines(commands: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"`/{name}` {description}" for name, description in commands)
