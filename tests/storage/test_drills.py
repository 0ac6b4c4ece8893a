"""A drill's life over a real file: nothing twice, no burst, the schedule moves on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.domain.drills import DrillState, Reveal
from bot.domain.tracks import Track, TrackPlan
from bot.services.drill_plans import reschedule
from bot.services.drills import DrillService
from bot.storage import drills, tracks
from bot.storage.database import Database
from tests.builders import bank, posted

BANK = bank()
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


async def make_track(
    database: Database, *, guild_id: int = 1, channel_id: int = 10, paused_until: date | None = None, **changes: Any
) -> int:
    """A track in UTC at nine, Monday to Friday, but for `changes` to its plan."""

    def work(conn: Connection) -> int:
        track = tracks.add(conn, guild_id, channel_id, TrackPlan("UTC", **changes), MONDAY)
        if paused_until is not None:
            track = tracks.pause(conn, track.id, paused_until)
        return reschedule(conn, track, MONDAY).id

    return await database.write(work)


async def read_track(database: Database, track_id: int) -> Track:
    track = await database.read(lambda conn: tracks.get(conn, track_id))
    assert track is not None
    return track


async def test_a_due_drill_is_claimed_once_and_the_schedule_moves_on(database: Database, service: DrillService):
    track_id = await make_track(database)
    now = MONDAY + timedelta(hours=1)
    assert (await service.pending(MONDAY)).due == []
    assert (await service.pending(now)).due == [track_id]
    claimed = await service.claim_due(track_id, now)
    assert claimed is not None and claimed.fresh
    assert (claimed.drill.question_id, claimed.drill.late) == ("genai-001", False)
    assert await service.claim_due(track_id, now) is None
    track = await read_track(database, track_id)
    assert (track.next_date, track.last_date) == (date(2026, 11, 24), date(2026, 11, 23))


async def test_servers_are_found_however_many_are_asked_for(database: Database):
    for guild_id in (1, 2, 70_001):
        await make_track(database, guild_id=guild_id, channel_id=10 * guild_id)
    found = await database.read(lambda conn: tracks.practiced_in(conn, range(1, 80_000, 2)))
    assert {place.guild_id for place in found} == {1, 70_001}
    assert await database.read(lambda conn: tracks.practiced_in(conn, ())) == []


async def test_after_a_week_away_one_late_drill_and_no_burst(database: Database, service: DrillService):
    track_id = await make_track(database)
    back = datetime(2026, 11, 27, 12, tzinfo=UTC)
    claimed = await service.claim_due(track_id, back)
    assert claimed is not None and not claimed.fresh
    assert claimed.drill.late and claimed.drill.date == date(2026, 11, 27)
    states = await database.read(lambda conn: drills.by_date(conn, track_id, date(2026, 11, 25)))
    assert states is not None and states.state is DrillState.MISSED and states.question_id is None
    assert await service.claim_due(track_id, back) is None


async def test_posting_by_hand_takes_the_place_of_the_scheduled_post(database: Database, service: DrillService):
    track_id = await make_track(database)
    claim = await service.claim_today(track_id, MONDAY)
    assert claim.drill is not None and not claim.existed
    assert (await service.claim_today(track_id, MONDAY)).existed
    assert await service.claim_due(track_id, MONDAY + timedelta(hours=1)) is None
    assert (await read_track(database, track_id)).next_date == date(2026, 11, 24)


async def test_the_next_drill_closes_the_one_before_and_owes_its_reveal(database: Database, service: DrillService):
    track_id = await make_track(database)
    opened: list[int] = []
    for day in range(2):
        now = MONDAY + timedelta(days=day, hours=1)
        claimed = await service.claim_due(track_id, now)
        assert claimed is not None
        await posted(database, claimed.drill, 100 + day, now)
        opened.append(claimed.drill.id)
    first = await database.read(lambda conn: drills.get(conn, opened[0]))
    assert first is not None
    assert (first.state, first.reveal, first.closed_at) == (
        DrillState.CLOSED,
        Reveal.DUE,
        MONDAY + timedelta(days=1, hours=1),
    )


async def test_a_void_drill_frees_its_date(database: Database, service: DrillService):
    track_id = await make_track(database)
    claim = await service.claim_today(track_id, MONDAY)
    assert claim.drill is not None
    await service.void(claim.drill.id)
    again = await service.claim_today(track_id, MONDAY)
    assert again.drill is not None and not again.existed and again.drill.question_id == "genai-002"


async def test_a_pause_ends_on_its_date(database: Database, service: DrillService):
    track_id = await make_track(database, paused_until=date(2026, 11, 26))
    assert (await read_track(database, track_id)).next_date == date(2026, 11, 26)
    claimed = await service.claim_due(track_id, datetime(2026, 11, 26, 9, tzinfo=UTC))
    assert claimed is not None and claimed.drill.date == date(2026, 11, 26)
    assert not (await read_track(database, track_id)).paused


async def test_topics_without_questions_post_nothing_and_say_why(database: Database, service: DrillService):
    track_id = await make_track(database, topics=("No such topic",))
    assert await service.claim_due(track_id, MONDAY + timedelta(hours=1)) is None
    track = await read_track(database, track_id)
    assert track.problem is not None and track.next_date == date(2026, 11, 24)
