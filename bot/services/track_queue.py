"""Use cases of what comes next: a track's queue, and the questions that follow it by plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import Connection

from bot.domain import schedule
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.tracks import Track
from bot.services.drill_plans import QuestionChoice
from bot.services.use_cases import Service, writes
from bot.storage import question_queue, tracks
from bot.storage.database import Database
from bot.storage.tracks import NextPost

SHOWN = 5
"""So many of the coming questions are shown at once."""
PAGES = 4
"""So many pages there are at least; a longer queue has more."""


@dataclass(frozen=True, slots=True)
class ComingQuestion:
    """A question that will come.

    Attributes:
        queued: a manager put it there; otherwise it comes by plan.
        starts_over: with it the questions begin anew, since all have been asked.
        post: when it comes; None in a pause without an end.
    """

    question_id: str
    queued: bool
    starts_over: bool
    post: NextPost | None


@dataclass(frozen=True, slots=True)
class ComingQuestions:
    """Some of the questions that will come.

    Attributes:
        track: whose they are, as it is now.
        first: how many come before these.
        more: whether others that can be looked at come after these.
        skipped: dates up to the last of these on which nothing is posted.
        left: the questions not used since the last refill.
        total: all questions of the track's topics.
    """

    track: Track
    first: int
    coming: Sequence[ComingQuestion]
    more: bool
    skipped: Sequence[date]
    left: int
    total: int


@dataclass(frozen=True, slots=True)
class QueueChange:
    """What became of a question in the queue: where it stood and stands, from 0; None outside."""

    question_id: str
    was: int | None
    now: int | None


def _posts(track: Track, skipped: Sequence[date]) -> Iterator[NextPost]:
    """The instants at which a track posts, as things stand."""
    post = None if track.next_date is None else (track.next_date, track.next_due_utc)
    while post is not None and post[1] is not None:
        yield NextPost(post[0], post[1])
        post = schedule.next_post(track.plan, post[1], after=post[0], skipped=skipped, not_before=track.not_before)


def coming(conn: Connection, choice: QuestionChoice, track: Track, page: int, now: datetime) -> ComingQuestions:
    """The questions that will come, a few at once: queued ones first, then as the plan chooses them.

    Args:
        page: which few, from 0; the last where there are not so many.
    """
    track = tracks.get(conn, track.id) or track
    skipped = sorted(tracks.skipped(conn, track.id))
    pages = max(PAGES, -(-len(question_queue.queued(conn, track.id)) // SHOWN))
    first = min(page, pages - 1) * SHOWN
    chosen = list(islice(choice.upcoming(conn, track), first + SHOWN))
    first = min(first, max(0, len(chosen) - 1) // SHOWN * SHOWN)
    posts = [*islice(_posts(track, skipped), len(chosen)), *[None] * len(chosen)]
    found = [
        ComingQuestion(one.question_id, one.from_queue, one.refilled, post)
        for one, post in zip(chosen, posts, strict=False)
    ][first:]
    last = found[-1].post if found else None
    today = schedule.local_date(now, track.zone)
    return ComingQuestions(
        track,
        first,
        found,
        first // SHOWN + 1 < pages and len(found) == SHOWN,
        [day for day in skipped if last is not None and today <= day <= last.day],
        *choice.left(conn, track),
    )


def _place_of(queued: Sequence[str], question_id: str) -> int | None:
    return queued.index(question_id) if question_id in queued else None


def enqueue(conn: Connection, track: Track, question_id: str) -> QueueChange:
    """Puts a question at the end of the queue; raises Refusal when it is there."""
    queued = question_queue.queued(conn, track.id)
    if question_id in queued:
        raise Refusal("tracks.queued_already")
    question_queue.enqueue(conn, track, question_id)
    return QueueChange(question_id, None, len(queued))


def place(conn: Connection, track: Track, question_id: str, position: int) -> QueueChange:
    """Puts a question at a position in the queue, wherever it stood, at its end where it is not so long."""
    queued = question_queue.queued(conn, track.id)
    others = [one for one in queued if one != question_id]
    position = min(position, len(others))
    question_queue.set_order(conn, track, [*others[:position], question_id, *others[position:]])
    return QueueChange(question_id, _place_of(queued, question_id), position)


def dequeue(conn: Connection, track: Track, question_id: str) -> QueueChange:
    """Takes a question out of the queue; one that is not there stays away."""
    was = _place_of(question_queue.queued(conn, track.id), question_id)
    question_queue.dequeue(conn, track.id, question_id)
    return QueueChange(question_id, was, None)


class TrackQueueService(Service):
    """Tells what comes next, and lets managers change it."""

    enqueue = writes(enqueue)
    place = writes(place)
    dequeue = writes(dequeue)

    def __init__(self, database: Database, banks: Banks) -> None:
        super().__init__(database)
        self._choice = QuestionChoice(banks)

    async def coming(self, track: Track, page: int, now: datetime) -> ComingQuestions:
        """The questions that will come, a few at once; nothing is written."""
        return await self.read(coming, self._choice, track, page, now)
