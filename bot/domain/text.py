"""Texts that no feature owns: names as seen, links in Discord, pieces of messages, words, spelling."""

import re
import unicodedata
from collections.abc import Collection

JOINER = "\u200d"
"""Holds composed emoji together; other signs that cannot be seen are left out."""
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
"""Letters and signs that look like a space, with which people make names that nobody can see."""
_STOP_WORD = re.compile(
    r"""a|an|and|are|as|at|be|been|being|between|by|can|could|did|do|does|each|for|from|had|has|have|how|if|in|into|is
    |it|its|itself|may|might|most|must|of|off|on|one|or|our|should|so|some|such|than|that|the|their|them|then|there
    |these|they|this|those|to|under|up|was|were|what|when|where|which|while|who|whom|whose|why|will|with|would|you
    |your""",
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


def visible(name: str) -> str:
    """A name on one line without what cannot be seen; empty where nothing is left."""
    signs = (
        sign
        for sign in name.translate(_BLANK)
        if sign == JOINER or sign.isspace() or unicodedata.category(sign) not in _UNSEEN
    )
    return " ".join("".join(signs).split()).strip(f"{JOINER} ")


def link_to(guild_id: int, channel_id: int, message_id: int | None) -> str:
    """Where a message stands in a channel or thread; without a message the place itself."""
    place = f"https://discord.com/channels/{guild_id}/{channel_id}"
    return f"{place}/{message_id}" if message_id else place


MESSAGE_LIMIT = 2000
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


_FENCE = re.compile(r"```([\w+#.-]{1,20}(?=\n))?")
_END = "\n```"


def split_message(text: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Pieces of at most `limit` characters, cut at a paragraph, else a line, else a word, else hard.

    A block of code that goes on in the next piece is closed and opened again there; indentation stays.

    Args:
        limit: at least 60 characters.
    """
    pieces: list[str] = []
    rest = _BLANK_LINES.sub("", text).rstrip()
    while len(rest) > limit:
        cut = _cut(rest, limit)
        fence = _open_fence(rest[:cut])
        if fence is None:
            pieces.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip() if rest[cut] == " " else _BLANK_LINES.sub("", rest[cut:])
        else:
            cut = max(_cut(rest, limit - len(_END)), len(fence) + 2)
            pieces.append(rest[:cut].rstrip("\n") + _END)
            rest = f"{fence}\n{rest[cut:].removeprefix(chr(10))}"
    return [*pieces, rest] if rest else pieces


def _cut(text: str, limit: int) -> int:
    """Where a text is cut that is longer than a message."""
    head = text[: limit + 1]
    return next((at for mark in ("\n\n", "\n", " ") if (at := head.rfind(mark)) > limit // 3), limit)


def _open_fence(text: str) -> str | None:
    """How a block of code begins that a text leaves open."""
    found = list(_FENCE.finditer(text))
    return found[-1][0] if len(found) % 2 else None


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in order, cut to a stem so that forms of one word agree."""
    words = (word.lower() for word in _WORD.findall(text))
    return [_stem(word) for word in words if not _STOP_WORD.fullmatch(word)]


def _stem(word: str) -> str:
    for ending in ("'s", "’s", "ings", "ing", "edly", "ies", "ied", "ed", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def alike(text: str, known: Collection[str], limit: int, least: float) -> list[tuple[str, int]]:
    """The known texts that are nearly a text, with their positions, the nearest first.

    Args:
        least: how like they must be, of 100.
    """
    if not known:
        return []
    # What compares them is 3 MB of machine code, of which a bot has no use before somebody mistypes something.
    from rapidfuzz import fuzz, process

    found = process.extract(text, known, scorer=fuzz.ratio, limit=limit, score_cutoff=least)
    return [(one, at) for one, _, at in found]


def sorted_words(text: str) -> str:
    """A wording's words without capitals and signs in a fixed order: their likeness is that of two wordings."""
    from rapidfuzz.utils import default_process

    return " ".join(sorted(default_process(text).split()))
