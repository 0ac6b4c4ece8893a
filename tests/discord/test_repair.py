"""Repairs: a single miss that ended a run becomes neutral."""

from typing import Any

import pytest

from bot.domain.errors import Refusal
from bot.storage.schema import answers, ledger, milestones, quizzes, repairs
from tests.discord.conftest import DAY, HOUR, LONG, World, labels, said, seen
from tests.discord.days import let_pass, practice


async def broken(world: World, run: int = 3) -> Any:
    """Anna's run is ended by the first miss; returns her `/streak`."""
    await world.set_up(time="09:00")
    await practice(world, world.anna, run)
    await let_pass(world, 2)
    return await world.anna.slash(world.channel, "streak")


async def answered(world: World, page: Any) -> Any:
    """Presses Repair and answers the missed question; returns the first item."""
    opened = await world.anna.click(page.response.message, label="Repair")
    return await world.anna.submit_modal(opened, {"text": LONG})


async def items(world: World, page: Any, *, right: tuple[bool, ...] = (True, True, True)) -> str:
    """Answers the items and returns how it ended."""
    message = page.response.message
    for number, hit in enumerate(right):
        repair = (await world.rows(repairs))[-1]
        quiz = await world.bot.services.repairs.quiz(repair.quiz_id, world.guild.id, world.anna.id)
        assert quiz.waiting is not None
        correct = next(index for index, option in enumerate(quiz.waiting.options) if option.why is None)
        await world.anna.click(message, label="ABCD"[correct if hit else (correct + 1) % 4])
        assert ("✅ Right" in seen(page.response.message)) is hit
        await world.anna.click(message, label="See the result" if number == len(right) - 1 else "Next")
    return seen(page.response.message)


async def test_a_repair_lets_the_run_before_go_on(world: World):
    await world.reply(world.boss, "team create", name="Red")
    await world.reply(world.anna, "team join", name="Red")
    page = await broken(world)
    assert "ended a streak of 3 answers" in said(page) and labels(page.response.message)[0] == "Repair"
    opened = await world.anna.click(page.response.message, label="Repair")
    assert world.bank.questions[3].wording in str(opened.modal)
    first = await world.anna.submit_modal(opened, {"text": LONG})
    assert (
        "late one: 5 points" in said(first)
        and "3 quiz questions" in said(first)
        and "Question 1 of 3" in said(first)
    )
    assert "🔥" not in await world.reply(world.anna, "leaderboard teams", channel=world.channel)
    ending = await items(world, first)
    assert "🩹 Repaired" in ending and "🔥 3" in ending
    assert "🔥 3" in await world.reply(world.anna, "leaderboard teams", channel=world.channel)
    await world.anna.send(world.thread(), LONG)
    page = await world.anna.slash(world.channel, "streak")
    assert "🔥 4" in said(page) and "✅ ✅ ✅ 🩹 ✅" in said(page) and "Repair" not in labels(page.response.message)
    booked = [(row.reason, row.points) for row in await world.rows(ledger)]
    assert booked == [("on_time", 10)] * 3 + [("late", 5), ("on_time", 10)]
    assert {row.topic for row in await world.rows(quizzes)} == {world.bank.questions[3].topic}


async def test_one_wrong_item_ends_the_one_try(world: World):
    page = await broken(world)
    ending = await items(world, await answered(world, page), right=(True, False, True))
    assert "Not this time" in ending and "2 of 3" in ending
    after = await world.anna.slash(world.channel, "streak")
    assert "🔥 0" in said(after) and "Repair" not in labels(after.response.message)
    assert "nothing left to repair" in said(await world.anna.click(page.response.message, label="Repair"))


async def test_a_restart_at_every_step_loses_nothing(world: World):
    page = await broken(world)
    await world.restart()
    opened = await world.anna.click(page.response.message, label="Repair")
    await world.restart()
    first = await world.anna.submit_modal(opened, {"text": LONG})
    message = first.response.message
    for number in range(3):
        await world.restart()
        quiz = await world.bot.services.repairs.quiz(
            (await world.rows(repairs))[0].quiz_id, world.guild.id, world.anna.id
        )
        correct = next(i for i, option in enumerate(quiz.rounds[number].options) if option.why is None)
        await world.anna.click(message, label="ABCD"[correct])
        await world.restart()
        if number == 0:  # the private message was closed: `/streak` goes on where it was
            again = await world.anna.slash(world.channel, "streak")
            assert "repair is waiting" in said(again)
            first = await world.anna.click(again.response.message, label="Repair")
            message = first.response.message
            assert "Question 2 of 3" in said(first)
        else:
            await world.anna.click(message, label="See the result" if number == 2 else "Next")
    assert "🔥 3" in seen(first.response.message) and (await world.rows(repairs))[0].state == "done"


async def test_the_button_is_there_for_48_hours(world: World):
    page = await broken(world)
    await world.reply(world.boss, "daily pause")
    await world.env.advance_time(2 * DAY - 60)
    assert "Repair" in labels((await world.anna.slash(world.channel, "streak")).response.message)
    opened = await world.anna.click(page.response.message, label="Repair")
    await world.env.advance_time(60)
    assert "Repair" not in labels((await world.anna.slash(world.channel, "streak")).response.message)
    assert "nothing left to repair" in said(await world.anna.submit_modal(opened, {"text": LONG}))
    assert await world.rows(repairs) == []


async def test_begun_in_time_it_ends_with_the_48_hours_too(world: World):
    page = await broken(world)
    first = await answered(world, page)
    await world.reply(world.boss, "daily pause")
    await world.env.advance_time(2 * DAY)
    assert "48 hours for this repair are up" in said(await world.anna.click(first.response.message, label="A"))
    (repair,) = await world.rows(repairs)
    assert repair.state == "running" and "🔥 0" in await world.reply(world.anna, "streak")


async def test_short_runs_two_misses_and_other_people_get_no_button(world: World):
    assert "Repair" not in labels((await broken(world, run=2)).response.message)
    await practice(world, world.anna, 3)
    await let_pass(world, 3)
    assert "Repair" not in labels((await world.anna.slash(world.channel, "streak")).response.message)
    await practice(world, world.anna, 3)
    await let_pass(world, 2)
    seen_by_ben = await world.ben.slash(world.channel, "streak", member=world.anna)
    assert "Repair" not in labels(seen_by_ben.response.message)
    assert "Repair" in labels((await world.anna.slash(world.channel, "streak")).response.message)


async def test_once_in_thirty_days(world: World):
    await items(world, await answered(world, await broken(world)))
    await practice(world, world.anna, 1)
    await let_pass(world, 2)
    assert "Repair" not in labels((await world.anna.slash(world.channel, "streak")).response.message)
    await world.reply(world.boss, "daily pause", until="2026-02-05")
    await practice(world, world.anna, 3)
    await let_pass(world, 2)
    assert "Repair" in labels((await world.anna.slash(world.channel, "streak")).response.message)


async def test_a_text_that_is_too_short_spends_nothing(world: World):
    page = await broken(world)
    opened = await world.anna.click(page.response.message, label="Repair")
    answer = said(await world.anna.submit_modal(opened, {"text": "too short"}))
    assert "needs 8 different words" in answer and "too short" in answer
    assert await world.rows(repairs) == [] and len(await world.rows(answers)) == 3
    assert "Question 1 of 3" in said(await answered(world, page))


async def test_an_earlier_late_answer_is_not_doubled(world: World):
    page = await broken(world)
    await world.anna.send(world.channel.threads[3], LONG)
    first = await answered(world, page)
    assert "5 points" not in said(first) and "Question 1 of 3" in said(first)
    assert [row.points for row in await world.rows(ledger)] == [10, 10, 10, 5]
    assert "🔥 3" in await items(world, first)


async def test_a_solo_quiz_runs_beside_it_and_books_alone(world: World):
    page = await broken(world)
    solo = await world.anna.slash(world.channel, "quiz solo", questions=2)
    assert "🔥 3" in await items(world, await answered(world, page))
    running = await world.bot.services.quizzes.running(world.guild.id, world.anna.id)
    assert running is not None and running.waiting is not None
    correct = next(i for i, option in enumerate(running.waiting.options) if option.why is None)
    await world.anna.click(solo.response.message, label="ABCD"[correct])
    assert [row.reason for row in await world.rows(ledger)].count("item") == 1


async def test_a_second_press_changes_nothing_and_somebody_else_is_refused(world: World):
    await answered(world, await broken(world))
    quiz_id, who = (await world.rows(repairs))[0].quiz_id, (world.guild.id, world.anna.id)
    quiz = await world.bot.services.repairs.quiz(quiz_id, *who)
    correct = next(i for i, option in enumerate(quiz.rounds[0].options) if option.why is None)
    for choice in ((correct + 1) % 4, correct):
        _, asked = await world.bot.services.repairs.choose(quiz_id, 0, choice, *who, world.bot.clock())
        assert asked.right is False
    with pytest.raises(Refusal, match=r"quizzes\.not_yours"):
        await world.bot.services.repairs.choose(quiz_id, 1, 0, world.guild.id, world.ben.id, world.bot.clock())


async def test_a_repair_may_reach_a_milestone(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 6)
    await let_pass(world, 1)
    await practice(world, world.anna, 1)
    assert [row.days for row in await world.rows(milestones)] == [3]
    page = await world.anna.slash(world.channel, "streak")
    assert "🔥 7" in await items(world, await answered(world, page))
    await world.beat(HOUR)
    assert [row.days for row in await world.rows(milestones)] == [3, 7]
