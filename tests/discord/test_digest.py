"""The weekly digest: planned by a form, on time, exactly once, late, off, paused, quiet, and what it tells."""

from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from bot.storage.schema import digests, tracks
from bot.ui.digests import STEM_LIMIT
from bot.ui.kit.words import quoted
from tests.discord.conftest import DAY, HOUR, LONG, MESSAGES, World, labels, said, seen
from tests.discord.test_progress import gallery

TITLE = "The week in <#"


def found(world: World) -> list[Any]:
    """The digests in the channel, oldest first."""
    return [m for m in world.channel.history() if m.author.bot and TITLE in seen(m)]


async def plan(world: World, day: str = "fri", hour: str = "17") -> str:
    """What a manager does to turn the digest on, and what they read."""
    shown = await world.boss.slash(world.channel, "setup")
    opened = await world.boss.click(shown.response.message, label="Weekly digest")
    return said(await world.boss.submit_modal(opened, {"day": day, "hour": hour}))


async def due(world: World) -> datetime | None:
    (track,) = await world.rows(tracks)
    return track.digest_due_utc


async def reach(world: World, late: float = 0) -> None:
    """Lets the heartbeat ring when the digest is due, or so many seconds later."""
    at = await due(world)
    assert at is not None
    await world.beat(at=at + timedelta(seconds=late))


async def test_a_new_track_has_one_on_fridays(world: World):
    made = await world.boss.slash(world.channel, "setup", timezone="Europe/Berlin")
    assert "**Weekly digest** Fri at 17:00" in said(made) and "Weekly digest" in labels(made.response.message)
    assert await due(world) == datetime.fromisoformat("2026-01-02T16:00:00+00:00")


async def test_it_is_off_until_a_manager_turns_it_on(world: World):
    await world.set_up(timezone="Europe/Berlin", time="09:00")
    assert "**Weekly digest** off" in await world.reply(world.boss, "setup")
    shown = await world.boss.slash(world.channel, "setup")
    opened = await world.boss.click(shown.response.message, label="Weekly digest")
    assert "Fri" in str(opened.modal) and "17" in str(opened.modal) and "Europe/Berlin" in str(opened.modal)
    page = said(await world.boss.submit_modal(opened, {"day": "friday", "hour": "17"}))
    at = await due(world)
    assert at is not None and f"<t:{int(at.timestamp())}:F>" in page
    assert (at.weekday(), at.hour) == (4, 16)
    assert "**Weekly digest** Fri at 17:00" in await world.reply(world.boss, "setup")
    assert "covers that week" in page and "covers the week before" in await plan(world, "wed", "9")
    off = await plan(world, "off", "")
    assert "is off" in off and await due(world) is None
    await world.beat(8 * DAY)
    assert found(world) == []


@pytest.mark.parametrize(
    ("day", "hour", "answer"),
    [
        ("someday", "17", "I can't read the days “someday”"),
        ("mon-fri", "17", "once a week"),
        ("fri", "24", "“24” isn't an hour"),
        ("fri", "five", "“five” isn't an hour"),
        ("fri", "", "isn't an hour"),
    ],
)
async def test_wrong_input_gets_a_sentence_and_changes_nothing(world: World, day: str, hour: str, answer: str):
    await world.set_up()
    assert answer in await plan(world, day, hour)
    assert await due(world) is None


async def test_only_managers_plan_it(world: World):
    await world.set_up()
    shown = await world.boss.slash(world.channel, "setup")
    assert "Weekly digest" in labels(shown.response.message)
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    opened = await world.boss.click(shown.response.message, label="Weekly digest")
    role = next(role for role in guild.roles if role.name == "Managers")
    await role.edit(permissions=discord.Permissions())
    await world.env.settle()
    assert "Manage Server" in said(await world.boss.submit_modal(opened, {"day": "fri", "hour": "17"}))
    assert "Manage Server" in said(await world.boss.click(shown.response.message, label="Weekly digest"))
    assert await due(world) is None


async def test_it_tells_of_the_week_and_tags_nobody(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.next_day()  # Thursday, 1 January
    anna = await world.anna.send(world.thread(), LONG)
    await world.ben.send(world.thread(), LONG)
    await world.boss.react(anna, "👍")
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    quiz = await world.ben.slash(world.channel, "quiz solo", questions=1)
    running = await world.bot.services.quizzes.running(world.guild.id, world.ben.id)
    assert running is not None and running.waiting is not None
    wrong = next(at for at, option in enumerate(running.waiting.options) if option.why is not None)
    await world.ben.click(quiz.response.message, label="ABCD"[wrong])
    await reach(world)
    (message,) = found(world)
    text = seen(message)
    # What the picture says, the text leaves out; who cannot see it reads it in the picture's description.
    assert "Dec 29 to Jan 4" not in text and "3 answers" not in text and "Next question" not in text
    assert "3 answers, Dec 29 to Jan 4" in gallery(message).description
    assert text.index("🥇 **anna** · 26 points") < text.index("🥈 **ben** · 10 points")
    link = f"https://discord.com/channels/{world.guild.id}/{world.channel.threads[0].id}/{anna.id}"
    assert f"**[Read the best answer of the week]({link})**" in text
    assert "by 1 person" in text and quoted(running.waiting.item.stem, STEM_LIMIT) in text
    assert "108 of 110 questions left" in text
    assert message.mentions == [] and message.role_mentions == [] and not message.mention_everyone
    (picture,) = message.attachments
    assert picture.filename == "digest.png" and (await picture.read()).startswith(b"\x89PNG")
    board = said(await world.anna.click(message, label="Leaderboard"))
    assert "Leaderboard" in board and "**#1** of 2" in board
    await world.beat(HOUR)
    assert len(found(world)) == 1 and [row.state for row in await world.rows(digests)] == ["sent"]
    await world.beat(3 * DAY)
    assert "Leaderboard: Last week" in said(await world.ben.click(message, label="Leaderboard"))
    assert await due(world) == datetime.fromisoformat("2026-01-09T17:00:00+00:00")


async def test_who_stays_off_boards_is_not_named(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.next_day()
    anna = await world.anna.send(world.thread(), LONG)
    await world.ben.send(world.thread(), LONG)
    await world.ben.react(anna, "👍")
    hide = f"UPDATE members SET off_boards = TRUE WHERE member_id = {world.anna.id}"
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(hide))
    await reach(world)
    text = seen(found(world)[0])
    assert "anna" not in text and "🥇 **ben** · 10 points" in text and "Read the best answer" in text


async def test_without_attach_files_it_comes_without_the_picture(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    await world.deny(attach_files=False)
    await reach(world)
    (message,) = found(world)
    (track,) = await world.rows(tracks)
    told = "**1 answer** by 1 person", f"<t:{int(track.next_due_utc.timestamp())}:F> · 109 of 110 questions left"
    assert message.attachments == [] and all(words in seen(message) for words in told)


async def test_a_quiet_week_gets_a_friendly_short_one(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.next_day()
    await reach(world)
    (message,) = found(world)
    assert "A quiet week" in seen(message) and "Next question" in seen(message) and len(seen(message)) < 300
    assert message.attachments == []


async def test_a_week_whose_dates_were_all_left_out_blames_nobody(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    for day in ("2026-01-01", "2026-01-02"):
        await world.reply(world.boss, "daily skip", date=day)
    await reach(world)
    text = seen(found(world)[0])
    assert "No questions this week" in text and "nobody answered" not in text and "Next question" in text


async def test_a_pause_without_a_question_in_the_week_posts_none(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.next_day()
    await world.boss.slash(world.channel, "daily pause")
    await reach(world)
    assert len(found(world)) == 1 and "Practice is paused" in seen(found(world)[0])
    await reach(world)
    assert len(found(world)) == 1 and len(await world.rows(digests)) == 1
    await world.boss.slash(world.channel, "daily resume")
    await reach(world)
    assert len(found(world)) == 2


@pytest.mark.parametrize(("hours", "count"), [(5, 1), (7, 0)])
async def test_after_an_outage_it_comes_at_most_six_hours_late(world: World, hours: int, count: int):
    await world.set_up(time="09:00")
    await plan(world)
    await reach(world, hours * HOUR)
    assert len(found(world)) == count
    assert await due(world) == datetime.fromisoformat("2026-01-09T17:00:00+00:00")


async def test_what_held_it_up_first_counts_for_its_six_hours_too(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.deny(send_messages=False)
    await reach(world, 5 * HOUR)
    await world.deny(send_messages=None)
    await world.beat(2 * HOUR)
    assert found(world) == [] and [row.state for row in await world.rows(digests)] == ["missed"]


async def test_after_weeks_away_only_the_newest_comes(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await reach(world, 14 * DAY + HOUR)
    assert len(found(world)) == 1 and [row.week for row in await world.rows(digests)] == ["2026-W03"]


@pytest.mark.parametrize("known", [True, False])
async def test_a_digest_sent_before_a_crash_is_found_by_its_marker(world: World, known: bool):
    await world.set_up(time="09:00")
    await plan(world)
    evening_before = None if known else world.backup()
    lost = world.lose_answer(MESSAGES, world.channel.id) if known else None
    await reach(world)
    (message,) = found(world)
    assert lost != []
    await world.restart(evening_before)
    await world.beat(HOUR)
    assert len(found(world)) == 1
    assert [(row.state, row.message_id) for row in await world.rows(digests)] == [("sent", message.id)]


async def test_claimed_and_not_sent_it_comes_after_the_restart(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    at = await due(world)
    assert at is not None
    await world.env.advance_time((at - world.bot.clock()).total_seconds())
    await world.bot.services.digests.claim(1, world.bot.clock())
    await world.bot.services.digests.claim(1, world.bot.clock())
    await world.restart()
    await world.beat()
    await world.beat(60)
    assert len(found(world)) == 1


async def test_without_permission_it_waits_and_is_given_up_after_six_hours(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.deny(send_messages=False)
    await reach(world)
    assert "Send Messages" in await world.reply(world.boss, "daily status")
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert len(found(world)) == 1
    await world.deny(send_messages=False)
    await reach(world)
    await world.deny(send_messages=None)
    await world.beat(7 * HOUR)
    assert len(found(world)) == 1 and [row.state for row in await world.rows(digests)] == ["sent", "missed"]
    await world.next_day()  # whatever was wrong with the channel is over, and yet the digest did not come
    missed = "The weekly digest of Jan 5 to Jan 11 couldn't be posted in time, so I skipped it. The next one comes"
    assert missed in await world.reply(world.boss, "daily status")
    await reach(world)
    assert len(found(world)) == 2 and "given up" not in await world.reply(world.boss, "daily status")


async def test_where_the_topics_hold_no_question_the_digest_names_no_next_one(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    nowhere = "UPDATE tracks SET topics = '[\"Gone\"]'"
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(nowhere))
    await reach(world)
    text = seen(found(world)[0])
    assert "Next question" not in text and "no questions in the chosen topics" in text and "/setup topics:" in text


async def test_once_it_has_come_the_status_warns_of_nothing_any_more(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.next_day()
    await world.next_day()
    await world.deny(send_messages=False)
    await reach(world)
    assert "⚠️ I need **" in await world.reply(world.boss, "daily status")
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert len(found(world)) == 1 and "⚠️" not in await world.reply(world.boss, "daily status")


async def test_turned_off_while_it_waits_it_does_not_come(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.deny(send_messages=False)
    await reach(world)
    assert "is off" in await plan(world, "off", "")
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert found(world) == []


async def test_it_keeps_its_local_hour_over_summer_time_and_follows_a_new_zone(world: World):
    await world.set_up(timezone="Europe/Berlin", time="09:00")
    await plan(world, "sun", "2")
    await world.boss.slash(world.channel, "daily pause")
    await world.beat(at=datetime.fromisoformat("2026-03-23T00:00:00+00:00"))
    assert await due(world) == datetime.fromisoformat("2026-03-29T01:00:00+00:00")  # 02:00 does not exist that day
    await world.beat(at=datetime.fromisoformat("2026-03-30T00:00:00+00:00"))
    assert await due(world) == datetime.fromisoformat("2026-04-05T00:00:00+00:00")
    await world.set_up(timezone="Asia/Tokyo")
    assert await due(world) == datetime.fromisoformat("2026-04-04T17:00:00+00:00")


async def test_a_changed_plan_is_never_late_and_a_removed_track_has_no_digest(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await reach(world, -HOUR)
    await world.env.advance_time(2 * HOUR)
    await world.boss.slash(world.channel, "setup", time="10:00")
    assert await due(world) == datetime.fromisoformat("2026-01-02T17:00:00+00:00")
    asked = await world.boss.slash(world.channel, "daily remove")
    await world.boss.click(asked.response.message, label="End it")
    assert await due(world) is None
    await world.beat()
    await world.set_up()
    assert await due(world) == datetime.fromisoformat("2026-01-09T17:00:00+00:00")
    assert found(world) == []


@pytest.mark.parametrize("day", ["sun", "wed"])
async def test_another_day_in_a_week_that_was_told_comes_when_it_says(world: World, day: str):
    await world.set_up(time="09:00")
    await plan(world)
    await reach(world)
    page, at = await plan(world, day, "18"), await due(world)
    assert at is not None and f"<t:{int(at.timestamp())}:F>" in page
    await world.beat(at=at - timedelta(minutes=1))
    assert len(found(world)) == 1
    await world.beat(at=at)
    assert len(found(world)) == 2 and [row.week for row in await world.rows(digests)] == ["2026-W01", "2026-W02"]


async def test_new_zone_data_move_the_digest_and_keep_its_date(world: World):
    await world.set_up(time="09:00", timezone="America/Vancouver")
    await plan(world)
    right = await due(world)
    shifted = "UPDATE tracks SET digest_due_utc = '2026-01-03 02:00:00.000000'"
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(shifted))
    await world.bot.services.tracks.follow_zone_data("2099z")
    assert await due(world) == right


async def test_one_broken_channel_does_not_stop_another(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    other = world.env.create_guild("Other")
    place = other.create_text_channel("practice")
    role = other.create_role("M", permissions=discord.Permissions(manage_guild=True))
    chief = other.add_member(world.env.create_user("chief"), roles=[role])
    await chief.slash(place, "setup", timezone="UTC", time="09:00", days="daily")
    shown = await chief.slash(place, "setup")
    opened = await chief.click(shown.response.message, label="Weekly digest")
    await chief.submit_modal(opened, {"day": "fri", "hour": "17"})
    await world.deny(view_channel=False)
    at = next(track.digest_due_utc for track in await world.rows(tracks))
    await world.beat(at=at)
    assert sum(TITLE in seen(message) for message in place.history()) == 1


async def test_it_names_the_leading_team_and_those_that_share_the_lead(world: World):
    await world.set_up(time="09:00")
    await plan(world)
    await world.reply(world.boss, "team create", name="Owls")
    await world.reply(world.anna, "team join", name="Owls")
    await world.next_day()
    await world.anna.send(world.thread(), LONG)
    await reach(world)
    assert "Top team" not in seen(found(world)[-1])  # one team leads nobody
    await world.reply(world.boss, "team create", name="*Foxes*")
    await world.reply(world.ben, "team join", name="*Foxes*")
    await world.beat(at=datetime.fromisoformat("2026-01-05T09:00:00+00:00"))
    await world.anna.send(world.thread(), LONG)
    await world.ben.send(world.thread(), LONG)
    await world.next_day()
    await world.ben.send(world.thread(), LONG)
    await reach(world)
    assert "**Top team**\n**\\*Foxes\\*** · 6.7 points for each of the best 3" in seen(found(world)[-1])
    await world.beat(at=datetime.fromisoformat("2026-01-12T09:00:00+00:00"))
    await world.ben.send(world.thread(), LONG)
    await world.beat(HOUR)
    await world.anna.send(world.thread(), LONG)
    await reach(world)
    shared = "**Top teams, tied**\n**\\*Foxes\\***, **Owls** · 3.3 points for each of the best 3"
    assert shared in seen(found(world)[-1])
