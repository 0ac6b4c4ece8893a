"""What people wrote while the bot was away is collected, also when Discord does not hand it over at once."""

from pathlib import Path
from typing import Any

import pytest

from bot.storage import schema
from tests.wire.double import CHANNEL_ID, Double
from tests.wire.process import Case

TEXT = "The point first, and then how it works"


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": True, "times": 3}], ids=["503", "reset"])
async def test_a_history_that_failed_once_is_read_again(tmp_path: Path, fault: dict[str, Any]):
    async with Double() as double:
        case = Case(double, tmp_path)
        old = await case.prepare()
        async with case.running():
            await case.settled()
            new_id = next(m for m in double.messages[CHANNEL_ID] if m != str(old.message_id))
            await double.disconnect()
            replied = await double.says(CHANNEL_ID, "9200", TEXT, reply_to=new_id)
            in_thread = await double.says(new_id, "9100", TEXT)
            double.fault("GET", rf"/channels/{CHANNEL_ID}/messages", **fault)
            await double.connected()
            await double.until(lambda: all(double.reactions.get(m) for m in (replied, in_thread)), seconds=40)
            stored = [str(part.message_id) for part in await case.stored(schema.parts)]
            assert sorted(stored) == sorted([replied, in_thread])
