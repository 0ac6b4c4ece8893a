"""Use cases of a drill's life: claim, post, close, reveal. Each is one transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.domain import schedule
from bot.domain.bank import Bank, Question
from bot.domain.drills import LIFETIME, Drill, DrillState, Mode, Reveal
from bot.domain.mastery import by_topic, weakness
from bot.domain.selection import Order, SelectedQuestion, choose
from bot.domain.tracks import Track
from bot.services import reminders
from bot.storage import answers, drills, question_queue, quiz_results, tracks
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind

CARD_REFRESH = timedelta(seconds=30)
ON_TIME = timedelta(minutes=1)
"""A question that comes later than this after its instant is marked as late."""
RETRY_FIRST = timedelta(seconds=5)
RETRY_MOST = timedelta(minutes=15)
RETRY_LOCKED = timedelta(hours=6)
"""Only to make up for an event that was missed: whoever unlocks a post makes the bot try at once."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of a request for a drill: the drill, and whether it was there before."""

    drill: Drill | None
    existed: bool


def reschedule(conn: Connection, track: Track, now: datetime) -> None:
    """Sets the next post to the first scheduled instant after `now`; a pause without an end has none.

    The open drill's card says when the next one comes, so it is brought up to date, and so are its reminders.
    """
    drills.outdate_card(conn, track.id)
    _set_next(conn, track, now)
    reminders.plan(conn, track.id, now)


def _set_next(conn: Connection, track: Track, now: datetime) -> None:
    if not track.active or (track.paused and track.paused_until is None):
        tracks.change(conn, track.id, next_date=None, next_due_utc=None)
        return
    day, at = schedule.next_post(
        track.plan,
        now,
        after=track.last_date,
        skipped=tracks.skipped(conn, track.id),
        not_before=track.paused_until if track.paused else None,
    )
    tracks.change(conn, track.id, next_date=day, next_due_utc=at)


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
        attempts=0,
        retry_at=None,
        message_id=None,
        thread_id=None,
        thread_note=None,
        opened_at=None,
        closes_at=None,
        closed_at=None,
        reveal=Reveal.NONE,
        cursor=0,
        shown_answers=0,
        shown_at=None,
    )


def owner(drill: Drill) -> Owner:
    """The drill as the owner of its messages."""
    return Owner(OwnerKind.DRILL, drill.id, drill.guild_id, drill.claimed_at.isoformat())


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
    drills.change(
        conn,
        drill.id,
        state=DrillState.OPEN,
        message_id=message_id,
        forum_post_id=forum_post_id,
        question_id=question_id,
        opened_at=opened_at,
        closes_at=opened_at + LIFETIME,
        cursor=message_id,
        shown_at=opened_at,
        attempts=0,
        retry_at=None,
    )
    drills.close_open(conn, drill.track_id, opened_at, besides=drill.id)
    tracks.change(conn, drill.track_id, problem=None)
    reminders.plan(conn, drill.track_id, opened_at)
    stored = drills.get(conn, drill.id)
    assert stored is not None
    return stored


class DrillService:
    """Decides what is owed to which channel; says nothing to Discord itself.

    Args:
        late_limit: how late a scheduled drill may be posted after an outage.
    """

    def __init__(self, database: Database, bank: Bank, late_limit: timedelta) -> None:
        self._db = database
        self._bank = bank
        self._late_limit = late_limit

    def questions_of(self, track: Track) -> list[Question]:
        """The questions of a track's topics, lowest number first."""
        return [q for q in self._bank.questions if not track.topics or q.topic in track.topics]

    def _choose(self, conn: Connection, track: Track) -> SelectedQuestion | None:
        questions = self.questions_of(track)
        return choose(
            track.order,
            [question.id for question in questions],
            drills.used_since_refill(conn, track.id, track.refill),
            question_queue.queued(conn, track.id),
            str(track.id),
            track.refill,
            self._weakness(conn, track, questions) if track.order is Order.ADAPTIVE else None,
        )

    def _weakness(self, conn: Connection, track: Track, questions: list[Question]) -> dict[str, float]:
        """How weak the topic of each question is in the quiz answers of the track's members."""
        results = quiz_results.of_track(conn, track.guild_id, track.id)
        weak = weakness(by_topic(self._bank.questions, results))
        return {question.id: weak[question.topic] for question in questions if question.topic in weak}

    async def would_post(self, track: Track, now: datetime) -> Drill | None:
        """Today's drill as `/daily post` would post it (its message_id is None), or as it was posted already."""

        def work(conn: Connection) -> Drill | None:
            day = schedule.local_date(now, track.zone)
            held = drills.by_date(conn, track.id, day)
            if held is not None and held.state is not DrillState.MISSED:
                return held
            choice = self._choose(conn, track)
            return None if choice is None else unposted(track, day, choice.question_id, now)

        return await self._db.read(work)

    async def closing(self, drill: Drill, now: datetime) -> datetime:
        """When an open drill closes as things stand: with the track's next one, or seven days after it opened."""

        def work(conn: Connection) -> datetime:
            latest = drill.closes_at or now + LIFETIME
            track = tracks.get(conn, drill.track_id)
            if track is None or not track.active or (track.paused and track.paused_until is None):
                return latest
            _, following = schedule.next_post(
                track.plan,
                now,
                after=max(drill.date, track.last_date or drill.date),
                skipped=tracks.skipped(conn, track.id),
                not_before=track.paused_until if track.paused else None,
            )
            return min(latest, following)

        return await self._db.read(work)

    async def left(self, track: Track) -> tuple[int, int]:
        """(questions not used since the last refill, all questions) of a track's topics."""
        used = set(await self._db.read(lambda conn: drills.used_since_refill(conn, track.id, track.refill)))
        ids = [question.id for question in self.questions_of(track)]
        return sum(question_id not in used for question_id in ids), len(ids)

    async def due(self, now: datetime) -> list[int]:
        """Ids of tracks whose next post is due."""
        return await self._db.read(lambda conn: tracks.due(conn, now))

    def _add(
        self, conn: Connection, track: Track, day: date, now: datetime, *, late: bool, attempts: int = 0
    ) -> int | None:
        drills.miss_claimed(conn, track.id)
        choice = self._choose(conn, track)
        if choice is None:
            tracks.change(conn, track.id, problem="The chosen topics hold no question.")
            return None
        refill = track.refill + choice.refilled
        if choice.from_queue:
            question_queue.dequeue(conn, track.id, choice.question_id)
        drill_id = drills.add(
            conn,
            {
                "guild_id": track.guild_id,
                "track_id": track.id,
                "channel_id": track.channel_id,
                "date": day,
                "zone": track.zone,
                "question_id": choice.question_id,
                "refill": refill,
                "mode": track.mode,
                "state": DrillState.CLAIMED,
                "late": late,
                "claimed_at": now,
                "attempts": attempts,
                "reveal": Reveal.NONE,
            },
        )
        tracks.change(conn, track.id, refill=refill, problem=None)
        return drill_id

    def _miss(self, conn: Connection, track: Track, day: date, now: datetime) -> None:
        if drills.by_date(conn, track.id, day) is None:
            values = {"date": day, "state": DrillState.MISSED, "late": False, "attempts": 0, "claimed_at": now}
            drills.add(
                conn,
                {
                    **values,
                    "guild_id": track.guild_id,
                    "track_id": track.id,
                    "channel_id": track.channel_id,
                    "zone": track.zone,
                    "refill": track.refill,
                    "mode": track.mode,
                    "reveal": Reveal.NONE,
                },
            )

    async def claim_due(self, track_id: int, now: datetime) -> Drill | None:
        """Claims the newest due date unless too late, records older ones as missed, moves the schedule on."""

        def work(conn: Connection) -> Drill | None:
            track = tracks.get(conn, track_id)
            if track is None or not track.active or track.next_due_utc is None or track.next_due_utc > now:
                return None
            dates = schedule.due_dates(
                track.plan,
                track.next_due_utc,
                now,
                after=track.last_date,
                skipped=tracks.skipped(conn, track.id),
                not_before=track.paused_until if track.paused else None,
            )
            post, missed = schedule.split_late(track.plan, dates, now, self._late_limit)
            for day in missed:
                self._miss(conn, track, day, now)
            drill_id = None
            if post is not None and drills.by_date(conn, track.id, post) is None:
                # Owed since its instant: from there its lateness counts, whatever holds it up.
                since = schedule.instant(post, track.plan)
                drill_id = self._add(conn, track, post, since, late=now - since > ON_TIME)
            over = track.paused and track.paused_until is not None and bool(dates)
            last = max([*dates, *([track.last_date] if track.last_date else [])], default=None)
            tracks.change(conn, track.id, last_date=last)
            if over:
                tracks.change(conn, track.id, paused=False, paused_until=None)
            fresh = tracks.get(conn, track.id)
            assert fresh is not None
            reschedule(conn, fresh, now)
            return None if drill_id is None else drills.get(conn, drill_id)

        return await self._db.write(work)

    async def claim_today(self, track_id: int, now: datetime) -> Claim:
        """Claims the drill of the track's local date today, also on days off, skipped or paused."""

        def work(conn: Connection) -> Claim:
            track = tracks.get(conn, track_id)
            assert track is not None
            day = schedule.local_date(now, track.zone)
            held = drills.by_date(conn, track.id, day)
            if held is not None and held.state is not DrillState.MISSED:
                return Claim(held, existed=True)
            if held is not None:
                drills.change(conn, held.id, state=DrillState.VOID)
            # As if tried once: after a restored backup its message may be there, and a retry looks first.
            drill_id = self._add(conn, track, day, now, late=False, attempts=1)
            if drill_id is None:
                return Claim(None, existed=False)
            tracks.change(conn, track.id, last_date=max(day, track.last_date or day))
            fresh = tracks.get(conn, track.id)
            assert fresh is not None
            reschedule(conn, fresh, now)
            return Claim(drills.get(conn, drill_id), existed=False)

        return await self._db.write(work)

    async def ping_role(self, drill: Drill) -> int | None:
        """The role that a drill's message mentions."""
        track = await self._db.read(lambda conn: tracks.get(conn, drill.track_id))
        return None if track is None else track.ping_role_id

    async def trying(self, drill: Drill) -> None:
        """Records before a send that it may have happened: the next try looks first."""
        await self._db.write(lambda conn: drills.change(conn, drill.id, attempts=drill.attempts + 1))

    async def threaded(self, drill: Drill, thread_id: int | None, note: str | None) -> None:
        """Records a drill's thread, or why it has none."""

        def work(conn: Connection) -> None:
            drills.change(conn, drill.id, thread_id=thread_id, thread_note=note, attempts=0, retry_at=None)
            answers.mark_drill_changed(conn, drill.id)
            if note is not None:
                tracks.change(conn, drill.track_id, problem=note)

        await self._db.write(work)

    async def claimed(self, now: datetime) -> list[Drill]:
        """Drills whose message is owed."""
        return await self._db.read(lambda conn: drills.claimed(conn, now))

    async def owed(self, now: datetime) -> list[Drill]:
        """Posted drills with something left to do: a thread, a reveal, a card that shows an old count."""

        def work(conn: Connection) -> list[Drill]:
            found = [*drills.threadless(conn, now), *drills.to_reveal(conn, now)]
            stale = drills.with_old_cards(conn, now, now - CARD_REFRESH)
            return list({drill.id: drill for drill in (*found, *stale)}.values())

        return await self._db.read(work)

    async def card_is_old(self, drill: Drill, now: datetime) -> bool:
        """Whether the card may and should be brought up to date."""
        fresh = drill.shown_at is not None and drill.shown_at > now - CARD_REFRESH
        return not fresh and await self.answered(drill) != drill.shown_answers

    async def answered(self, drill: Drill) -> int:
        """How many members answered on time."""
        return await self._db.read(lambda conn: answers.count_on_time(conn, drill.id))

    async def shown(self, drill: Drill, count: int, now: datetime) -> None:
        """Records what the card says; what was wrong with the channel is over."""

        def work(conn: Connection) -> None:
            drills.change(conn, drill.id, shown_answers=count, shown_at=now, attempts=0, retry_at=None)
            tracks.change(conn, drill.track_id, problem=None)

        await self._db.write(work)

    async def expired(self, now: datetime) -> list[Drill]:
        """Open drills whose seven days are over."""
        return await self._db.read(lambda conn: drills.expired(conn, now))

    async def give_up_late(self, now: datetime) -> None:
        """Drills that could not be posted within the late limit become missed; their questions are free."""

        def work(conn: Connection) -> None:
            for drill in drills.claimed_before(conn, now - self._late_limit):
                drills.change(conn, drill.id, state=DrillState.MISSED, question_id=None, retry_at=None)

        await self._db.write(work)

    async def failed(self, drill: Drill, now: datetime, problem: str) -> None:
        """Puts the next try off, twice as long each time, and keeps the reason for `/daily status`."""

        def work(conn: Connection) -> None:
            pause = min(RETRY_FIRST * 2 ** min(drill.attempts, 10), RETRY_MOST)
            held_up = drill.state is DrillState.CLAIMED and now + pause - drill.claimed_at > ON_TIME
            late = drill.late or held_up
            drills.change(conn, drill.id, attempts=drill.attempts + 1, retry_at=now + pause, late=late)
            tracks.change(conn, drill.track_id, problem=problem)

        await self._db.write(work)

    async def locked(self, drill: Drill, now: datetime, note: str) -> None:
        """Lets a drill rest whose post in a forum is locked; `/daily status` says so until it is unlocked."""
        await self._db.write(
            lambda conn: drills.change(conn, drill.id, thread_note=note, retry_at=now + RETRY_LOCKED)
        )

    async def unlocked(self, post_id: int) -> None:
        """Goes on with a drill whose post can be written in again; other threads mean nothing here."""
        drill = await self._db.read(lambda conn: drills.by_thread(conn, post_id))
        if drill is not None and drill.forum_post_id == post_id and drill.thread_note is not None:
            await self._db.write(lambda conn: drills.change(conn, drill.id, thread_note=None, retry_at=None))

    async def held_up(self, track_id: int) -> list[str]:
        """What keeps reveals of a track from being shown."""
        return await self._db.read(lambda conn: drills.held_up(conn, track_id))

    async def close(self, drill: Drill, at: datetime) -> None:
        """Closes an open drill; its reveal is owed from now on."""

        def work(conn: Connection) -> None:
            current = drills.get(conn, drill.id)
            if current is not None and current.state is DrillState.OPEN:
                closed_at = min(at, current.closes_at or at)
                drills.change(conn, drill.id, state=DrillState.CLOSED, closed_at=closed_at, reveal=Reveal.DUE)

        await self._db.write(work)

    async def revealed(self, drill: Drill, step: Reveal) -> None:
        """Records how far a drill's reveal has come; once it is out, blind answers may be shown."""

        def work(conn: Connection) -> None:
            drills.change(conn, drill.id, reveal=step, attempts=0, retry_at=None)
            if drill.forum_post_id is not None:
                drills.change(conn, drill.id, thread_note=None)
            if step is Reveal.CARD and drill.mode is Mode.BLIND:
                # Also those that came while the others were being shown.
                answers.mark_drill_changed(conn, drill.id)

        await self._db.write(work)

    async def message_gone(self, message_id: int) -> None:
        """Ends the drill whose message was deleted; other messages mean nothing here."""

        def work(conn: Connection) -> None:
            drill = drills.by_message(conn, message_id)
            if drill is not None:
                self._void(conn, drill)

        await self._db.write(work)

    def _void(self, conn: Connection, drill: Drill) -> None:
        if drill.state in drills.POSTED:
            drills.change(conn, drill.id, state=DrillState.VOID, reveal=Reveal.NONE)

    async def thread_gone(self, thread_id: int) -> None:
        """A drill whose thread was deleted goes on with form and replies; in a forum its message went with it."""

        def work(conn: Connection) -> None:
            drill = drills.by_thread(conn, thread_id)
            if drill is not None and drill.forum_post_id == thread_id:
                self._void(conn, drill)
            elif drill is not None:
                self._leave_thread(conn, drill, "The thread was deleted.")

        await self._db.write(work)

    async def without_thread(self, drill: Drill, note: str) -> None:
        """What a drill still shows comes as replies to its message, because its thread takes nothing any more."""
        await self._db.write(lambda conn: self._leave_thread(conn, drill, note))

    def _leave_thread(self, conn: Connection, drill: Drill, note: str) -> None:
        drills.change(conn, drill.id, thread_id=None, thread_note=note)
        answers.mark_drill_changed(conn, drill.id)

    async def thread_made(self, thread_id: int) -> None:
        """A thread that somebody opened by hand on a drill's message is that drill's thread."""

        def work(conn: Connection) -> None:
            drill = drills.by_message(conn, thread_id)
            if drill is not None and drill.thread_id is None:
                drills.change(conn, drill.id, thread_id=thread_id, thread_note=None)
                answers.mark_drill_changed(conn, drill.id)

        await self._db.write(work)

    async def retry_now(self, drill: Drill) -> None:
        """Lets the next try happen at once."""
        await self._db.write(lambda conn: drills.change(conn, drill.id, retry_at=None))

    async def get(self, drill_id: int) -> Drill | None:
        """The drill with this id."""
        return await self._db.read(lambda conn: drills.get(conn, drill_id))

    async def of_card(self, message_id: int, channel_id: int, day: date, question_id: str) -> Drill | None:
        """The drill that a card's buttons belong to.

        Two drills of a channel may share the key that buttons carry, since a track can move away and another begin
        there; the message is the drill's own. A card whose message is not recorded yet is found by its key.
        """

        def work(conn: Connection) -> Drill | None:
            return drills.by_message(conn, message_id) or drills.by_key(conn, channel_id, day, question_id)

        return await self._db.read(work)

    async def current(self, track_id: int) -> Drill | None:
        """The track's open drill."""
        return await self._db.read(lambda conn: drills.current(conn, track_id))

    async def void(self, drill: Drill) -> None:
        """Ends a drill whose message is gone: neutral for streaks, and its date is free again."""
        await self._db.write(lambda conn: drills.change(conn, drill.id, state=DrillState.VOID, reveal=Reveal.NONE))
