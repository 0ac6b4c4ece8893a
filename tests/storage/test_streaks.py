"""The streaks of a board's rows are those of each member's history, on each engine."""

import random
from datetime import timedelta

from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import DrillState
from bot.domain.streaks import fold
from bot.storage import answers
from bot.storage.answers import outcomes_of
from bot.storage.database import Database
from bot.storage.schema import answers as answer_rows
from bot.storage.schema import aways, members, repairs
from tests.services.rows import DAY, GUILD, NINE, add_drill, add_track, close

DRILLS = 40
SHARES = {11: 0.95, 12: 0.8, 13: 0.5, 2**62: 0.9, 15: 0.0}
"""What share of the questions each member answers on time."""


def fill(conn: Connection, chance: random.Random) -> int:
    """A channel's questions with answers, late ones too, and what lets a streak rest; the newest is open."""
    track_id = add_track(conn)
    for member_id in SHARES:
        conn.execute(
            members.insert().values(guild_id=GUILD, member_id=member_id, name=str(member_id), seen_at=NINE)
        )
    first = NINE.date() + timedelta(days=5)
    conn.execute(
        aways.insert().values(guild_id=GUILD, member_id=12, first=first, last=first + 4 * DAY, made_at=NINE)
    )
    for day in range(DRILLS):
        drill = add_drill(conn, track_id, day)
        if day < DRILLS - 1:
            state = DrillState.VOID if day % 13 == 12 else DrillState.CLOSED
            drill = close(conn, drill, NINE + (day + 1) * DAY, state=state)
        for member_id, share in SHARES.items():
            drawn = chance.random()
            if drawn < share or drawn > 0.97:
                status = AnswerStatus.ON_TIME if drawn < share else AnswerStatus.LATE
                row = {"track_id": track_id, "drill_id": drill.id, "member_id": member_id, "status": status}
                conn.execute(answer_rows.insert().values(guild_id=GUILD, counted_at=NINE + day * DAY, **row))
            elif drawn > 0.94 and share:
                tried = {"track_id": track_id, "drill_id": drill.id, "member_id": member_id, "state": "done"}
                conn.execute(repairs.insert().values(guild_id=GUILD, **tried, started_at=NINE + day * DAY))
    return track_id


async def test_streaks_of_several_members_are_those_of_each(database: Database):
    def compared(conn: Connection) -> tuple[dict[int, int], dict[int, int]]:
        track_id = fill(conn, random.Random(7))
        each = {who: fold(outcomes_of(answers.history(conn, track_id, who))).current for who in SHARES}
        return answers.runs(conn, track_id, list(SHARES)), each

    several, each = await database.write(compared)
    assert several == each and several[15] == 0 < max(several.values())
