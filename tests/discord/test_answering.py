"""Collecting answers: three ways, edits, deletions, absences, late and blind ones, and odd texts."""

from typing import Any

import pytest

from bot.storage.schema import answers, drills, ledger, parts
from tests.discord.conftest import DAY, HOUR, LONG, World, labels, said, seen


def marks(message: Any) -> list[str]:
    return [str(reaction.emoji) for reaction in message.reactions]


def now(world: World, channel: Any, message: Any) -> Any:
    """A message as it is now."""
    return next(found for found in channel.history() if found.id == message.id)


def thread_text(world: World, at: int = -1) -> str:
    return "\n".join(message.content or seen(message) for message in world.channel.threads[at].history())


async def points(world: World) -> list[tuple[str, int]]:
    return [(row.reason, row.points) for row in await world.rows(ledger)]


async def test_a_short_answer_is_told_what_is_missing_until_it_counts(world: World):
    await world.set_up()
    await world.post()
    first = await world.anna.send(world.thread(), "It learns")
    assert marks(first) == ["✏️"]
    assert "an answer needs 8 different words or 60 characters" in thread_text(world)
    again = await world.anna.send(world.thread(), "more")
    assert thread_text(world).count("an answer needs") == 1
    await world.anna.edit(first, "It learns its own features from the data")
    for message in (first, again):
        assert marks(now(world, world.thread(), message)) == ["✅"]
    assert "an answer needs" not in thread_text(world)
    assert await points(world) == [("on_time", 10)]


async def test_messages_of_one_member_are_one_answer_counted_once(world: World):
    await world.set_up()
    card = await world.post()
    await world.anna.send(world.thread(), LONG)
    await world.anna.send(world.channel, "And a reply with some more words in it", reply_to=card)
    opened = await world.anna.click(card, label="Answer")
    assert "You're in!" in said(await world.anna.submit_modal(opened, {"text": LONG}))
    (answer,) = await world.rows(answers)
    assert answer.status == "on_time" and len(await world.rows(parts)) == 3
    assert await points(world) == [("on_time", 10)]


async def test_the_bot_follows_edits_and_the_deletion_of_a_reply(world: World):
    await world.set_up()
    card = await world.post()
    reply = await world.anna.send(world.channel, LONG, reply_to=card)
    await world.anna.edit(reply, "A better text that has also more than five words")
    assert "A better text" in thread_text(world) and LONG not in thread_text(world)
    await world.anna.delete(reply)
    assert "A better text" not in thread_text(world)
    assert [row.text for row in await world.rows(parts)] == [""]
    assert (await world.rows(answers))[0].status == "on_time" and await points(world) == [("on_time", 10)]


async def test_the_form_holds_the_earlier_text_and_replaces_it(world: World):
    await world.set_up()
    card = await world.post()
    opened = await world.anna.click(card, label="Answer")
    assert world.bank.questions[0].wording in str(opened.modal)
    await world.anna.submit_modal(opened, {"text": "Too short"})
    assert "Too short" in thread_text(world)
    opened = await world.anna.slash(world.channel, "answer")
    assert "Too short" in str(opened.modal)
    receipt = await world.anna.submit_modal(opened, {"text": LONG})
    assert "You're in!" in said(receipt)
    assert LONG in thread_text(world) and "Too short" not in thread_text(world)
    assert len(await world.rows(parts)) == 1


async def test_long_texts_are_carried_whole_in_pieces(world: World):
    await world.set_up()
    card = await world.post()
    text = "\n\n".join(f"{n} " + "word " * 130 for n in range(5))
    opened = await world.anna.click(card, label="Answer")
    await world.anna.submit_modal(opened, {"text": text})
    await world.anna.send(world.channel, text[:2000], reply_to=card)
    for number in range(3):
        await world.anna.send(world.thread(), f"part {number} " + "x" * 1900)
    (answer,) = await world.rows(answers)
    assert sum(len(part.text) for part in await world.rows(parts)) > 9000
    carried = [message for message in world.thread().history() if message.author.bot]
    assert "".join(seen(m) for m in carried).count("word") == (text + text[:2000]).count("word")
    assert all(len(seen(message)) <= 4000 for message in carried)
    assert answer.status == "on_time"


async def test_mentions_and_markup_in_answers_and_names_do_nothing(world: World):
    await world.set_up()
    card = await world.post()
    odd = world.guild.add_member(world.env.create_user("odd"), nick="**@everyone** [x](http://y)\u202eRTL")
    await odd.send(world.channel, "@everyone <@&1> this answer has enough words in it", reply_to=card)
    carried = next(m for m in world.thread().history() if "enough words" in seen(m))
    assert not carried.mention_everyone and carried.role_mentions == [] and carried.mentions == []
    assert "**@everyone**" not in seen(carried) and "@\u200beveryone" in seen(carried)
    assert "@\u200beveryone" in await world.reply(world.anna, "leaderboard members")


async def test_other_messages_are_no_answers(world: World):
    await world.set_up()
    card = await world.post()
    await world.anna.send(world.channel, "Just talking here, with more than five words")
    other = await world.ben.send(world.channel, "A message of another member in the channel")
    await world.anna.send(world.channel, "A reply to a person, not to the question", reply_to=other)
    await world.anna.send(world.thread(), "👍 🎉 <:party:123456789012345678>")
    assert [row.status for row in await world.rows(answers)] == ["short"]
    assert "Nobody has answered" in seen(now(world, world.channel, card))


async def test_an_image_is_enough(world: World):
    await world.set_up()
    await world.post()
    message = await world.anna.send(world.thread(), "", attachments=[("board.png", b"\x89PNG")])
    assert marks(message) == ["✅"]


async def test_late_answers_are_marked_and_do_not_save_the_streak(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    await world.next_day()
    old_thread = world.channel.threads[0]
    late = await world.anna.send(old_thread, LONG)
    assert marks(late) == ["🕒"]
    reply = await world.ben.send(world.channel, LONG, reply_to=card)
    assert marks(reply) == ["🕒"]
    opened = await world.boss.click(now(world, world.channel, card), label="Answer")
    assert "counts for 5 points" in said(await world.boss.submit_modal(opened, {"text": LONG}))
    assert await points(world) == [("late", 5)] * 3
    assert "🔥 0" in await world.reply(world.anna, "streak")
    discussion = await world.anna.send(old_thread, "And one more thought about all of this")
    assert marks(discussion) == []


async def test_after_seven_days_the_form_offers_a_quiz_and_messages_are_left_alone(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    await world.next_day()
    await world.boss.slash(world.channel, "daily pause")
    await world.env.advance_time(8 * DAY)
    message = await world.anna.send(world.channel.threads[0], LONG)
    assert marks(message) == [] and await world.rows(answers) == []
    over = await world.anna.click(now(world, world.channel, card), label="Answer")
    assert "is closed for good" in said(over)
    assert "of 5" in said(await world.anna.click(over.response.message, label="Start a quiz"))


async def test_a_button_on_a_message_of_last_month_works_after_a_restart(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    await world.boss.slash(world.channel, "daily pause")
    await world.beat(32 * DAY)
    await world.restart()
    old = now(world, world.channel, card)
    assert labels(old) == ["Answer", "Model answer", "My answer", "My streak"]
    model = said(await world.anna.click(old, label="Model answer"))
    assert "Key points" in model and "nested" in model
    assert "No streak yet" in said(await world.anna.click(old, label="My streak"))
    assert "is closed for good" in said(await world.anna.click(old, label="Answer"))


async def test_the_hint_names_the_first_key_point_in_private(world: World):
    await world.set_up()
    card = await world.post()
    hint = await world.anna.click(card, label="Hint")
    assert "6 key points" in said(hint) and "nested" in said(hint) and hint.response.ephemeral


async def test_messages_sent_while_the_bot_was_away_are_collected_once_in_order(world: World):
    await world.set_up()
    card = await world.post()
    await world.anna.send(world.thread(), "Before that")
    await world.bot.close()
    for number in range(3):
        await world.anna.send(world.thread(), f"word{number} and another one")
    away = await world.ben.send(world.channel, LONG, reply_to=card)
    await world.restart()
    await world.restart()
    texts = [row.text for row in sorted(await world.rows(parts), key=lambda row: row.message_id)]
    assert texts == ["Before that", *(f"word{number} and another one" for number in range(3)), LONG]
    assert {row.status for row in await world.rows(answers)} == {"on_time"}
    assert marks(now(world, world.channel, away)) == ["✅"]
    assert thread_text(world).count(LONG) == 1


async def test_a_deleted_question_is_void_and_its_date_free_again(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    await world.anna.send(world.thread(), LONG)
    await world.boss.delete(card)
    (drill,) = await world.rows(drills)
    assert drill.state == "void"
    assert "🔥 0" in await world.reply(world.anna, "streak")
    assert "Posted" in await world.reply(world.boss, "daily post")
    assert [row.state for row in await world.rows(drills)] == ["void", "open"]


async def test_a_form_sent_after_the_question_was_deleted_says_so_and_gives_the_text_back(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    opened = await world.anna.slash(world.channel, "answer")
    await world.boss.delete(card)
    told = said(await world.anna.submit_modal(opened, {"text": LONG}))
    assert "was deleted" in told and LONG in told and "7 days" not in told


async def test_what_was_sent_by_form_can_be_taken_back_and_said_anew(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    receipt = await world.anna.submit_modal(await world.anna.click(card, label="Answer"), {"text": LONG})
    assert LONG in thread_text(world)
    asked = await world.anna.click(receipt.response.message, label="Take it back")
    assert "your points and your streak stay" in said(asked) and LONG in thread_text(world)
    again = await world.anna.click(asked.response.message, label="Take it back")
    assert LONG not in thread_text(world) and [row.text for row in await world.rows(parts)] == [""]
    assert await points(world) == [("on_time", 10)] and "🔥 1" in await world.reply(world.anna, "streak")
    assert again is not None
    old = await world.anna.click(receipt.response.message, label="Take it back")
    assert "no text from your form" in said(old)
    other = "Said anew and better, in rather different words than it was said before"
    await world.anna.submit_modal(await world.anna.click(card, label="Answer"), {"text": other})
    assert thread_text(world).count(other) == 1 and [row.text for row in await world.rows(parts)] == [other]
    await world.next_day()
    mine = await world.anna.click(card, label="My answer")
    assert "Take it back" in labels(mine.response.message)
    asked = await world.anna.click(mine.response.message, label="Take it back")
    await world.anna.click(asked.response.message, label="Take it back")
    assert other not in thread_text(world) and [row.text for row in await world.rows(parts)] == [""]


async def test_a_deleted_thread_takes_what_was_said_in_it_and_leaves_the_credit(world: World):
    await world.set_up(time="09:00")
    for away in (False, True):
        card = await world.post()
        await world.anna.send(world.thread(), LONG)
        await world.ben.send(world.channel, LONG, reply_to=card)
        thread = world.thread()
        if away:
            await world.bot.close()
            world.env.backend.delete_channel(thread.id)
            await world.restart()
        else:
            await world.bot.get_channel(thread.id).delete()  # type: ignore[union-attr]
            await world.env.settle()
        gone, kept = (await world.rows(parts))[-2:]
        assert (gone.text, gone.gone) == ("", True) and (kept.text, kept.gone) == (LONG, False)
        assert {row.status for row in await world.rows(answers)} == {"on_time"}
        await world.next_day()


async def test_without_its_thread_a_question_goes_on_with_form_and_replies(world: World):
    await world.set_up()
    card = await world.post()
    thread = world.bot.get_channel(world.thread().id)
    await thread.delete()  # type: ignore[union-attr]
    await world.env.settle()
    await world.anna.send(world.channel, LONG, reply_to=card)
    opened = await world.ben.click(card, label="Answer")
    assert "You're in!" in said(await world.ben.submit_modal(opened, {"text": LONG}))
    assert {row.status for row in await world.rows(answers)} == {"on_time"}
    await world.next_day()
    assert "has closed" in "\n".join(seen(message) for message in world.channel.history())


async def test_a_deleted_channel_is_told_and_loses_nothing(world: World):
    await world.set_up(time="09:00")
    await world.post()
    await world.anna.send(world.thread(), LONG)
    other = world.guild.create_text_channel("other")
    await world.bot.get_channel(world.channel.id).delete()  # type: ignore[union-attr]
    await world.env.settle()
    assert [(row.text, row.gone) for row in await world.rows(parts)] == [("", True)]
    await world.next_day()
    assert "I can't see the channel" in await world.reply(world.boss, "daily status", other)
    asked = await world.boss.slash(other, "setup", channel=other)
    await world.boss.click(asked.response.message, label="Move it")
    assert "🔥 1" in await world.reply(world.anna, "streak", other)


async def test_todays_question_can_be_posted_where_the_track_moved_from_a_deleted_channel(world: World):
    await world.set_up(time="09:00")
    await world.post()
    other = world.guild.create_text_channel("other")
    await world.bot.get_channel(world.channel.id).delete()  # type: ignore[union-attr]
    await world.env.settle()
    asked = await world.boss.slash(other, "setup", channel=other)
    await world.boss.click(asked.response.message, label="Move it")
    assert "Posted" in await world.reply(world.boss, "daily post", other)
    assert sum("Question" in seen(message) for message in other.history()) == 1
    await world.anna.send(other.threads[-1], LONG)
    assert "🔥 1" in await world.reply(world.anna, "streak", other)
    await world.beat(5)
    assert "The channel was deleted" not in await world.reply(world.boss, "daily status", other)


async def test_blind_answers_stay_hidden_until_the_reveal(world: World):
    await world.set_up(time="09:00", answers="blind")
    card = await world.post()
    assert world.channel.threads == [] and "nobody sees an answer" in seen(card)
    shown = await world.anna.send(world.channel, LONG, reply_to=card)
    assert marks(shown) == ["✏️"] and await world.rows(answers) == []
    notice = next(m for m in world.channel.history() if "stay hidden" in seen(m))
    for member, text in ((world.ben, "Ben's answer with enough different words in it"), (world.anna, LONG)):
        opened = await member.click(notice, label="Answer")
        receipt = said(await member.submit_modal(opened, {"text": text}))
        assert "Nobody sees it before the reveal" in receipt and "read along" not in receipt
        assert ("You're the first to answer." if member is world.ben else "Both of you have answered.") in receipt
    assert "Ben's answer" not in "\n".join(seen(message) for message in world.channel.history())
    await world.next_day()
    told = thread_text(world)
    assert told.index("Model answer") < told.index("Ben's answer") < told.index(LONG)
    late = await world.boss.send(world.thread(), "My late words on this one are these")
    assert marks(late) == ["🕒"]


async def test_a_thread_opened_by_hand_is_used_at_a_blind_reveal(world: World):
    await world.set_up(time="09:00", answers="blind")
    card = await world.post()
    thread = await world.open_thread(world.anna, card)
    await world.next_day()
    assert "Model answer" in thread_text(world) and len(world.channel.threads) == 1
    assert world.channel.threads[0].id == thread.id
    assert marks(await world.ben.send(thread, LONG)) == ["🕒"]


async def test_a_hand_posted_question_is_found_again_after_a_restored_backup(world: World):
    await world.set_up(time="09:00")
    before = world.backup()
    card = await world.post()
    await world.restart(before)
    assert "Posted" in await world.reply(world.boss, "daily post")
    (drill,) = await world.rows(drills)
    assert drill.message_id == card.id
    assert sum("Question 1" in seen(message) for message in world.channel.history()) == 1


async def test_a_reveal_page_that_a_moderator_deleted_does_not_end_the_drill(world: World):
    await world.set_up(time="09:00")
    card = await world.post()
    reply = await world.anna.send(world.channel, LONG, reply_to=card)
    carried = next(m for m in world.thread().history() if LONG in seen(m))
    await world.boss.delete(carried)
    await world.anna.edit(reply, "A better text that has also more than five words")
    await world.beat(HOUR)
    (answer,), (drill,) = await world.rows(answers), await world.rows(drills)
    assert answer.version == answer.shown_version and drill.state == "open"
    assert "A better text" not in thread_text(world)


@pytest.mark.parametrize("days", [89, 91])
async def test_texts_older_than_the_retention_are_erased(world: World, days: int):
    await world.set_up(time="09:00")
    await world.post()
    await world.anna.send(world.thread(), LONG)
    await world.boss.slash(world.channel, "daily pause")
    await world.beat(days * DAY)
    assert [row.text for row in await world.rows(parts)] == [LONG if days < 90 else ""]
    assert (await world.rows(answers))[0].status == "on_time"
