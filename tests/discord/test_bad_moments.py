"""What goes wrong at the worst moment: a kill between send and record, an edit while away, a slow channel."""

import asyncio
from typing import Any

import discord
import pytest

from bot.domain.drills import DrillState
from bot.services.answers import Collected, IncomingMessage, SubmittedForm
from bot.storage.database import Database
from bot.storage.schema import answers, drills, parts, tracks
from tests.counting import counting
from tests.discord.conftest import DAY, LONG, MESSAGES, World, labels, said, seen
from tests.discord.test_answering import marks, now, thread_text


async def sent_but_not_recorded(world: World) -> Any:
    """A card in the channel of which the database knows nothing: what a kill after the send leaves."""
    await world.set_up(time="09:00")
    lost = world.lose_answer(MESSAGES, world.channel.id)
    await world.next_day()
    (drill,) = await world.rows(drills)
    assert lost and (drill.state, drill.message_id) == (DrillState.CLAIMED, None)
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


async def test_a_question_costs_no_look_through_a_channel_in_which_nobody_spoke(world: World):
    await world.set_up(time="09:00")
    before = len(world.env.http_requests)
    await world.next_day()
    sent = [(request.method, request.path) for request in world.env.http_requests[before:]]
    (drill,) = await world.rows(drills)
    messages = f"/channels/{world.channel.id}/messages"
    assert sent == [("POST", messages), ("POST", f"{messages}/{drill.message_id}/threads")]


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
    assert "You're in!" in said(await world.ben.submit_modal(opened, {"text": LONG}))


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


async def test_a_thread_deleted_while_away_does_not_hold_up_the_reveal(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    await world.bot.close()
    world.env.backend.delete_channel(world.thread().id)
    await world.restart()
    assert (await world.rows(drills))[0].thread_id is None  # no event told of it: reading up found it gone
    opened = await world.anna.click(card, label="Answer")
    await world.anna.submit_modal(opened, {"text": LONG})
    await world.next_day()
    await world.beat(5)
    told = "\n".join(seen(message) for message in world.channel.history())
    assert "has closed" in told and LONG in told
    assert "**Closed**" in seen(now(world, world.channel, card))


@pytest.mark.parametrize("mode", ["open", "blind"])
async def test_where_a_moderator_locked_the_thread_the_reveal_replies_to_the_card(world: World, mode: str):
    await world.set_up(time="09:00", answers=mode)
    card = await world.post()
    if mode == "blind":
        await world.open_thread(world.anna, card)
    locked = f"/channels/{world.thread().id}/messages"
    world.env.inject_error("POST", locked, status=400, code=160005, message="Thread is locked", times=None)
    opened = await world.anna.click(card, label="Answer")
    await world.anna.submit_modal(opened, {"text": LONG})
    await world.next_day()
    await world.beat(5)
    told = [
        m for m in world.channel.history() if m.author.bot and m.reference and m.reference.message_id == card.id
    ]
    texts = "\n".join(map(seen, told))
    assert texts.count("has closed") == 1 and texts.count(LONG) == 1
    assert "**Closed**" in seen(now(world, world.channel, card))
    assert [row.reveal for row in await world.rows(drills)] == ["done", "none"]
    assert "⚠️" not in await world.reply(world.boss, "daily status")


async def test_a_forwarded_question_is_no_answer(world: World):
    await world.set_up()
    card = await world.post()
    other = world.guild.create_text_channel("other")
    await world.anna.forward(card, other)
    elsewhere = world.env.create_guild("Other")
    talk = elsewhere.create_text_channel("talk")
    carl = world.env.create_user("carl")
    world.guild.add_member(carl)
    await elsewhere.add_member(carl).forward(card, talk)
    await world.env.settle()
    assert await world.rows(answers) == []


async def test_a_form_sent_before_the_thread_was_opened_is_brought_into_it(world: World):
    await world.set_up(time="09:00")
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=503)
    await world.next_day()
    opened = await world.anna.click(world.card(), label="Answer")
    await world.anna.submit_modal(opened, {"text": LONG})
    assert world.channel.threads == []
    await world.beat(60)
    assert LONG in thread_text(world)


async def test_where_no_thread_can_be_opened_a_form_can_be_read_beside_the_question(world: World):
    await world.set_up(time="09:00")
    await world.deny(create_public_threads=False)
    card = await world.post()
    reply = await world.ben.send(world.channel, "A reply that has enough words in it", reply_to=card)
    opened = await world.anna.click(card, label="Answer")
    await world.anna.submit_modal(opened, {"text": LONG})
    told = [seen(message) for message in world.channel.history() if message.id != reply.id]
    assert any(LONG in text for text in told) and not any("A reply that" in text for text in told)


async def test_a_blind_answer_that_comes_during_the_reveal_is_shown(world: World):
    await world.set_up(time="09:00", answers="blind")
    card = await world.post()
    opened = await world.ben.click(card, label="Answer")
    await world.ben.submit_modal(opened, {"text": "Ben's answer with enough different words in it"})
    presenter, shown = world.bot.workers.answer_marks, 0
    reveal = presenter.reveal

    async def between(drill_id: int, answer_id: int, *, look: bool) -> None:
        """Anna's form arrives when Ben's answer has been shown and the reveal is not recorded yet."""
        nonlocal shown
        await reveal(drill_id, answer_id, look=look)
        if not shown:
            shown += 1
            form = SubmittedForm(drill_id, world.anna.id, "anna", LONG, world.bot.clock())
            stored = await world.bot.services.answers.submit(form)
            assert stored is not None
            await presenter.show(stored.view)

    presenter.reveal = between  # type: ignore[method-assign]
    await world.next_day()
    await world.beat(5)
    assert shown and thread_text(world).count(LONG) == 1


def stuck(world: World, *channel_ids: int) -> asyncio.Event:
    """Discord lets no message into these places until the event is set, as when a bucket is used up."""
    http, free = world.bot.http, asyncio.Event()
    request = http.request

    async def slow(route: Any, **options: Any) -> Any:
        if route.method in ("POST", "PUT") and route.channel_id in channel_ids:
            await free.wait()
        return await request(route, **options)

    http.request = slow  # type: ignore[method-assign]
    return free


async def test_one_slow_channel_holds_up_no_other_server(world: World):
    await world.set_up(time="09:00")
    other = world.env.create_guild("Other")
    place = other.create_text_channel("practice")
    managers = other.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    chief = other.add_member(world.env.create_user("chief"), roles=[managers])
    await chief.slash(place, "setup", timezone="UTC", time="09:30", days="daily")
    card = await world.post()
    await world.next_day()
    free = stuck(world, world.channel.threads[0].id, world.channel.id)
    for _ in range(2):
        due = min(track.next_due_utc for track in await world.rows(tracks))
        await world.env.advance_time((due - world.bot.clock()).total_seconds())
        await world.bot.beat(0.05)
    first, second = (message for message in place.history() if "Answer" in labels(message))
    assert "Question 1" in seen(first) and "Question 2" in seen(second)
    reply = await chief.send(place, LONG, reply_to=second)
    await world.bot.beat(0.05)
    assert marks(now(world, place, reply)) == ["✅"]
    assert world.card().id == card.id
    free.set()
    await world.beat()
    assert world.card().id != card.id and "has closed" in thread_text(world, 0)
    assert len(world.channel.threads) == 2


async def test_what_waits_to_be_shown_is_shown_by_whoever_waits_and_nobody_else(world: World):
    await world.set_up()
    await world.post()
    service, presenter = world.bot.services.answers, world.bot.workers.answer_marks
    (drill,) = await world.rows(drills)
    free = stuck(world, world.thread().id)
    forms = [SubmittedForm(drill.id, who.id, who.name, LONG, world.bot.clock()) for who in (world.anna, world.ben)]
    views = [collected.view for form in forms if (collected := await service.submit(form)) is not None]
    shown = [asyncio.create_task(presenter.show(view)) for view in views]
    await asyncio.sleep(0)
    await world.bot.beat(0.05)
    with counting(world.bot.database) as count:
        free.set()
        await asyncio.gather(*shown)
        await world.env.settle()
    assert thread_text(world).count(LONG) == 2
    assert count.writes == 2, str(count)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in-order", "the-newer-first"])
async def test_what_changes_while_a_copy_is_being_sent_changes_that_copy(world: World, order: tuple[int, int]):
    await world.set_up()
    await world.post()
    service, presenter = world.bot.services.answers, world.bot.workers.answer_marks
    (drill,) = await world.rows(drills)
    texts = ("The first version of my answer", "The second version of my answer")
    forms = [SubmittedForm(drill.id, world.anna.id, "anna", text, world.bot.clock()) for text in texts]
    stored = [collected.view for form in forms if (collected := await service.submit(form)) is not None]
    await asyncio.gather(*(presenter.show(stored[at]) for at in order))
    await world.beat()
    (copy,) = (seen(message) for message in world.thread().history() if "version of my answer" in seen(message))
    assert texts[1] in copy


async def test_a_bot_that_ends_lets_a_delivery_end_first(world: World):
    await world.set_up(time="09:00")
    free = stuck(world, world.channel.id)
    (track,) = await world.rows(tracks)
    await world.env.advance_time((track.next_due_utc - world.bot.clock()).total_seconds())
    await world.bot.beat(0.01)
    closing = asyncio.create_task(world.bot.close())
    free.set()
    await closing
    await world.restart()
    await world.beat(60)
    assert sum("Question 1" in seen(message) for message in world.channel.history()) == 1
    assert len(world.channel.threads) == 1


async def test_an_edit_while_the_bot_was_away_makes_an_answer_count(world: World):
    await world.set_up()
    card = await world.post()
    first = await world.anna.send(world.thread(), "It learns")
    gone = await world.ben.send(world.channel, "It", reply_to=card)
    for _ in range(2):
        await world.beat(300)
    await world.bot.close()
    await world.anna.edit(first, "It learns its own features from the data")
    await world.ben.delete(gone)
    await world.restart()
    assert sorted(row.status for row in await world.rows(answers)) == ["on_time", "short"]
    assert marks(now(world, world.thread(), first)) == ["✅"]
    assert [row.gone for row in await world.rows(parts)] == [False, True]
    assert "an answer needs" not in thread_text(world)


async def test_a_message_that_was_edited_after_the_closing_is_late(world: World):
    await world.set_up(time="09:00")
    await world.post()
    await world.bot.close()
    message = await world.anna.send(world.thread(), "It")
    await world.env.advance_time(8 * DAY)
    await world.anna.edit(message, "It learns its own features from the data")
    await world.restart()
    assert [row.status for row in await world.rows(answers)] == ["late"]


async def test_a_message_in_a_thread_opened_by_hand_on_a_blind_question_points_to_the_form(world: World):
    await world.set_up(time="09:00", answers="blind")
    card = await world.post()
    await world.open_thread(world.anna, card)
    sent = [await world.anna.send(world.thread(), LONG) for _ in range(2)]
    assert [marks(now(world, world.thread(), one)) for one in sent] == [["✏️"]] * 2
    assert thread_text(world).count("stay hidden until the reveal") == 1
    assert await world.rows(answers) == []


async def test_a_form_with_nothing_in_it_is_refused(world: World):
    await world.set_up()
    card = await world.post()
    opened = await world.anna.click(card, label="Answer")
    assert "no text in your answer" in said(await world.anna.submit_modal(opened, {"text": "  \n "}))
    assert await world.rows(answers) == [] and "only a file" not in thread_text(world)


async def test_a_reply_without_text_is_not_called_a_file(world: World):
    await world.set_up()
    card = await world.post()
    await world.anna.send(world.channel, "", reply_to=card, attachments=[("board.png", b"\x89PNG")])
    withheld = IncomingMessage(
        message_id=card.id + 1,
        channel_id=world.channel.id,
        replies_to=card.id,
        member_id=world.ben.id,
        name="ben",
        text="",
        has_file=False,
        withheld=True,
        sent_at=world.bot.clock(),
    )
    stored = await world.bot.services.answers.collect(withheld)
    assert isinstance(stored, Collected)
    await world.bot.workers.answer_marks.show(stored.view)
    carried = [seen(message) for message in world.thread().history() if "original" in seen(message)]
    assert ["(only a file)" in text for text in carried] == [True, False]
    assert "(no text)" in carried[1]


@pytest.mark.parametrize("failing", ["drills", "votes", "answer_history"])
async def test_a_worker_that_fails_to_stop_does_not_leave_the_database_open(world: World, failing: str):
    async def fail() -> None:
        raise RuntimeError("it does not stop")

    getattr(world.bot.workers, failing).stop = fail
    await world.bot.close()
    async with Database(world.settings.database_url) as database:  # refused while another holds the lock
        await database.write(lambda conn: conn.exec_driver_sql("UPDATE tracks SET last_date = NULL"))
    assert world.bot.is_closed()
