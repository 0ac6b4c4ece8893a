"""How many take part in a track, and who no longer does: for its managers alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.domain.schedule import local_date
from bot.domain.tracks import Track
from bot.services.use_cases import Service, reads
from bot.storage import away, members, participation

WEEK = 7
WINDOW = timedelta(days=2 * WEEK)
LISTED = 20


@dataclass(frozen=True, slots=True)
class ParticipationWeek:
    """Seven dates with their answers (None where no question was posted), oldest first, and how many took part."""

    days: list[tuple[date, int | None]]
    members: int

    @property
    def answers(self) -> int:
        """All answers of the week."""
        return sum(count or 0 for _, count in self.days)


@dataclass(frozen=True, slots=True)
class Participation:
    """Two weeks up to today: the last seven dates, the seven before, and the dates that were missed."""

    now: ParticipationWeek
    before: ParticipationWeek
    members: int
    missed: list[date]

    @property
    def posted(self) -> bool:
        """Whether there was any question to answer."""
        return any(count is not None for _, count in (*self.before.days, *self.now.days))


@dataclass(frozen=True, slots=True)
class QuietMember:
    """Who took part before and has not for two weeks; `away_until` is the last day of their leave, if any."""

    name: str
    last_answer: datetime
    away_until: date | None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Some of the members who have been quiet, from the `at`-th on, and how many there are."""

    members: list[QuietMember]
    at: int
    total: int
    posted: bool


def participation_of(conn: Connection, track: Track, now: datetime) -> Participation:
    """The last two weeks of a track, in its zone."""
    today = local_date(now, track.zone)
    dates = [today - timedelta(days=back) for back in reversed(range(2 * WEEK))]
    counts = participation.per_date(conn, track.id, dates[0])
    people = participation.members(conn, track.id, dates[0], dates[WEEK], today)
    days = [(day, counts.get(day)) for day in dates]
    return Participation(
        now=ParticipationWeek(days[WEEK:], people.second),
        before=ParticipationWeek(days[:WEEK], people.first),
        members=people.both,
        missed=participation.missed(conn, track.id, dates[0]),
    )


def quiet_of(conn: Connection, track: Track, now: datetime, at: int) -> Quiet:
    """Who has been quiet, from the `at`-th on; a list that has become shorter begins again."""
    since, today = now - WINDOW, local_date(now, track.zone)
    found, total = participation.quiet(conn, track, since, at, LISTED)
    if not found and at:
        at = 0
        found, total = participation.quiet(conn, track, since, at, LISTED)
    ids = [member_id for member_id, _ in found]
    names = members.names(conn, track.guild_id, ids)
    until = away.away_until(conn, track.guild_id, ids, today)
    return Quiet(
        members=[QuietMember(names.get(who, ""), last, until.get(who)) for who, last in found],
        at=at,
        total=total,
        posted=bool(participation.per_date(conn, track.id, local_date(since, track.zone))),
    )


class ParticipationService(Service):
    """Reads from answers who takes part."""

    of = reads(participation_of)
    quiet = reads(quiet_of)
