"""When answers take long, Discord is told in time, and nothing that a person has sent is lost."""

from typing import Any

import pytest

from bot.storage.schema import answers
from tests.discord.conftest import LONG, World, said, seen


@pytest.fixture
async def hurried(world: World) -> World:
    """A practice channel with a question, and a bot that says at once of each answer that it will come."""
    await world.set_up(time="09:00")
    await world.post()
    world.bot.router.patience = 0.0
    return world


async def test_a_form_that_waits_is_deferred_stored_and_thanked_for(hurried: World):
    hurried.bot.router.patience = 600.0
    form: Any = await hurried.anna.click(hurried.card(), label="Answer")
    hurried.bot.router.patience = 0.0
    result = await hurried.anna.submit_modal(form, {"text": LONG})
    assert "You're in!" in said(result)
    assert [row.member_id for row in await hurried.rows(answers)] == [hurried.anna.id]


async def test_a_form_that_opens_too_late_asks_to_press_again(hurried: World):
    result = await hurried.anna.click(hurried.card(), label="Answer")
    assert "Please press again" in said(result)
    hurried.bot.router.patience = 600.0
    again: Any = await hurried.anna.click(hurried.card(), label="Answer")
    assert "You're in!" in said(await hurried.anna.submit_modal(again, {"text": LONG}))


@pytest.mark.parametrize("command", ["streak", "leaderboard members", "daily status", "reminders on", "help"])
async def test_every_kind_of_command_answers_late(hurried: World, command: str):
    hurried.bot.router.patience = 600.0
    in_time = said(await hurried.boss.slash(hurried.channel, command))
    hurried.bot.router.patience = 0.0
    result = await hurried.boss.slash(hurried.channel, command)
    assert said(result) == in_time


async def test_a_page_that_turns_late_turns_in_its_place(hurried: World):
    listed: Any = await hurried.anna.slash(hurried.channel, "quiz solo")
    first = seen(listed.response.message)
    await hurried.anna.click(listed.response.message, label="A")
    assert seen(listed.response.message) != first


async def test_a_refusal_that_comes_late_is_said(hurried: World):
    rename = hurried.boss.slash(hurried.channel, "team rename", name="Nobody", new_name="Somebody")
    assert said(await rename)
