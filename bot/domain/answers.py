"""What counts as an answer, until when, and how long texts become messages."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.drills import LIFETIME, Drill, DrillState, Mode

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
