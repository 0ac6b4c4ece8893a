"""Votes on answers: which reactions count, until when, and which answer they make the best."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.drills import LIFETIME, Drill, DrillState, Mode
from bot.domain.points import PAID_VOTES

THUMB = "👍"
_TONES = frozenset("🏻🏼🏽🏾🏿\N{VARIATION SELECTOR-16}")


def is_thumb(emoji: str) -> bool:
    """Whether a reaction is a 👍, in any skin tone."""
    return "".join(char for char in emoji if char not in _TONES) == THUMB


def votes_end(drill: Drill, next_closed: datetime | None) -> datetime | None:
    """When votes on a drill's answers end; None while nobody can tell.

    Open drills take votes as long as answers; blind ones from then on, until the track's next drill has closed
    (`next_closed`), but no longer than seven days.
    """
    if drill.mode is Mode.OPEN:
        return drill.ends
    if drill.closed_at is None:
        return None
    latest = drill.closed_at + LIFETIME
    return latest if next_closed is None else min(latest, next_closed)


def takes_votes(drill: Drill, at: datetime, next_closed: datetime | None) -> bool:
    """Whether a vote given or taken back at an instant counts."""
    if drill.state not in (DrillState.OPEN, DrillState.CLOSED) or drill.voted_until is not None:
        return False
    if drill.mode is Mode.BLIND and drill.closed_at is None:
        return False
    end = votes_end(drill, next_closed)
    return end is None or at < end


def paid(voters: Sequence[int]) -> Sequence[int]:
    """Of an answer's voters, first come first, those whose votes bring its author a point."""
    return voters[:PAID_VOTES]


def best(answers: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Of (answer, votes) in the order in which they came, the one with most votes, the earlier one at a tie."""
    voted = [pair for pair in answers if pair[1] > 0]
    return max(voted, key=lambda pair: pair[1], default=None)
