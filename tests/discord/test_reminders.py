"""`/reminders`: private, once a question, only while it is unanswered."""

from typing import Any

import discord
import pytest
from sqlalchemy import Connection

from bot.services.reminders import plan
from bot.storage import drills, members, tracks
from bot.storage import reminders as wishes
from bot.storage.schema import reminded, reminders
from tests.counting import counting
from tests.discord.conftest import DAY, HOUR, LONG, World, labels, said, seen
from tests.discord.days import let_pass, practice


def letters(member: Any) -> list[Any]:
    """What the bot wrote to a member in private."""
    return [message for message in member.user.dm_channel.history() if message.author.bot]


async def ready(world: World, **options: Any) -> str:
    """A practice channel in which anna wants reminders, with today's question open since 09:00."""
    await world.set_up(time="09:00")
    answer = await world.reply(world.anna, "reminders on", **options)
    await world.next_day()
    return answer


async def test_a_reminder_comes_once_at_80_percent_of_the_time(world: World):
    assert "most of its time" in await ready(world)
    await world.beat(0.79 * DAY)
    assert letters(world.anna) == []
    await world.beat(0.01 * DAY + 60)
    (letter,) = letters(world.anna)
    assert "Question 1 is open" in seen(letter) and world.card().jump_url.split("/")[-1] in seen(letter)
    assert world.bank.questions[0].wording in seen(letter) and "<t:" in seen(letter)
    await world.beat(60)
    await world.restart()
    await world.beat(60)
    assert len(letters(world.anna)) == 1
    await world.next_day()
    await world.beat(0.81 * DAY)
    assert len(letters(world.anna)) == 2 and "Question 2" in seen(letters(world.anna)[-1])


async def test_an_hour_is_the_hour_in_the_track_s_zone(world: World):
    await world.set_up(time="09:00", timezone="Asia/Tokyo")
    assert "at 18:00" in await world.reply(world.anna, "reminders on", hour=18)
    await world.next_day()
    await world.beat(9 * HOUR - 60)
    assert letters(world.anna) == []
    await world.beat(60)
    assert len(letters(world.anna)) == 1


async def test_an_hour_in_the_night_is_that_of_the_next_day(world: World):
    await ready(world, hour=3)
    await world.beat(18 * HOUR - 60)
    assert letters(world.anna) == []
    await world.beat(60)
    assert len(letters(world.anna)) == 1


async def test_whoever_has_answered_wants_none_or_is_away_is_left_alone(world: World):
    await ready(world)
    await world.reply(world.ben, "reminders on")
    await world.reply(world.boss, "reminders on")
    await world.anna.send(world.thread(), LONG)
    await world.reply(world.ben, "reminders off")
    await world.reply(world.boss, "away set", **{"from": "2026-01-02", "until": "2026-01-02"})
    await world.beat(0.9 * DAY)
    assert letters(world.anna) == letters(world.ben) == [] and len(letters(world.boss)) == 1
    await world.next_day()
    await world.beat(0.9 * DAY)
    assert len(letters(world.anna)) == 1 and len(letters(world.boss)) == 1


async def test_a_question_of_another_day_is_reminded_of_on_an_away_day_too(world: World):
    await world.set_up(time="09:00", days="mon-fri")
    assert "Not while you're away" in await world.reply(world.anna, "reminders on")
    await world.reply(world.anna, "away set", **{"from": "2026-01-03", "until": "2026-01-04"})
    await world.next_day()
    await world.next_day()  # Friday, 2 January; it closes on Monday, and a miss would count
    await world.beat(0.81 * 3 * DAY)
    assert len(letters(world.anna)) == 1


async def test_a_short_answer_is_no_answer(world: World):
    await ready(world)
    await world.anna.send(world.thread(), "it learns")
    await world.beat(0.9 * DAY)
    assert len(letters(world.anna)) == 1


async def test_a_beat_that_is_late_sends_nothing_for_a_question_that_is_over(world: World):
    await ready(world)
    await world.beat(DAY + 60)
    assert "Question 2" in seen(world.card()) and letters(world.anna) == []
    await world.anna.send(world.thread(), LONG)
    await world.beat(0.9 * DAY)
    assert letters(world.anna) == []
    assert all(row.at is not None for row in await world.rows(reminded))


async def test_it_follows_a_closing_that_moves(world: World):
    await ready(world)
    await world.reply(world.boss, "daily skip")  # the question stays open for two days
    await world.beat(0.9 * DAY)
    assert letters(world.anna) == []
    await world.beat(0.75 * DAY)
    assert len(letters(world.anna)) == 1


async def test_a_pause_has_no_question_and_no_reminder(world: World):
    await ready(world)
    await world.anna.send(world.thread(), LONG)
    await world.reply(world.boss, "daily pause")
    for _ in range(8):
        await world.beat(DAY)
    assert letters(world.anna) == []


async def test_switched_on_late_it_does_not_make_up_for_what_is_past(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    await world.env.advance_time(10 * HOUR)
    await world.reply(world.anna, "reminders on", hour=18)
    await world.beat(60)
    assert letters(world.anna) == []
    await world.reply(world.anna, "reminders on", hour=20)
    await world.beat(HOUR)
    assert len(letters(world.anna)) == 1


async def test_a_changed_plan_makes_up_for_nothing_either(world: World):
    await world.set_up(time="09:00")
    await world.next_day()
    await world.env.advance_time(10 * HOUR)
    await world.reply(world.anna, "reminders on", hour=18)
    await world.reply(world.boss, "setup", time="10:00")
    await world.beat(60)
    assert letters(world.anna) == []


async def test_a_planned_reminder_comes_at_once_where_the_closing_moves_near(world: World):
    await world.set_up(time="09:00", days="mon,thu")
    await world.reply(world.anna, "reminders on")
    await world.next_day()  # Thursday, 1 January; it closes on Monday
    await world.beat(1.9 * DAY)
    assert letters(world.anna) == []
    await world.reply(world.boss, "setup", days="daily")
    await world.beat(60)
    assert len(letters(world.anna)) == 1


async def test_whoever_has_left_the_server_reads_none_of_its_questions(world: World):
    await ready(world)
    other = world.env.create_guild("Other")
    other.add_member(world.anna.user)
    world.guild.remove_member(world.anna)
    await world.beat(0.9 * DAY)
    assert letters(world.anna) == []


async def test_whoever_may_not_see_the_channel_reads_none_of_its_questions(world: World):
    await world.set_up(time="09:00")
    for member in (world.anna, world.boss):
        await world.reply(member, "reminders on")
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    managers = next(role for role in channel.guild.roles if role.name == "Managers")
    shown = discord.PermissionOverwrite(view_channel=True, manage_roles=True)
    for who in (channel.guild.me, managers):
        await channel.set_permissions(who, overwrite=shown)
    hidden = discord.PermissionOverwrite(view_channel=False)
    await channel.set_permissions(channel.guild.default_role, overwrite=hidden)
    await world.env.settle()
    await world.next_day()
    await world.beat(0.9 * DAY)
    assert letters(world.anna) == [] and len(letters(world.boss)) == 1


async def test_by_direct_message_and_the_button_under_the_letter(world: World):
    await world.set_up(time="09:00")
    stranger = world.env.create_user("stranger")
    world.guild.add_member(stranger)
    assert "haven't seen you" in said(await stranger.slash("reminders on"))
    await practice(world, world.anna, 1)
    assert "haven't seen you" not in said(await world.anna.user.slash("reminders on"))
    await world.next_day()
    await world.beat(0.9 * DAY)
    (letter,) = letters(world.anna)
    assert labels(letter) == ["No more reminders"]
    await world.restart()
    assert "Reminders are off" in said(await world.anna.user.click(letter, label="No more reminders"))
    assert "already off" in said(await world.anna.user.slash("reminders off"))
    await world.next_day()
    await world.beat(0.9 * DAY)
    assert len(letters(world.anna)) == 1
    assert [message for message in stranger.dm_channel.history() if "Question" in seen(message)] == []


async def test_several_tracks_have_a_reminder_each(world: World):
    await ready(world)
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other, time="12:00")
    await world.boss.click(asked.response.message, label="Run both")
    await world.next_day()
    await world.beat(0.9 * DAY - 3 * HOUR)
    await world.next_day()
    await world.beat(HOUR)
    assert len({message.id for message in letters(world.anna)}) == 2
    assert sum(str(other.id) in seen(message) for message in letters(world.anna)) == 1


@pytest.mark.parametrize("way", ["streak", "form", "quiz solo", "reminders off"])
async def test_closed_direct_messages_switch_it_off_and_are_told_once(world: World, way: str):
    await ready(world)
    dm = world.anna.user.dm_channel
    world.env.inject_error(
        "POST", f"/channels/{dm.id}/messages", status=403, code=50007, message="Cannot send messages to this user"
    )
    await world.beat(0.9 * DAY)
    assert letters(world.anna) == [] and not (await world.rows(reminders))[0].active
    await world.restart()
    if way != "form":
        await world.reply(world.anna, "answer")  # a form leaves no room for the news
        assert (await world.reply(world.anna, way)).count("your reminders are off now") == 1
    else:
        opened = await world.anna.click(world.card(), label="Answer")
        assert "your reminders are off now" in said(await world.anna.submit_modal(opened, {"text": "short"}))
    assert "your reminders are off now" not in await world.reply(world.anna, "streak")
    await let_pass(world, 1)
    await world.beat(0.9 * DAY)
    assert letters(world.anna) == []
    await world.reply(world.anna, "reminders on")
    await let_pass(world, 1)
    await world.beat(0.9 * DAY)
    assert len(letters(world.anna)) == 1


async def test_an_outage_of_discord_delays_it_by_a_minute(world: World):
    await ready(world)
    dm = world.anna.user.dm_channel
    world.env.inject_error("POST", f"/channels/{dm.id}/messages", status=503, times=1)
    await world.beat(0.9 * DAY)
    assert letters(world.anna) == []
    await world.beat(61)
    assert len(letters(world.anna)) == 1


@pytest.mark.parametrize("hour", [None, 3])
async def test_planning_costs_the_same_for_many_as_for_few(world: World, hour: int | None):
    await world.set_up(time="09:00")
    await world.next_day()

    now = world.bot.clock()

    def want(conn: Connection, first: int, count: int) -> None:
        for member_id in range(first, first + count):
            members.record(conn, world.guild.id, member_id, f"m{member_id}", now)
            wishes.turn_on(conn, member_id, hour)

    def planned_again(conn: Connection) -> None:
        track, drill = tracks.get(conn, 1), drills.current(conn, 1)
        assert track is not None and drill is not None
        plan(conn, track, drill, now)

    async def planning() -> int:
        with counting(world.bot.database) as count:
            await world.bot.database.write(planned_again)
        return count.statements

    await world.bot.database.write(lambda conn: want(conn, 1, 1))
    few = await planning()
    await world.bot.database.write(lambda conn: want(conn, 2, 100))
    assert await planning() == few and len(await world.rows(reminded)) == 101
