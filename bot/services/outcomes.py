"""What posted drills mean for a member's streak: the one place that turns stored answers into outcomes."""

from collections.abc import Sequence

from bot.domain.answers import Status
from bot.domain.streak import Outcome
from bot.domain.tracks import DrillState
from bot.storage.answers import Past


def outcomes(rows: Sequence[Past]) -> list[Outcome]:
    """What each posted drill means for the streak."""
    return [outcome(row) for row in rows]


def outcome(row: Past) -> Outcome:
    """What one posted drill means: an answer on time counts on every day, then comes a repair, then away."""
    if row.status == Status.ON_TIME:
        return Outcome.ANSWERED
    if row.repaired:
        return Outcome.NEUTRAL
    if row.away:
        return Outcome.AWAY
    return Outcome.OPEN if row.state == DrillState.OPEN else Outcome.MISSED
