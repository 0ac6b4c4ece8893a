"""What counts as an answer, until when, and how long texts become messages."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.drills import LIFETIME, Drill, DrillState, Mode

_NOT_TEXT = re.compile(r"<a?:\w+:\d+>|<[@#][!&]?\d+>|:\w+:|[0-9#*]\ufe0f?\u20e3")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_ALNUM = re.compile(r"[^\W_]")
_LINK = re.compile(r"<?https?://\S+", re.IGNORECASE)


class AnswerStatus(StrEnum):
    """How an answer stands: on time, late, or too short to count yet."""

    ON_TIME = "on_time"
    LATE = "late"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Size:
    """How much a text says: its different words, and their characters."""

    words: int
    chars: int


def measure(text: str) -> Size:
    """How much a text says in words of its own: a repeated one counts once, links, emoji and mentions not at all.

    A sign that is twice as wide as a letter, as in Chinese, counts as two characters.
    """
    plain = _NOT_TEXT.sub(" ", _LINK.sub(" ", text))
    # Whole texts are looked at only for what they have beyond ASCII: sign by sign takes long.
    emoji = {char for char in _BEYOND_ASCII.findall(plain) if _is_emoji(char)}
    letters = plain.translate(dict.fromkeys(map(ord, emoji), " ")) if emoji else plain
    words = dict.fromkeys(word.casefold() for word in letters.split() if _ALNUM.search(word))
    said = " ".join(words)
    wide = sum(unicodedata.east_asian_width(char) == "W" for char in _BEYOND_ASCII.findall(said))
    return Size(len(words), len(said) + wide)


def _is_emoji(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sk", "Cs", "Cf", "Mn")


def counts(text: str, has_file: bool, min_words: int = 8, min_chars: int = 60) -> bool:
    """Whether an answer is substantial: different words, their characters, or a file."""
    size = measure(text)
    return has_file or size.words >= min_words or (size.words > 0 and size.chars >= min_chars)


def join(texts: Sequence[str]) -> str:
    """The whole answer from its messages in order."""
    return "\n\n".join(text.strip() for text in texts if text.strip())


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """From how many words, or from how many characters on, an answer counts."""

    min_words: int
    min_chars: int

    def enough(self, texts: Sequence[str], has_file: bool) -> bool:
        """Whether an answer of these messages and forms is long enough; a file always is."""
        return counts(join(texts), has_file, self.min_words, self.min_chars)


def takes_answers(drill: Drill, at: datetime, *, counted: bool) -> bool:
    """Whether words written at an instant belong to an answer to a drill, and not to the discussion.

    Args:
        counted: the member's answer counts already, so that nothing is added to it once the drill has ended.
    """
    posted = drill.state in (DrillState.OPEN, DrillState.CLOSED)
    if not posted or (drill.opened_at is not None and at < drill.opened_at):
        return False
    if drill.ends is None or at < drill.ends:
        return True
    return at < drill.ends + LIFETIME and not counted


def hides_answers(drill: Drill, at: datetime) -> bool:
    """Whether nobody may read answers at an instant: only the form takes them until a blind drill is revealed."""
    return drill.mode is Mode.BLIND and (drill.ends is None or at < drill.ends)


def status_at(drill: Drill, at: datetime) -> AnswerStatus:
    """How an answer counts that is long enough at an instant."""
    return AnswerStatus.ON_TIME if drill.ends is None or at < drill.ends else AnswerStatus.LATE
