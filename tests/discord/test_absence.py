"""What people took back or changed while the bot was away is followed once it is back."""

import pytest
from simcord import Env

from bot.storage.schema import ledger, parts
from tests.discord.conftest import LONG, World, seen

BETTER = "How it works first, and only then the point"


@pytest.mark.parametrize("later", [False, True], ids=["open", "closed"])
async def test_what_was_deleted_meanwhile_is_erased_with_its_copy(world: World, later: bool):
    await world.set_up()
    card, thread = await world.post(), world.thread()
    written = await world.anna.send(thread, LONG)
    replied = await world.ben.send(world.channel, LONG, reply_to=card)
    kept = await world.boss.send(thread, LONG)
    if later:
        await world.next_day()
    assert any(m.author.bot and LONG in seen(m) for m in thread.history())
    await world.bot.close()
    await world.anna.delete(written)
    await world.ben.delete(replied)
    await world.boss.edit(kept, BETTER)
    await world.restart()
    await world.beat(5)
    assert {row.message_id: row.text for row in await world.rows(parts)} == {
        written.id: "",
        replied.id: "",
        kept.id: BETTER,
    }
    assert not any(m.author.bot and LONG in seen(m) for m in thread.history())
    assert [row.points for row in await world.rows(ledger) if row.reason == "on_time"] == [10, 10, 10]


async def test_what_cannot_be_looked_at_is_not_taken_for_deleted(env: Env, world: World):
    await world.set_up()
    await world.post()
    written = await world.anna.send(world.thread(), LONG)
    await world.restart()
    await world.bot.get_channel(world.channel.id).set_permissions(  # type: ignore[union-attr]
        world.bot.guilds[0].me, read_message_history=False
    )
    await env.settle()
    await world.restart()
    await world.beat(5)
    assert [(row.message_id, row.text) for row in await world.rows(parts)] == [(written.id, LONG)]
    await world.anna.delete(written)
    await world.restart()
    await world.beat(5)
    await world.deny(read_message_history=None)
    await world.beat(5)
    assert [row.text for row in await world.rows(parts)] == [""]
