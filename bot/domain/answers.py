"""What counts as an answer, and how long texts become messages."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

_NOT_TEXT = re.compile(r"<a?:\w+:\d+>|<[@#][!&]?\d+>|:\w+:|[0-9#*]\ufe0f?\u20e3")


class AnswerStatus(StrEnum):
    """How an answer stands: on time, late, or too short to count yet."""

    ON_TIME = "on_time"
    LATE = "late"
    SHORT = "short"


def _is_emoji(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sk", "Cs", "Cf", "Mn") and not char.isascii()


def counts(text: str, has_file: bool, min_words: int = 5, min_chars: int = 30) -> bool:
    """Whether an answer is substantial: words, characters or a file; emoji and mentions alone are not."""
    if has_file:
        return True
    plain = _NOT_TEXT.sub(" ", text)
    words = [word for word in plain.split() if any(char.isalnum() for char in word)]
    letters = "".join(char for char in " ".join(plain.split()) if not _is_emoji(char)).strip()
    return len(words) >= min_words or (bool(words) and len(letters) >= min_chars)


def join(texts: Sequence[str]) -> str:
    """The whole answer from its messages in order."""
    return "\n\n".join(text.strip() for text in texts if text.strip())
