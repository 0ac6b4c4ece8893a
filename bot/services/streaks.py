"""A member's streak in a track, always computed from answers."""

from bot.domain.answers import Status
from bot.domain.streak import Outcome, Streak, fold
from bot.domain.tracks import DrillState
from bot.storage import answers
from bot.storage.engine import Database


class StreakService:
    """Reads streaks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of(self, track_id: int, member_id: int) -> Streak:
        """The streak over the track's posted drills up to the newest."""
        history = await self._db.read(lambda conn: answers.history(conn, track_id, member_id))
        return fold(_outcome(state, status) for _, state, status in history)


def _outcome(state: str, status: str | None) -> Outcome:
    if status == Status.ON_TIME:
        return Outcome.ANSWERED
    return Outcome.OPEN if state == DrillState.OPEN else Outcome.MISSED
