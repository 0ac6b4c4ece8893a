"""A server's own questions: written in steps, edited, retired, and shown in the wording of their day."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bank import Question
from bot.domain.bank_drafts import QuestionFields, fields_of, written
from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.storage.schema import bank_drafts, editions, questions
from bot.ui.bank_drafts import question_blocks
from bot.ui.kit.layouts import paged
from bot.ui.refusals import explain
from tests.discord.conftest import LONG, World, labels, said, seen

JOIN = {
    "prompt": "What does a LEFT JOIN keep?",
    "topic": "Joins",
    "answer": "Every row of the left table, with NULL where the right one has no match.",
    "key_points": "- Every left row\n- NULL where there is no match",
    "difficulty": "easy",
}
ACTOR = Actor(guild_id=1, member_id=1, name="Boss", now=datetime(2026, 1, 1, tzinfo=UTC))
ITEM = {
    "stem": "Which rows does a LEFT JOIN keep?",
    "correct": "All of the left table",
    "wrong": "All of the right table\nOnly those that match",
    "explanation": "The left side is kept.",
}


async def write(world: World, member: Any = None, command: str = "bank add", **typed: str) -> Any:
    """Fills in the form of a command, and returns what it leads to."""
    who = member or world.boss
    form = await who.slash(world.channel, command)
    return await who.submit_modal(form, {**JOIN, **typed})


def last(result: Any) -> Any:
    """The last private message of an answer: the one with the buttons."""
    answers = [answer for answer in (result.response, *result.followups) if answer is not None]
    return answers[-1].message


async def saved(world: World, **typed: str) -> None:
    """Stores a question of the server's own."""
    preview = await write(world, **typed)
    await world.boss.click(last(preview), label="Save it")


async def test_a_question_is_written_in_steps_and_asked_the_next_day(world: World):
    preview = await write(world)
    for part in ("**Question 1** · Joins · easy", JOIN["prompt"], "Every row of the left", "nothing is saved yet"):
        assert part in said(preview)
    await world.restart()
    form = await world.boss.click(last(preview), label="Add a quiz item")
    with_item = await world.boss.submit_modal(form, ITEM)
    assert ITEM["stem"] in said(with_item) and await world.rows(questions) == []
    stored = await world.boss.click(last(with_item), label="Save it")
    assert "Saved as `ours-001`" in said(stored) and "/setup packs:ours" in said(stored)
    assert await world.rows(bank_drafts) == []
    await world.set_up(packs="ours")
    await world.restart()
    assert JOIN["prompt"] in seen(await world.post())
    assert "Every left row" in said(await world.ben.click(world.card(), label="Hint"))
    await world.anna.send(world.thread(), LONG)
    quiz = await world.anna.slash(world.channel, "quiz solo", topic="Joins")
    assert labels(quiz.response.message) == ["A", "B", "C"]
    quiz_of_anna = await world.bot.services.quizzes.running(world.guild.id, world.anna.id)
    assert quiz_of_anna is not None and quiz_of_anna.waiting is not None
    asked = quiz_of_anna.waiting
    wrong = next(at for at, option in enumerate(asked.options) if option.why is not None)
    verdict = await world.anna.click(quiz.response.message, label="ABC"[wrong])
    assert "The left side is kept." in seen(quiz.response.message), said(verdict)


async def test_what_was_typed_is_kept_where_something_is_wrong(world: World):
    wrong = await write(world, difficulty="brutal")
    assert "isn't a difficulty" in said(wrong)
    await world.restart()
    form = await world.boss.click(last(wrong), label="Try again")
    assert JOIN["prompt"] in str(form.modal) and "brutal" in str(form.modal)
    preview = await world.boss.submit_modal(form, JOIN)
    form = await world.boss.click(last(preview), label="Add a quiz item")
    wrong = await world.boss.submit_modal(form, {**ITEM, "wrong": ITEM["correct"]})
    assert "answers are the same" in said(wrong)
    form = await world.boss.click(last(wrong), label="Try again")
    assert ITEM["stem"] in str(form.modal)
    assert ITEM["stem"] in said(await world.boss.submit_modal(form, ITEM))


async def test_what_was_asked_keeps_the_wording_of_its_day(world: World):
    await saved(world)
    await world.set_up(packs="ours")
    await world.post()
    await world.anna.send(world.thread(), LONG)
    await world.beat(60)
    form = await world.boss.slash(world.channel, "bank edit", question="ours-001")
    assert JOIN["prompt"] in str(form.modal)
    preview = await world.boss.submit_modal(
        form, {**JOIN, "prompt": "Which rows survive a LEFT JOIN?", "answer": "All."}
    )
    assert "Saved as `ours-001`" in said(await world.boss.click(last(preview), label="Save it"))
    await world.restart()
    await world.beat(60)
    assert JOIN["prompt"] in seen(world.card())
    assert "Which rows survive" in await world.reply(world.ben, "question show", question="ours-001")
    ask = await world.boss.slash(world.channel, "daily reveal")
    await world.boss.click(ask.response.message, label="Close and reveal")
    reveal = "\n".join(seen(message) for message in world.thread().history())
    assert JOIN["prompt"] in reveal and JOIN["answer"] in reveal
    assert len(await world.rows(editions)) == 2


async def test_a_retired_question_is_not_asked_again_and_keeps_its_history(world: World):
    await saved(world)
    await saved(world, prompt="When does a query ignore an index?", topic="Indexes")
    await world.set_up(packs="ours", time="09:00")
    await world.post()
    asked = await world.boss.slash(world.channel, "bank retire", question="ours-001")
    assert "is retired" in said(await world.boss.click(asked.response.message, label="Retire it"))
    await world.restart()
    assert "No question matches" in await world.reply(world.anna, "question show", question="ours-001")
    await world.next_day()
    assert "ignore an index" in seen(world.card())
    assert JOIN["answer"] in "\n".join(seen(m) for thread in world.channel.threads for m in thread.history())
    assert "`ours-001` is retired" in said(await world.boss.click(asked.response.message, label="Retire it"))
    await saved(world, prompt="What is a view?", topic="Views")
    assert [row.number for row in await world.rows(questions)] == [1, 2, 3]


async def test_packs_show_counts_and_what_lacks_content(world: World):
    await saved(world, answer="", key_points="")
    page = await world.boss.slash(world.channel, "bank packs")
    assert "`ours` · yours" in said(page) and "Without a model answer: `ours-001`" in said(page)
    assert "`genai` · read-only" in said(page)
    assert "Nothing has been answered yet" in said(await world.boss.click(last(page), label="Results"))
    await world.set_up(packs="ours")
    await world.post()
    await world.anna.send(world.thread(), LONG)
    again = await world.boss.slash(world.channel, "bank packs")
    assert "`ours-001` What does a LEFT JOIN keep?: 1 answer" in said(
        await world.boss.click(last(again), label="Results")
    )
    each = await world.boss.click(last(again), label="Results")
    each = await world.boss.click(last(each), label="Question by question")
    assert "`ours-001` What does a LEFT JOIN keep?\n**1 answer**\n-# This question is open" in said(
        each
    ) and "Page 1 of 1" in said(each)
    ask = await world.boss.slash(world.channel, "daily reveal")
    await world.boss.click(ask.response.message, label="Close and reveal")
    assert "your team's best stands in" in "\n".join(seen(m) for m in world.thread().history())


async def test_shipped_questions_and_other_peoples_drafts_are_left_alone(world: World):
    assert "can't be changed" in await world.reply(world.boss, "bank edit", question="genai-001")
    assert "read-only" in await world.reply(world.boss, "bank add", pack="genai")
    assert "can't be a pack's name" in await world.reply(world.boss, "bank add", pack="No way!")
    await write(world)
    draft_id = (await world.rows(bank_drafts))[0].id
    elsewhere = replace(ACTOR, guild_id=world.guild.id, member_id=world.anna.id)
    for stranger in (elsewhere, replace(elsewhere, guild_id=1, member_id=world.boss.id)):
        with pytest.raises(Refusal, match=r"bank\.draft_gone"):
            await world.bot.services.bank.store(stranger, draft_id)


async def test_questions_of_one_server_are_unknown_to_others(world: World):
    await saved(world)
    assert world.bank.find("ours-001") is not None
    assert world.bot.banks.of(1).find("ours-001") is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"prompt": "?!"}, "wording is missing"),
        ({"topic": "12"}, "can't be a topic"),
        ({"answer": "a\x07b"}, "U+0007"),
        ({"key_points": "\n".join("abcdefghijk")}, "That's 11 key points"),
        ({"key_points": "x" * 101}, "has 101 characters"),
        ({"topic": "t" * 91}, "has 91 characters"),
    ],
)
def test_what_a_card_cannot_carry_is_told(typed: dict[str, str], told: str):
    with pytest.raises(Refusal) as refused:
        written(msgspec.convert({**JOIN, **typed}, QuestionFields))
    assert told in explain(refused.value)


@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=400), st.text(max_size=300))
def test_whatever_is_typed_can_be_shown_or_is_refused(prompt: str, topic: str, answer: str, points: str):
    try:
        question = written(QuestionFields(prompt=prompt, topic=topic, answer=answer, key_points=points))
    except Refusal as refusal:
        assert explain(refusal)
        return
    assert msgspec.convert(msgspec.to_builtins(question), Question) == question
    assert fields_of(question).prompt == question.wording
    for page in paged(question_blocks(question, 1)):
        assert page.content_length() <= 4000
