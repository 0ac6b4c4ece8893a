"""Members suggest questions; managers decide, and authors are told."""

from typing import Any

from bot.storage.schema import editions, questions, suggestions
from tests.discord.conftest import DAY, World, labels, said, seen
from tests.discord.test_own_questions import last

IDEA = {"prompt": "How does a hash index work?", "topic": "Indexes", "answer": ""}


async def suggest(world: World, member: Any, **typed: str) -> Any:
    """Fills in the form, and sends what its preview shows."""
    form = await member.slash(world.channel, "question suggest")
    preview = await member.submit_modal(form, {**IDEA, **typed})
    return await member.click(last(preview), label="Send it")


def letters(world: World, member: Any) -> str:
    """All direct messages that a member got."""
    place = member.user.dm_channel
    return "" if place is None else "\n".join(seen(message) for message in place.history())


async def test_a_suggestion_is_accepted_and_its_author_told_and_named(world: World):
    assert "1 suggestion waiting" in said(await suggest(world, world.anna))
    await world.restart()
    queue = await world.boss.slash(world.channel, "bank review")
    assert IDEA["prompt"] in said(queue) and f"<@{world.anna.id}>" in said(queue)
    done = await world.boss.click(last(queue), label="Accept")
    assert "Accepted as `ours-001`" in said(done) and "No suggestions are waiting" in said(done)
    assert "it's `ours-001` now" in letters(world, world.anna)
    await world.restart()
    await world.set_up(packs="ours")
    assert f"Suggested by <@{world.anna.id}>" in seen(await world.post())
    again = await world.boss.click(last(queue), label="Accept")
    assert "already been decided" in said(again) and len(await world.rows(questions)) == 1


async def test_what_is_declined_says_why(world: World):
    await suggest(world, world.anna)
    queue = await world.boss.slash(world.channel, "bank review")
    form = await world.boss.click(last(queue), label="Decline")
    await world.boss.submit_modal(form, {"reason": "We ask this one already."})
    assert "wasn't taken this time" in letters(world, world.anna)
    assert "We ask this one already." in letters(world, world.anna)
    assert await world.rows(questions) == []


async def test_who_takes_no_direct_messages_is_told_below_their_next_private_answer(world: World):
    await suggest(world, world.anna)
    queue = await world.boss.slash(world.channel, "bank review")
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, message="Cannot send messages")
    await world.boss.click(last(queue), label="Accept")
    assert [row.told for row in await world.rows(suggestions)] == [False]
    await world.restart()
    assert "it's `ours-001` now" not in await world.reply(world.ben, "help")
    assert "it's `ours-001` now" in await world.reply(world.anna, "help")
    assert "it's `ours-001` now" not in await world.reply(world.anna, "help")


async def test_a_suggestion_is_edited_and_then_accepted(world: World):
    await suggest(world, world.anna)
    queue = await world.boss.slash(world.channel, "bank review")
    form = await world.boss.click(last(queue), label="Edit and accept")
    assert IDEA["prompt"] in str(form.modal)
    better = {**IDEA, "prompt": "When is a hash index slow?", "key_points": "", "difficulty": "hard"}
    preview = await world.boss.submit_modal(form, better)
    assert "Saved as `ours-001`" in said(await world.boss.click(last(preview), label="Save it"))
    assert "it's `ours-001` now" in letters(world, world.anna)
    assert [row.member_id for row in await world.rows(questions)] == [world.anna.id]


async def test_only_its_author_s_own_row_says_who_suggested_a_question(world: World):
    """A deletion empties that row: what an edition says of its author would stay."""
    await suggest(world, world.anna)
    queue = await world.boss.slash(world.channel, "bank review")
    await world.boss.click(last(queue), label="Accept")
    form = await world.boss.slash(world.channel, "bank edit", question="ours-001")
    typed = {**IDEA, "prompt": "When is a hash index slow?", "key_points": "", "difficulty": "hard"}
    await world.boss.click(last(await world.boss.submit_modal(form, typed)), label="Save it")
    first, second = [row.content for row in await world.rows(editions)]
    assert second["prompt"] == "When is a hash index slow?" and second.keys() == first.keys()
    assert str(world.anna.id) not in str([first, second])


async def test_what_is_there_already_is_shown_first(world: World):
    form = await world.anna.slash(world.channel, "question suggest")
    twin = world.bank.questions[0].wording.lower().rstrip("?.")
    preview = await world.anna.submit_modal(form, {**IDEA, "prompt": twin})
    assert "looks a lot like" in said(preview) and "`genai-001`" in said(preview)
    assert labels(last(preview))[:2] == ["Send it", "Edit it"]


async def test_five_a_day_are_enough(world: World):
    for number in range(5):
        await suggest(world, world.anna, prompt=f"What does idea number {number} of mine mean?")
    assert "5 suggestions today" in await world.reply(world.anna, "question suggest")
    assert "waiting" in said(await suggest(world, world.ben))
    await world.env.advance_time(DAY)
    assert "waiting" in said(await suggest(world, world.anna, prompt="What comes on the next day?"))


async def test_nobody_types_a_reason_for_what_is_decided(world: World):
    await suggest(world, world.anna)
    queue = await world.boss.slash(world.channel, "bank review")
    await world.boss.click(last(queue), label="Accept")
    assert "already been decided" in said(await world.boss.click(last(queue), label="Decline"))


async def test_a_card_no_longer_names_an_author_who_had_everything_deleted(world: World):
    await suggest(world, world.anna)
    queue = await world.boss.slash(world.channel, "bank review")
    await world.boss.click(last(queue), label="Accept")
    asked = await world.anna.slash(world.channel, "privacy delete")
    await world.anna.click(last(asked), label="Delete my data")
    await world.set_up(packs="ours")
    card = seen(await world.post())
    assert IDEA["prompt"] in card and "Suggested by" not in card
    assert [row.member_id for row in await world.rows(questions)] == [None]
