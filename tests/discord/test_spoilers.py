"""While a question is open, its answer comes out nowhere for who has not given their own."""

from typing import Any

import pytest

from bot.domain.bank import Question
from bot.storage.schema import drills, lives, quizzes, rounds
from tests.discord.conftest import LONG, World, said


@pytest.fixture
async def open_question(world: World) -> Question:
    """The question that is open in the practice channel."""
    await world.set_up()
    await world.post()
    [drill] = await world.rows(drills)
    question = world.bank.find(drill.question_id)
    assert question is not None and question.spoken
    return question


def spoils(question: Question, text: str) -> bool:
    """Whether a text gives a question's answer away."""
    told = [question.spoken or "", *(point.text for point in question.key_points)]
    return any(part[:60] in text for part in told if part)


async def test_looking_a_question_up_says_when_its_answer_comes(world: World, open_question: Question):
    number = open_question.number
    shown = await world.anna.slash(world.channel, "question show", question=str(number))
    assert open_question.wording in said(shown) and "<t:" in said(shown) and not spoils(open_question, said(shown))
    await world.ben.send(world.thread(), LONG)
    assert spoils(open_question, await world.reply(world.ben, "question show", question=str(number)))
    await world.boss.slash(world.channel, "daily reveal")
    assert not spoils(open_question, await world.reply(world.anna, "question show", question=str(number)))
    other = next(q for q in world.bank.questions if q.id != open_question.id)
    assert spoils(other, await world.reply(world.anna, "question show", question=str(other.number)))
    await world.next_day()
    assert spoils(open_question, await world.reply(world.anna, "question show", question=str(number)))


async def test_old_buttons_with_its_answer_keep_it_back(world: World):
    shown = await world.anna.slash(world.channel, "question show", question="1")
    await world.set_up()
    await world.boss.slash(world.channel, "daily queue", question="1")
    await world.post()
    pressed = await world.anna.click(shown.response.message, label="Full answer")
    assert "open right now" in said(pressed)


async def test_quizzes_and_interviews_leave_an_open_question_out(world: World, open_question: Question):
    of_topic = world.bank.of_topic(open_question.topic)
    other = next(q.id for q in of_topic if q.id != open_question.id)
    topic = str(world.bank.topic_number(open_question.topic))
    count = len(of_topic)
    await world.anna.slash(world.channel, "quiz solo", topic=topic, questions=20)
    asked = {row.question_id for row in await world.rows(rounds)}
    assert other in asked and open_question.id not in asked and len(asked) == min(count - 1, 20)
    await world.anna.slash(world.channel, "quiz live", topic=topic, questions=20)
    [live] = await world.rows(lives)
    view = await world.bot.services.live_quizzes.view(live.id)
    assert view is not None and open_question.id not in {found.question.id for found in view.asked}
    await world.anna.slash(world.channel, "interview start", topic=topic, questions=5)
    running = await world.bot.services.interviews.running(world.guild.id, world.anna.id)
    assert running is not None and open_question.id not in {found.question_id for found in running.asked}


async def test_a_card_of_an_open_question_waits(world: World):
    await world.set_up()
    page: Any = await world.anna.slash(world.channel, "quiz solo", questions=1)
    [row] = await world.rows(rounds)
    item, question = next(pair for pair in world.bank.items() if pair[0].id == row.item_id)
    [quiz] = await world.rows(quizzes)
    wrong = next(at for at, option in enumerate(item.options(f"{quiz.id}")) if option.why is not None)
    await world.anna.click(page.response.message, label="ABCD"[wrong])
    waiting = await world.anna.slash(world.channel, "quiz review")
    assert question.wording in said(waiting)
    await world.boss.slash(world.channel, "daily queue", question=question.id)
    await world.post()
    assert "Nothing is due" in await world.reply(world.anna, "quiz review")
    turned = await world.anna.click(waiting.response.message, label="Show the answer")
    assert "open right now" in said(turned) and not spoils(question, said(turned))
    await world.anna.send(world.thread(), LONG)
    assert question.wording in await world.reply(world.anna, "quiz review")


async def test_a_round_whose_question_opened_since_is_passed_over(world: World):
    await world.set_up()
    page: Any = await world.anna.slash(world.channel, "quiz solo", questions=2)
    first = (await world.rows(rounds))[0]
    await world.boss.slash(world.channel, "daily queue", question=first.question_id)
    await world.post()
    pressed = await world.anna.click(page.response.message, label="A")
    assert "open right now" in said(pressed)
