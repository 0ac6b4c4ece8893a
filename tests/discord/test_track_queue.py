"""`/daily queue` without a question: what comes next, and what a manager changes in it."""

from dataclasses import replace

from bot.storage.schema import drills, queue
from bot.ui.kit.layouts import custom_ids
from tests.discord.conftest import DAY, PACK, World, labels, said, seen
from tests.discord.walk import press


async def asked(world: World) -> list[str]:
    return [row.question_id for row in sorted(await world.rows(drills), key=lambda row: row.date)]


async def queued(world: World) -> list[str]:
    return [row.question_id for row in sorted(await world.rows(queue), key=lambda row: row.id)]


async def test_a_manager_sees_what_comes_next_and_changes_it(world: World):
    await world.set_up(time="09:00")
    shown = await world.boss.slash(world.channel, "daily queue")
    text = said(shown)
    assert "**1** · Thu, Jan 1, <t:" in text and "**5** · Mon, Jan 5, <t:" in text
    assert "Nothing is queued" in text and "curriculum" in text and shown.response.ephemeral
    assert text.index("(`1`)") < text.index("(`2`)") < text.index("(`5`)") and not await world.rows(queue)
    page = shown.response.message
    assert labels(page) == ["Preview", *["To the front"] * 4, "Add a question", "Later"]
    await world.restart()
    # Beside number 3, then back again: nothing is left of it.
    moved = await press(world, world.boss, "mb:daily:front:1:3:genai-003", page)
    assert "✅ Next up:" in said(moved) and "**1** · Thu, Jan 1" in said(moved)
    page = moved.response.message
    assert labels(page)[:2] == ["Remove", "To the front"] and await queued(world) == ["genai-003"]
    back = await world.boss.click(page, label="Take it back")
    assert "Removed from the queue" in said(back) and await queued(world) == []
    undone = await world.boss.click(back.response.message, label="Take it back")
    assert await queued(world) == ["genai-003"]
    # Adding by words: one that fits, then one of several near ones.
    form = await world.boss.click(undone.response.message, label="Add a question")
    added = await world.boss.submit_modal(form, {"text": "reparameterization trick"})
    assert "**2** · Fri, Jan 2" in said(added) and await queued(world) == ["genai-003", "genai-048"]
    form = await world.boss.click(added.response.message, label="Add a question")
    which = await world.boss.submit_modal(form, {"text": "what is"})
    assert "Which one do you mean" in said(which) and labels(which.response.message).count("Add") == 5
    offered = next(name for name in custom_ids(which.response.message.components) if ":add:" in name)
    third = await world.boss.click(which.response.message, custom_id=offered)
    assert len(await queued(world)) == 3 and "✅ Queued:" in said(third)
    moved = await world.boss.click(third.response.message, label="Move 3 to the front")
    first = (await queued(world))[0]
    assert first not in ("genai-003", "genai-048")
    await world.boss.click(moved.response.message, label="Take it back")
    assert (await queued(world))[2] == first
    removed = await world.boss.click(moved.response.message, custom_id="mb:daily:unqueue:1:genai-003")
    assert await queued(world) == ["genai-048", first] and "Removed from the queue" in said(removed)
    for _ in range(3):
        await world.next_day()
    assert await asked(world) == ["genai-048", first, "genai-001" if first != "genai-001" else "genai-002"]
    status = await world.boss.slash(world.channel, "daily status")
    assert "What comes next" in said(await world.boss.click(status.response.message, label="Queue"))


async def test_what_nobody_can_find_is_asked_for_again(world: World):
    await world.set_up(time="09:00")
    page = (await world.boss.slash(world.channel, "daily queue", question="48")).response.message
    assert "Already there" in said(await press(world, world.boss, "mb:daily:front:1:0:genai-048", page))
    form = await world.boss.click(page, label="Add a question")
    nothing = await world.boss.submit_modal(form, {"text": "*zzzzqqqq*"})
    assert "matches “\\*zzzzqqqq\\*”" in said(nothing) and labels(nothing.response.message) == ["Search again"]
    form = await world.boss.click(nothing.response.message, label="Search again")
    assert "already in the queue" in said(await world.boss.submit_modal(form, {"text": "48"}))
    for words in ("mb:daily:front:1:0:genai-999", "mb:daily:add:1:48", "mb:daily:front:2:0:genai-001"):
        assert "Removed from" not in (answer := said(await press(world, world.boss, words, page)))
        assert "older version" in answer or "was removed" in answer
    assert "Manage Server" in said(await press(world, world.anna, "mb:daily:unqueue:1:genai-048", page))
    assert await queued(world) == ["genai-048"]


async def test_pages_and_edges_of_the_list(world: World):
    await world.set_up(time="09:00", order="adaptive", topics="5")
    await world.reply(world.boss, "daily skip", date="2026-01-02")
    first = await world.boss.slash(world.channel, "daily queue")
    text = said(first)
    assert "**2** · Sat, Jan 3" in text and "Skipped** Fri, Jan 2" in text
    assert "The team's quiz answers decide" in text and "starting over" not in text
    later = await world.boss.click(first.response.message, label="Later")
    assert "**6** ·" in said(later) and "starting over" in said(later)
    assert "**1** ·" in said(await world.boss.click(later.response.message, label="Earlier"))
    await world.reply(world.boss, "daily pause", until="2026-01-10")
    assert "**1** · Sat, Jan 10" in await world.reply(world.boss, "daily queue")
    await world.reply(world.boss, "daily pause")
    text = await world.reply(world.boss, "daily queue")
    assert "**1** · once you resume" in text and "Paused until `/daily resume`" in text
    await world.restart(pack=replace(PACK, questions=()))
    empty = await world.boss.slash(world.channel, "daily queue")
    assert "have no questions" in said(empty) and labels(empty.response.message) == ["Add a question"]


async def test_preview_goes_on_with_what_follows_todays_question(world: World):
    await world.set_up(time="09:00", days="mon,thu")
    await world.next_day()
    text = await world.reply(world.boss, "daily preview")
    assert "already posted: https://" in text and "Mon, Jan 5 (<t:" in text
    await world.beat(4 * DAY)
    assert seen(world.card()).split("Closes")[0] == text[text.index("**Question 2**") :].split("Closes")[0]
    assert [f"{row.date:%a}" for row in await world.rows(drills)] == ["Thu", "Mon"]
    await world.reply(world.boss, "daily pause")
    assert "Once you resume, this one comes next" in await world.reply(world.boss, "daily preview")
