"""What counts as practiced: quiz results by question, and drills that were missed."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.drills import Drill, DrillState
from bot.domain.mastery import Tally
from bot.domain.quizzes import QuizState
from bot.services.answers import AnswerService, SubmittedForm
from bot.services.drills import DrillService
from bot.services.reviews import ReviewService
from bot.storage import drills, quiz_results, quizzes, reviews, schema
from bot.storage.database import Database
from bot.storage.schema import live_choices, live_rounds, lives
from tests.builders import banks, posted
from tests.storage.test_answers import ANNA, LONG, NINE, message
from tests.storage.test_drills import make_track

BEN = 8
DAY = timedelta(days=1)


async def solo(database: Database, member: int, item: str, right: bool, at: datetime) -> None:
    def work(conn: Connection) -> None:
        quiz = quizzes.start(
            conn,
            guild_id=1,
            member_id=member,
            topic=None,
            difficulty=None,
            items=[(item, item[:2])],
            at=at,
        )
        quizzes.answer(conn, quiz.id, 0, 0, right, at)
        quizzes.finish(conn, quiz.id, QuizState.DONE, at)

    await database.write(work)


async def live(database: Database, member: int, item: str, right: bool, at: datetime, *, over: bool) -> None:
    def work(conn: Connection) -> None:
        values = dict(guild_id=1, channel_id=5, host_id=1, state="done", seconds=20, position=0, made_at=at)
        live_id = conn.execute(lives.insert().values(**values).returning(lives.c.id)).scalar_one()
        where = dict(guild_id=1, live_id=live_id, position=0)
        ended = at if over else None
        conn.execute(
            live_rounds.insert().values(**where, item_id=item, question_id=item[:2], opened_at=at, closed_at=ended)
        )
        choice = dict(member_id=member, chosen=0, chosen_at=at, changed=False, right=right)
        conn.execute(live_choices.insert().values(**where, **choice))

    await database.write(work)


async def test_each_item_counts_as_it_was_answered_last_alone_or_live(database: Database):
    await solo(database, ANNA, "q1-a", False, NINE)
    await solo(database, ANNA, "q1-a", True, NINE + DAY)
    await solo(database, ANNA, "q1-b", False, NINE)
    await live(database, ANNA, "q2-a", False, NINE, over=True)
    await solo(database, ANNA, "q2-a", True, NINE - DAY)
    await live(database, ANNA, "q3-a", True, NINE, over=False)  # the round still runs
    await solo(database, BEN, "q1-a", False, NINE)
    found = await database.read(lambda conn: quiz_results.of_member(conn, 1, ANNA))
    assert found == {"q1": Tally(1, 2), "q2": Tally(0, 1)}
    assert await database.read(lambda conn: quiz_results.of_member(conn, 2, ANNA)) == {}


async def post(database: Database, service: DrillService, at: datetime, message_id: int) -> Drill:
    claimed = await service.claim_due(1, at)
    assert claimed is not None
    return await posted(database, claimed.drill, message_id, at)


async def missed(database: Database, member: int) -> list[str]:
    found = await database.read(lambda conn: quiz_results.missed_drills(conn, 1, member))
    return [question_id for question_id, _ in found]


async def test_drills_missed_after_the_first_answer_and_no_others(
    database: Database, service: DrillService, collecting: AnswerService
):
    await make_track(database)
    posted = [await post(database, service, NINE, 500)]
    for day in range(1, 4):  # the second day is answered late, the third not at all
        posted.append(await post(database, service, NINE + day * DAY, 500 + day))
        if day == 1:
            assert await missed(database, ANNA) == []
            await collecting.submit(
                SubmittedForm(posted[1].id, ANNA, "Anna", LONG, NINE + DAY + timedelta(hours=1))
            )
        if day == 3:
            await collecting.submit(
                SubmittedForm(posted[2].id, ANNA, "Anna", LONG, NINE + 3 * DAY + timedelta(hours=1))
            )
    # Monday's came before her first answer, Tuesday's she answered, Wednesday's too late, Thursday's is open.
    assert await missed(database, ANNA) == [posted[2].question_id]
    assert await missed(database, BEN) == []
    await database.write(lambda conn: drills.void(conn, posted[2].id))
    assert await missed(database, ANNA) == []
    closed = schema.drills.update().where(schema.drills.c.id == posted[2].id).values(state=DrillState.CLOSED)
    await database.write(lambda conn: conn.execute(closed))
    service_of_cards = ReviewService(database, banks())
    for _ in range(2):
        queue = await service_of_cards.look(1, ANNA, NINE + 4 * DAY)
        assert queue.left == 1
    (card,) = await database.read(lambda conn: reviews.of_member(conn, 1, ANNA))
    assert card.question_id == posted[2].question_id and await missed(database, ANNA) == []


async def test_weakness_of_a_track_is_that_of_those_who_answered_its_drills(
    database: Database, service: DrillService, collecting: AnswerService
):
    await make_track(database)
    drill = await post(database, service, NINE, 500)
    await collecting.collect(message(1, replies_to=drill.message_id))
    await solo(database, ANNA, "q1-a", False, NINE)
    await solo(database, BEN, "q2-a", False, NINE)
    assert await database.read(lambda conn: quiz_results.of_track(conn, 1, 1)) == {"q1": Tally(0, 1)}
