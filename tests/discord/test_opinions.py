"""A model's opinion: who is asked before their answer leaves, what they read, and the follow-up in an interview."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.opinions import Consent
from bot.settings import Settings
from bot.storage.schema import interview_questions, ledger, opinions
from tests.chat_model import StandIn, completion, stand_in, status
from tests.discord.conftest import World, labels, said, seen
from tests.discord.test_hints import ANSWER, FIRST, NESTED, submitted
from tests.discord.test_interview import TICK, newest, start, texts
from tests.discord.walk import press

QUOTE = "They are nested like dolls"
FITTED = "the parameters are fitted to examples"
ASK, YES, NO, STOP = "Ask a model", "Yes, send them", "No, keep them here", "Stop asking models"
TAKE_BACK = "Take it back"
FOLLOW_UP = "And where does *planning* fit in?"


@pytest_asyncio.fixture
async def model(world: World, settings: Settings) -> AsyncIterator[StandIn]:
    """A model that the bot is started with."""
    async with stand_in() as found:
        found.judge(("covered", QUOTE), ("partly", FITTED), *[("no", "")] * 4, follow_up=FOLLOW_UP)
        more = {"llm_base_url": found.url, "llm_model": "stand-in", "llm_api_key": "sk-key"}
        world.settings = replace(settings, **more)
        await world.restart()
        yield found
        await world.bot.close()


async def own_answer(world: World, card: Any, member: Any = None) -> Any:
    """What My answer shows."""
    return (await (member or world.anna).click(card, label="My answer")).response


async def test_the_first_answer_leaves_only_after_a_yes_and_the_opinion_spells_out_no_key_point(
    world: World, model: StandIn
):
    await world.set_up()
    card = await world.post()
    receipt = await submitted(world, card)
    assert model.requests == []  # an answer is acknowledged without it
    await world.anna.click(receipt.response.message, label="What I spotted")
    mine = await own_answer(world, card)
    await world.anna.click(mine.message, label=ASK)
    asked = seen(mine.message)
    assert (
        "May a model read your answers?" in asked
        and "**stand-in** at **127.0.0.1" in asked
        and "name and id don't" in asked
    )
    assert model.requests == [] and await world.rows(opinions) == []
    await world.anna.click(mine.message, label=YES)
    shown = seen(mine.message)
    assert "I spotted **2 of 6" in shown and "covered, and **1** partly" in shown and f"> {QUOTE}" in shown
    assert "isn't a grade" in shown and NESTED not in shown.replace("**", "") and "Give an example" not in shown
    assert labels(mine.message) == [STOP, TAKE_BACK]
    (request,) = model.requests
    sent = json.dumps(request)
    assert QUOTE in sent and NESTED in sent and "anna" not in sent and str(world.anna.id) not in sent
    assert [row.points for row in await world.rows(ledger)] == [10]
    again = await own_answer(world, card)
    await world.anna.click(again.message, label=ASK)
    assert "stand-in** finds" in seen(again.message) and len(model.requests) == 2
    await world.anna.click(again.message, label=STOP)
    assert "your answers stay here" in seen(again.message)
    later = await own_answer(world, card)
    await world.anna.click(later.message, label=ASK)
    assert "May a model read" in seen(later.message)
    await world.anna.click(later.message, label=NO)
    assert len(model.requests) == 2 and [row.agreed for row in await world.rows(opinions)] == [False]


async def agree(world: World, member: Any) -> None:
    await world.bot.services.opinions.decide(world.guild.id, member.id, agreed=True, at=world.bot.clock())


async def test_after_the_reveal_it_says_which_key_points_and_what_would_be_better(world: World, model: StandIn):
    await agree(world, world.anna)
    await world.set_up(time="09:00")
    card = await world.post()
    await submitted(world, card)
    await world.next_day()
    mine = await own_answer(world, card)
    await world.anna.click(mine.message, label=ASK)
    shown = seen(mine.message).replace("**", "")
    assert shown.count("🟢") == 1 and shown.count("🟡") == 1 and shown.count("⚪") == 4
    assert "What would make it better\nGive an example." in shown and "And where does \\*planning\\*" in shown


async def test_no_answer_to_a_blind_question_leaves_before_its_reveal(world: World, model: StandIn):
    await agree(world, world.anna)
    await world.set_up(time="09:00", answers="blind")
    card = await world.post()
    await submitted(world, card)
    mine = await own_answer(world, card)
    assert "I spotted" in seen(mine.message) and ASK not in labels(mine.message)
    drill_id = await world.bot.database.read(lambda conn: conn.exec_driver_sql("select id from drills").scalar())
    assert "No model can read" in said(await press(world, world.anna, f"mb:opinion:ask:{drill_id}", mine.message))
    assert model.requests == []
    await world.next_day()
    mine = await own_answer(world, card)
    await world.anna.click(mine.message, label=ASK)
    assert "stand-in** finds" in seen(mine.message) and len(model.requests) == 1


@pytest.mark.parametrize("trouble", ["down", "nonsense", "budget", "off"])
async def test_without_an_opinion_the_hint_stands_alone(world: World, model: StandIn, trouble: str):
    await agree(world, world.anna)
    await world.set_up(**({"feedback": "off"} if trouble == "off" else {}))
    card = await world.post()
    await submitted(world, card)
    mine = await own_answer(world, card)
    if trouble == "off":
        assert labels(mine.message) == [TAKE_BACK] and model.requests == []
        return
    match trouble:
        case "down":
            model.answer = status(500)
        case "nonsense":
            model.content = "Great answer, 10 out of 10!"
        case _:
            for _ in range(world.settings.llm_daily_member):
                await world.bot.services.opinions.claim(world.guild.id, world.anna.id, world.bot.clock())
    await world.anna.click(mine.message, label=ASK)
    shown = seen(mine.message)
    assert "I spotted **2 of 6" in shown and "No opinion this time" in shown and "stand-in** finds" not in shown
    assert "10 out of 10" not in shown and labels(mine.message) == [ASK, TAKE_BACK]


async def test_without_a_model_nobody_is_asked(world: World):
    await world.set_up()
    card = await world.post()
    await submitted(world, card)
    assert labels((await own_answer(world, card)).message) == [TAKE_BACK]
    assert "A model" not in said(begun := await start(world, questions=1)) and not begun.followups
    assert "at **" not in await world.reply(world.anna, "privacy policy")


async def test_in_an_interview_the_model_asks_the_follow_up_to_what_was_said(world: World, model: StandIn):
    await world.restart(pack=FIRST)
    begun = await start(world, questions=1)
    ask = next(answer for answer in begun.followups if YES in labels(answer.message))
    await world.anna.send(world.thread(), ANSWER)
    await world.anna.click(ask.message, label=YES)
    assert (
        "The model asks the follow-ups" in seen(ask.message)
        and labels(ask.message) == [STOP]
        and model.requests == []
    )
    await world.env.advance_time(30)
    await world.anna.click(newest(world, "Next"), label="Next")
    asked = seen(newest(world, "Next"))
    assert "And where does \\*planning\\* fit in?" in asked and "A model asks this" in asked
    await world.anna.send(world.thread(), "It is a part of AI that learns nothing.")
    await world.anna.click(newest(world, "Next"), label="Next")
    assert len(model.requests) == 1
    card = seen(newest(world, TICK))
    assert "Follow-up** by a model" in card and "where does" in card and "A good answer" not in card
    rows = sorted(await world.rows(interview_questions), key=lambda row: row.position)
    assert [row.wording for row in rows] == [None, FOLLOW_UP]
    more = await start(world, questions=1)
    assert "reads your answers here" in said(more) and any(STOP in labels(a.message) for a in more.followups)
    model.answer = status(500)
    await world.anna.send(world.thread(), ANSWER)
    await world.anna.click(newest(world, "Next"), label="Next")
    prepared = seen(newest(world, "Next"))
    assert "Follow-up to question 1" in prepared and "A model asks" not in prepared
    assert any(follow_up.question in prepared for follow_up in FIRST.questions[0].follow_ups)
    # What it asked is erased as the texts are: it may repeat them.
    await world.bot.services.interviews.forget(world.bot.clock() + timedelta(days=1))
    assert {row.wording for row in await world.rows(interview_questions)} == {None, ""}
    first = next(message for message in world.channel.threads[0].history() if TICK in labels(message))
    await world.anna.submit_modal(await world.anna.click(first, label=TICK), {"points": ["0"]})
    card = next(message for message in world.channel.threads[0].history() if TICK in labels(message))
    assert "its words aren't kept anymore" in seen(card) and "where does" not in seen(card)


async def test_in_private_messages_the_model_asks_too_and_a_press_is_answered_while_it_thinks(
    world: World, model: StandIn
):
    await world.restart(pack=FIRST, patience=0.05)
    await agree(world, world.anna)
    await world.deny(create_private_threads=False)
    begun = await start(world, questions=1)
    page = next(a for a in (begun.response, *begun.followups) if a and "Next" in labels(a.message))
    form = await world.anna.click(page.message, label="Answer")
    await world.anna.submit_modal(form, {"text": ANSWER})

    async def slow(_: Any) -> Any:
        await asyncio.sleep(0.2)
        return completion(model.content)

    model.answer = slow
    await world.anna.click(page.message, label="Next")
    assert "A model asks this" in seen(page.message)


async def test_time_that_is_up_brings_the_models_follow_up_too(world: World, model: StandIn):
    await world.restart(pack=FIRST)
    await agree(world, world.anna)
    await start(world, questions=1)
    await world.anna.send(world.thread(), ANSWER)
    await world.beat(121)
    await world.env.settle()
    assert "A model asks this" in "\n".join(texts(world))


async def test_what_is_stored_about_models_is_exported_and_deleted(world: World, model: StandIn):
    await agree(world, world.anna)
    assert await world.bot.services.opinions.claim(world.guild.id, world.anna.id, world.bot.clock())
    assert "go to a model at **127.0.0.1" in await world.reply(world.anna, "privacy policy")
    assert "everything I have about you: 1 entry" in await world.reply(world.anna, "privacy export")
    page = await world.anna.slash(world.channel, "privacy delete")
    await world.anna.click(page.response.message, label="Delete my data")
    (row,) = await world.rows(opinions)
    assert row.member_id < 0 and (row.host, row.agreed, row.asked) == ("", False, 1)
    assert await world.bot.services.opinions.consent(world.guild.id, world.anna.id) is Consent.UNASKED
