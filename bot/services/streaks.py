"""A member's streak in a track, always computed from answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.answers import Status
from bot.domain.streak import Outcome, Streak, fold
from bot.domain.tracks import DrillState
from bot.storage import answers
from bot.storage.engine import Database

Row = tuple[int, str, str | None]
SHOWN = 14


@dataclass(frozen=True, slots=True)
class StreakView:
    """A streak with what `/streak` shows beside it.

    Attributes:
        recent: outcomes of the newest drills, oldest first; a freeze that saved the streak is at its position.
        frozen: positions in `recent` that cost a freeze.
        news: a freeze was spent of which the member has not been told.
    """

    streak: Streak
    recent: tuple[Outcome, ...]
    frozen: frozenset[int]
    late: frozenset[int]
    news: bool


class StreakService:
    """Reads streaks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of(self, track_id: int, member_id: int) -> Streak:
        """The streak over the track's posted drills up to the newest."""
        return fold(outcomes(await self._db.read(lambda conn: answers.history(conn, track_id, member_id))))

    async def view(self, guild_id: int, track_id: int, member_id: int, *, telling: bool) -> StreakView:
        """The streak as shown; `telling` notes that the member reads about a spent freeze now."""

        async def work(conn: AsyncConnection) -> StreakView:
            rows = await answers.history(conn, track_id, member_id)
            streak = fold(outcomes(rows))
            newest = rows[streak.frozen_at[-1]][0] if streak.frozen_at else 0
            news = newest > await answers.freeze_told(conn, track_id, member_id)
            if news and telling:
                await answers.tell_freeze(conn, guild_id, track_id, member_id, newest)
            first = max(0, len(rows) - SHOWN)
            return StreakView(
                streak,
                tuple(outcomes(rows[first:])),
                frozenset(at - first for at in streak.frozen_at if at >= first),
                frozenset(at for at, row in enumerate(rows[first:]) if row[2] == Status.LATE),
                news,
            )

        return await self._db.write(work)


def outcomes(rows: Sequence[Row]) -> list[Outcome]:
    """What each posted drill means for the streak."""
    return [_outcome(state, status) for _, state, status in rows]


def _outcome(state: str, status: str | None) -> Outcome:
    if status == Status.ON_TIME:
        return Outcome.ANSWERED
    return Outcome.OPEN if state == DrillState.OPEN else Outcome.MISSED
