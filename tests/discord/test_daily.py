"""The managers' desk: `/daily` and what happens when things are wrong."""

from dataclasses import replace

import discord
import pytest

from bot.storage.schema import drills, tracks
from tests.discord.conftest import DAY, HOUR, PACK, World, labels, said, seen


async def daily(world: World, what: str, **options: object) -> str:
    return await world.reply(world.boss, f"daily {what}", **options)


async def test_post_works_once_a_day_and_takes_the_schedule_s_place(world: World):
    await world.set_up(time="09:00")
    assert "Posted: https://" in await daily(world, "post")
    assert "already posted: https://" in await daily(world, "post")
    await world.beat(10 * HOUR)
    assert len(await world.rows(drills)) == 1
    await world.beat(24 * HOUR)
    assert [row.question_id for row in await world.rows(drills)] == ["genai-001", "genai-002"]


async def test_preview_is_what_post_then_posts(world: World):
    await world.set_up(order="shuffle")
    preview = await daily(world, "preview")
    assert seen(await world.post()).split("Nobody")[0] == preview.split("Nobody")[0]
    assert "already posted" in await daily(world, "preview")


async def test_post_works_on_a_day_off_a_skipped_date_and_in_a_pause(world: World):
    await world.set_up(days="mon")  # the simulation begins on a Thursday
    assert "Posted" in await daily(world, "post")
    await daily(world, "pause")
    await world.env.advance_time(DAY)
    assert "Posted" in await daily(world, "post")
    assert "Nothing until you resume" in await daily(world, "status")


async def test_a_pause_is_one_press_from_its_end(world: World):
    await world.set_up(time="09:00")
    paused = await world.boss.slash(world.channel, "daily pause")
    assert said(paused) == f"<#{world.channel.id}> is paused. Streaks are safe."
    await world.boss.click(paused.response.message, label="Resume")
    assert f"<#{world.channel.id}> isn't paused. Next question: <t:" in await daily(world, "resume")


async def test_a_pause_posts_nothing_and_resumes_by_itself_on_its_date(world: World):
    await world.set_up(time="09:00")
    assert "Paused until Sun, Jan 4" in await daily(world, "pause", until="2026-01-04")
    await world.beat(2 * DAY)
    assert await world.rows(drills) == []
    await world.next_day()
    (drill,) = await world.rows(drills)
    assert str(drill.date) == "2026-01-04"
    assert "isn't paused" in await daily(world, "resume")


@pytest.mark.parametrize(
    ("command", "options", "answer"),
    [
        ("pause", {"until": "someday"}, "isn't a date"),
        ("pause", {"until": "2026-01-01"}, "after today"),
        ("pause", {"until": "2030-01-01"}, "within a year"),
        ("skip", {"date": "2025-12-31"}, "is over"),
        ("skip", {"date": "2026-13-01"}, "isn't a date"),
        ("skip", {"date": "2026-01-03"}, "day off"),
        ("queue", {"question": "999"}, "No question matches"),
        ("queue", {"question": "what is"}, "Several questions match"),
        ("reveal", {}, "No question is open"),
    ],
)
async def test_bad_input_gets_a_sentence(world: World, command: str, options: dict[str, str], answer: str):
    await world.set_up(days="mon-fri")
    assert answer in await daily(world, command, **options)


async def test_a_skipped_date_uses_no_question_and_can_be_taken_back(world: World):
    await world.set_up(time="09:00")
    first = await world.boss.slash(world.channel, "daily skip")
    assert "Thu, Jan 1 is skipped" in said(first)
    assert "Skipped** Thu, Jan 1" in await daily(world, "status")
    back = await world.boss.click(first.response.message, label="Take it back")
    assert "is back on the schedule" in said(back)
    again = await world.boss.click(first.response.message, label="Take it back")
    assert "Thu, Jan 1 is back on the schedule" in said(again)
    await daily(world, "skip", date="2026-01-01")
    await world.beat(10 * HOUR)
    assert await world.rows(drills) == []
    await world.next_day()
    assert [(str(d.date), d.question_id) for d in await world.rows(drills)] == [("2026-01-02", "genai-001")]


async def test_queued_questions_come_first_in_their_order(world: World):
    await world.set_up(time="09:00")
    await daily(world, "queue", question="48")
    added = await world.boss.slash(world.channel, "daily queue", question="genai-050")
    assert "**1** · Thu, Jan 1" in said(added) and "What is the reparameterization trick? (`48`)" in said(added)
    assert "already" in await daily(world, "queue", question="48")
    await world.boss.click(added.response.message, label="Take it back")
    await world.next_day()
    await world.next_day()
    assert [row.question_id for row in await world.rows(drills)] == ["genai-048", "genai-001"]


async def test_reveal_asks_first_and_says_how_many_have_answered(world: World):
    await world.set_up()
    card = await world.post()
    await world.anna.send(world.thread(), "An answer with more than seven different words")
    asked = await world.boss.slash(world.channel, "daily reveal")
    assert "1 person has answered" in said(asked) and labels(asked.response.message) == ["Close and reveal"]
    assert "Closed" in said(await world.boss.click(asked.response.message, label="Close and reveal"))
    closed = next(m for m in world.channel.history() if m.id == card.id)
    assert "Closed" in seen(closed)
    again = await world.boss.click(asked.response.message, label="Close and reveal")
    assert "already closed" in said(again)


async def test_remove_asks_first_and_setup_takes_it_up_again(world: World):
    await world.set_up()
    await world.post()
    asked = await world.boss.slash(world.channel, "daily remove")
    assert "Stop the daily question" in said(asked)
    await world.boss.click(asked.response.message, label="End it")
    assert "no practice channel" in await daily(world, "status")
    assert "is set up" in await world.reply(world.boss, "setup")
    assert "already posted" in await daily(world, "post")


async def test_the_track_is_found_from_a_thread_and_from_another_channel(world: World):
    await world.set_up()
    await world.post()
    other = world.guild.create_text_channel("other")
    assert "Open now" in await world.reply(world.boss, "daily status", world.thread())
    assert "Open now" in await world.reply(world.boss, "daily status", other)
    assert "isn't a practice channel" in await daily(world, "status", channel=other)


async def test_few_questions_left_are_announced(world: World):
    await world.set_up(topics="5")
    assert "5 questions are left" in await daily(world, "post") or "4 questions" in await daily(world, "skip")


async def test_an_empty_choice_posts_nothing_and_says_why(world: World):
    await world.set_up()
    await world.restart(pack=replace(PACK, questions=()))
    assert "no questions in the chosen topics" in await daily(world, "post")
    assert "no questions in the chosen topics" in await daily(world, "preview")
    await world.next_day()
    assert await world.rows(drills) == []
    assert "no questions in the chosen topics" in await daily(world, "status")


async def test_without_permission_nothing_is_posted_until_it_is_back(world: World):
    await world.set_up(time="09:00")
    await world.deny(send_messages=False)
    await world.next_day()
    (drill,) = await world.rows(drills)
    assert drill.state == "claimed"
    assert "Send Messages" in await daily(world, "status")
    assert "isn't posted yet" in await daily(world, "post")
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert (await world.rows(drills))[0].state == "open"


async def test_a_drill_that_could_not_be_posted_for_six_hours_is_missed(world: World):
    await world.set_up(time="09:00")
    await world.deny(send_messages=False)
    await world.next_day()
    await world.deny(send_messages=None)
    await world.beat(7 * HOUR)
    (drill,) = await world.rows(drills)
    assert (drill.state, drill.question_id) == ("missed", None)
    await world.next_day()
    assert (await world.rows(drills))[1].question_id == "genai-001"


async def test_without_threads_it_runs_on_replies_and_forms(world: World):
    await world.set_up()
    await world.deny(create_public_threads=False)
    card = await world.post()
    (drill,) = await world.rows(drills)
    assert drill.state == "open" and drill.thread_id is None and drill.thread_note.code == "no_thread"
    await world.anna.send(world.channel, "An answer with more than seven different words", reply_to=card)
    await world.beat(31)
    assert "1 person" in seen(world.card()) and "Write in the thread" not in seen(world.card())


async def test_an_outage_posts_late_once_or_not_at_all(world: World):
    await world.set_up(time="09:00")
    await world.beat(12 * HOUR)
    assert "posted late" in seen(world.card())
    await world.beat(5 * DAY)
    states = [row.state for row in await world.rows(drills)]
    assert states.count("missed") == 4 and states.count("open") + states.count("closed") == 2 - (
        states[-1] == "missed"
    )


async def test_one_broken_server_does_not_stop_another(world: World):
    await world.set_up(time="09:00")
    other = world.env.create_guild("Other")
    place = other.create_text_channel("practice")
    role = other.create_role("M", permissions=discord.Permissions(manage_guild=True))
    chief = other.add_member(world.env.create_user("chief"), roles=[role])
    await chief.slash(place, "setup", timezone="UTC", time="09:00", days="daily")
    await world.deny(view_channel=False)
    await world.next_day()
    assert any("Question 1" in seen(message) for message in place.history())
    assert [row.problem is None for row in await world.rows(tracks)] == [False, True]


async def test_what_was_never_posted_gives_way_to_a_newer_question(world: World):
    await world.set_up(time="23:00")
    await world.deny(send_messages=False)
    await world.next_day()
    await world.deny(send_messages=None)
    await world.env.advance_time(2 * HOUR)
    assert "Posted" in await daily(world, "post")
    await world.beat(HOUR)
    assert [(str(d.date), d.state, d.question_id) for d in await world.rows(drills)] == [
        ("2026-01-01", "missed", None),
        ("2026-01-02", "open", "genai-001"),
    ]


async def test_new_zone_data_move_the_instant_and_keep_the_date(world: World):
    await world.set_up(time="09:00", timezone="America/Vancouver")
    (before,) = await world.rows(tracks)
    await world.bot.database.write(
        lambda conn: conn.execute(tracks.update().values(next_due_utc=world.bot.clock()))
    )
    await world.bot.services.tracks.follow_zone_data("2099z")
    assert (await world.rows(tracks)) == [before]
