"""A team's first day: set up, post, answer in three ways, reveal."""

from bot.storage.schema import answers, drills, votes
from tests.discord.conftest import LONG, World, labels, said, seen


async def test_set_up_post_answer_in_three_ways(world: World):
    page = said(await world.set_up(timezone="Europe/Berlin"))
    assert "is set up" in page and "Europe/Berlin" in page and "<t:" in page
    card = await world.post()
    assert "Question 1" in seen(card) and labels(card)[0] == "Answer"
    (drill,) = await world.rows(drills)
    assert drill.state == "open" and drill.thread_id == drill.message_id == card.id
    await world.anna.send(world.channel, LONG, reply_to=card)
    opened = await world.ben.click(card, label="Answer")
    receipt = await world.ben.submit_modal(opened, {"text": "My answer also has more than five words"})
    assert "You're in!" in said(receipt) and "streak is **1**" in said(receipt)
    place = f"https://discord.com/channels/{world.guild.id}/{world.thread().id}"
    assert f"Both of you have answered: [read along]({place})" in said(receipt)
    assert "Reminders are on" in said(
        await world.ben.click(receipt.response.message, label="Remind me if I forget")
    )
    await world.boss.send(world.thread(), "Here in the thread I answer as well")
    own = await world.boss.click(card, label="My answer")
    mine = said(own)
    ballot = await world.boss.click(own.response.message, label="Vote for the best")
    await world.boss.select(ballot.response.message, ["2"])
    assert [row.voter_id for row in await world.rows(votes)] == [world.boss.id]
    assert "streak is **1**" in mine and "All 3 of you have answered: [read along]" in mine
    assert {row.status for row in await world.rows(answers)} == {"on_time"}
    thread = "\n".join(seen(message) for message in world.thread().history())
    assert "anna" in thread and LONG in thread and "My answer also has" in thread
    assert "https://discord.com/channels/" in thread
    await world.beat(31)
    assert "3 people have answered" in seen(world.card())


async def test_a_receipt_offers_reminders_once_and_counts_who_is_still_expected(world: World):
    await world.set_up(time="09:00")
    for day in range(2):
        card = await world.post()
        if not day:
            await world.ben.send(world.thread(), LONG)
            await world.boss.send(world.thread(), LONG)
        receipt = await world.anna.submit_modal(await world.anna.click(card, label="Answer"), {"text": LONG})
        assert ("Remind me if I forget" in labels(receipt.response.message)) == (day == 0)
        assert ("All 3 of you have answered" if not day else "You're the first of 3 to answer") in said(receipt)
        again = await world.anna.submit_modal(await world.anna.click(card, label="Answer"), {"text": LONG + "!"})
        assert "Remind me if I forget" not in labels(again.response.message)
        await world.next_day()


async def test_the_next_day_closes_the_first_question_and_reveals_it(world: World):
    await world.set_up(time="09:00")
    first = await world.post()
    await world.next_day()
    second = world.card()
    assert second.id != first.id and "Question 2" in seen(second)
    old = next(m for m in world.channel.history() if m.id == first.id)
    assert "Closed" in seen(old) and "Model answer" in labels(old)
    thread = next(t for t in world.channel.threads if t.id == first.id)
    assert "has closed" in "\n".join(seen(message) for message in thread.history())
