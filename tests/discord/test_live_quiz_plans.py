"""Weekly live quizzes: planned, reminded of, opened once, missed, changed and stopped; and Discord's events."""

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.storage.schema import lives, quiz_plans
from tests.discord.conftest import HOUR, MESSAGES, World, filled, labels, said, seen
from tests.discord.test_milestones import bot_role

FRIDAY = datetime(2026, 1, 2, 18, tzinfo=UTC)
REMINDER = FRIDAY.replace(hour=17, minute=50)
PLANNED = {"day": "Fri", "time": "6pm", "questions": 2}


def cards(world: World, text: str) -> list[Any]:
    """The bot's messages in the channel that say something, oldest first."""
    return [m for m in world.channel.history() if m.author.bot and text in seen(m)]


def lobbies(world: World) -> list[Any]:
    return [m for m in world.channel.history() if m.author.bot and "### Live quiz" in seen(m)]


def events(world: World) -> list[Any]:
    """Discord's events of the server."""
    return list(world.env.backend.get_guild(world.guild.id).scheduled_events.values())


async def ready(world: World, **options: Any) -> str:
    """Practice rests, and a quiz is planned."""
    await world.set_up(timezone="UTC")
    await world.boss.slash(world.channel, "daily pause")
    told = await world.reply(world.boss, "quiz schedule", **PLANNED | options)
    await world.beat()
    return told


async def test_it_is_planned_reminded_of_and_opened_once_each(world: World):
    assert "Nothing is planned" in await world.reply(world.boss, "quiz schedule")
    assert "Manage Server" in await world.reply(world.anna, "quiz schedule", **PLANNED)
    assert "time zone" in await world.reply(world.boss, "quiz schedule", **PLANNED)
    told = await ready(world)
    assert f"has a live quiz every week, starting <t:{int(FRIDAY.timestamp())}:F>" in told
    shown = await world.boss.slash(world.channel, "quiz schedule")
    assert "**Every Friday at 18:00**\n2 questions, all topics" in said(shown) and "UTC" in said(shown)
    assert labels(shown.response.message) == ["Change", "Stop"]
    await world.beat(at=REMINDER.replace(minute=49))
    assert cards(world, "⏰") == []
    await world.beat(at=REMINDER)
    await world.restart()
    await world.beat(60)
    (line,) = cards(world, "⏰")
    assert f"<t:{int(FRIDAY.timestamp())}:t>" in seen(line) and lobbies(world) == []
    await world.beat(at=FRIDAY)
    await world.restart()
    await world.beat(5)
    (lobby,) = lobbies(world)
    assert "2 rounds" in seen(lobby) and "Host: boss" in seen(lobby)
    await world.anna.click(lobby, label="Join")
    await world.beat(61)
    assert len(await world.rows(lives)) == 1 and "A" in labels(list(world.thread().history())[-1])
    (plan,) = await world.rows(quiz_plans)
    assert plan.due_utc == FRIDAY.replace(day=9) and plan.missed_utc is None
    await world.beat(at=FRIDAY.replace(day=9))  # the first one, which nobody stopped, ends before the next begins
    await world.beat(5)
    assert len(lobbies(world)) == 2


@pytest.mark.parametrize("kind", ["reminder", "lobby"])
async def test_what_was_sent_before_a_crash_is_not_sent_again(world: World, kind: str):
    await ready(world)
    if kind == "lobby":
        await world.beat(at=REMINDER)
    lost = world.lose_answer(MESSAGES, world.channel.id)
    await world.beat(at=REMINDER if kind == "reminder" else FRIDAY)
    assert lost
    await world.restart()
    await world.beat(30)
    await world.beat(30)
    assert len(cards(world, "⏰")) == 1 and len(lobbies(world)) == (kind == "lobby")


@pytest.mark.parametrize(("minutes", "opens"), [(9, True), (11, False), (60 * 30, False)])
async def test_after_an_outage_it_opens_ten_minutes_late_at_most_and_says_so(
    world: World, minutes: int, opens: bool
):
    await ready(world)
    await world.beat(at=REMINDER)
    await world.env.advance_time((FRIDAY - world.bot.clock()).total_seconds() + 60 * minutes)
    await world.restart()
    await world.beat()
    await world.beat(5)
    assert len(lobbies(world)) == opens
    told = cards(world, "didn't happen. I was offline. The next one is <t:")
    assert len(told) == (not opens and minutes < 60 * 24)
    assert ("didn't happen" in await world.reply(world.boss, "quiz schedule")) != opens


async def test_while_another_quiz_is_on_it_waits_and_then_says_why(world: World):
    await ready(world)
    await world.beat(at=FRIDAY.replace(hour=17, minute=59))
    await world.anna.slash(world.channel, "quiz live", questions=2)
    await world.anna.click(lobbies(world)[0], label="Join")
    await world.beat(at=FRIDAY)
    await world.beat(5)
    assert len(await world.rows(lives)) == 1
    await world.anna.slash(world.channel, "quiz stop")
    await world.beat(5)
    assert len(await world.rows(lives)) == 2 and len(cards(world, "Starts <t:")) == 1
    await world.boss.slash(world.channel, "quiz stop")
    await world.beat(at=FRIDAY.replace(day=9, hour=17, minute=59))
    await world.anna.slash(world.channel, "quiz live", questions=2)
    too_late = FRIDAY.replace(day=9, minute=11)
    assert await world.bot.services.live_quiz_plans.open_due(1, too_late, lacking=False) is None
    await world.beat(at=too_late)
    assert len(cards(world, "didn't happen. Another quiz was running in the channel.")) == 1


async def test_where_the_bot_may_not_write_nobody_is_kept_waiting(world: World):
    await ready(world)
    await world.deny(send_messages=False)
    await world.beat(at=FRIDAY)
    assert await world.rows(lives) == []
    assert "I couldn't post in the channel" in await world.reply(world.boss, "quiz schedule")
    await world.deny(send_messages=None)
    await world.beat(at=FRIDAY.replace(day=9))
    assert len(lobbies(world)) == 1 and "didn't happen" not in await world.reply(world.boss, "quiz schedule")


async def test_change_and_stop(world: World):
    await ready(world)
    shown = await world.boss.slash(world.channel, "quiz schedule")
    opened = await world.boss.click(shown.response.message, label="Change")
    assert filled(opened) == {"day": "Fri", "time": "18:00", "topic": "", "questions": "2"}
    wrong = await world.boss.submit_modal(opened, {"day": "Fri", "time": "6pm", "topic": "", "questions": "50"})
    assert "“50” isn't a number of questions" in said(wrong)
    opened = await world.boss.click(shown.response.message, label="Change")
    sent = {"day": "saturdays", "time": "9:30am", "topic": "1", "questions": "7"}
    page = said(await world.boss.submit_modal(opened, sent))
    assert "**Every Saturday at 09:30**\n7 questions on " in page
    assert "Every Saturday at 10:00" in await world.reply(world.boss, "quiz schedule", time="10am")
    assert len(await world.rows(quiz_plans)) == 1
    await world.beat(at=FRIDAY)
    assert lobbies(world) == [] and cards(world, "⏰") == []
    opened = await world.boss.click(shown.response.message, label="Change")
    assert "has been stopped" in said(await world.boss.click(shown.response.message, label="Stop"))
    await world.beat(5)
    await world.beat(at=FRIDAY.replace(day=10))
    assert lobbies(world) == [] and await world.rows(quiz_plans) == []
    assert "was stopped" in said(await world.boss.submit_modal(opened, sent))


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({"day": "Fri"}, "a day and a time"),
        ({"day": "mon-fri", "time": "6pm"}, "on one day"),
        ({"day": "Fri", "time": "teatime"}, "isn't a time of day"),
    ],
)
async def test_wrong_input_gets_a_sentence_and_plans_nothing(world: World, options: dict[str, str], answer: str):
    await world.set_up()
    assert answer in await world.reply(world.boss, "quiz schedule", **options)
    assert await world.rows(quiz_plans) == []


async def test_days_and_times_are_offered_as_people_type_them(world: World):
    async def offered(option: str, typed: str) -> list[str]:
        found = await world.boss.autocomplete(world.channel, "quiz schedule", option, typed)
        return [choice["name"] for choice in found]

    assert await offered("day", "fr") == ["Friday"] and len(await offered("day", "")) == 7
    assert await offered("time", "6pm") == ["18:00 · 6:00 pm"]
    assert await offered("time", "6") == ["06:00 · 6:00 am", "18:00 · 6:00 pm"]
    assert "18:00 · 6:00 pm" in await offered("time", "")


async def test_discord_shows_it_as_an_event_that_moves_and_goes_with_it(world: World):
    await ready(world)
    (event,) = events(world)
    assert event.name == "Live quiz" and "2026-01-02T18:00" in str(event.scheduled_start_time)
    await world.restart()
    await world.reply(world.boss, "quiz schedule", time="7pm", topic="1")
    await world.beat(5)
    (moved,) = events(world)
    assert moved.id == event.id and "Live quiz: " in moved.name and "19:00" in str(moved.scheduled_start_time)
    shown = await world.boss.slash(world.channel, "quiz schedule")
    await world.boss.click(shown.response.message, label="Stop")
    await world.beat(5)
    assert events(world) == [] and await world.rows(quiz_plans) == []


async def test_an_event_made_before_a_crash_is_taken_up_and_one_deleted_by_hand_stays_away(world: World):
    await ready(world)
    await world.bot.database.write(
        lambda conn: conn.execute(quiz_plans.update().values(event_id=None, event_utc=FRIDAY, next_utc=REMINDER))
    )
    await world.beat(at=REMINDER)
    await world.bot.database.write(
        lambda conn: conn.execute(quiz_plans.update().values(event_utc=REMINDER, next_utc=REMINDER))
    )
    await world.beat(5)
    (event,) = events(world)
    (plan,) = await world.rows(quiz_plans)
    assert plan.event_id == event.id and plan.event_utc is None
    world.env.backend.delete_scheduled_event(world.guild.id, event.id)
    await world.beat(60)
    assert events(world) == []


async def test_without_the_permission_there_is_no_event_until_it_is_there(world: World):
    own, edit = bot_role(world), world.env.backend.edit_role
    held = own.permissions
    less = held & ~discord.Permissions(manage_events=True, create_events=True).value
    edit(world.guild.id, own.id, {"permissions": less})
    await world.env.settle()
    await ready(world)
    assert events(world) == []
    edit(world.guild.id, own.id, {"permissions": held})
    await world.env.settle()
    await world.beat(HOUR)
    assert len(events(world)) == 1


async def test_a_quiz_whose_channel_was_deleted_is_planned_no_more(world: World):
    await ready(world)
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.delete()
    await world.env.settle()
    await world.beat(at=FRIDAY)
    await world.beat(at=FRIDAY + timedelta(days=7))
    assert await world.rows(lives) == [] and await world.rows(quiz_plans) == []
