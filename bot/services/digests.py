"""Use cases of the weekly digest: turn it on, claim what is due, tell of the week."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.domain import schedule
from bot.domain.bank import Bank, Item
from bot.domain.digests import DigestWeek, digest_plan, next_digest, told_week
from bot.domain.errors import Problem
from bot.domain.points import Ranked, week_key
from bot.domain.teams import Team, TeamScore
from bot.domain.tracks import Track
from bot.domain.votes import best
from bot.services.drills import ON_TIME, RETRY_FIRST, RETRY_MOST, DrillService
from bot.services.team_boards import Table, table_at
from bot.services.votes import BestAnswer, show_best
from bot.storage import boards, digests, tracks
from bot.storage.boards import BoardKey
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind

TOP = 3


@dataclass(frozen=True, slots=True)
class OwedDigest:
    """A digest that a channel is owed since an instant; `attempts` tells that an earlier try may have sent it."""

    id: int
    track: Track
    week: DigestWeek
    attempts: int
    since: datetime

    @property
    def key(self) -> str:
        """The ISO week."""
        return week_key(self.week.monday)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest tells.

    Attributes:
        answers, before: answers on each day of the week, and of the week before.
        people: how many members answered.
        top: the members with most points who do not stay off boards.
        teams: the leading team with its score, or those that share the lead; none where one team is all there is.
        missed: the quiz item that most members got wrong, and how many.
        left, total: questions not used yet, and all questions of the track's topics.
        posted: how many questions the week had.
    """

    track: Track
    week: DigestWeek
    answers: tuple[int, ...]
    before: tuple[int, ...]
    people: int
    top: list[Ranked]
    teams: list[tuple[Team, TeamScore]]
    best: BestAnswer | None
    missed: tuple[Item, int] | None
    left: int
    total: int
    posted: int


def leading(table: Table) -> list[tuple[Team, TeamScore]]:
    """The first of two or more teams, several where they share the lead."""
    if len(table.teams) < 2:
        return []
    return [(table.teams[row.team_id], row) for row in table.scores if row.rank == 1]


def replan(conn: Connection, track: Track, now: datetime) -> datetime | None:
    """Moves a track's next digest to where its zone, day and hour put it now, and returns when that is.

    What still fits stays. A week that was told already is not told again, so the next one comes a week later.
    """
    due, plan = next_digest(track, now), digest_plan(track)
    while due is not None and plan is not None:
        week = told_week(schedule.local_date(due, track.zone), track.zone)
        if not digests.claimed(conn, track.id, week_key(week.monday)):
            break
        _, due = schedule.next_post(plan, due)
    if due != track.digest_due_utc:
        tracks.schedule_digest(conn, track.id, due)
    return due


def owner(owed: OwedDigest) -> Owner:
    """The digest as the owner of its message."""
    return Owner(OwnerKind.DIGEST, owed.id, owed.track.guild_id, owed.since.isoformat())


def mark_sent(conn: Connection, owed: OwedDigest, message_id: int) -> None:
    """Records a digest's message; what was wrong with the channel is over."""
    digests.change(conn, owed.id, state=digests.SENT, message_id=message_id, retry_at=None)
    tracks.mend(conn, owed.track.id)


class DigestService:
    """Decides which digests are owed, and gathers what they tell.

    Args:
        late_limit: how late a digest may come after an outage.
    """

    def __init__(self, database: Database, drills: DrillService, bank: Bank, late_limit: timedelta) -> None:
        self._db = database
        self._drills = drills
        self._bank = bank
        self._late_limit = late_limit

    async def plan(self, track: Track, when: tuple[int, int] | None, now: datetime) -> Track:
        """Turns a track's digest on at (weekday, hour), or off, and returns the track as it is then."""
        day, hour = when or (None, None)

        def work(conn: Connection) -> Track:
            planned = tracks.set_digest(conn, track.id, day, hour)
            return replace(planned, digest_due_utc=replan(conn, planned, now))

        return await self._db.write(work)

    async def due(self, now: datetime) -> list[int]:
        """Ids of tracks whose digest is due."""
        return await self._db.read(lambda conn: digests.due(conn, now))

    async def claim(self, track_id: int, now: datetime) -> None:
        """Claims the newest due digest unless it is too late or a pause left nothing to tell; moves the plan on."""

        def work(conn: Connection) -> None:
            track = tracks.get(conn, track_id)
            plan = None if track is None else digest_plan(track)
            if track is None or plan is None or track.digest_due_utc is None or track.digest_due_utc > now:
                return
            dates = schedule.due_dates(plan, track.digest_due_utc, now)
            day, _ = schedule.split_late(plan, dates, now, self._late_limit)
            tracks.schedule_digest(conn, track.id, schedule.next_post(plan, now)[1])
            if day is None:
                return
            week = told_week(day, track.zone)
            if track.paused and not digests.posted_between(conn, track.id, week.monday, week.sunday):
                return
            # Owed since its instant: from there its lateness counts, whatever holds it up.
            since = schedule.instant(day, plan)
            digests.add(conn, track, week_key(week.monday), since, attempts=int(now - since > ON_TIME))

        await self._db.write(work)

    async def owed(self, now: datetime) -> list[OwedDigest]:
        """Digests whose message is owed; those that could not be sent within the late limit are given up."""

        def work(conn: Connection) -> list[OwedDigest]:
            digests.give_up(conn, now - self._late_limit)
            found: list[OwedDigest] = []
            for row in digests.owed(conn, now):
                track = tracks.get(conn, row.track_id)
                if track is not None and track.active and digest_plan(track) is not None:
                    monday = date.fromisoformat(f"{row.week}-1")
                    found.append(
                        OwedDigest(row.id, track, DigestWeek(monday, track.zone), row.attempts, row.claimed_at)
                    )
            return found

        return await self._db.write(work)

    async def given_up(self, track: Track) -> DigestWeek | None:
        """The week whose digest never came, until the next one has; None where all is well or digests are off."""
        newest = await self._db.read(lambda conn: digests.newest(conn, track.id))
        if digest_plan(track) is None or newest is None or newest.state != digests.MISSED:
            return None
        return DigestWeek(date.fromisoformat(f"{newest.week}-1"), track.zone)

    async def trying(self, owed: OwedDigest) -> None:
        """Records before a send that it may have happened: the next try looks first."""
        await self._db.write(lambda conn: digests.change(conn, owed.id, attempts=owed.attempts + 1))

    async def failed(self, owed: OwedDigest, now: datetime, problem: Problem) -> None:
        """Puts the next try off, twice as long each time, and keeps the reason for `/daily status`."""

        def work(conn: Connection) -> None:
            pause = min(RETRY_FIRST * 2 ** min(owed.attempts, 10), RETRY_MOST)
            digests.change(conn, owed.id, attempts=owed.attempts + 1, retry_at=now + pause)
            tracks.report(conn, owed.track.id, problem)

        await self._db.write(work)

    async def tell(self, owed: OwedDigest, now: datetime) -> Digest:
        """Gathers what a digest tells, as things stand."""
        track, week = owed.track, owed.week
        first, end = week.span
        key = BoardKey(track.guild_id, track.id, owed.key)

        def work(conn: Connection) -> Digest:
            now_answered = digests.answered(conn, track.id, first, end)
            earlier = digests.answered(conn, track.id, *week.before.span)
            winner = best(digests.voted(conn, track.guild_id, track.id, first, end))
            wrong = digests.missed(conn, track.guild_id, first, end)
            return Digest(
                track,
                week,
                week.by_day(at for _, at in now_answered),
                week.before.by_day(at for _, at in earlier),
                len({member for member, _ in now_answered}),
                boards.page(conn, key, TOP).rows,
                leading(table_at(conn, key, min(now, end))),
                None if winner is None else show_best(conn, track.guild_id, *winner),
                next(((found[0], people) for item, people in wrong if (found := self._bank.item(item))), None),
                *left,
                digests.posted_between(conn, track.id, week.monday, week.sunday),
            )

        left = await self._drills.left(track)
        return await self._db.read(work)
