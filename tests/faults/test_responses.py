"""The network loses what an interaction is answered with, or Discord fails for long: all comes once, quietly."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from bot.delivery.outage import ENOUGH
from tests.faults.process import TRACEBACK, FaultyCase, until
from tests.wire.process import Running

LATER = """
    UPDATE drills SET attempts = 12, retry_at = datetime(retry_at, '+10 minutes')
    WHERE state = 'claimed' AND attempts = 2
"""
"""Lets a drill that was put off once wait as one that Discord has refused for long."""
CALLBACK = r"/interactions/\d+/[^/]+/callback"


@pytest.mark.parametrize("after", [False, True], ids=["on the way", "on the way back"])
async def test_a_press_a_form_and_a_command_are_answered_over_a_network_that_loses(case: FaultyCase, after: bool):
    await case.prepare()
    async with case.running() as bot:
        card, before = await case.today(), len(bot.log.read_text())
        lost = [case.double.fault("POST", CALLBACK, drop=True, after=after)]
        form = await case.form(card, "9101")
        lost.append(case.double.fault("POST", CALLBACK, drop=True, after=after))
        assert "You're in!" in str(await case.double.interacts(5, form, "9101"))
        lost.append(case.double.fault("POST", CALLBACK, drop=True, after=after, times=2 - after))
        await case.double.uses("streak", "9101")
        await case.double.until(lambda: "Your streak" in case.said_to("9101"))
        await quietly(bot, case, before, lost_answers=len(lost))
        assert all(fault.hit.is_set() for fault in lost)


async def test_a_deferral_that_is_lost_does_not_take_the_answer_with_it(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        card, before = await case.today(), len(bot.log.read_text())
        form = await case.form(card, "9101")
        lost = case.double.fault("POST", CALLBACK, drop=True, times=3)
        with closing(sqlite3.connect(case.file, isolation_level=None)) as beside:
            beside.execute("BEGIN IMMEDIATE")
            sent = asyncio.create_task(case.double.interacts(5, form, "9101"))
            await lost.hit.wait()
            await asyncio.sleep(1)
            beside.execute("ROLLBACK")
        await sent
        await case.double.until(lambda: "You're in!" in case.said_to("9101"))
        await quietly(bot, case, before, lost_answers=1)


async def test_what_no_try_brings_through_is_one_line_of_the_log(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        card = case.double.messages[next(iter(case.double.messages))][await case.today()]
        button = card["components"][1]["components"][0]["custom_id"]
        fault = case.double.fault("POST", CALLBACK, drop=True, times=1000)
        pressed = asyncio.create_task(case.double.presses(card, button, "9101"))
        await until(lambda: "interaction.unanswered" in bot.log.read_text())
        fault.times = 0
        pressed.cancel()
        await case.double.uses("streak", "9101")
        await case.double.until(lambda: "Your streak" in case.said_to("9101"))
        assert await bot.stop() == 0
        assert "never retrieved" not in bot.log.read_text()


async def test_a_question_that_503_has_put_off_for_long_comes_as_soon_as_discord_is_back(case: FaultyCase):
    await case.prepare()
    away = [case.double.fault(method, "/channels/.*", status=503, times=1000) for method in ("GET", "POST", "PUT")]
    async with case.running() as bot:
        await away[0].hit.wait()
        away.append(case.double.fault("GET", "/users/@me", status=503, times=1000))
        with closing(sqlite3.connect(case.file, isolation_level=None)) as beside:
            await until(lambda: beside.execute(LATER).rowcount == 1)
        await until(lambda: 1000 - away[-1].times >= ENOUGH)  # it has asked so many times whether Discord is there
        for fault in away:
            fault.times = 0
        await case.settled()
        assert "discord.back" in bot.log.read_text() and await bot.stop() == 0
    await case.invariants()


async def quietly(bot: Running, case: FaultyCase, before: int, *, lost_answers: int) -> None:
    """Ends the bot: since its log had so many signs it said nothing of a fault."""
    assert await bot.stop() == 0
    log = bot.log.read_text()[before:]
    assert TRACEBACK not in log and "never retrieved" not in log and "on our side" not in case.said_to("9101"), log
    assert log.count("interaction.sent_again") >= lost_answers
    await case.invariants()
