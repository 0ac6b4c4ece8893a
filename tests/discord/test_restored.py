"""A backup of yesterday is put in place: what was sent since is found again, and nothing stands twice."""

from typing import Any

from bot.storage.schema import answers, drills, parts
from tests.discord.conftest import DAY, HOUR, LONG, World, said, seen
from tests.discord.test_own_questions import last, saved, write

OTHER = "First what it is for and then how it is built"


def told(place: Any) -> list[str]:
    """What the bot says in a place, in order."""
    return [seen(message) for message in place.history() if message.author.bot]


def times(place: Any, text: str) -> int:
    """How often the bot says something in a place."""
    return sum(text in one for one in told(place))


async def test_what_was_sent_since_the_backup_stands_once_and_goes_on(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    first = world.card()
    await world.beat(HOUR)
    backup = world.backup()
    # What the backup does not know: a reply and its copy, a notice, an answer with a milestone, three days.
    await world.anna.send(world.channel, LONG, reply_to=first)
    thread = world.thread()
    await world.ben.send(thread, "Too short")
    await world.next_day()
    second, second_thread = world.card(), world.thread()
    await world.anna.send(second_thread, LONG)
    await world.ben.send(world.channel, OTHER, reply_to=second)
    await world.next_day()
    await world.beat(5)
    third_thread = world.thread()
    await world.anna.send(third_thread, LONG)
    await world.beat(HOUR)
    before = {place.id: told(place) for place in (thread, second_thread, third_thread)}
    known = [(row.date, row.message_id, row.thread_id, row.state) for row in await world.rows(drills)]
    await world.restart(backup)
    for _ in range(3):
        await world.beat(60)
    assert sorted((row.date, row.message_id, row.thread_id, row.state) for row in await world.rows(drills)) == known
    assert {place.id: told(place) for place in (thread, second_thread, third_thread)} == before
    assert times(thread, LONG) == times(thread, "an answer needs") == times(thread, "Model answer") == 1
    assert times(second_thread, OTHER) == times(second_thread, "Model answer") == 1
    assert [times(world.channel, f"Question {number}") for number in (1, 2, 3)] == [1, 1, 1]
    assert sorted(row.text for row in await world.rows(parts)) == sorted([LONG, "Too short", LONG, OTHER, LONG])
    assert [row.status for row in await world.rows(answers)].count("on_time") == 4
    assert "3" in await world.reply(world.anna, "streak")
    form = await world.boss.click(second, label="Answer")
    await world.boss.submit_modal(form, {"text": "The boss comes late and says it in a few words"})
    assert [row.status for row in await world.rows(answers)].count("late") == 1
    assert times(second_thread, "The boss comes late") == 1


async def test_a_date_that_is_too_late_to_be_posted_is_found_again(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    backup = world.backup()
    await world.next_day()
    card, thread = world.card(), world.thread()
    await world.anna.send(thread, LONG)
    await world.beat(8 * HOUR)
    await world.restart(backup)
    await world.beat(60)
    newest = max(await world.rows(drills), key=lambda row: row.date)
    assert (newest.state, newest.message_id, newest.thread_id) == ("open", card.id, thread.id)
    assert [row.text for row in await world.rows(parts)] == [LONG]
    await world.beat(DAY - 8 * HOUR)
    assert times(world.channel, "Question 2") == 1 and times(world.channel, "Question 3") == 1


async def test_in_a_forum_every_lost_question_is_found_again(world: World):
    forum = world.guild.create_forum_channel("questions")
    await world.set_up(channel=forum, time="09:00")
    await world.next_day()
    backup = world.backup()
    for _ in range(2):
        await world.next_day()
        await world.anna.send(forum.threads[-1], LONG)
    await world.beat(HOUR)
    known = [(row.date, row.message_id, row.state) for row in await world.rows(drills)]
    await world.restart(backup)
    for _ in range(3):
        await world.beat(60)
    assert sorted((row.date, row.message_id, row.state) for row in await world.rows(drills)) == known
    assert len(forum.threads) == 3 and [row.text for row in await world.rows(parts)] == [LONG, LONG]
    assert [times(thread, "Model answer") for thread in forum.threads] == [1, 1, 0]


async def test_no_question_gets_the_number_of_one_that_the_backup_forgot(world: World):
    await saved(world)
    backup = world.backup()
    await saved(world, prompt="What is a view?", topic="Views")
    await world.restart(backup)
    preview = await write(world, prompt="What is a cursor?", topic="Cursors")
    assert "Question 3" in said(preview)
    assert "Saved as `ours-003`" in said(await world.boss.click(last(preview), label="Save it"))
    assert [question.id for question in world.bank.own.questions] == ["ours-001", "ours-003"]
