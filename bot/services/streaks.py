"""A member's streak in a track, always computed from answers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.away import Away
from bot.domain.drills import Drill
from bot.domain.schedule import local_date
from bot.domain.streaks import Outcome, Streak, fold
from bot.domain.tracks import Track
from bot.services import tracks
from bot.services.away import coming
from bot.services.repairs import RepairOffer, offer
from bot.services.use_cases import Service
from bot.storage import answers, drills, ledger, milestones, reminders
from bot.storage.answers import PastDrill, outcomes_of

SHOWN = 14
CALENDAR_WEEKS = 26


class StreakMark(StrEnum):
    """What a past question was for a member."""

    ON_TIME = "on time"
    LATE = "late"
    FREEZE = "freeze"
    MISSED = "missed"
    AWAY = "away"
    REPAIRED = "repaired"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class StreakDay:
    """A date that had a question, and what it was for the member."""

    date: date
    mark: StreakMark


@dataclass(frozen=True, slots=True)
class StreakNews:
    """What a member has to be told once.

    Attributes:
        spent: how many freezes were spent of which they have not been told.
        reminders_closed: reminders were switched off because Discord refused them, and nobody has told so yet.
    """

    spent: int
    reminders_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StreakView:
    """A streak with what `/streak` shows beside it.

    Attributes:
        today: the track's date now.
        days: the dates with a question since the member's first answer, oldest first.
        deeds: points beside those for answers in the weeks of the picture, by the track's dates.
        coming: away days to come.
        milestones: those that the member has reached in this track.
        offer: the miss that the member may repair now.
        waiting: the open question, where the member has not answered it.
        once: what the member has to be told once.
    """

    track: Track
    streak: Streak
    today: date
    days: tuple[StreakDay, ...]
    deeds: Mapping[date, int]
    coming: tuple[Away, ...]
    milestones: tuple[int, ...]
    offer: RepairOffer | None
    waiting: Drill | None
    once: StreakNews

    @property
    def recent(self) -> tuple[StreakDay, ...]:
        """The newest questions, oldest first."""
        return self.days[-SHOWN:]

    @property
    def calendar(self) -> tuple[StreakDay, ...]:
        """The questions of the weeks that the picture shows; the last one is this week."""
        return tuple(day for day in self.days if day.date >= self.calendar_start)

    @property
    def calendar_start(self) -> date:
        """The Monday on which the picture begins: that of the first answer's week, if it is not too long ago."""
        earliest = first_monday(self.today)
        if not self.days:
            return earliest
        return max(earliest, self.days[0].date - timedelta(days=self.days[0].date.weekday()))


def first_monday(today: date) -> date:
    """The Monday before which no picture reaches back."""
    return today - timedelta(days=today.weekday(), weeks=CALENDAR_WEEKS - 1)


def news_of(
    conn: Connection,
    guild_id: int,
    track_id: int,
    member_id: int,
    rows: Sequence[PastDrill],
    streak: Streak,
    *,
    telling: bool,
) -> StreakNews:
    """What a member has to be told once; `telling` records that they read it now."""
    told = answers.freeze_announced(conn, track_id, member_id) if streak.frozen_at else 0
    untold = [rows[at].drill_id for at in streak.frozen_at if rows[at].drill_id > told]
    closed = reminders.refusal_untold(conn, member_id)
    if untold and telling:
        answers.announce_freeze(conn, guild_id, track_id, member_id, max(untold))
    if closed and telling:
        reminders.mark_refusal_told(conn, member_id)
    return StreakNews(len(untold), closed)


def view(conn: Connection, track: Track, member_id: int, now: datetime, *, telling: bool) -> StreakView:
    """The streak as shown; `telling` records that the member reads now what has to be told once."""
    rows = answers.history(conn, track.id, member_id)
    streak, today = fold(outcomes_of(rows)), local_date(now, track.zone)
    since = datetime.combine(first_monday(today), time(), ZoneInfo(track.zone))
    deeds = ledger.deeds(conn, track.guild_id, track.id, member_id, since)
    points = Counter[date]()
    for entry in deeds:
        points[local_date(entry.happened_at, track.zone)] += entry.points
    return StreakView(
        track=track,
        streak=streak,
        today=today,
        days=tuple(days_of(rows, streak)),
        deeds=points,
        coming=coming(conn, track.guild_id, member_id, now),
        milestones=tuple(milestones.of_member(conn, track.id, member_id)),
        offer=offer(conn, track.id, member_id, rows, streak, now),
        waiting=drills.get(conn, rows[-1].drill_id) if rows and rows[-1].outcome is Outcome.OPEN else None,
        once=news_of(conn, track.guild_id, track.id, member_id, rows, streak, telling=telling),
    )


class StreakService(Service):
    """Reads streaks."""

    async def of(self, track_id: int, member_id: int) -> Streak:
        """The streak over the track's posted drills up to the newest."""
        return fold(outcomes_of(await self.read(answers.history, track_id, member_id)))

    async def in_channel(
        self, guild_id: int, channel_id: int, member_id: int, now: datetime, *, named: bool, telling: bool
    ) -> StreakView:
        """The streak in the track of a channel, else (unless it was named) in the server's only one.

        Args:
            telling: the member reads now what has to be told once; it writes only where there is such news.

        Raises:
            Refusal: there is no such track, or there are several.
        """
        find = partial(tracks.find, guild_id=guild_id, channel_id=channel_id, named=named)
        return await self._view(find, member_id, now, telling=telling)

    async def in_track(
        self, guild_id: int, track_id: int, member_id: int, now: datetime, *, telling: bool
    ) -> StreakView:
        """The streak in a track, like `in_channel`; raises Refusal when the track was removed."""
        find = partial(tracks.get, track_id=track_id, guild_id=guild_id)
        return await self._view(find, member_id, now, telling=telling)

    async def _view(
        self, find: Callable[[Connection], Track], member_id: int, now: datetime, *, telling: bool
    ) -> StreakView:
        found = await self._db.read(lambda conn: view(conn, find(conn), member_id, now, telling=False))
        if telling and (found.once.spent or found.once.reminders_closed):
            return await self._db.write(lambda conn: view(conn, find(conn), member_id, now, telling=True))
        return found


def days_of(rows: Sequence[PastDrill], streak: Streak) -> list[StreakDay]:
    """What each posted drill was, from the member's first answer on."""
    answered = (at for at, row in enumerate(rows) if row.status in (AnswerStatus.ON_TIME, AnswerStatus.LATE))
    first = next(answered, len(rows))
    return [StreakDay(row.date, _mark(row, at in streak.frozen_at)) for at, row in enumerate(rows) if at >= first]


def _mark(row: PastDrill, frozen: bool) -> StreakMark:
    match row.outcome:
        case Outcome.ANSWERED:
            return StreakMark.ON_TIME
        case Outcome.NEUTRAL:
            return StreakMark.REPAIRED
        case _ if frozen:
            return StreakMark.FREEZE
        case _ if row.status == AnswerStatus.LATE:
            return StreakMark.LATE
        case Outcome.AWAY:
            return StreakMark.AWAY
        case Outcome.OPEN:
            return StreakMark.OPEN
        case Outcome.MISSED:
            return StreakMark.MISSED
