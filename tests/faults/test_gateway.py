"""Discord's gateway closes for good, refuses one session after another, or says what nobody can read."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.services.sessions import BEGUN, FREE
from bot.storage import schema
from bot.storage.database import Database
from bot.storage.installation import remember
from tests.faults.process import TEXT, TRACEBACK, FaultyCase, ended, until
from tests.wire.double import CHANNEL_ID, GUILD_ID

ANNA = "9100"
FINAL = {4004: "copy it again", 4010: "SHARD_IDS", 4011: "more shards", 4012: "newer", 4013: "newer"}


@pytest.mark.parametrize("code", FINAL)
async def test_a_close_for_good_at_the_start_is_told_in_one_sentence(case: FaultyCase, code: int):
    await case.prepare()
    case.double.refuses = code
    async with case.running() as bot:
        status, log = await ended(bot)
    assert status == 78 and FINAL[code] in log and TRACEBACK not in log, log


async def test_a_token_that_is_reset_while_the_bot_runs_is_told_in_one_sentence(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        await case.settled()
        case.double.refuses = 4004
        await case.double.closes(4004)
        status, log = await ended(bot)
    assert status == 78 and FINAL[4004] in log and TRACEBACK not in log, log
    await case.invariants()


async def test_text_that_is_withheld_while_the_bot_runs_is_done_without(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        card = await case.today()
        case.double.allow_text = False
        await case.double.closes(4014)
        await case.double.connected()
        await case.count(await case.double.says(card, ANNA, TEXT))
        case.double.refuses = 4014
        await case.double.closes(4014)
        status, log = await ended(bot)
    assert status == 78 and "refuses the intents" in log and TRACEBACK not in log, log
    await case.invariants()


@pytest.mark.parametrize("refused", [9, 4000])
async def test_sessions_that_are_refused_again_and_again_rest_also_across_restarts(case: FaultyCase, refused: int):
    await case.prepare()
    async with Database(case.url) as database:
        begun = json.dumps([1, FREE + 6, [(datetime.now(UTC) - timedelta(hours=1)).isoformat()]])
        await database.write(lambda conn: remember(conn, BEGUN, begun))
    case.double.refuses = refused
    async with case.running() as bot:
        await until(lambda: "sessions.resting" in bot.log.read_text())
        assert bot.log.read_text().count("one session with Discord after another") == 1
        await bot.kill()
    before = len(case.double.identified)
    async with case.running() as bot:
        await until(lambda: bot.log.read_text().count("sessions.resting") == 2)
        assert await bot.stop() == 0
        assert TRACEBACK not in bot.log.read_text()
    assert len(case.double.identified) == before == 1


async def test_an_event_that_nobody_can_read_is_named_once_and_the_bot_goes_on(case: FaultyCase):
    await case.prepare()
    async with case.running() as bot:
        card = await case.today()
        place = {"channel_id": CHANNEL_ID, "guild_id": GUILD_ID, "message_id": card}
        for _ in range(3):
            await case.double.tells("MESSAGE_REACTION_ADD", {**place, "user_id": ANNA, "emoji": {}, "type": 0})
            await case.double.tells("MESSAGE_UPDATE", {"id": card, **place, "content": "?"})
            await case.double.tells("THREAD_UPDATE", {"id": card})
        await case.count(await case.double.says(card, ANNA, TEXT))
        log = bot.log.read_text()
        assert log.count("event.unreadable") <= 3 and "MESSAGE_UPDATE" in log and TRACEBACK not in log, log
        assert await bot.stop() == 0
    assert len(await case.stored(schema.answers)) == 1
    await case.invariants()
