"""Queries that run at each beat, press or connection find their rows by an index, however many there are."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.domain.points import Reason, items_prefix
from bot.storage import (
    agenda,
    alerts,
    answers,
    boards,
    departures,
    drill_deliveries,
    drills,
    interview_parts,
    interviews,
    ledger,
    live_quizzes,
    members,
    quiz_results,
    quizzes,
    tracks,
    votes,
)
from bot.storage.database import Database

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOUCHES = re.compile(r"(SCAN|SEARCH) (?!json_each )")  # which lists what a parameter holds
FOUND = re.compile(
    r"SEARCH \w+ USING .*(INDEX|PRIMARY KEY)"
    r"|SCAN \w+ USING (?:COVERING )?INDEX (ix_answers_owed|ix_answers_unseeded|ix_erasures_retry_at"
    r"|ix_interviews_owed|uq_interviews_running|ix_lives_unsettled"
    r"|ix_milestones_untold|ix_role_grants_owed)$"
    r"|SCAN value VIRTUAL TABLE INDEX 1:$"
    r"|SEARCH shown$"
    r"|SCAN (CONSTANT ROW|anon_\d+|\(subquery-\d+\))$"
    r"|SCAN (whole|best|shown|bounds|hidden|hidden_then|steps|ranges|counts)( LEFT-JOIN)?$"
)
"""The indexes that may be read whole hold nothing but what is owed or running. The last ones are
what a statement found before: one row, one page, or those who stay off boards."""
BEAT = {
    "ix_drills_open_until",
    "ix_drills_card_old",
    "ix_drills_threadless",
    "ix_drills_reveal",
    "ix_drills_untallied",
    "ix_drills_best_unshown",
    "ix_drills_last_call",
    "ix_drills_track_id_opened_at",
}
"""By what a beat finds drills, besides those that are claimed: none of these grows with what is open or over."""
BOARD, EARLIER = boards.BoardKey(1, 0, "2026-W48"), "2026-W47"


def someone_leaves(conn: Connection) -> None:
    """The stays in teams are looked for only when it is news that somebody has left."""
    members.record(conn, 1, 5, "Somebody", AT)
    departures.mark_left(conn, [departures.MemberKey(1, 5)], AT)


QUERIES: dict[str, Callable[[Connection], Any]] = {
    "a card's button": lambda conn: drills.by_key(conn, 10, date(2026, 11, 23), "genai-001"),
    "what is collected": lambda conn: drills.still_collecting(conn, [1, 2], AT),
    "messages of answers": lambda conn: answers.known_messages(conn, [1, 2], AT),
    "messages of interviews": lambda conn: interview_parts.known_messages(conn, [1, 2], AT),
    "which servers practice": lambda conn: tracks.practiced_in(conn, [1, 2]),
    "how far is read": lambda conn: drills.advance_cursors(conn, [1, 2], 5, AT),
    "what there is to do": lambda conn: agenda.agenda(
        conn,
        AT,
        late_limit=timedelta(hours=6),
        card_refresh=timedelta(seconds=30),
        keep_texts=timedelta(days=90),
    ),
    "what is owed": lambda conn: agenda.backlog(conn, AT),
    "votes to tally": lambda conn: votes.to_tally(conn, AT),
    "best answers to show": lambda conn: votes.blind_unshown(conn, AT),
    "what a claim misses": lambda conn: drills.miss_claimed(conn, 1),
    "what waits no longer": lambda conn: drill_deliveries.end_pauses_in(conn, [1, 2], AT),
    "what managers are told": lambda conn: alerts.due(conn, AT, 5),
    "what a track owes": lambda conn: drills.owed(conn, 1),
    "what a track has missed": lambda conn: drills.missed_from(conn, 1, AT.date()),
    "what is overdue": lambda conn: drills.miss_overdue(conn, AT),
    "a drill's answers to show": lambda conn: answers.pending(conn, 1, AT),
    "a drill's answers that rest": lambda conn: answers.any_rests(conn, 1),
    "a drill's answers that rest no longer": lambda conn: answers.wake_drill(conn, 1),
    "servers' answers that rest no longer": lambda conn: answers.wake_servers(conn, [1, 2]),
    "a drill's answers anew": lambda conn: answers.mark_drill_changed(conn, 1),
    "today's points": lambda conn: ledger.earned_on(conn, 1, 5, Reason.ITEM, items_prefix(5, AT.date())),
    "a message's drill": lambda conn: drills.by_thread(conn, 20),
    "interviews whose time is up": lambda conn: interviews.time_up(conn, AT),
    "interviews that show an old state": lambda conn: interviews.pending(conn, AT),
    "interviews that nobody goes on with": lambda conn: interviews.running_since(conn, AT),
    "interviews in threads": interviews.running_in_threads,
    "interviews of a channel": lambda conn: interviews.running_in_channel(conn, 10),
    "interviews of a server": lambda conn: interviews.running_in_server(conn, 1),
    "a message of an interview": lambda conn: interview_parts.any_of(conn, [30, 31]),
    "old answers of interviews": lambda conn: interviews.any_older(conn, AT),
    "an interview's thread": lambda conn: interviews.by_thread(conn, 20),
    "a member's quiz answers": lambda conn: quiz_results.of_member(conn, 1, 5),
    "a track's quiz answers": lambda conn: quiz_results.of_track(conn, 1, 1),
    "a member's missed questions": lambda conn: quiz_results.missed_drills(conn, 1, 5),
    "a deleted message's live quiz": lambda conn: live_quizzes.by_cards(conn, [20]),
    "a channel's live quiz": lambda conn: live_quizzes.running_in(conn, 10),
    "live quizzes that are due": lambda conn: live_quizzes.due(conn, AT),
    "a member's newest solo answers": lambda conn: quizzes.last_answers(conn, 1, 5),
    "whom to ask about": lambda conn: departures.claim(conn, AT, 5),
    "who has left": someone_leaves,
    "a member's streak": lambda conn: answers.history(conn, 1, 5),
    "streaks of a board": lambda conn: answers.runs(conn, 1, [5, 6]),
    "a board": lambda conn: boards.page(conn, BOARD, 10, earlier=EARLIER, member_id=5),
}


@pytest.fixture
def engine() -> str:
    """What is shown here is of SQLite alone."""
    return "sqlite"


@pytest.mark.parametrize("name", QUERIES)
async def test_no_table_is_read_from_end_to_end(database: Database, name: str):
    said: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    def plan(conn: Connection) -> list[str]:
        event.listen(conn, "before_cursor_execute", note)
        QUERIES[name](conn)
        event.remove(conn, "before_cursor_execute", note)
        steps: list[str] = []
        for statement, parameters in said:
            rows = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row.detail for row in rows]
        return steps

    steps = await database.write(plan)
    assert steps and all(FOUND.search(step) for step in steps if TOUCHES.match(step)), steps
    if name == "messages of interviews":  # not all that were ever written
        assert any("interviews USING INDEX ix_interviews_guild_id" in step for step in steps), steps
    if "quiz answers" in name:  # not those of the whole server
        assert any("live_choices" in step and "member_id=?" in step for step in steps), steps
    if name == "what there is to do":
        used = {found[0] for step in steps if (found := re.search(r"ix_drills_\w+", step))}
        assert used == BEAT | {"ix_drills_state_closed_at"}, steps
    # A board sorts nothing but the rows of its page: their points of a week earlier, each once, and themselves.
    assert name != "a board" or sum("TEMP B-TREE" in step for step in steps) == 3, steps


@pytest.mark.parametrize("name", [name for name in QUERIES if name != "how far is read"])  # is made for each list
async def test_what_runs_again_is_not_planned_again(database: Database, name: str):
    planned: list[object] = []

    def note(*what: object) -> int:
        planned.append(what)
        return sqlite3.SQLITE_OK

    def run(conn: Connection) -> list[object]:
        connection: Any = conn.connection.driver_connection
        for _ in range(2):
            QUERIES[name](conn)
        connection.set_authorizer(note)  # is asked whenever a statement is planned, and has all planned anew
        QUERIES[name](conn)
        assert planned
        planned.clear()
        QUERIES[name](conn)
        connection.set_authorizer(None)
        return planned

    assert not await database.write(run)
