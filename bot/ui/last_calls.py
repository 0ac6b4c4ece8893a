"""Last calls as people read them: one line that names nobody."""

from datetime import datetime

from bot.services.answers import Turnout
from bot.ui.kit.catalog import _, ngettext
from bot.ui.kit.layouts import Page


def last_call_page(closes: datetime, turnout: Turnout) -> Page:
    """What a quiet thread reads before its question closes."""
    when = f"<t:{int(closes.timestamp())}:R>"
    if not turnout.answered:
        return Page(_("⏳ Last call: this question closes {when}, and nobody has answered yet.", when=when))
    return Page(
        ngettext(
            "⏳ Last call: this question closes {when}. {number} of {members} has answered so far.",
            "⏳ Last call: this question closes {when}. {number} of {members} have answered so far.",
            turnout.answered,
            members=turnout.members,
            when=when,
        )
    )
