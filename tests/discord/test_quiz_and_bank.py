"""Solo quizzes, looking into the bank, and help."""

import re
from dataclasses import replace
from typing import Any

import pytest
from discord import app_commands

from bot.domain.bank import Difficulty
from bot.domain.errors import Refusal
from bot.domain.points import SOLO_POINTS
from bot.storage.schema import ledger, quizzes, rounds
from tests.discord.conftest import DAY, LONG, PACK, World, labels, said, seen
from tests.unit.packs import LAYERED


async def waiting(world: World, member: Any) -> Any:
    quiz = await world.bot.services.quizzes.running(world.guild.id, member.id)
    return quiz and quiz.waiting


async def pick(world: World, member: Any, page: Any, *, right: bool = True) -> None:
    """Presses the right or a wrong letter of the round that waits."""
    asked = await waiting(world, member)
    correct = next(index for index, option in enumerate(asked.options) if option.why is None)
    await member.click(page.response.message, label="ABCD"[correct if right else (correct + 1) % 4])


async def test_a_quiz_explains_each_round_and_ends_with_a_score(world: World):
    page = await world.anna.slash(world.channel, "quiz solo", questions=3, topic="1", difficulty="easy")
    assert "Question 1 of 3" in said(page) and labels(page.response.message) == ["A", "B", "C", "D"]
    for number, right in enumerate((True, False, True)):
        before = [line for line in seen(page.response.message).splitlines() if line.startswith("**")]
        await pick(world, world.anna, page, right=right)
        verdict = seen(page.response.message)
        assert ("✅ Right" in verdict) == right and ("is wrong;" in verdict) != right
        for option in before:  # the letters stay where they were
            assert option in verdict
        assert verdict.count("\n-# ") >= 3  # why each other option is wrong
        await world.anna.click(page.response.message, label="See the result" if number == 2 else "Next")
    result = seen(page.response.message)
    assert "2 / 3" in result and "Worth another look" in result
    assert [row.right for row in await world.rows(rounds)] == [True, False, True]
    items = world.bank.items()
    worth = {item.id: SOLO_POINTS[question.difficulty_of(item)] for item, question in items}
    expected = [worth[row.item_id] for row in await world.rows(rounds) if row.right]
    assert [row.points for row in await world.rows(ledger)] == expected
    await world.anna.click(page.response.message, label="Go again")
    assert "Question 1 of 3" in seen(page.response.message)


async def test_a_second_press_on_a_round_changes_nothing(world: World):
    page = await world.anna.slash(world.channel, "quiz solo", questions=2)
    old = await waiting(world, world.anna)
    await pick(world, world.anna, page, right=False)
    correct = next(index for index, option in enumerate(old.options) if option.why is None)
    world_of = (world.guild.id, world.anna.id, world.bot.clock())
    again = await world.bot.services.quizzes.choose(old.quiz_id, old.position, correct, *world_of)
    assert again.round.right is False and again.points == 0
    assert (await world.rows(rounds))[0].right is False and await world.rows(ledger) == []


async def test_a_quiz_goes_on_after_a_restart(world: World):
    await world.anna.slash(world.channel, "quiz solo", questions=4)
    await world.restart()
    again = await world.anna.slash(world.channel, "quiz solo", questions=2)
    assert "unfinished quiz: 4 questions" in said(again)
    await world.anna.click(again.response.message, label="Continue")
    await pick(world, world.anna, again)
    assert "Question 1 of 4" in seen(again.response.message)
    await world.anna.slash(world.channel, "quiz solo")
    fresh = await world.anna.slash(world.channel, "quiz solo", questions=2)
    await world.anna.click(fresh.response.message, label="Start a new one")
    assert "Question 1 of 2" in seen(fresh.response.message)
    assert [row.state for row in await world.rows(quizzes)] == ["stopped", "running"]


async def test_buttons_elsewhere_throw_no_running_quiz_away(world: World):
    page = await world.anna.slash(world.channel, "quiz solo", questions=3)
    await pick(world, world.anna, page)
    desk = await world.anna.slash(world.channel, "quiz review")
    await world.anna.click(desk.response.message, label="Start a quiz")
    assert "unfinished quiz: 3 questions, 1 answered, 1 right" in seen(desk.response.message)
    assert [row.state for row in await world.rows(quizzes)] == ["running"]
    await world.anna.click(desk.response.message, label="Continue")
    assert "Question 2 of 3" in seen(desk.response.message)
    again = await world.anna.slash(world.channel, "quiz solo", questions=1)
    await world.anna.click(again.response.message, label="Start a new one")
    assert "Question 1 of 1" in seen(again.response.message)
    for label in ("A", "Next"):  # what the first one left on the screen
        old = desk if label == "A" else page
        assert "ended when you started another one" in said(
            await world.anna.click(old.response.message, label=label)
        )
    assert [row.state for row in await world.rows(quizzes)] == ["stopped", "running"]
    assert sum(row.chosen is not None for row in await world.rows(rounds)) == 1


async def test_a_running_quiz_of_which_nothing_was_answered_makes_room(world: World):
    desk = await world.anna.slash(world.channel, "quiz review")
    await world.anna.slash(world.channel, "quiz solo", questions=3)
    await world.anna.click(desk.response.message, label="Start a quiz")
    assert "Question 1 of 5" in seen(desk.response.message)
    assert [row.state for row in await world.rows(quizzes)] == ["stopped", "running"]


async def test_somebody_else_cannot_answer_a_quiz(world: World):
    await world.anna.slash(world.channel, "quiz solo")
    asked = await waiting(world, world.anna)
    with pytest.raises(Refusal, match=r"quizzes\.not_yours"):
        await world.bot.services.quizzes.choose(
            asked.quiz_id, 0, 0, world.guild.id, world.ben.id, world.bot.clock()
        )
    assert all(row.chosen is None for row in await world.rows(rounds))


async def test_items_do_not_repeat_before_all_were_seen(world: World):
    total = sum(len(q.items) for q in world.bank.questions if q.topic == "AI, ML, DL Fundamentals")
    for _ in range(2):
        page = await world.anna.slash(world.channel, "quiz solo", questions=10, topic="1")
        for number in range(10):
            await pick(world, world.anna, page)
            await world.anna.click(page.response.message, label="See the result" if number == 9 else "Next")
    seen_items = [row.item_id for row in await world.rows(rounds)]
    assert len(set(seen_items)) == min(total, 20)


async def test_what_was_missed_comes_first_until_it_is_right_and_then_makes_room(world: World):
    page = await world.anna.slash(world.channel, "quiz solo", questions=3)
    quizzes_asked: list[set[str]] = []
    for right in (False, False, True, True):
        asked: set[str] = set()
        for number in range(3):
            asked.add((await waiting(world, world.anna)).question.id)
            await pick(world, world.anna, page, right=right)
            await world.anna.click(page.response.message, label="See the result" if number == 2 else "Next")
        quizzes_asked.append(asked)
        await world.env.advance_time(60)
        await world.anna.click(page.response.message, label="Go again")
    first, second, third, fourth = quizzes_asked
    assert first == second == third != fourth


@pytest.mark.parametrize(("asked", "said_then"), [("easy", "difficulty:medium"), ("hard", "get harder than that")])
async def test_who_had_everything_right_is_not_sent_to_what_they_did(world: World, asked: str, said_then: str):
    page = await world.anna.slash(world.channel, "quiz solo", questions=1, difficulty=asked)
    await pick(world, world.anna, page)
    await world.anna.click(page.response.message, label="See the result")
    assert said_then in seen(page.response.message)


async def test_points_stop_at_ten_a_day(world: World):
    for _ in range(2):
        page = await world.anna.slash(world.channel, "quiz solo", questions=20, topic="1")
        for number in range(20):
            await pick(world, world.anna, page)
            await world.anna.click(page.response.message, label="See the result" if number == 19 else "Next")
    assert sum(row.points for row in await world.rows(ledger)) == 10
    page = await world.anna.slash(world.channel, "quiz solo", questions=1, topic="2")
    await pick(world, world.anna, page)
    assert "You've earned all 10 quiz points for today." in seen(page.response.message)
    await world.env.advance_time(DAY)
    page = await world.anna.slash(world.channel, "quiz solo", questions=1, topic="1")
    await pick(world, world.anna, page)
    assert sum(row.points for row in await world.rows(ledger)) > 10


async def test_a_topic_that_is_none_and_more_questions_than_there_are(world: World):
    assert "no topic called" in await world.reply(world.anna, "quiz solo", topic="99")
    assert "Pick one topic" in await world.reply(world.anna, "quiz solo", topic="1, 3")
    title = world.bank.topics[0].title
    assert f"-# {title} ·" in await world.reply(world.ben, "quiz solo", topic=title)  # it has commas
    known = len(world.bank.items(world.bank.topics[2].title, Difficulty.HARD))
    page = await world.reply(world.anna, "quiz solo", questions=20, topic="3", difficulty="hard")
    assert 0 < known < 20 and f"Question 1 of {known}" in page


async def test_an_item_is_as_difficult_as_itself_and_not_as_its_question(world: World):
    first, second = (replace(LAYERED, id=f"p-00{at}", number=at, topic=PACK.topics[at].title) for at in (0, 1))
    easy = tuple(replace(item, id=f"{item.id}-2", difficulty=None) for item in second.items)
    await world.restart(pack=replace(PACK, questions=(first, replace(second, items=easy))))
    page = await world.anna.slash(world.channel, "quiz solo", topic="1", difficulty="hard")
    assert "Question 1 of 1" in said(page) and "· hard\n" in said(page)
    await pick(world, world.anna, page)
    assert "+3 points" in seen(page.response.message)
    assert [row.points for row in await world.rows(ledger)] == [3]
    told = await world.reply(world.ben, "quiz solo", topic="2", difficulty="hard")
    assert f"Topics that have some: {PACK.topics[0].title}." in told


async def test_questions_are_shown_found_and_drawn(world: World):
    shown = await world.anna.slash(world.channel, "question show", question="1")
    full = await world.anna.click(shown.response.message, label="Full answer")
    assert "Model answer" in said(shown) and "Key points" in said(shown) and full.response.ephemeral
    for part in ("Pitfalls", "What an interviewer asks next", "Sources"):
        assert part in said(full) and part not in said(shown)
    assert "What is the reparameterization trick?" in await world.reply(
        world.anna, "question show", question="genai-048"
    )
    assert "reparameterization" in await world.reply(world.anna, "question search", text="reparameterisation")
    assert "Try a single word" in await world.reply(world.anna, "question search", text="zzzz qqqq")
    drawn = await world.anna.slash(world.channel, "question random", topic="diffusion models")
    assert "Diffusion Models" in said(drawn) and "Model answer" not in said(drawn)
    await world.anna.click(drawn.response.message, label="Another one")
    assert "Diffusion Models" in seen(drawn.response.message)
    shown = await world.anna.click(drawn.response.message, label="Show the answer")
    assert "Diffusion Models" in said(shown) and shown.response.ephemeral
    offered = await world.anna.autocomplete(world.channel, "question show", "question", "kl div")
    assert {choice["value"] for choice in offered[:3]} & {"genai-045", "genai-046"}


@pytest.mark.parametrize("text", ["0", "111", "", "   ", "genai-999", "@everyone", "x" * 400])
async def test_unknown_questions_get_a_sentence(world: World, text: str):
    answer = await world.reply(world.anna, "question show", question=text)
    assert "No question matches" in answer or "Several questions match" in answer


async def test_help_begins_with_what_there_is_to_do(world: World):
    unset = await world.boss.slash(world.channel, "help")
    assert "Nothing is set up yet" in said(unset) and labels(unset.response.message) == ["Set up"]
    member = await world.anna.slash(world.channel, "help")
    assert "no practice channel here yet" in said(member) and labels(member.response.message) == []
    await world.set_up(time="09:00")
    assert "Every practice day I post one question in <#" in await world.reply(world.anna, "help")
    await world.post()
    newcomer = await world.anna.slash(world.channel, "help")
    assert "Write your answer in its thread" in said(newcomer) and labels(newcomer.response.message) == [
        "Answer",
        "Start a quiz",
        "Remind me if I forget",
    ]
    opened = await world.anna.click(newcomer.response.message, label="Answer")
    await world.anna.submit_modal(opened, {"text": LONG})
    regular = await world.anna.slash(world.thread(), "help")
    assert "Nothing is waiting for you" in said(regular) and labels(regular.response.message) == ["Start a quiz"]
    await world.next_day()
    waiting = await world.anna.slash(world.channel, "help")
    assert f"[Today's question]({world.card().jump_url})" in said(waiting)
    assert "Every practice day" not in said(waiting) and labels(waiting.response.message) == [
        "Answer",
        "Start a quiz",
    ]


async def test_help_in_a_direct_message_tells_where_the_bot_lives(world: World):
    told = said(await world.anna.user.slash("help"))
    assert "your server's practice channel" in told and re.search(
        r"use </reminders on:\d+> and </privacy policy:", told
    )
    assert "For managers" not in told and "</quiz solo:" in told


async def test_help_lists_members_commands_and_managers_ones_to_managers(world: World):
    plain = await world.reply(world.anna, "help")
    # A command can be clicked, and a group stands in one line.
    (quiz,) = [line for line in plain.split("\n") if line.startswith("**Practice**")]
    assert re.match(r"\*\*Practice\*\* </quiz solo:\d+> · </quiz ", quiz) and "/interview start" in quiz
    assert "/quiz solo" in plain and "/daily" not in plain and "must not be used to select people" in plain
    assert "/team create" not in plain and "/team join" in plain and "For managers" not in plain
    members, managers = (await world.reply(world.boss, "help")).split("### For managers")
    assert "/daily skip" in managers and "/team create" in managers
    assert "/team create" not in members and "/team join" in members
    await world.restart()  # the ids are known without registering again
    assert plain == await world.reply(world.anna, "help")
    for command in world.bot.tree.walk_commands():
        named = isinstance(command, app_commands.Group) or f"/{command.qualified_name}:" in members + managers
        assert named and command.description and len(command.description) <= 100
