"""Pictures of answers: with the answer, once, and never before it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.bank import Question
from tests.discord.conftest import LONG, MESSAGES, PACK, World, seen
from tests.discord.test_progress import gallery
from tests.discord.test_review import add, press

QUESTION = next(question for question in PACK.questions if question.picture)


def drawn(message: Any, question: Question = QUESTION) -> bool:
    """Whether a message has the question's picture, told in words; fails for one that stands there half."""
    assert question.picture is not None
    names, shown = [file.filename for file in message.attachments], gallery(message)
    assert names == ([f"{question.picture.name}.png"] if shown else [])
    assert shown is None or shown.description == question.picture.alt
    return shown is not None


async def test_a_picture_comes_with_the_answer_and_not_before(world: World):
    await world.set_up()
    await world.boss.slash(world.channel, "daily queue", question=QUESTION.id)
    card = await world.post()
    early = await world.anna.slash(world.channel, "question show", question=QUESTION.id)
    hint = await world.anna.click(card, label="Hint")
    assert not any(drawn(shown) for shown in (card, early.response.message, hint.response.message))
    thread = world.thread()
    await world.anna.send(thread, LONG)
    lost = world.lose_answer(MESSAGES, thread.id)
    await world.next_day()
    assert lost, "Discord has taken the reveal, and the bot has not heard of it"
    mended = replace(QUESTION, say="A better way to say it.")
    await world.restart(pack=replace(PACK, questions=tuple(mended if q is QUESTION else q for q in PACK.questions)))
    await world.beat(600)
    (reveal,) = [message for message in thread.history() if "Model answer" in seen(message)]
    assert "A better way to say it." in seen(reveal), "it was found and edited"
    assert drawn(reveal) and (await reveal.attachments[0].read()).startswith(b"\x89PNG")
    closed = next(message for message in world.channel.history() if message.id == card.id)
    assert not drawn(closed)
    model = await world.anna.click(closed, label="Model answer")
    shown = await world.anna.slash(world.channel, "question show", question=QUESTION.id)
    assert drawn(model.response.message) and drawn(shown.response.message)
    full = await world.anna.click(shown.response.message, label="Full answer")
    assert not drawn(full.response.message)


async def test_the_reveal_goes_out_without_a_picture_that_may_not_or_cannot_be_attached(world: World):
    await world.set_up()
    others = [question for question in PACK.questions if question.picture][:2]
    for question in others:
        await world.boss.slash(world.channel, "daily queue", question=question.id)
    await world.post()
    threads = [world.thread()]
    await world.deny(attach_files=False)
    await world.next_day()
    threads.append(world.thread())
    await world.deny(attach_files=None)
    with pytest.MonkeyPatch.context() as patch:
        broken = {question.picture.name: lambda: "<svg" for question in others if question.picture}
        patch.setattr("bot.ui.charts.questions.DRAWINGS", broken)
        await world.next_day()
    for thread, question in zip(threads, others, strict=True):
        (reveal,) = [message for message in thread.history() if "Model answer" in seen(message)]
        assert str(question.say) in seen(reveal) and not drawn(reveal, question)


async def test_a_review_card_has_it_on_the_first_page_of_the_answer(world: World):
    await add(world, world.anna, QUESTION.number)
    page = await world.anna.slash(world.channel, "quiz review")
    assert not drawn(page.response.message)
    await press(world.anna, page, "Show the answer")
    assert drawn(page.response.message)
    await press(world.anna, page, "Keep reading")
    assert not drawn(page.response.message)
    await press(world.anna, page, "Read from the start")
    assert drawn(page.response.message)
    await press(world.anna, page, "Good")
    assert not drawn(page.response.message)


async def test_a_card_for_which_somebody_typed_has_it_too(world: World):
    await add(world, world.anna, QUESTION.number)
    page = await world.anna.slash(world.channel, "quiz review")
    form = await world.anna.click(page.response.message, label="Type it first")
    await world.anna.submit_modal(form, {"text": LONG})
    assert "You wrote" in seen(page.response.message) and drawn(page.response.message)
