"""What there is to do is found for all features at once; what an outage has put off is tried when it is over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.backoff import LONGEST, pause
from bot.domain.drills import LIFETIME, DrillState, Mode, Reveal
from bot.domain.interviews import EXPIRES, InterviewWay
from bot.domain.live_quiz_plans import QuizPlan
from bot.services.drills import CARD_REFRESH
from bot.storage import (
    drill_deliveries,
    drills,
    interviews,
    live_quiz_plans,
    members,
    milestones,
    mistakes,
    reminders,
    schema,
    seasons,
    servers,
    votes,
)
from bot.storage.agenda import Agenda, Owed, agenda, backlog, end_pauses
from bot.storage.milestones import Milestone
from tests.services.rows import CHANNEL, DAY, GUILD, NINE, add_drill, add_track, close

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LATE, KEPT = timedelta(hours=6), timedelta(days=90)
ANNA = 5


def due(conn: Connection, now: datetime = NINE) -> set[str]:
    """The features that have something to do."""
    found = agenda(conn, now, late_limit=LATE, card_refresh=CARD_REFRESH, keep_texts=KEPT)
    others = {name for name in Agenda.__slots__ if name != "drills" and getattr(found, name)}
    return others | {"drills"} if found.drills.any else others


def blind(conn: Connection, **changes: object) -> int:
    """A blind drill that is revealed, with everything that it owed; its votes ended a lifetime after it closed."""
    track_id = add_track(conn, mode=Mode.BLIND)
    values = {"mode": Mode.BLIND, "state": DrillState.CLOSED, "reveal": Reveal.DONE, "closed_at": NINE - LIFETIME}
    return add_drill(conn, track_id, 0, **(values | changes)).id


def next_one_closes(conn: Connection) -> None:
    blind(conn, closed_at=NINE - HOUR)
    close(conn, add_drill(conn, 1, 1, mode=Mode.BLIND), NINE, voted_until=NINE, reveal=Reveal.DONE)


def best_found(conn: Connection) -> None:
    blind(conn, voted_until=NINE - HOUR, best_answer_id=1, retry_at=NINE)


def digest(conn: Connection, **changes: object) -> None:
    values = {"guild_id": GUILD, "week": "2026-W47", "state": "owed", "claimed_at": NINE, "retry_at": NINE + HOUR}
    track = {} if "track_id" in changes else {"track_id": add_track(conn)}
    conn.execute(schema.digests.insert().values(**(values | changes | track)))


def weekly(conn: Connection) -> None:
    plan = QuizPlan(
        id=0, guild_id=GUILD, channel_id=CHANNEL, host_id=ANNA, zone="UTC", day=0, at=NINE.time(),
        topic=None, questions=5,
    )  # fmt: skip
    live_quiz_plans.add(conn, replace(plan, due_utc=NINE + HOUR, remind_utc=NINE))


def month_over(conn: Connection) -> None:
    servers.ensure(conn, GUILD)
    seasons.schedule(conn, GUILD, NINE)


def season(conn: Connection) -> None:
    made = seasons.add(conn, GUILD, "2026-10", NINE - HOUR, add_track(conn), 0)
    assert made is not None
    seasons.put_off(conn, made.id, 1, NINE)


def interview(conn: Connection, **changes: object) -> None:
    """An interview whose thread shows everything."""
    interviews.add(
        conn,
        guild_id=GUILD,
        channel_id=CHANNEL,
        member_id=ANNA,
        way=InterviewWay.THREAD,
        topic=None,
        minutes=2,
        question_ids=["genai-001"],
        started_at=NINE - HOUR,
    )
    conn.execute(schema.interviews.update().values({"next_at": NINE + HOUR} | changes))


def milestone(conn: Connection, **changes: object) -> None:
    track_id = add_track(conn)
    drill = add_drill(conn, track_id, 0, **changes)
    milestones.add(conn, Milestone(GUILD, track_id, ANNA, 3, drill.id, NINE, told=False))


def grant(conn: Connection) -> None:
    values = {"guild_id": GUILD, "days": 3, "member_id": ANNA, "role_id": 7, "state": "giving", "retry_at": NINE}
    conn.execute(schema.role_grants.insert().values(**values))


def reminder(conn: Connection) -> None:
    drill = add_drill(conn, add_track(conn))
    reminders.turn_on(conn, ANNA, None)
    reminders.plan(conn, GUILD, drill.id, {ANNA: NINE})


def silent(conn: Connection) -> None:
    members.record(conn, GUILD, ANNA, "Anna", NINE)
    conn.execute(schema.members.update().values(ask_at=NINE))


def old_part(conn: Connection) -> None:
    track_id = add_track(conn)
    answer = {"guild_id": GUILD, "track_id": track_id, "drill_id": add_drill(conn, track_id).id, "member_id": ANNA}
    conn.execute(schema.answers.insert().values(status="short", **answer))
    part = {"guild_id": GUILD, "answer_id": 1, "source": "form", "has_file": False, "withheld": False}
    conn.execute(schema.parts.insert().values(text="Words", sent_at=NINE - KEPT - SECOND, **part))


def old_interview(conn: Connection) -> None:
    interview(conn)
    conn.execute(schema.interview_questions.update().values(text="Words", closed_at=NINE - KEPT - SECOND))


def old_report(conn: Connection) -> None:
    mistakes.add(conn, GUILD, ANNA, "genai-001", None, "Words", NINE - KEPT - SECOND)


def erasure(conn: Connection) -> None:
    conn.execute(schema.erasures.insert().values(guild_id=GUILD, channel_id=8, message_id=9, retry_at=NINE))


DUE: dict[str, tuple[str, Callable[[Connection], object]]] = {
    "votes that end after a week": ("votes", blind),
    "votes that end with the next drill": ("votes", next_one_closes),
    "a best answer": ("votes", best_found),
    "a digest": ("digests", lambda conn: add_track(conn, digest_due_utc=NINE)),
    "a digest to try again": ("digests", lambda conn: digest(conn, retry_at=NINE)),
    "a digest too late": ("digests", lambda conn: digest(conn, claimed_at=NINE - LATE - SECOND)),
    "a weekly quiz": ("live_quiz_plans", weekly),
    "a month that turned": ("seasons", month_over),
    "a season to try again": ("seasons", season),
    "an interview's time": ("interviews", lambda conn: interview(conn, next_at=NINE)),
    "an interview left alone": ("interviews", lambda conn: interview(conn, started_at=NINE - EXPIRES - SECOND)),
    "an interview's thread": ("interviews", lambda conn: interview(conn, version=1, retry_at=NINE)),
    "a role": ("milestones", grant),
    "a reminder": ("reminders", reminder),
    "a question that did not come": ("alerts", lambda conn: add_track(conn, alert_due_utc=NINE)),
    "a silent member": ("departures", silent),
    "an old answer": ("old_texts", old_part),
    "an old answer in an interview": ("old_texts", old_interview),
    "an old report": ("old_texts", old_report),
    "a message about somebody whose data went": ("erasures", erasure),
}


@pytest.mark.parametrize("name", DUE)
def test_each_feature_has_something_to_do_from_its_instant_on(conn: Connection, name: str):
    feature, arrange = DUE[name]
    arrange(conn)
    assert due(conn, NINE - SECOND) == set()
    assert due(conn) == {feature}


def test_what_is_owed_is_counted_with_the_most_overdue_question(conn: Connection):
    found = backlog(conn, NINE)
    assert found.lag == timedelta(0) and set(found.owed.values()) == {Owed(0, 0)}
    grant(conn)
    erasure(conn)
    reminder(conn)
    digest(conn, track_id=1)  # it rests for an hour
    add_track(conn, channel_id=CHANNEL + 1, next_due_utc=NINE - SECOND)
    claimed = add_drill(conn, 1, 1, state=DrillState.CLAIMED, claimed_at=NINE - HOUR)
    found = backlog(conn, NINE)
    assert found.lag == HOUR
    assert {kind: (owed.waiting, owed.resting) for kind, owed in found.owed.items()} == {
        "drill": (1, 0),
        "reveal": (0, 0),
        "digest": (0, 1),
        "season": (0, 0),
        "role": (1, 0),
        "erasure": (1, 0),
        "reminder": (1, 0),
    }
    conn.execute(schema.drills.delete().where(schema.drills.c.id == claimed.id))
    assert backlog(conn, NINE).lag == SECOND and backlog(conn, NINE + HOUR).owed["digest"] == Owed(1, 0)


def test_a_milestone_waits_for_a_place_to_be_told(conn: Connection):
    milestone(conn, thread_id=None, mode=Mode.BLIND)
    assert due(conn) == set()
    conn.execute(schema.drills.update().values(thread_id=100))
    assert due(conn) == {"milestones"}


def test_a_best_answer_is_shown_once_and_not_after_a_week(conn: Connection):
    best_found(conn)
    assert due(conn, NINE - HOUR + LIFETIME) == set()
    assert [delivery.drill.id for delivery in votes.blind_unshown(conn, NINE)] == [1]
    votes.mark_best_shown(conn, 1)
    assert due(conn) == set() and votes.blind_unshown(conn, NINE) == []


def test_a_card_that_somebody_answered_while_it_was_edited_is_old(conn: Connection):
    drill = add_drill(conn, add_track(conn))
    drills.count_anew(conn, drill.id)
    answer = {"guild_id": GUILD, "track_id": 1, "drill_id": drill.id, "status": "on_time", "counted_at": NINE}
    conn.execute(schema.answers.insert().values(member_id=ANNA, **answer))
    conn.execute(schema.answers.insert().values(member_id=6, **answer))
    drill_deliveries.mark_shown(conn, drill.id, 1, NINE)
    assert due(conn) == set() and due(conn, NINE + CARD_REFRESH) == {"drills"}
    drill_deliveries.mark_shown(conn, drill.id, 2, NINE)
    assert due(conn, NINE + CARD_REFRESH) == set()


def test_pauses_grow_up_to_the_longest():
    assert [pause(attempts).total_seconds() for attempts in (0, 1, 2, 3)] == [5, 10, 20, 40]
    assert pause(50) == LONGEST and pause(3, timedelta(seconds=7)) == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("until", "then"), [(NINE + LONGEST, None), (NINE + LONGEST + SECOND, NINE + LONGEST + SECOND)]
)
def test_what_rests_for_longer_than_the_longest_pause_has_other_reasons(
    conn: Connection, until: datetime, then: datetime | None
):
    drill = add_drill(conn, add_track(conn), retry_at=until)
    end_pauses(conn, NINE)
    delivery = drill_deliveries.delivery(conn, drill.id)
    assert delivery is not None and delivery.retry_at == then


def test_reminders_that_were_not_tried_keep_their_time(conn: Connection):
    drill = add_drill(conn, add_track(conn))
    reminders.turn_on(conn, 5, None)
    reminders.turn_on(conn, 6, None)
    reminders.plan(conn, drill.guild_id, drill.id, {5: NINE, 6: NINE + SECOND})
    assert reminders.book_try(conn, drill.id, 5)
    reminders.put_off(conn, drill.id, 5, NINE + LONGEST)
    end_pauses(conn, NINE)
    assert [one.member_id for one in reminders.due(conn, NINE, 9)] == [5]
    assert [one.member_id for one in reminders.due(conn, NINE + DAY, 9)] == [5, 6]
