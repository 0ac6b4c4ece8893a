"""What a digest counts: items missed by whom, in quizzes alone and together, within the week only."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import digests, quizzes
from bot.storage.database import Database
from bot.storage.schema import live_choices, live_rounds, lives
from tests.storage.test_drills import MONDAY, database

__all__ = ["database"]
WEEK = timedelta(days=7)


async def solo(conn: AsyncConnection, member: int, item: str, right: bool, at: datetime, guild: int = 1) -> None:
    quiz = await quizzes.start(
        conn, guild_id=guild, member_id=member, topic=None, difficulty=None, items=[(item, "q")], at=at
    )
    await quizzes.answer(conn, quiz, 0, 1, right, at)
    await quizzes.finish(conn, quiz, "done", at)


async def live(conn: AsyncConnection, item: str, choices: dict[int, bool], at: datetime) -> None:
    values = {"channel_id": 1, "host_id": 1, "state": "done", "seconds": 20, "position": 0, "made_at": at}
    made = await conn.execute(lives.insert().values(guild_id=1, **values).returning(lives.c.id))
    live_id = made.scalar_one()
    one = {"guild_id": 1, "live_id": live_id, "position": 0}
    await conn.execute(live_rounds.insert().values(**one, item_id=item, question_id="q"))
    for member, right in choices.items():
        choice = {"member_id": member, "chosen": 1, "chosen_at": at, "changed": False, "right": right}
        await conn.execute(live_choices.insert().values(**one, **choice))


async def test_the_item_that_most_members_missed_comes_first_and_nobody_counts_twice(database: Database):
    async def play(conn: AsyncConnection) -> None:
        for _ in range(3):
            await solo(conn, 7, "a", False, MONDAY)
        await solo(conn, 8, "b", False, MONDAY)
        await live(conn, "b", {7: False, 8: False, 9: True}, MONDAY)
        await solo(conn, 9, "c", True, MONDAY)
        for member in range(20, 25):
            await solo(conn, member, "c", False, MONDAY + WEEK)
            await solo(conn, member, "c", False, MONDAY, guild=2)

    await database.write(play)
    found = await database.read(lambda conn: digests.missed(conn, 1, MONDAY, MONDAY + WEEK))
    assert found == [("b", 2), ("a", 1)]
