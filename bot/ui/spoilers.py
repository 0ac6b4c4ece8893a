"""What somebody reads in place of an answer while its question is open."""

from collections.abc import Mapping
from datetime import datetime

from bot.ui.kit.catalog import _
from bot.ui.kit.words import Sentence


def _open(wording: str, link: str, closing: datetime) -> str:
    return _(
        "### {question}\nThis question is [open right now]({link}), so its answer stays "
        "hidden until you've given yours. It comes out for everybody <t:{when}:R>.",
        question=wording,
        link=link,
        when=int(closing.timestamp()),
    )


REFUSALS: Mapping[str, Sentence] = {"spoilers.open": _open}


def kept_back_text() -> str:
    """Stands in place of an answer among others."""
    return _("This question is open right now, so its answer stays hidden until you've given yours or it closes.")
