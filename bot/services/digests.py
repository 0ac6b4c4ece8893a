"""Use cases of the weekly digest: turn it on, claim what is due, tell of the week."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.domain import schedule
from bot.domain.backoff import pause
from bot.domain.bank import Banks, Item
from bot.domain.digests import DigestWeek, digest_plan, next_digest, told_week
from bot.domain.errors import Problem
from bot.domain.points import Ranked, week_key
from bot.domain.teams import Team, TeamScore
from bot.domain.tracks import Track
from bot.domain.votes import best
from bot.services.drill_plans import QuestionChoice
from bot.services.drills import ON_TIME
from bot.services.team_boards import leading, table_at
from bot.services.use_cases import Service, writes
from bot.services.votes import BestAnswer, show_best
from bot.storage import boards, digests, tracks
from bot.storage.boards import BoardKey
from bot.storage.database import Database
from bot.storage.digests import DigestDelivery, DigestState
from bot.storage.sent_messages import Owner, OwnerKind

TOP = 3


@dataclass(frozen=True, slots=True)
class PendingDigest:
    """A digest that a channel has to get, and how its sending stands."""

    track: Track
    week: DigestWeek
    delivery: DigestDelivery

    @property
    def key(self) -> str:
        """The ISO week."""
        return self.delivery.week


@dataclass(frozen=True, slots=True)
class DigestAgenda:
    """What digests need now.

    Attributes:
        due: the tracks whose digest is due, by their ids, most overdue first.
        too_late: one could not be sent within the late limit.
        pending: those that were claimed before and are to be sent now.
    """

    due: list[int]
    too_late: bool
    pending: list[PendingDigest]


@dataclass(frozen=True, slots=True, kw_only=True)
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


def replan(conn: Connection, track: Track, now: datetime) -> datetime | None:
    """Moves a track's next digest to where its zone, day and hour put it now, and returns when that is.

    What still fits stays. A week that was told already is not told again, so the next one comes a week later.
    """
    due, plan = next_digest(track, now), digest_plan(track)
    while due is not None and plan is not None:
        week = told_week(schedule.local_date(due, track.zone), track.zone)
        if not digests.is_claimed(conn, track.id, week_key(week.monday)):
            break
        _, due = schedule.next_post(plan, due)
    if due != track.digest_due_utc:
        tracks.schedule_digest(conn, track.id, due)
    return due


def plan(conn: Connection, track: Track, when: tuple[int, int] | None, now: datetime) -> Track:
    """Turns a track's digest on at (weekday, hour), or off, and returns the track as it is then."""
    day, hour = when or (None, None)
    planned = tracks.set_digest(conn, track.id, day, hour)
    return replace(planned, digest_due_utc=replan(conn, planned, now))


def claim(conn: Connection, track_id: int, now: datetime, late_limit: timedelta) -> PendingDigest | None:
    """Claims the newest due digest unless it is too late or a pause left nothing to tell; moves the plan on."""
    track = tracks.get(conn, track_id)
    when = None if track is None or not track.active else digest_plan(track)
    if track is None or when is None or track.digest_due_utc is None or track.digest_due_utc > now:
        return None
    dates = schedule.due_dates(when, track.digest_due_utc, now)
    day, _ = schedule.split_late(when, dates, now, late_limit)
    track = replace(track, digest_due_utc=schedule.next_post(when, now)[1])
    tracks.schedule_digest(conn, track.id, track.digest_due_utc)
    if day is None:
        return None
    week = told_week(day, track.zone)
    if track.paused and not digests.posted_between(conn, track.id, week.monday, week.sunday):
        return None
    # Due at its instant: from there its lateness counts, whatever holds it up.
    since = schedule.instant(day, when)
    delivery = digests.claim(conn, track, week_key(week.monday), since, attempts=int(now - since > ON_TIME))
    return None if delivery is None else PendingDigest(track, week, delivery)


def week_of(delivery: DigestDelivery, track: Track) -> DigestWeek:
    """The week that a digest tells of."""
    return DigestWeek(date.fromisoformat(f"{delivery.week}-1"), track.zone)


def pending(conn: Connection, now: datetime) -> list[PendingDigest]:
    """Digests that are to be sent now; where they were turned off meanwhile they wait."""
    found: list[PendingDigest] = []
    for delivery in digests.pending(conn, now):
        track = tracks.get(conn, delivery.track_id)
        if track is not None and track.active and digest_plan(track) is not None:
            found.append(PendingDigest(track, week_of(delivery, track), delivery))
    return found


def agenda(conn: Connection, now: datetime, late_limit: timedelta) -> DigestAgenda:
    """What digests need now."""
    too_late = digests.any_too_late(conn, now - late_limit)
    return DigestAgenda(digests.due(conn, now), too_late, pending(conn, now))


def owner(pending: PendingDigest) -> Owner:
    """The digest as the owner of its message."""
    delivery, track = pending.delivery, pending.track
    return Owner(OwnerKind.DIGEST, delivery.id, track.guild_id, f"{track.channel_id}:{delivery.since.isoformat()}")


def mark_sent(conn: Connection, sent: PendingDigest, message_id: int) -> None:
    """Records a digest's message; what was wrong with the channel is over."""
    digests.mark_sent(conn, sent.delivery.id, message_id)
    tracks.mend(conn, sent.track.id)


def put_off(conn: Connection, failed: PendingDigest, now: datetime, problem: Problem) -> datetime:
    """Puts the next try off, twice as long each time, and keeps the reason for `/daily status`.

    Returns when it comes.
    """
    attempts = failed.delivery.attempts
    until = now + pause(attempts)
    digests.put_off(conn, failed.delivery.id, attempts + 1, until)
    tracks.report(conn, failed.track.id, problem)
    return until


def gather(
    conn: Connection,
    banks: Banks,
    track: Track,
    week: DigestWeek,
    now: datetime,
) -> Digest:
    """Gathers what a digest tells, as things stand."""
    first, end = week.span
    key = BoardKey(track.guild_id, track.id, week_key(week.monday))
    answered = digests.answered(conn, track.id, first, end)
    earlier = digests.answered(conn, track.id, *week.before.span)
    winner = best(digests.voted(conn, track.guild_id, track.id, first, end))
    bank = banks.of(track.guild_id)
    wrong = digests.missed(conn, track.guild_id, first, end)
    unused, total = QuestionChoice(banks).left(conn, track)
    return Digest(
        track=track,
        week=week,
        answers=week.by_day(at for _, at in answered),
        before=week.before.by_day(at for _, at in earlier),
        people=len({member for member, _ in answered}),
        top=boards.page(conn, key, TOP).rows,
        teams=leading(table_at(conn, key, min(now, end))),
        best=None if winner is None else show_best(conn, track.guild_id, *winner),
        missed=next(((found[0], people) for item, people in wrong if (found := bank.item(item))), None),
        left=unused,
        total=total,
        posted=digests.posted_between(conn, track.id, week.monday, week.sunday),
    )


class DigestService(Service):
    """Decides which digests are to be sent, and gathers what they tell.

    Args:
        late_limit: how late a digest may come after an outage.
    """

    plan = writes(plan)
    failed = writes(put_off)

    def __init__(self, database: Database, banks: Banks, late_limit: timedelta) -> None:
        super().__init__(database)
        self._banks = banks
        self._late_limit = late_limit

    async def agenda(self, now: datetime) -> DigestAgenda:
        """What digests need now."""
        return await self.read(agenda, now, self._late_limit)

    async def claim(self, track_id: int, now: datetime) -> PendingDigest | None:
        """Claims the newest due digest unless it is too late or a pause left nothing to tell; moves the plan on."""
        return await self.write(claim, track_id, now, self._late_limit)

    async def give_up(self, now: datetime) -> None:
        """Gives up digests that could not be sent within the late limit."""
        await self.write(digests.give_up, now - self._late_limit)

    async def given_up(self, track: Track) -> DigestWeek | None:
        """The week whose digest never came, until the next one has; None where all is well or digests are off."""
        newest = await self.read(digests.newest, track.id)
        if digest_plan(track) is None or newest is None or newest.state is not DigestState.MISSED:
            return None
        return week_of(newest, track)

    async def mark_tried(self, pending: PendingDigest) -> None:
        """Records before a send that it may have happened: the next try looks first."""
        delivery = pending.delivery
        await self.write(digests.mark_tried, delivery.id, delivery.attempts + 1)

    async def gather(self, pending: PendingDigest, now: datetime) -> Digest:
        """Gathers what a digest tells, as things stand."""
        return await self.read(gather, self._banks, pending.track, pending.week, now)
