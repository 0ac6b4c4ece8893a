"""Use cases of a drill's life: claim, post, close, reveal. Each is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import Connection

from bot.domain import schedule
from bot.domain.backoff import pause
from bot.domain.bank import Banks
from bot.domain.drills import LIFETIME, Drill, DrillState, Mode, Reveal
from bot.domain.errors import Problem
from bot.domain.tracks import Track
from bot.services import last_calls, reminders
from bot.services.alerts import hold_up
from bot.services.drill_places import leave_thread, thread_deleted, went_with_channel
from bot.services.drill_plans import QuestionChoice, announce, closing, following
from bot.services.use_cases import Service, reads, writes
from bot.storage import alerts, answers, drill_deliveries, drills, question_queue, tracks
from bot.storage.database import Database
from bot.storage.drill_deliveries import DrillDelivery, PendingDrills
from bot.storage.drills import MissedDate
from bot.storage.sent_messages import Owner, OwnerKind

CARD_REFRESH = timedelta(seconds=30)
ON_TIME = timedelta(minutes=1)
"""A question that comes later than this after its instant is marked as late."""
RETRY_LOCKED = timedelta(hours=6)
"""Only to make up for an event that was missed: whoever unlocks a post makes the bot try at once."""


log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ClaimedDrill:
    """A drill that is owed to its channel, with everything that its message says.

    Attributes:
        closing: when it closes as things stand.
        fresh: whether nobody can have sent it before, so that its channel need not be looked through.
    """

    delivery: DrillDelivery
    ping_role_id: int | None
    closing: datetime
    fresh: bool = False

    @property
    def drill(self) -> Drill:
        """The drill itself."""
        return self.delivery.drill


@dataclass(frozen=True, slots=True)
class DrillStanding:
    """How many members answered a drill on time, and when it closes as things stand."""

    answered: int
    closing: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of a request for a drill: it, whether it was there before, and what it takes the place of."""

    drill: Drill | None
    existed: bool
    missed: Sequence[MissedDate] = ()


class DueClaim(NamedTuple):
    """What a due date brought: the drill that is owed from now on, and the dates for which it is too late."""

    drill: ClaimedDrill | None
    missed: Sequence[MissedDate] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCard:
    """A question that the bot has posted, as its message says.

    Attributes:
        thread_id: the thread on it, where Discord tells of one.
    """

    guild_id: int
    channel_id: int
    date: date
    question_id: str
    message_id: int
    forum_post_id: int | None
    thread_id: int | None
    opened_at: datetime


def unposted(track: Track, day: date, question_id: str, now: datetime) -> Drill:
    """A drill that is only shown, not stored."""
    return Drill(
        id=0,
        guild_id=track.guild_id,
        track_id=track.id,
        channel_id=track.channel_id,
        date=day,
        zone=track.zone,
        question_id=question_id,
        refill=track.refill,
        mode=track.mode,
        state=DrillState.CLAIMED,
        late=False,
        claimed_at=now,
    )


def _frees_its_date(held: Drill, track: Track) -> bool:
    """Whether another drill may take a date: nothing was posted, or it went with a channel that the track left."""
    moved = held.channel_id != track.channel_id
    return held.state is DrillState.MISSED or (moved and went_with_channel(held))


def would_post(conn: Connection, choice: QuestionChoice, track: Track, now: datetime) -> Drill | None:
    """Today's drill as it would be posted (its message_id is None), or as it was posted already."""
    day = schedule.local_date(now, track.zone)
    held = drills.by_date(conn, track.id, day)
    if held is not None and not _frees_its_date(held, track):
        return held
    chosen = choice.next(conn, track)
    return None if chosen is None else unposted(track, day, chosen.question_id, now)


def would_follow(conn: Connection, choice: QuestionChoice, track: Track, now: datetime) -> Drill | None:
    """The drill that the schedule brings next, as it would be posted then; in a pause that of the next day."""
    chosen = choice.next(conn, track)
    day = track.next_date or schedule.local_date(now, track.zone) + timedelta(days=1)
    at = track.next_due_utc or schedule.instant(day, track.plan)
    return None if chosen is None else unposted(track, day, chosen.question_id, at)


def standing(conn: Connection, drill: Drill, now: datetime) -> DrillStanding:
    """How an open drill stands."""
    closes = closing(conn, drill, now, tracks.get(conn, drill.track_id))
    return DrillStanding(answers.count_on_time(conn, drill.id), closes)


def _claim(
    conn: Connection, choice: QuestionChoice, track: Track, day: date, since: datetime, now: datetime, *, late: bool
) -> tuple[Track, DrillDelivery | None, list[MissedDate]]:
    """Claims a track's question for a date, which takes the place of one that is owed still.

    Returns (the track as it is then, the drill, what it takes the place of); no drill without a question.
    """
    missed = drills.miss_claimed(conn, track.id)
    alerts.miss(conn, missed, now)
    chosen = choice.next(conn, track)
    if chosen is None:
        return replace(track, problem=Problem("no_questions")), None, missed
    if chosen.from_queue:
        question_queue.dequeue(conn, track.id, chosen.question_id)
    refill = track.refill + chosen.refilled
    claimed = drills.claim(conn, track, day, chosen.question_id, refill=refill, since=since, late=late)
    return replace(track, refill=refill, problem=None), claimed, missed


def claim_due(
    conn: Connection, choice: QuestionChoice, late_limit: timedelta, track_id: int, now: datetime
) -> DueClaim:
    """Claims the newest due date unless too late, records older ones as missed, moves the schedule on."""
    track = tracks.get(conn, track_id)
    if track is None or not track.active or track.next_due_utc is None or track.next_due_utc > now:
        return DueClaim(None)
    skipped = tracks.skipped(conn, track.id)
    dates = schedule.due_dates(
        track.plan,
        track.next_due_utc,
        now,
        after=track.last_date,
        skipped=skipped,
        not_before=track.not_before,
    )
    post, too_late = schedule.split_late(track.plan, dates, now, late_limit)
    missed = drills.miss_dates(conn, track, too_late, now)
    alerts.miss(conn, missed, now)
    claimed, late = None, False
    if post is not None and drills.by_date(conn, track.id, post) is None:
        # Owed since its instant: from there its lateness counts, whatever holds it up.
        since = schedule.instant(post, track.plan)
        late = now - since > ON_TIME
        track, claimed, given_up = _claim(conn, choice, track, post, since, now, late=late)
        missed += given_up
        if claimed is None and track.problem is not None:
            hold_up(conn, track.id, track.problem, since, now)
    if dates:
        track = replace(track, last_date=max(dates[-1], track.last_date or dates[-1]))
        if track.paused_until is not None:
            track = replace(track, paused=False, paused_until=None)
    post_after = following(conn, track, now, skipped)
    track = tracks.mark_claimed(conn, track, post_after)
    announce(conn, track, now)
    if claimed is None:
        return DueClaim(None, missed)
    closes = now + LIFETIME if post_after is None else min(now + LIFETIME, post_after.at)
    return DueClaim(ClaimedDrill(claimed, track.ping_role_id, closes, fresh=not late), missed)


def _use_date(conn: Connection, track: Track, day: date, now: datetime) -> None:
    """A track's question of a date came out of turn: its plan goes on behind it."""
    track = replace(track, last_date=max(day, track.last_date or day))
    announce(conn, tracks.mark_claimed(conn, track, following(conn, track, now)), now)


def claim_today(conn: Connection, choice: QuestionChoice, track_id: int, now: datetime) -> Claim:
    """Claims the drill of the track's local date today, also on days off, skipped or paused."""
    track = tracks.get(conn, track_id)
    assert track is not None
    day = schedule.local_date(now, track.zone)
    held = drills.by_date(conn, track.id, day)
    if held is not None and not _frees_its_date(held, track):
        return Claim(held, existed=True)
    if held is not None:
        drills.void(conn, held.id)
    track, claimed, missed = _claim(conn, choice, track, day, now, now, late=False)
    if claimed is None:
        if track.problem is not None:
            tracks.report(conn, track.id, track.problem)
        return Claim(None, existed=False)
    _use_date(conn, track, day, now)
    return Claim(claimed.drill, existed=False, missed=missed)


def claimed_drill(conn: Connection, drill_id: int, now: datetime) -> ClaimedDrill | None:
    """A drill that was claimed before and is still owed, with what its message says now; None once it is not."""
    delivery = drill_deliveries.delivery(conn, drill_id)
    if delivery is None or delivery.drill.state is not DrillState.CLAIMED:
        return None
    track = tracks.get(conn, delivery.drill.track_id)
    closes = closing(conn, delivery.drill, now, track)
    return ClaimedDrill(delivery, None if track is None else track.ping_role_id, closes)


def owner(drill: Drill) -> Owner:
    """The drill as the owner of its messages: what they are marked with holds also after a restored backup."""
    return Owner(
        OwnerKind.DRILL,
        drill.id,
        drill.guild_id,
        f"{drill.channel_id}:{drill.message_id or drill.claimed_at.isoformat()}",
    )


def mark_posted(
    conn: Connection,
    drill: Drill,
    *,
    message_id: int,
    question_id: str,
    opened_at: datetime,
    forum_post_id: int | None = None,
) -> Drill:
    """Records a drill's message (in a forum its post too); its track's earlier drill closes at that instant."""
    drill = drills.mark_posted(
        conn,
        drill.id,
        message_id=message_id,
        forum_post_id=forum_post_id,
        question_id=question_id,
        at=opened_at,
    )
    drills.close_others(conn, drill, opened_at)
    track = tracks.mark_posted(conn, drill.track_id, opened_at)
    reminders.plan(conn, track, drill, opened_at)
    last_calls.plan(conn, track, drill, opened_at)
    return drill


def adopt(conn: Connection, choice: QuestionChoice, card: FoundCard, now: datetime) -> Drill | None:
    """Takes up a question that stands in its channel and that the database forgot: a backup was restored.

    One that is owed just now is found by whoever delivers it.

    Returns:
        The drill as it is then, closed where a later one has opened; None for cards of which nothing is missing.
    """
    track = tracks.in_channel(conn, card.channel_id)
    if track is None or drills.by_message(conn, card.message_id):
        return None
    if not choice.knows(track, card.question_id, card.opened_at):
        return None
    held = drills.by_date(conn, track.id, card.date)
    if held is not None and held.state is not DrillState.MISSED:
        return None
    if held is not None:
        drills.void(conn, held.id)
    question_queue.dequeue(conn, track.id, card.question_id)
    since = card.opened_at
    refill = track.refill
    claimed = drills.claim(conn, track, card.date, card.question_id, refill=refill, since=since, late=False).drill
    after = drills.following(conn, track.id, since)
    drill = drills.mark_posted(
        conn,
        claimed.id,
        message_id=card.message_id,
        forum_post_id=card.forum_post_id,
        question_id=card.question_id,
        at=since,
    )
    if after is None:
        drills.close_others(conn, drill, since)
    else:
        drills.close(conn, drill.id, after.opened_at or since)
    if card.thread_id is not None:
        drills.mark_threaded(conn, drill.id, card.thread_id, None)
    _use_date(conn, track, card.date, now)
    return drills.get(conn, drill.id)


def record_threaded(conn: Connection, drill: Drill, thread_id: int | None, note: Problem | None) -> None:
    """Stores a drill's thread, or why it has none, which its managers are told."""
    drills.mark_threaded(conn, drill.id, thread_id, note)
    answers.mark_drill_changed(conn, drill.id)
    if note is not None:
        tracks.report(conn, drill.track_id, note)


def record_revealed(conn: Connection, drill: Drill, step: Reveal) -> None:
    """Stores how far a drill's reveal has come; once it is out, blind answers may be shown."""
    drills.mark_revealed(conn, drill.id, step)
    if step is Reveal.CARD and drill.mode is Mode.BLIND:
        # Also those that came while the others were being shown.
        answers.mark_drill_changed(conn, drill.id)


def record_shown(conn: Connection, drill: Drill, count: int, now: datetime) -> None:
    """Stores what a card says; what was wrong with the channel is over."""
    drill_deliveries.mark_shown(conn, drill.id, count, now)
    tracks.mend(conn, drill.track_id)


def put_off(conn: Connection, delivery: DrillDelivery, now: datetime, problem: Problem) -> datetime:
    """Puts the next try off, twice as long each time, and keeps the reason for managers; returns when it comes."""
    drill = delivery.drill
    waiting = drill.state is DrillState.CLAIMED
    until = now + pause(delivery.attempts - waiting)  # a claim books its first try
    late = drill.late or (waiting and until - drill.claimed_at > ON_TIME)
    drill_deliveries.put_off(conn, drill.id, attempts=delivery.attempts + 1, until=until, late=late)
    tracks.report(conn, drill.track_id, problem)
    if waiting:
        hold_up(conn, drill.track_id, problem, drill.claimed_at, now)
    return until


def miss_overdue(conn: Connection, claimed_before: datetime, now: datetime) -> Sequence[MissedDate]:
    """Gives up what is owed since before an instant, and returns it."""
    missed = drills.miss_overdue(conn, claimed_before)
    alerts.miss(conn, missed, now)
    return missed


def last(conn: Connection, track: Track) -> DrillDelivery | None:
    """The drill of the last date that a track has used, with how far Discord has it; void ones are none."""
    drill = None if track.last_date is None else drills.by_date(conn, track.id, track.last_date)
    return None if drill is None else drill_deliveries.delivery(conn, drill.id)


def _log_missed(missed: Sequence[MissedDate]) -> None:
    for one in missed:
        log.info("date.missed", server=one.guild_id, channel=one.channel_id, track=one.track_id, date=str(one.date))


class DrillService(Service):
    """Decides what is owed to which channel; says nothing to Discord itself.

    Args:
        late_limit: how late a scheduled drill may be posted after an outage.
    """

    claimed = reads(claimed_drill)
    delivery = reads(drill_deliveries.delivery)
    threaded = writes(record_threaded)
    standing = reads(standing)
    shown = writes(record_shown)
    put_off = writes(put_off)
    held_up = reads(drills.held_up)
    last = reads(last)
    close = writes(drills.close)
    revealed = writes(record_revealed)
    leave_thread = writes(leave_thread)
    thread_deleted = writes(thread_deleted)
    get = reads(drills.get)
    current = reads(drills.current)
    end_pauses_in = writes(drill_deliveries.end_pauses_in)
    next_due = reads(tracks.next_due)
    book_try = writes(drill_deliveries.book_try)
    answered = reads(answers.count_on_time)
    retry_at_once = writes(drill_deliveries.retry_at_once)
    void = writes(drills.void)

    def __init__(self, database: Database, banks: Banks, late_limit: timedelta) -> None:
        super().__init__(database)
        self._choice = QuestionChoice(banks)
        self._late_limit = late_limit

    async def would_post(self, track: Track, now: datetime) -> Drill | None:
        """Today's drill as `/daily post` would post it (its message_id is None), or as it was posted already."""
        return await self.read(would_post, self._choice, track, now)

    async def would_follow(self, track: Track, now: datetime) -> Drill | None:
        """The drill that comes next by the schedule; it is claimed at the instant that is due."""
        return await self.read(would_follow, self._choice, track, now)

    async def closing(self, drill: Drill, now: datetime) -> datetime:
        """When an open drill closes as things stand: with the track's next one, or seven days after it opened."""
        return await self._db.read(lambda conn: closing(conn, drill, now, tracks.get(conn, drill.track_id)))

    async def left(self, track: Track) -> tuple[int, int]:
        """(questions not used since the last refill, all questions) of a track's topics."""
        return await self.read(self._choice.left, track)

    async def pending(self, now: datetime) -> PendingDrills:
        """Everything there is to do about tracks and drills now."""
        return await self.read(
            drill_deliveries.pending, now, late_limit=self._late_limit, card_refresh=CARD_REFRESH
        )

    async def claim_due(self, track_id: int, now: datetime) -> ClaimedDrill | None:
        """Claims the newest due date unless too late, records older ones as missed, moves the schedule on."""
        due = await self.write(claim_due, self._choice, self._late_limit, track_id, now)
        _log_missed(due.missed)
        return due.drill

    async def claim_today(self, track_id: int, now: datetime) -> Claim:
        """Claims the drill of the track's local date today, also on days off, skipped or paused."""
        claim = await self.write(claim_today, self._choice, track_id, now)
        _log_missed(claim.missed)
        return claim

    async def adopt(self, card: FoundCard, now: datetime) -> Drill | None:
        """Takes up a question that the database forgot; see `adopt`."""
        if await self.read(drills.by_message, card.message_id) is not None:
            return None
        return await self.write(adopt, self._choice, card, now)

    def card_is_old(self, delivery: DrillDelivery, now: datetime) -> bool:
        """Whether the card may and should be brought up to date."""
        fresh = delivery.shown_at is not None and delivery.shown_at > now - CARD_REFRESH
        return delivery.card_changed and not fresh

    async def miss_overdue(self, now: datetime) -> None:
        """Drills that could not be posted within the late limit become missed; their questions are free."""
        _log_missed(await self.write(miss_overdue, now - self._late_limit, now))

    async def rest_locked(self, drill: Drill, now: datetime, note: Problem) -> datetime:
        """Lets a drill rest whose post in a forum is locked; `/daily status` says so until it is unlocked.

        Returns until when it rests at the latest.
        """
        until = now + RETRY_LOCKED
        await self.write(drill_deliveries.rest_locked, drill.id, note, until)
        return until

    async def of_card(self, message_id: int, channel_id: int, day: date, question_id: str) -> Drill | None:
        """The drill that a card's buttons belong to.

        Two drills of a channel may share the key that buttons carry, since a track can move away and another begin
        there; the message is the drill's own. A card whose message is not recorded yet is found by its key.
        """
        return await self._db.read(
            lambda conn: drills.by_message(conn, message_id) or drills.by_key(conn, channel_id, day, question_id)
        )
