"""A drill's life as the database decides it: claimed, posted, threaded, closed, revealed, or never posted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.backoff import FIRST
from bot.domain.drills import LIFETIME, Drill, DrillState, Mode, Reveal
from bot.domain.errors import Problem
from bot.domain.tracks import PlanChange, Track
from bot.services import drills as service
from bot.services.drill_places import DrillPlaceService
from bot.services.drill_plans import QuestionChoice
from bot.services.drills import CARD_REFRESH, ON_TIME, ClaimedDrill, DrillService
from bot.services.track_queue import enqueue
from bot.services.tracks import ChangedTrack, set_up
from bot.storage import drill_deliveries, drills, schema, tracks
from bot.storage.database import Database
from bot.storage.drill_deliveries import DrillDelivery, PendingDrills
from tests.builders import bank, banks
from tests.counting import counting
from tests.services.rows import CHANNEL, DAY, GUILD, statements

BANK = bank()
CHOICE = QuestionChoice(banks())
LATE_LIMIT = timedelta(hours=6)
EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
NINE = EIGHT + timedelta(hours=1)
MONDAY = NINE.date()
WHY = Problem("missing", {"channel_id": CHANNEL, "permissions": ["Send Messages"]})


def make(conn: Connection, *, mode: Mode = Mode.OPEN, topics: tuple[str, ...] | None = None) -> Track:
    """A track that posts at nine, UTC, Monday to Friday, set up at eight."""
    change = PlanChange(zone="UTC", mode=mode, topics=topics, ping_role_id=5)
    made = set_up(conn, BANK, GUILD, CHANNEL, change, EIGHT, named=True, forums=())
    assert isinstance(made, ChangedTrack)
    return made.track


@pytest.fixture
def track(conn: Connection) -> Track:
    return make(conn)


def claim(conn: Connection, track: Track, now: datetime = NINE) -> ClaimedDrill:
    claimed = service.claim_due(conn, CHOICE, LATE_LIMIT, track.id, now).drill
    assert claimed is not None
    return claimed


def post(conn: Connection, drill: Drill, message_id: int, at: datetime, forum_post_id: int | None = None) -> Drill:
    assert drill.question_id is not None
    return service.mark_posted(
        conn,
        drill,
        message_id=message_id,
        question_id=drill.question_id,
        opened_at=at,
        forum_post_id=forum_post_id,
    )


def opened(conn: Connection, track: Track, message_id: int = 100, at: datetime = NINE) -> Drill:
    """A drill that was posted when it was due, with its thread."""
    drill = post(conn, claim(conn, track, at).drill, message_id, at)
    service.record_threaded(conn, drill, message_id, None)
    return delivery(conn, drill).drill


def delivery(conn: Connection, drill: Drill) -> DrillDelivery:
    found = drill_deliveries.delivery(conn, drill.id)
    assert found is not None
    return found


def stored(conn: Connection, track: Track) -> Track:
    found = tracks.get(conn, track.id)
    assert found is not None
    return found


def to_do(conn: Connection, now: datetime) -> PendingDrills:
    return drill_deliveries.pending(conn, now, late_limit=LATE_LIMIT, card_refresh=CARD_REFRESH)


def test_a_claim_hands_on_all_that_its_message_says(conn: Connection, track: Track):
    claimed = claim(conn, track)
    drill = claimed.drill
    assert (drill.date, drill.question_id, drill.state) == (MONDAY, "genai-001", DrillState.CLAIMED)
    assert claimed.fresh and claimed.delivery.attempts == 1 and claimed.ping_role_id == 5
    assert claimed.closing == NINE + DAY and not drill.late
    after = stored(conn, track)
    assert (after.last_date, after.next_date, after.next_due_utc) == (MONDAY, date(2026, 11, 24), NINE + DAY)
    assert service.claim_due(conn, CHOICE, LATE_LIMIT, track.id, NINE).drill is None


def test_another_process_looks_before_it_posts_what_was_claimed(conn: Connection, track: Track):
    mine = claim(conn, track)
    theirs = service.claimed_drill(conn, mine.drill.id, NINE)
    assert theirs is not None and not theirs.fresh
    assert (theirs.delivery, theirs.ping_role_id, theirs.closing) == (mine.delivery, 5, mine.closing)
    post(conn, mine.drill, 100, NINE)
    assert service.claimed_drill(conn, mine.drill.id, NINE) is None


def test_from_due_to_thread_it_takes_few_statements(conn: Connection, track: Track):
    opened(conn, track)
    now, found = NINE + DAY, list[ClaimedDrill]()
    assert statements(conn, lambda: to_do(conn, now)) == 1
    assert statements(conn, lambda: found.append(claim(conn, track, now))) <= 10
    drill = found[0].drill
    assert statements(conn, lambda: post(conn, drill, 101, now)) <= 4
    assert statements(conn, lambda: service.record_threaded(conn, drill, 101, None)) <= 2


def test_what_is_missed_is_stored_and_only_the_newest_comes_late(conn: Connection, track: Track):
    friday_noon = datetime(2026, 11, 27, 12, tzinfo=UTC)
    claimed = claim(conn, track, friday_noon)
    assert claimed.drill.late and not claimed.fresh and claimed.drill.date == friday_noon.date()
    missed = [drills.by_date(conn, track.id, MONDAY + timedelta(days=day)) for day in range(4)]
    assert [drill and (drill.state, drill.question_id) for drill in missed] == [(DrillState.MISSED, None)] * 4


def test_too_late_nothing_is_claimed_and_the_schedule_moves_on(conn: Connection, track: Track):
    assert service.claim_due(conn, CHOICE, LATE_LIMIT, track.id, NINE + LATE_LIMIT + ON_TIME).drill is None
    missed = drills.by_date(conn, track.id, MONDAY)
    assert missed is not None and missed.state is DrillState.MISSED
    assert stored(conn, track).next_date == date(2026, 11, 24)


def test_topics_without_questions_are_a_problem(conn: Connection):
    track = make(conn, topics=("No such topic",))
    assert service.claim_due(conn, CHOICE, LATE_LIMIT, track.id, NINE).drill is None
    after = stored(conn, track)
    assert (after.problem, after.last_date) == (Problem("no_questions"), MONDAY)
    assert service.claim_today(conn, CHOICE, track.id, NINE) == service.Claim(None, existed=False)


def test_a_queued_question_comes_first_and_leaves_the_queue(conn: Connection, track: Track):
    enqueue(conn, track, "genai-030")
    first = claim(conn, track).drill
    assert first.question_id == "genai-030"
    post(conn, first, 100, NINE)
    assert claim(conn, track, NINE + DAY).drill.question_id == "genai-001"


def test_what_was_never_posted_gives_way_and_its_question_is_free(conn: Connection, track: Track):
    first, second = claim(conn, track), claim(conn, track, NINE + DAY)
    assert delivery(conn, first.drill).drill.state is DrillState.MISSED
    assert second.drill.question_id == "genai-001"


def test_by_hand_a_date_is_claimed_once_and_again_when_it_was_missed(conn: Connection, track: Track):
    first = service.claim_today(conn, CHOICE, track.id, EIGHT)
    assert first.drill is not None and not first.existed
    assert service.claim_today(conn, CHOICE, track.id, EIGHT) == service.Claim(first.drill, existed=True)
    assert stored(conn, track).next_date == date(2026, 11, 24)
    drills.miss_overdue(conn, NINE)
    again = service.claim_today(conn, CHOICE, track.id, NINE)
    assert again.drill is not None and not again.existed and again.drill.id != first.drill.id
    assert delivery(conn, first.drill).drill.state is DrillState.VOID


def test_an_opened_drill_closes_the_one_before_and_mends_the_track(conn: Connection, track: Track):
    first = opened(conn, track)
    tracks.report(conn, track.id, WHY)
    second = opened(conn, track, 101, NINE + DAY)
    assert (second.opened_at, second.closes_at) == (NINE + DAY, NINE + DAY + LIFETIME)
    closed = delivery(conn, first).drill
    assert (closed.state, closed.reveal, closed.closed_at) == (DrillState.CLOSED, Reveal.DUE, NINE + DAY)
    assert stored(conn, track).problem is None and drills.current(conn, track.id) == second


def test_tries_are_put_off_twice_as_long_and_what_waits_becomes_late(conn: Connection, track: Track):
    drill = claim(conn, track).drill
    waits: list[timedelta | None] = []
    for _ in range(5):
        service.put_off(conn, delivery(conn, drill), NINE, WHY)
        retry_at = delivery(conn, drill).retry_at
        waits.append(retry_at and retry_at - NINE)
    assert waits == [FIRST * 2**tries for tries in range(5)]
    assert delivery(conn, drill).drill.late and stored(conn, track).problem == WHY
    assert to_do(conn, NINE).claimed == [] and len(to_do(conn, NINE + timedelta(hours=1)).claimed) == 1
    drill_deliveries.retry_at_once(conn, drill.id)
    assert [pending.id for pending in to_do(conn, NINE).claimed] == [drill.id]


def test_what_waits_too_long_is_overdue_and_missed(conn: Connection, track: Track):
    drill = claim(conn, track).drill
    now = NINE + LATE_LIMIT + ON_TIME
    pending = to_do(conn, now)
    assert [late.id for late in pending.overdue] == [drill.id] and pending.claimed == []
    drills.miss_overdue(conn, now - LATE_LIMIT)
    assert to_do(conn, now).overdue == []
    assert delivery(conn, drill).drill.question_id is None


def test_one_read_tells_all_that_there_is_to_do(conn: Connection, track: Track):
    assert to_do(conn, EIGHT) == PendingDrills(due=[], overdue=[], expired=[], claimed=[], to_tend=[])
    assert to_do(conn, NINE).due == [track.id]
    drill = post(conn, claim(conn, track).drill, 100, NINE)
    assert [threadless.id for threadless in to_do(conn, NINE).to_tend] == [drill.id]
    service.record_threaded(conn, drill, None, Problem("no_thread", {"number": 1, "said": "no"}))
    assert to_do(conn, NINE).to_tend == [] and stored(conn, track).problem is not None
    drills.outdate_card(conn, track.id)
    assert to_do(conn, NINE).to_tend == [] and len(to_do(conn, NINE + CARD_REFRESH).to_tend) == 1
    service.record_shown(conn, drill, 0, NINE + CARD_REFRESH)
    assert to_do(conn, NINE + 2 * CARD_REFRESH).to_tend == [] and stored(conn, track).problem is None
    assert [expired.id for expired in to_do(conn, NINE + LIFETIME).expired] == [drill.id]
    drills.close(conn, drill.id, NINE + LIFETIME + DAY)
    assert delivery(conn, drill).drill.closed_at == NINE + LIFETIME
    assert [unrevealed.id for unrevealed in to_do(conn, NINE + LIFETIME).to_tend] == [drill.id]


def test_closing_is_done_once(conn: Connection, track: Track):
    drill = opened(conn, track)
    drills.close(conn, drill.id, NINE + timedelta(hours=1))
    drills.close(conn, drill.id, NINE + timedelta(hours=2))
    assert delivery(conn, drill).drill.closed_at == NINE + timedelta(hours=1)


def test_a_reveal_goes_step_by_step(conn: Connection):
    drill = post(conn, claim(conn, make(conn, mode=Mode.BLIND)).drill, 100, NINE)
    drills.close(conn, drill.id, NINE)
    drill_deliveries.book_try(conn, drill.id)
    assert delivery(conn, drill).attempts == 1
    for step, number in ((Reveal.CARD, 1), (Reveal.DONE, 0)):
        service.record_revealed(conn, drill, step)
        assert (delivery(conn, drill).drill.reveal, delivery(conn, drill).attempts) == (step, 0)
        assert len(to_do(conn, NINE).to_tend) == number


def test_a_locked_post_rests_until_it_is_unlocked_and_a_reveal_ends_its_note(conn: Connection, track: Track):
    drill = post(conn, claim(conn, track).drill, 100, NINE, forum_post_id=90)
    drills.close(conn, drill.id, NINE)
    locked = Problem("post_locked", {"link": drill.link, "number": 1})
    drill_deliveries.rest_locked(conn, drill.id, locked, NINE + DAY)
    assert drills.held_up(conn, track.id) == [locked] and to_do(conn, NINE).to_tend == []
    drill_deliveries.mark_unlocked(conn, drill.id)
    assert drills.held_up(conn, track.id) == [] and len(to_do(conn, NINE).to_tend) == 1
    drill_deliveries.rest_locked(conn, drill.id, locked, NINE)
    service.record_revealed(conn, drill, Reveal.DONE)
    assert delivery(conn, drill).drill.thread_note is None


def test_elsewhere_a_reveal_keeps_why_there_is_no_thread(conn: Connection, track: Track):
    drill = post(conn, claim(conn, track).drill, 100, NINE)
    service.record_threaded(conn, drill, None, WHY)
    drills.close(conn, drill.id, NINE)
    service.record_revealed(conn, drill, Reveal.DONE)
    assert delivery(conn, drill).drill.thread_note == WHY


def test_how_an_open_drill_stands(conn: Connection, track: Track):
    drill = opened(conn, track)
    assert service.standing(conn, drill, NINE) == service.DrillStanding(0, NINE + DAY)
    tracks.pause(conn, track.id, None)
    assert service.standing(conn, drill, NINE).closing == NINE + LIFETIME


def test_a_preview_is_what_would_be_posted_and_stores_nothing(conn: Connection, track: Track):
    shown = service.would_post(conn, CHOICE, track, EIGHT)
    assert shown is not None and (shown.id, shown.question_id, shown.message_id) == (0, "genai-001", None)
    drill = opened(conn, track)
    assert service.would_post(conn, CHOICE, stored(conn, track), NINE) == drill


@pytest.fixture
async def drill(database: Database) -> Drill:
    return await database.write(lambda conn: opened(conn, make(conn)))


@pytest.fixture
def life(database: Database) -> DrillService:
    return DrillService(database, banks(), LATE_LIMIT)


@pytest.fixture
def places(database: Database) -> DrillPlaceService:
    return DrillPlaceService(database)


async def test_events_that_mean_nothing_here_write_nothing(
    database: Database, places: DrillPlaceService, drill: Drill
):
    with counting(database) as count:
        await places.thread_made(999)
        await places.thread_made(100)  # the bot's own thread, which is recorded
        await places.thread_deleted(999)
        await places.unlocked(999)
        await places.unlocked(100)
    assert count.writes == 0 and count.statements == 6


async def test_a_deleted_thread_leaves_replies_and_a_new_one_takes_its_place(
    life: DrillService, places: DrillPlaceService, drill: Drill
):
    await places.thread_deleted(100)
    left = await life.get(drill.id)
    assert left is not None and (left.thread_id, left.thread_note) == (None, Problem("thread_deleted"))
    await places.thread_made(100)
    again = await life.get(drill.id)
    assert again is not None and (again.thread_id, again.thread_note) == (100, None)


async def test_a_drill_without_its_message_is_void_and_its_date_free(
    life: DrillService, places: DrillPlaceService, drill: Drill
):
    await places.message_deleted(999)
    assert await life.get(drill.id) == drill
    await places.message_deleted(100)
    void = await life.get(drill.id)
    assert void is not None and void.state is DrillState.VOID
    claim = await life.claim_today(drill.track_id, NINE)
    assert claim.drill is not None and not claim.existed


async def test_in_a_forum_the_message_goes_with_its_post(
    database: Database, life: DrillService, places: DrillPlaceService, drill: Drill
):
    await database.write(lambda conn: conn.execute(schema.drills.update().values(forum_post_id=90)) and None)
    await places.thread_deleted(90)
    void = await life.get(drill.id)
    assert void is not None and void.state is DrillState.VOID
