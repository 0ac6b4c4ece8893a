"""What somebody reads in place of an answer while its question is open."""

from collections.abc import Mapping
from datetime import datetime

from bot.ui.kit.words import Sentence


def _open(wording: str, link: str, closing: datetime) -> str:
    return (
        f"### {wording}\nThis question is [open right now]({link}), so its answer stays back until you've given "
        f"yours. For everybody it comes <t:{int(closing.timestamp())}:R>."
    )


KEPT_BACK = "This question is open right now, so its answer stays back until you've given yours or it closes."
REFUSALS: Mapping[str, Sentence] = {"spoilers.open": _open}
