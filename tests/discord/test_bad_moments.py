"""What goes wrong at the worst moment: a kill between send and record, an edit while away, a slow channel."""

from typing import Any

from bot.domain.tracks import DrillState
from bot.storage import drills as queries
from bot.storage.tables import answers, drills
from tests.discord.conftest import LONG, World, said
from tests.discord.test_answering import now, thread_text


async def sent_but_not_recorded(world: World) -> Any:
    """A card in the channel of which the database knows nothing: what a kill after the send leaves."""
    await world.set_up(time="09:00")
    await world.deny(create_public_threads=False)
    await world.next_day()
    await world.deny(create_public_threads=None)
    (drill,) = await world.rows(drills)
    lost = {"message_id": None, "opened_at": None, "closes_at": None, "shown_at": None, "thread_note": None}
    await world.bot.database.write(
        lambda conn: queries.change(conn, drill.id, state=DrillState.CLAIMED, cursor=0, attempts=1, **lost)
    )
    return world.card()


async def test_replies_to_a_card_that_was_not_recorded_are_collected(world: World):
    card = await sent_but_not_recorded(world)
    await world.anna.send(world.channel, LONG, reply_to=card)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=503)
    await world.beat(60)
    (drill,) = await world.rows(drills)
    assert drill.message_id == card.id and drill.thread_id is None
    await world.beat(60)
    assert [row.status for row in await world.rows(answers)] == ["on_time"]
    await world.beat(60)
    assert LONG in thread_text(world)


async def test_replies_while_away_to_a_card_that_was_not_recorded_are_collected(world: World):
    card = await sent_but_not_recorded(world)
    await world.bot.close()
    await world.env.advance_time(600)
    await world.anna.send(world.channel, LONG, reply_to=card)
    await world.restart()
    await world.beat(60)
    assert [row.status for row in await world.rows(answers)] == ["on_time"]


async def test_the_button_of_a_card_that_was_not_recorded_asks_for_a_moment(world: World):
    card = await sent_but_not_recorded(world)
    early = await world.ben.click(card, label="Answer")
    assert early.modal is None and "again in a moment" in said(early)
    await world.beat(60)
    opened = await world.ben.click(now(world, world.channel, card), label="Answer")
    assert "counts" in said(await world.ben.submit_modal(opened, {"text": LONG}))


async def test_a_history_that_could_not_be_read_is_read_again(world: World):
    await world.set_up()
    card = await world.post()
    await world.bot.close()
    await world.anna.send(world.thread(), LONG)
    await world.ben.send(world.channel, LONG, reply_to=card)
    world.env.inject_error("GET", "/channels/*/messages", status=503)
    await world.restart()
    assert len(await world.rows(answers)) == 1
    await world.beat(5)
    assert [row.status for row in await world.rows(answers)] == ["on_time"] * 2
    assert thread_text(world).count(LONG) == 2
