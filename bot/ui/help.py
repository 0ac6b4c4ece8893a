"""What `/help` says."""

from collections.abc import Sequence

from bot.ui.kit.catalog import N_, _
from bot.ui.kit.layouts import Page

HOW = (
    N_("Every practice day I post one question."),
    N_("Answer in its thread, by replying to it, or with the button **Answer**."),
    N_("Answer in time to keep your streak: ✅ counts, 🕒 came late, ✏️ is too short so far."),
    N_("When the next question comes, the model answer of the last one appears in its thread."),
    N_(
        "A 👍 on somebody's answer is a vote: it brings them a point, and the answer with the most votes is named "
        "the best."
    ),
)


def help_page(members: Sequence[tuple[str, str]], managers: Sequence[tuple[str, str]]) -> Page:
    """How the day goes, and the commands for members and for managers: (name, description) each."""
    how = " ".join(map(_, HOW))
    blocks = ["\n".join([_("### How it works"), how]), _list(_("### Commands"), members)]
    if managers:
        blocks.append(_list(_("### For managers"), managers))
    return Page(*blocks, _("-# Mockingbird is for practice. It must not be used to select people for jobs."))


def _list(head: str, commands: Sequence[tuple[str, str]]) -> str:
    return "\n".join([head, *(f"`/{name}` {description}" for name, description in commands)])
