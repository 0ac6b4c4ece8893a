"""The streaks of a board's rows are those of each member's history, on each engine."""

from datetime import timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import DrillState
from bot.domain.streaks import fold
from bot.storage import answers
from bot.storage.answers import REPAIRED, outcomes_of
from bot.storage.database import Database
from bot.storage.schema import answers as answer_rows
from bot.storage.schema import aways, drills, repairs, tracks
from tests.services.rows import DAY, GUILD, NINE, add_drill, add_track

MEMBERS = (11, 2**62, 13)
"""The last one never answers."""


class Day(NamedTuple):
    """A question: what became of it, when it opened beside its turn, and what each member did."""

    state: DrillState
    hours: int
    deeds: tuple[str, str]


class Stay(NamedTuple):
    """Days away of a member: the first, and how many more."""

    member_id: int
    first: int
    more: int


DEEDS = st.sampled_from([*["on_time"] * 8, "late", "short", "none", "none", "started", "repaired"])
STATES = st.sampled_from([*[DrillState.CLOSED] * 8, DrillState.OPEN, DrillState.VOID])
DAYS = st.lists(st.builds(Day, STATES, st.sampled_from([0, 0, 0, 0, 24, 30]), st.tuples(DEEDS, DEEDS)), max_size=30)
AWAYS = st.lists(st.builds(Stay, st.sampled_from(MEMBERS), st.integers(0, 29), st.integers(0, 4)), max_size=3)


def fill(conn: Connection, days: list[Day], stays: list[Stay]) -> int:
    """A channel's questions with answers, late ones too, and what lets a streak rest."""
    for table in (answer_rows, repairs, aways, drills, tracks):
        conn.execute(table.delete())
    other, track_id = add_track(conn, channel_id=9), add_track(conn)
    for member_id, first, more in stays:
        begin = NINE.date() + first * DAY
        row = {"guild_id": GUILD, "member_id": member_id, "first": begin, "last": begin + more * DAY}
        conn.execute(aways.insert().values(**row, made_at=NINE))
    for number, day in enumerate(days):
        opened = NINE + number * DAY + timedelta(hours=day.hours)
        drill = add_drill(conn, track_id, number, state=day.state, opened_at=opened)
        elsewhere = add_drill(conn, other, number, state=day.state, message_id=None, thread_id=None)
        for at, (member_id, deed) in enumerate(zip(MEMBERS, day.deeds, strict=False)):
            row = {"guild_id": GUILD, "member_id": member_id, "track_id": track_id, "drill_id": drill.id}
            if deed in ("on_time", "late", "short"):
                conn.execute(answer_rows.insert().values(**row, status=AnswerStatus(deed), counted_at=opened))
            elif deed != "none":
                state = REPAIRED if deed == "repaired" else "asked"
                conn.execute(repairs.insert().values(**row, state=state, started_at=opened))
            if at:
                row |= {"track_id": other, "drill_id": elsewhere.id}
                conn.execute(answer_rows.insert().values(**row, status=AnswerStatus.ON_TIME, counted_at=opened))
    return track_id


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=DAYS, stays=AWAYS)
async def test_streaks_of_several_members_are_those_of_each(database: Database, days: list[Day], stays: list[Stay]):
    def compared(conn: Connection) -> tuple[dict[int, int], dict[int, int]]:
        track_id = fill(conn, days, stays)
        each = {who: fold(outcomes_of(answers.history(conn, track_id, who))).current for who in MEMBERS}
        return answers.runs(conn, track_id, list(MEMBERS)), each

    several, each = await database.write(compared)
    assert several == each


async def test_long_streaks_go_on_over_what_freezes_keep_and_days_away(database: Database):
    answered = [Day(DrillState.CLOSED, 0, ("on_time", "none" if at % 9 == 8 else "on_time")) for at in range(60)]

    def both(conn: Connection) -> dict[int, int]:
        return answers.runs(conn, fill(conn, answered, [Stay(2**62, 8, 0)]), MEMBERS)

    assert await database.write(both) == {11: 60, 2**62: 54, 13: 0}
