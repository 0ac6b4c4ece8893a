"""Ticking key points at a reveal: by those who answered, once or again, after restarts."""

from dataclasses import replace
from typing import Any

from bot.domain.bank import KeyPoint
from bot.storage.schema import cards, ticks
from tests.discord.conftest import LONG, PACK, World, labels, said, seen, without_content
from tests.unit.packs import LAYERED

TICK = "Tick your key points"


async def revealed(world: World, **options: Any) -> Any:
    """Question 1, answered by anna, closed and revealed: the reveal's last page."""
    await world.set_up(time="09:00", **options)
    card = await world.post()
    await world.anna.submit_modal(await world.anna.click(card, label="Answer"), {"text": LONG})
    await world.next_day()
    return next(m for t in world.channel.threads for m in t.history() if TICK in labels(m))


async def test_a_member_ticks_and_what_was_missing_becomes_a_card(world: World):
    reveal = await revealed(world)
    points = [point.text for point in world.bank.questions[0].key_points]
    form = await world.anna.click(reveal, label=TICK)
    shown = str(form.modal)
    assert all(point in shown for point in points)
    receipt = said(await world.anna.submit_modal(form, {"points": ["0", "2"]}))
    assert f"2 of {len(points)} key points" in receipt and points[1] in receipt and points[0] not in receipt
    (row,) = await world.rows(ticks)
    assert (row.points, row.question_id, row.member_id) == ([0, 2], "genai-001", world.anna.id)
    (card,) = await world.rows(cards)
    assert (card.question_id, card.member_id) == ("genai-001", world.anna.id)
    assert "1 card left today" in await world.reply(world.anna, "quiz review")


async def test_ticks_can_be_changed_after_a_restart_and_nothing_missing_makes_no_card(world: World):
    reveal = await revealed(world)
    every = [str(at) for at in range(len(world.bank.questions[0].key_points))]
    form = await world.anna.click(reveal, label=TICK)
    await world.restart()
    receipt = said(await world.anna.submit_modal(form, {"points": every}))
    assert f"{len(every)} of {len(every)} key points" in receipt and "Nothing is missing" in receipt
    assert await world.rows(cards) == []
    again = await world.anna.click(reveal, label=TICK)
    assert str(again.modal).count("'default': True") == len(every)
    assert f"0 of {len(every)}" in said(await world.anna.submit_modal(again, {"points": []}))
    assert [row.points for row in await world.rows(ticks)] == [[]]
    assert len(await world.rows(cards)) == 1


async def test_the_same_ticks_sent_twice_make_a_reviewed_card_due_once(world: World):
    reveal = await revealed(world)
    for first in (True, False):
        form = await world.anna.click(reveal, label=TICK)
        receipt = await world.anna.submit_modal(form, {"points": ["0"]})
        page = receipt.response.message
        await world.anna.click(page, label="Review")
        if first:
            await world.anna.click(page, label="Show the answer")
            good = next(label for label in labels(receipt.response.message) if label.startswith("Good"))
            await world.anna.click(page, label=good)
    assert "Done for today" in seen(receipt.response.message)


async def test_more_key_points_than_one_group_of_boxes_holds(world: World):
    reveal = await revealed(world)
    first, *others = world.bank.questions
    many = replace(first, key_points=tuple(KeyPoint(f"point {at}", ()) for at in range(12)))
    await world.restart(pack=replace(PACK, questions=(many, *others)))
    form = await world.anna.click(reveal, label=TICK)
    receipt = said(await world.anna.submit_modal(form, {"points": ["0", "9"], "points:10": ["11"]}))
    assert "3 of 12 key points" in receipt and "- point 10" in receipt and "- point 11" not in receipt
    again = await world.anna.click(reveal, label=TICK)
    assert str(again.modal).count("'default': True") == 3


async def test_others_read_a_sentence(world: World):
    reveal = await revealed(world)
    assert "Only people who answered" in said(await world.ben.click(reveal, label=TICK))
    assert await world.rows(ticks) == []


async def test_blind_reveals_have_the_button_too(world: World):
    reveal = await revealed(world, answers="blind")
    form = await world.anna.click(reveal, label=TICK)
    assert "of" in said(await world.anna.submit_modal(form, {"points": ["1"]}))


async def test_a_question_without_key_points_has_no_button(world: World):
    await world.restart(pack=without_content(1))
    await world.set_up(time="09:00")
    await world.post()
    await world.next_day()
    reveal = world.channel.threads[0].history()[-1]
    assert "Report a mistake" in labels(reveal) and TICK not in labels(reveal)


async def test_a_reveal_of_a_moved_track_asks_about_its_own_question(world: World):
    await world.set_up(time="09:00")
    await world.anna.send(world.channel, LONG, reply_to=await world.post())
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(other, "setup", channel=other)
    await world.boss.click(asked.response.message, label="Move it")
    again = await world.boss.slash(world.channel, "setup", channel=world.channel)
    await world.boss.click(again.response.message, label="Run both")
    await world.boss.slash(world.channel, "daily post")  # the same question in the same channel on the same date
    asked = await world.boss.slash(other, "daily reveal")
    await world.boss.click(asked.response.message, label="Close and reveal")
    reveal = next(m for m in world.channel.threads[0].history() if TICK in labels(m))
    form = await world.anna.click(reveal, label=TICK)
    assert "1 of" in said(await world.anna.submit_modal(form, {"points": ["0"]}))
    (row,) = await world.rows(ticks)
    assert row.reference == "drill:1"


async def test_the_reveal_says_it_and_shows_the_rest_in_private_after_a_restart(world: World):
    layered = replace(LAYERED, id="genai-001", topic=PACK.topics[0].title)
    pack = replace(PACK, questions=(layered, *PACK.questions[1:]))
    await world.restart(pack=pack)
    reveal = await revealed(world)
    assert "What does dropout do?" in world.channel.threads[0].name
    assert str(layered.say) in seen(reveal) and "**a random mask switches units off" in seen(reveal)
    assert labels(reveal) == [TICK, "Full answer", "Report a mistake"] and "Mechanism" not in seen(reveal)
    await world.restart(pack=pack)
    full = await world.ben.click(reveal, label="Full answer")
    assert full.response.ephemeral and str(layered.show).strip() in said(full)
    assert str(layered.stands_out) in said(full) and "example.org/srivastava" in said(full)


async def test_a_full_answer_whose_question_left_the_bank_is_told(world: World):
    reveal = await revealed(world)
    await world.restart(pack=replace(PACK, questions=PACK.questions[1:]))
    assert "No question matches" in said(await world.ben.click(reveal, label="Full answer"))
