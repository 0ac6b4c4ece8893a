"""A manager hears once of a question that did not come, and once that questions come again."""

from typing import Any

from bot.domain.tracks import PlanChange
from tests.discord.conftest import DAY, HOUR, MESSAGES, World, labels, seen
from tests.discord.test_reminders import letters


async def told(place: Any) -> list[str]:
    """What the bot has written to a log channel."""
    return [seen(message) for message in place.history() if message.author.bot]


async def set_up_with_log(world: World, **options: Any) -> Any:
    """A practice channel whose log channel is returned."""
    await world.set_up(time="09:00", **options)
    managers = world.guild.create_text_channel("managers")
    await world.env.settle()
    await choose_log(world, managers.id)
    return managers


async def choose_log(world: World, channel_id: int) -> None:
    (track,) = await world.bot.services.tracks.of_server(world.guild.id)
    change = PlanChange(log_channel_id=channel_id)
    await world.bot.services.tracks.change(track, change, world.bot.clock(), forums=(), by=world.boss.id)


async def test_a_lost_permission_is_told_once_in_private_and_once_that_it_is_mended(world: World):
    await world.set_up(time="09:00")
    await world.deny(send_messages=False)
    await world.next_day()
    (letter,) = letters(world.boss)
    text = seen(letter)
    assert "The question for Thu, Jan 1 isn't posted yet" in text
    assert "I need **Send Messages** in <#" in text and "Next try <t:" in text and "until <t:" in text
    assert world.guild.name in text and labels(letter) == []
    for _ in range(3):
        await world.beat(600)
    await world.restart()
    await world.beat(60)
    await world.beat(8 * HOUR)
    await world.next_day()
    assert len(letters(world.boss)) == 1  # the same problem on the next day
    await world.deny(send_messages=None)
    await world.beat(5)
    _, mended = letters(world.boss)
    assert "Questions are back" in seen(mended) and "is posted" in seen(mended)
    assert "No question came on Thu, Jan 1." in seen(mended) and world.card().jump_url in seen(mended)
    await world.restart()
    await world.beat(60)
    await world.next_day()
    assert len(letters(world.boss)) == 2
    await world.deny(view_channel=False)
    await world.next_day()
    assert len(letters(world.boss)) == 3 and "View Channel" in seen(letters(world.boss)[-1])


async def test_the_log_channel_is_told_where_there_is_one_and_else_whoever_set_it_up(world: World):
    managers = await set_up_with_log(world)
    await world.deny(send_messages=False)
    await world.next_day()
    (text,) = await told(managers)
    assert "isn't posted yet" in text and "You set up" not in text and letters(world.boss) == []
    assert labels(managers.history()[-1]) == ["Settings"]
    await world.boss.click(managers.history()[-1], label="Settings")
    await world.deny(send_messages=None)
    await world.beat(5)
    assert "Questions are back" in (await told(managers))[-1] and letters(world.boss) == []
    world.env.inject_error("POST", f"/channels/{managers.id}/messages", status=403, code=50001, times=None)
    await world.deny(send_messages=False)
    await world.next_day()
    assert len(letters(world.boss)) == 1 and len(await told(managers)) == 2


async def test_closed_direct_messages_are_left_alone(world: World):
    await world.set_up(time="09:00")
    (track,) = await world.bot.services.tracks.of_server(world.guild.id)
    assert track.manager_id == world.boss.id
    world.env.inject_error(
        "POST", "/channels/*/messages", status=403, code=50007, message="Cannot send messages to this user", times=1
    )
    await world.deny(send_messages=False)
    await world.next_day()
    await world.beat(HOUR)
    assert letters(world.boss) == []
    await world.deny(send_messages=None)
    await world.beat(5)
    (letter,) = letters(world.boss)
    assert "Questions are back" in seen(letter) and world.card().jump_url in seen(letter)


async def test_what_may_end_by_itself_is_told_after_a_while(world: World):
    await world.set_up(time="09:00")
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=503, times=None)
    await world.next_day()
    await world.beat(60)
    assert letters(world.boss) == []
    for _ in range(5):
        await world.beat(60)
    assert len(letters(world.boss)) == 1 and "isn't posted yet" in seen(letters(world.boss)[0])
    world.env.backend.faults.clear()
    for _ in range(16):
        await world.beat(60)
    assert len(letters(world.boss)) == 2
    await world.deny(send_messages=False)
    await world.deny(send_messages=None)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=503, times=1)
    await world.next_day()
    for _ in range(10):
        await world.beat(60)
    assert len(letters(world.boss)) == 2  # it came before anybody had to know


async def test_dates_missed_while_the_machine_was_off_are_told_in_one_message(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    await world.bot.close()
    await world.env.advance_time(4 * DAY)
    await world.restart()
    await world.beat(5)
    (letter,) = letters(world.boss)
    assert "No question came on Fri, Jan 2; Sat, Jan 3; Sun, Jan 4" in seen(letter) and "I was offline" in seen(
        letter
    )
    await world.restart()
    await world.beat(60)
    await world.next_day()
    assert len(letters(world.boss)) == 1


async def test_two_channels_of_a_server_are_told_of_apart(world: World):
    await world.set_up(time="09:00")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other, time="09:00")
    await world.boss.click(asked.response.message, label="Run both")
    await world.deny(send_messages=False)
    await world.next_day()
    (letter,) = letters(world.boss)
    assert f"<#{world.channel.id}>" in seen(letter) and str(other.id) not in seen(letter)
    await world.deny(send_messages=None)
    await world.beat(5)
    assert len(letters(world.boss)) == 2


async def test_whoever_left_is_told_nothing_and_a_topic_without_questions_is_a_problem(world: World):
    await world.set_up(time="09:00")
    world.guild.remove_member(world.boss)
    await world.deny(send_messages=False)
    await world.next_day()
    assert world.boss.user.dm_channel is None or letters(world.boss) == []


async def test_an_alert_whose_answer_was_lost_is_not_sent_again(world: World):
    managers = await set_up_with_log(world)
    lost = world.lose_answer(MESSAGES, managers.id)
    await world.deny(send_messages=False)
    await world.next_day()
    assert lost and len(await told(managers)) == 1
    await world.restart()
    for _ in range(4):
        await world.beat(HOUR / 4)
    assert len(await told(managers)) == 1
    await world.deny(send_messages=None)
    await world.beat(5)
    assert len(await told(managers)) == 2
