"""What a digest counts: items missed by whom, in quizzes alone and together, within the week only."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.quizzes import QuizState
from bot.storage import digests, quizzes
from bot.storage.database import Database
from bot.storage.schema import live_choices, live_rounds, lives
from tests.storage.test_drills import MONDAY

WEEK = timedelta(days=7)


def solo(conn: Connection, member: int, item: str, right: bool, at: datetime, guild: int = 1) -> None:
    quiz = quizzes.start(
        conn, guild_id=guild, member_id=member, topic=None, difficulty=None, items=[(item, "q")], at=at
    )
    quizzes.answer(conn, quiz.id, 0, 1, right, at)
    quizzes.finish(conn, quiz.id, QuizState.DONE, at)


def live(conn: Connection, item: str, choices: dict[int, bool], at: datetime) -> None:
    values = {"channel_id": 1, "host_id": 1, "state": "done", "seconds": 20, "position": 0, "made_at": at}
    made = conn.execute(lives.insert().values(guild_id=1, **values).returning(lives.c.id))
    live_id = made.scalar_one()
    one = {"guild_id": 1, "live_id": live_id, "position": 0}
    conn.execute(live_rounds.insert().values(**one, item_id=item, question_id="q"))
    for member, right in choices.items():
        choice = {"member_id": member, "chosen": 1, "chosen_at": at, "changed": False, "right": right}
        conn.execute(live_choices.insert().values(**one, **choice))


async def test_the_item_that_most_members_missed_comes_first_and_nobody_counts_twice(database: Database):
    def play(conn: Connection) -> None:
        for _ in range(3):
            solo(conn, 7, "a", False, MONDAY)
        solo(conn, 8, "b", False, MONDAY)
        live(conn, "b", {7: False, 8: False, 9: True}, MONDAY)
        solo(conn, 9, "c", True, MONDAY)
        for member in range(20, 25):
            solo(conn, member, "c", False, MONDAY + WEEK)
            solo(conn, member, "c", False, MONDAY, guild=2)

    await database.write(play)
    found = await database.read(lambda conn: digests.missed(conn, 1, MONDAY, MONDAY + WEEK))
    assert found == [("b", 2), ("a", 1)]
