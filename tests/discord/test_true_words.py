"""Sentences that stay true after something went wrong, and books that agree."""

import pytest

from bot.services.audit import report
from bot.storage.schema import answers, drills, ledger
from tests.discord.conftest import DAY, HOUR, LONG, World, said, seen


async def test_moved_off_a_deleted_channel_today_can_be_posted(world: World):
    await world.set_up(time="09:00")
    other = world.guild.create_text_channel("other")
    await world.bot.get_channel(world.channel.id).delete()  # type: ignore[union-attr]
    await world.env.settle()
    await world.next_day()
    asked = await world.boss.slash(other, "setup", channel=other)
    moved = await world.boss.click(asked.response.message, label="Move it")
    assert "Posted" in said(await world.boss.click(moved.response.message, label="Post today's question now"))
    assert "I can't see the channel" not in await world.reply(world.boss, "daily status", other)


@pytest.mark.parametrize("ends", ["remove", "pause"])
async def test_nothing_that_was_owed_is_posted_after_an_end_or_in_a_pause(world: World, ends: str):
    await world.set_up(time="09:00")
    await world.deny(send_messages=False)
    await world.next_day()
    asked = await world.boss.slash(world.channel, f"daily {ends}")
    if ends == "remove":
        await world.boss.click(asked.response.message, label="End it")
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert not any("Question 1" in seen(message) for message in world.channel.history())


async def test_setup_in_a_channel_that_was_ended_takes_it_up_again(world: World):
    await world.set_up(time="09:00")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(other, "setup", channel=other)
    await world.boss.click(asked.response.message, label="Run both")
    asked = await world.boss.slash(other, "daily remove", channel=other)
    await world.boss.click(asked.response.message, label="End it")
    assert "is set up" in await world.reply(world.boss, "setup", other)


async def test_points_before_the_first_track_stand_in_the_server_s_own_weeks(world: World):
    for _ in range(3):
        page = await world.anna.slash(world.channel, "quiz solo", questions=1)
        quiz = await world.bot.services.quizzes.running(world.guild.id, world.anna.id)
        assert quiz is not None
        right = next(at for at, option in enumerate(quiz.rounds[0].options) if option.why is None)
        await world.anna.click(page.response.message, label="ABCD"[right])
    assert await world.rows(ledger)
    await world.set_up(timezone="America/Los_Angeles")
    assert (await report(world.bot.database)).disagreements == []


async def test_a_second_answer_on_the_date_of_a_deleted_question_is_not_paid_twice(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    await world.anna.send(world.thread(), LONG)
    await world.boss.delete(card)
    await world.env.advance_time(60)
    card = await world.post()
    opened = await world.anna.click(card, label="Answer")
    receipt = said(await world.anna.submit_modal(opened, {"text": LONG}))
    assert "You're in!" in receipt and "10 points" not in receipt
    assert sum(row.points for row in await world.rows(ledger)) == 10
    assert (await report(world.bot.database)).disagreements == []


async def test_a_first_form_after_a_message_replaces_nothing(world: World):
    await world.set_up()
    card = await world.post()
    await world.anna.send(world.thread(), LONG)
    opened = await world.anna.click(card, label="Answer")
    assert "Updated" not in said(await world.anna.submit_modal(opened, {"text": LONG}))
    opened = await world.anna.click(card, label="Answer")
    assert "Updated" in said(await world.anna.submit_modal(opened, {"text": LONG + " now"}))


async def test_a_form_sent_after_the_closing_says_that_the_answer_stays(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    await world.anna.send(world.thread(), LONG)
    opened = await world.anna.click(card, label="Answer")
    await world.next_day()
    text = said(await world.anna.submit_modal(opened, {"text": "A much better text with many words in it"}))
    assert "you answered it on time" in text and "A much better text" in text


async def test_closing_by_hand_does_not_claim_what_failed_and_status_forgets_it_later(world: World):
    await world.set_up()
    await world.post()
    asked = await world.boss.slash(world.channel, "daily reveal")
    await world.deny(send_messages=False)
    closed = said(await world.boss.click(asked.response.message, label="Close and reveal"))
    assert "as soon as I can post it" in closed
    assert "Send Messages" in await world.reply(world.boss, "daily status")
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert "⚠️" not in await world.reply(world.boss, "daily status")


async def test_a_card_that_could_not_be_edited_once_leaves_no_warning(world: World):
    await world.set_up()
    await world.post()
    await world.anna.send(world.thread(), LONG)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=503)
    for seconds in (40, 60, 60):
        await world.beat(seconds)
    assert "1 person" in seen(world.card())
    assert "Discord answered" not in await world.reply(world.boss, "daily status")


async def test_a_card_of_a_moved_channel_still_opens_its_own_question(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(other, "setup", channel=other)
    await world.boss.click(asked.response.message, label="Move it")
    again = await world.boss.slash(world.channel, "setup", channel=world.channel)
    await world.boss.click(again.response.message, label="Run both")
    await world.reply(world.boss, "daily post", world.channel, channel=world.channel)
    one, _ = await world.rows(drills)
    opened = await world.anna.click(card, label="Answer")
    await world.anna.submit_modal(opened, {"text": LONG})
    assert [answer.drill_id for answer in await world.rows(answers)] == [one.id]


async def test_small_things_that_crashed_or_misled(world: World):
    assert "No question matches" in await world.reply(world.anna, "question show", question="9" * 5000)
    await world.set_up(topics="5", time="09:00")
    for _ in range(5):
        await world.next_day()
    await world.env.advance_time(DAY - 2 * HOUR)
    posted = await world.reply(world.boss, "daily post")
    assert "Posted" in posted and "No question is left" not in posted
    for number in range(20, 30):
        await world.reply(world.boss, "daily queue", question=str(number))
    assert "(`30`)" in await world.reply(world.boss, "daily queue", question="30")
    await world.anna.send(world.thread(), "1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣")
    assert [answer.status for answer in await world.rows(answers)] == ["short"]


async def test_what_lost_access_held_up_is_marked_late_and_never_more_than_six_hours(world: World):
    await world.set_up(time="09:00")
    await world.deny(send_messages=False)
    await world.next_day()
    await world.beat(4 * HOUR)
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert "posted late" in seen(world.card())


async def test_an_outage_and_lost_access_together_are_no_more_than_six_hours(world: World):
    await world.set_up(time="09:00")
    await world.deny(send_messages=False)
    await world.env.advance_time(14 * HOUR)
    await world.beat()
    await world.beat(5 * HOUR)
    await world.deny(send_messages=None)
    await world.beat(HOUR / 2)
    assert [row.state for row in await world.rows(drills)] == ["missed"]


async def test_a_server_that_removed_the_bot_costs_no_requests(world: World):
    await world.set_up(time="09:00")
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await guild.leave()
    await world.env.settle()
    before = len(world.env.http_requests)
    await world.next_day()
    for _ in range(20):
        await world.beat(60)
    assert len(world.env.http_requests) == before
