"""A track's plan: set up, changed, moved, paused, skipped, queued for, and ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.drills import DrillState, Mode
from bot.domain.errors import Refusal
from bot.domain.schedule import WEEKDAYS
from bot.domain.selection import Order
from bot.domain.tracks import PlanChange, Track
from bot.services.drill_plans import QuestionChoice
from bot.services.drills import claim_due
from bot.services.tracks import (
    PLAN_AHEAD,
    MoveOrAdd,
    decide,
    find,
    follow_zone_data,
    set_up,
    skip,
    stop,
    take_back_skip,
)
from bot.storage import drills, schema, servers, tracks
from tests.builders import bank, banks
from tests.services.rows import CHANNEL, GUILD, statements

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
TODAY = MONDAY.date()
TUESDAY = TODAY + timedelta(days=1)
HERE, ELSEWHERE, FORUM = CHANNEL, 20, 30
BERLIN = PlanChange(zone="Europe/Berlin")
CHOICE = QuestionChoice(banks())


def ask(conn: Connection, channel_id: int, change: PlanChange, *, named: bool = True) -> Track | MoveOrAdd:
    done = set_up(conn, bank(), GUILD, channel_id, change, MONDAY, named=named, forums={FORUM})
    return done if isinstance(done, MoveOrAdd) else done.track


def made(conn: Connection, change: PlanChange = BERLIN, channel_id: int = HERE) -> Track:
    track = ask(conn, channel_id, change)
    assert isinstance(track, Track)
    return track


def added(conn: Connection, channel_id: int, change: PlanChange) -> Track:
    asked = ask(conn, channel_id, change)
    assert isinstance(asked, MoveOrAdd)
    return decide(conn, bank(), GUILD, asked.proposal_id, MONDAY, move=False).track


def stored(conn: Connection, track: Track) -> Track:
    found = tracks.get(conn, track.id)
    assert found is not None
    return found


def test_a_first_track_needs_a_zone_and_gets_the_usual_plan(conn: Connection):
    with pytest.raises(Refusal, match=r"tracks.no_zone"):
        made(conn, PlanChange(at=time(10)))
    track = made(conn)
    assert (track.at, track.days, track.topics) == (time(9), WEEKDAYS, ())
    assert (track.order, track.mode, track.ping_role_id) == (Order.CURRICULUM, Mode.OPEN, None)
    # Nine has struck there already.
    assert (track.next_date, track.next_due_utc) == (TUESDAY, datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert servers.chosen_zone(conn, GUILD) == "Europe/Berlin" and track == stored(conn, track)


def test_what_is_left_out_of_a_change_stays(conn: Connection):
    before = made(conn, replace(BERLIN, mode=Mode.BLIND, topics=("Prompting",), ping_role_id=5))
    after = made(conn, PlanChange(at=time(17, 30), days=frozenset({5, 6}), order=Order.SHUFFLE))
    changed = replace(before.chosen, at=time(17, 30), days=frozenset({5, 6}), order=Order.SHUFFLE)
    assert after.id == before.id and after.chosen == changed and after == stored(conn, after)
    assert after.next_date == date(2026, 11, 28)
    assert PlanChange().is_empty and not BERLIN.is_empty


def test_the_zone_of_the_only_track_is_the_server_s(conn: Connection):
    made(conn)
    made(conn, PlanChange(zone="Asia/Tokyo"))
    assert servers.chosen_zone(conn, GUILD) == "Asia/Tokyo"
    added(conn, ELSEWHERE, PlanChange())
    made(conn, PlanChange(zone="America/New_York"))
    assert servers.chosen_zone(conn, GUILD) == "Asia/Tokyo"


def test_another_channel_is_asked_about_and_decided_once(conn: Connection):
    first = made(conn)
    asked = ask(conn, ELSEWHERE, PlanChange(at=time(7), days=frozenset({2}), topics=("Prompting",)))
    assert isinstance(asked, MoveOrAdd) and asked.track == first and not asked.opens
    moved = decide(conn, bank(), GUILD, asked.proposal_id, MONDAY, move=True).track
    assert (moved.id, moved.channel_id, moved.at, moved.topics) == (first.id, ELSEWHERE, time(7), ("Prompting",))
    assert moved.days == {2} and moved.next_date == date(2026, 11, 25)
    with pytest.raises(Refusal, match=r"tracks.decided"):
        decide(conn, bank(), GUILD, asked.proposal_id, MONDAY, move=True)
    again = ask(conn, HERE, PlanChange())
    assert isinstance(again, MoveOrAdd)
    with pytest.raises(Refusal, match=r"tracks.decided"):  # of another server
        decide(conn, bank(), GUILD + 1, again.proposal_id, MONDAY, move=False)


def test_a_second_track_takes_the_server_s_zone(conn: Connection):
    made(conn)
    second = added(conn, ELSEWHERE, PlanChange(at=time(7)))
    assert (second.channel_id, second.zone, second.at) == (ELSEWHERE, "Europe/Berlin", time(7))
    third = ask(conn, 40, PlanChange())  # with two there is nothing to ask
    assert isinstance(third, Track) and third.channel_id == 40


def test_a_channel_that_got_a_track_meanwhile_takes_no_other(conn: Connection):
    made(conn)
    asked = ask(conn, ELSEWHERE, PlanChange())
    assert isinstance(asked, MoveOrAdd)
    conn.execute(schema.tracks.update().values(channel_id=ELSEWHERE))
    with pytest.raises(Refusal, match=r"tracks.channel_taken") as refused:
        decide(conn, bank(), GUILD, asked.proposal_id, MONDAY, move=False)
    assert refused.value.values == {"channel_id": ELSEWHERE}


def test_a_move_gives_up_what_the_old_channel_was_owed(conn: Connection):
    track = made(conn, PlanChange(zone="UTC"))
    claimed = claim_due(conn, CHOICE, timedelta(hours=6), track.id, MONDAY + timedelta(hours=1)).drill
    assert claimed is not None
    asked = ask(conn, ELSEWHERE, PlanChange())
    assert isinstance(asked, MoveOrAdd)
    decide(conn, bank(), GUILD, asked.proposal_id, MONDAY, move=True)
    drill = drills.get(conn, claimed.drill.id)
    assert drill is not None and (drill.state, drill.question_id) == (DrillState.MISSED, None)


def test_in_a_forum_answers_are_open(conn: Connection):
    with pytest.raises(Refusal, match=r"tracks.no_blind_in_forum"):
        made(conn, replace(BERLIN, mode=Mode.BLIND), FORUM)
    track = made(conn, replace(BERLIN, mode=Mode.BLIND))
    asked = ask(conn, FORUM, PlanChange())
    assert isinstance(asked, MoveOrAdd) and asked.opens
    moved = decide(conn, bank(), GUILD, asked.proposal_id, MONDAY, move=True).track
    assert (moved.id, moved.mode) == (track.id, Mode.OPEN)


def test_a_track_is_found_by_its_channel_or_because_it_is_the_only_one(conn: Connection):
    with pytest.raises(Refusal, match=r"tracks.none"):
        find(conn, GUILD, HERE, named=False)
    track = made(conn)
    assert find(conn, GUILD, HERE, named=True) == find(conn, GUILD, 99, named=False) == track
    with pytest.raises(Refusal, match=r"tracks.not_here"):
        find(conn, GUILD, 99, named=True)
    added(conn, ELSEWHERE, PlanChange())
    with pytest.raises(Refusal, match=r"tracks.several") as refused:
        find(conn, GUILD, 99, named=False)
    assert refused.value.values == {"channel_ids": [HERE, ELSEWHERE]}
    with pytest.raises(Refusal, match=r"tracks.several"):
        ask(conn, 99, PlanChange(at=time(8)), named=False)


def test_a_pause_without_an_end_has_no_next_post(conn: Connection):
    track = stop(conn, made(conn), MONDAY, lambda conn, track_id: tracks.pause(conn, track_id, None))
    assert track.paused and track.rests and track.next_due_utc is None
    with pytest.raises(Refusal, match=r"tracks.no_next_date"):
        skip(conn, track, None, MONDAY)
    friday = date(2026, 11, 27)
    track = stop(conn, track, MONDAY, lambda conn, track_id: tracks.pause(conn, track_id, friday))
    assert not track.rests and track.next_date == friday


def test_an_ended_track_is_taken_up_again_with_its_history(conn: Connection):
    first = made(conn)
    ended = stop(conn, first, MONDAY, tracks.end)
    assert not ended.active and ended.next_due_utc is None and tracks.of_server(conn, GUILD) == []
    again = made(conn, PlanChange())
    assert again.id == first.id and again.active and again.next_date == first.next_date


def test_a_skipped_date_is_left_out_until_it_is_named_again(conn: Connection):
    track = made(conn)
    skipped = skip(conn, track, None, MONDAY)
    assert (skipped.day, skipped.skipped, skipped.track.next_date) == (TUESDAY, True, date(2026, 11, 25))
    back = skip(conn, track, TUESDAY, MONDAY)
    assert not back.skipped and back.track.next_date == TUESDAY
    skip(conn, track, TUESDAY, MONDAY)
    for _ in range(2):
        back = take_back_skip(conn, track, TUESDAY, MONDAY)
        assert not back.skipped and back.track.next_date == TUESDAY


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY - timedelta(days=1), "date_over"),
        (TODAY + PLAN_AHEAD + timedelta(days=1), "date_too_far"),
        (date(2026, 11, 28), "day_off"),
    ],
)
def test_a_date_that_cannot_be_skipped_is_refused(conn: Connection, day: date, code: str):
    track = made(conn)
    with pytest.raises(Refusal, match=f"tracks.{code}") as refused:
        skip(conn, track, day, MONDAY)
    assert refused.value.values["day"] == day


def test_a_date_that_got_its_question_meanwhile_cannot_be_skipped(conn: Connection):
    track = made(conn, PlanChange(zone="UTC"))
    now = MONDAY + timedelta(hours=1)
    assert claim_due(conn, CHOICE, timedelta(hours=6), track.id, now).drill is not None
    with pytest.raises(Refusal, match=r"tracks.date_over"):
        skip(conn, track, TODAY, now)


def test_new_zone_data_are_followed_once(conn: Connection):
    track = made(conn)
    conn.execute(schema.tracks.update().values(next_due_utc=MONDAY))
    follow_zone_data(conn, "2099a")
    assert stored(conn, track) == track
    assert statements(conn, lambda: follow_zone_data(conn, "2099a")) == 1
