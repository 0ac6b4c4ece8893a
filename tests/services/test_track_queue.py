"""What is told to come next does come, and the queue stands as managers put it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.errors import Refusal
from bot.domain.selection import Order, choose, upcoming
from bot.domain.tracks import PlanChange, Track
from bot.services.drill_plans import QuestionChoice
from bot.services.drills import claim_due, mark_posted
from bot.services.track_queue import ComingQuestion, coming, dequeue, enqueue, place
from bot.services.tracks import ChangedTrack, set_up, skip
from bot.storage import question_queue, tracks
from tests.builders import bank, banks
from tests.services.rows import CHANNEL, GUILD

CHOICE = QuestionChoice(banks())
EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
LATE_LIMIT = timedelta(hours=6)
QUEUED = ("genai-048", "genai-002", "genai-050")


def made(conn: Connection, order: Order = Order.CURRICULUM, topics: tuple[str, ...] | None = None) -> Track:
    change = PlanChange(zone="UTC", order=order, topics=topics)
    made = set_up(conn, bank(), GUILD, CHANNEL, change, EIGHT, named=True)
    assert isinstance(made, ChangedTrack)
    return made.track


def five(conn: Connection, track: Track, now: datetime = EIGHT, page: int = 0) -> list[ComingQuestion]:
    return list(coming(conn, CHOICE, track, page, now).coming)


def come(conn: Connection, track: Track, count: int) -> list[tuple[str | None, date]]:
    """The questions that the schedule then brings, with their dates."""
    found: list[tuple[str | None, date]] = []
    while len(found) < count:
        due = tracks.get(conn, track.id)
        assert due is not None and due.next_due_utc is not None
        claimed = claim_due(conn, CHOICE, LATE_LIMIT, track.id, due.next_due_utc).drill
        assert claimed is not None
        drill, at = claimed.drill, due.next_due_utc
        mark_posted(conn, drill, message_id=len(found), question_id=drill.question_id or "", opened_at=at)
        found.append((claimed.drill.question_id, claimed.drill.date))
    return found


@pytest.mark.parametrize("order", Order)
def test_what_is_told_to_come_comes_on_those_dates(conn: Connection, order: Order):
    topic = bank().topics[0].title
    track = made(conn, order, (topic,))
    size = len(CHOICE.questions_of(track))
    for question_id in QUEUED[:2]:
        enqueue(conn, track, question_id)
    skip(conn, track, date(2026, 11, 25), EIGHT)
    told = [one for page in range(4) for one in five(conn, track, page=page)]
    # All are asked once, then they start over; of queued ones one may be of another topic.
    anew = [at for at, one in enumerate(told) if one.starts_over]
    assert len(told) == 20 > size + 2 and anew and anew[0] in (size, size + 1)
    came = come(conn, track, 20)
    assert came == [(one.question_id, one.post.day) for one in told if one.post is not None]
    assert date(2026, 11, 25) not in [day for _, day in came]
    assert [one.queued for one in told[:3]] == [True, True, False]


def test_a_pause_moves_them_to_its_end_or_takes_their_dates(conn: Connection):
    track = made(conn)
    paused = tracks.pause(conn, track.id, None)
    tracks.schedule(conn, track.id, None)
    assert {one.post for one in five(conn, paused)} == {None}
    assert not coming(conn, CHOICE, made(conn, topics=("No such topic",)), 9, EIGHT).coming


def test_pages_end_with_the_queue(conn: Connection):
    track = made(conn)
    ids = [question.id for question in bank().questions[:32]]
    for question_id in ids:
        enqueue(conn, track, question_id)
    last = coming(conn, CHOICE, track, 99_999, EIGHT)
    assert (last.first, last.more, [one.queued for one in last.coming]) == (30, False, [True] * 2 + [False] * 3)
    assert coming(conn, CHOICE, track, 0, EIGHT).more


def test_questions_queue_once_each_in_their_order(conn: Connection):
    track = made(conn)
    first, second = enqueue(conn, track, "genai-009"), enqueue(conn, track, "genai-002")
    assert (first.was, first.now, second.was, second.now) == (None, 0, None, 1)
    assert question_queue.queued(conn, track.id) == ["genai-009", "genai-002"]
    with pytest.raises(Refusal, match=r"tracks.queued_already"):
        enqueue(conn, track, "genai-009")
    assert (gone := dequeue(conn, track, "genai-009")).was == 0 and gone.now is None
    assert question_queue.queued(conn, track.id) == ["genai-002"]
    assert dequeue(conn, track, "genai-009").was is None


@pytest.mark.parametrize("question_id", [*QUEUED, "genai-007"])
@pytest.mark.parametrize("position", [0, 1, 9])
def test_what_was_moved_can_be_put_back(conn: Connection, question_id: str, position: int):
    track = made(conn)
    for queued in QUEUED:
        enqueue(conn, track, queued)
    done = place(conn, track, question_id, position)
    assert question_queue.queued(conn, track.id)[min(position, done.now or 0)] == question_id
    for _ in range(2):  # a button may be pressed twice
        if done.was is None:
            dequeue(conn, track, question_id)
        else:
            place(conn, track, question_id, done.was)
        assert question_queue.queued(conn, track.id) == list(QUEUED)


@given(
    st.sampled_from(Order),
    st.integers(1, 25),
    st.lists(st.integers(0, 30), max_size=4, unique=True),
    st.integers(0, 3),
    st.lists(st.integers(0, 24), max_size=25, unique=True),
)
def test_the_questions_to_come_are_those_chosen_one_by_one(
    order: Order, size: int, queue: list[int], refill: int, used: list[int]
):
    names = [f"q-{number:03}" for number in range(31)]
    waiting, gone = [names[at] for at in queue], [names[at] for at in used]
    weakness = {name: 1 / (2 + at % 3) for at, name in enumerate(names)}
    told = upcoming(order, names[:size], gone, list(waiting), "7", refill, weakness)
    for _ in range(2 * size + 5):
        one = choose(order, names[:size], gone, waiting, "7", refill, weakness)
        assert one == next(told)
        assert one is not None
        if one.from_queue:
            waiting.remove(one.question_id)
        refill, gone = refill + one.refilled, [one.question_id] if one.refilled else [*gone, one.question_id]
