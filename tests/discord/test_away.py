"""`/away`: days on which streaks rest."""

import pytest

from bot.storage.schema import aways
from tests.discord.conftest import HOUR, World, labels, said
from tests.discord.days import let_pass, practice


async def test_a_miss_on_an_away_day_ends_no_streak_and_spends_no_freeze(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)  # 1 to 7 January; a freeze is held
    text = await world.reply(world.anna, "away set", **{"from": "2026-01-09", "until": "2026-01-10"})
    assert "Fri, Jan 9 to Sat, Jan 10" in text and "2 days" in text and "**28** of 30 in 2026" in text
    assert "Away: Fri, Jan 9 to Sat, Jan 10" in await world.reply(world.anna, "streak")
    await practice(world, world.anna, 1)
    await let_pass(world, 2)
    assert "Away: the streak rests" in await world.reply(world.anna, "streak")
    await world.restart()
    await practice(world, world.anna, 1)
    page = await world.reply(world.anna, "streak")
    assert (
        "🔥 9" in page
        and "Freezes **1** of 2" in page
        and "🌴 🌴" in page
        and "freeze covered a question" not in page
    )
    assert "2026-01-09" not in page
    assert "🌴 Away" not in await world.reply(world.ben, "streak")


async def test_an_answer_on_an_away_day_counts_as_usual(world: World):
    await world.set_up(time="09:00")
    await world.reply(world.anna, "away set", **{"from": "2026-01-02", "until": "2026-01-02"})
    await practice(world, world.anna, 2)
    assert "🔥 2" in await world.reply(world.anna, "streak")


@pytest.mark.parametrize(
    ("first", "last", "answer"),
    [
        ("2026-01-01", "2026-01-02", "tomorrow at the earliest. Set `from` to Fri, Jan 2"),
        ("2026-01-05", "2026-01-04", "comes after"),
        ("2026-01-02", "2026-02-01", "31 days in 2026, and you have 30 of 30 left"),
        ("2027-06-01", "2027-06-02", "more than a year away"),
        ("someday", "2026-01-04", "isn't a date"),
        ("2026-02-30", "2026-03-04", "isn't a date"),
    ],
)
async def test_wrong_dates_get_a_sentence_and_take_nothing(world: World, first: str, last: str, answer: str):
    await world.set_up()
    assert answer in await world.reply(world.anna, "away set", **{"from": first, "until": last})
    assert await world.rows(aways) == []


async def test_overlaps_are_refused_and_thirty_days_are_the_most_in_a_year(world: World):
    assert "no practice channel" in await world.reply(
        world.anna, "away set", **{"from": "2026-01-02", "until": "2026-01-03"}
    )
    await world.set_up()
    await world.reply(world.anna, "away set", **{"from": "2026-01-10", "until": "2026-02-07"})
    for first, last in (("2026-01-02", "2026-01-10"), ("2026-02-07", "2026-02-08"), ("2026-01-12", "2026-01-12")):
        answer = await world.reply(world.anna, "away set", **{"from": first, "until": last})
        assert "You're already away Sat, Jan 10 to Sat, Feb 7" in answer
    answer = await world.reply(world.anna, "away set", **{"from": "2026-03-01", "until": "2026-03-02"})
    assert "2 days in 2026, and you have 1 of 30 left" in answer
    text = await world.reply(world.anna, "away set", **{"from": "2026-12-31", "until": "2027-01-01"})
    assert "**0** of 30 in 2026" in text and "**29** of 30 in 2027" in text
    of_ben = await world.reply(world.ben, "away set", **{"from": "2026-01-10", "until": "2026-01-11"})
    assert "**28** of 30 in 2026" in of_ben


async def test_cancelling_gives_the_days_from_tomorrow_on_back(world: World):
    await world.set_up(time="09:00")
    assert "no away days coming up" in await world.reply(world.anna, "away cancel")
    await practice(world, world.anna, 1)
    await world.reply(world.anna, "away set", **{"from": "2026-01-02", "until": "2026-01-06"})
    await let_pass(world, 2)  # it is 3 January, 09:00
    text = await world.reply(world.anna, "away cancel")
    assert "3 away days canceled" in text and "**28** of 30" in text
    assert "no away days coming up" in await world.reply(world.anna, "away cancel")
    await let_pass(world, 1)
    assert "🔥 1" in await world.reply(world.anna, "streak")
    await let_pass(world, 1)
    assert "🔥 0" in await world.reply(world.anna, "streak")


async def test_the_button_takes_one_range_back_also_after_a_restart(world: World):
    await world.set_up(time="09:00")
    first = await world.anna.slash(world.channel, "away set", **{"from": "2026-01-02", "until": "2026-01-03"})
    await world.reply(world.anna, "away set", **{"from": "2026-02-02", "until": "2026-02-03"})
    await world.restart()
    assert labels(first.response.message) == ["Take it back"]
    assert "2 away days canceled" in said(await world.anna.click(first.response.message, label="Take it back"))
    assert [str(row.first) for row in await world.rows(aways)] == ["2026-02-02"]
    again = said(await world.anna.click(first.response.message, label="Take it back"))
    assert "already canceled" in again and "no away days" not in again


async def test_the_days_are_the_server_s(world: World):
    await world.set_up(timezone="Pacific/Kiritimati", time="09:00")
    await world.env.advance_time(11 * HOUR)  # 1 January in UTC, 2 January there
    answer = await world.reply(world.anna, "away set", **{"from": "2026-01-02", "until": "2026-01-02"})
    assert "Set `from` to Sat, Jan 3" in answer
    assert "Away: Sat, Jan 3" in await world.reply(
        world.anna, "away set", **{"from": "2026-01-03", "until": "2026-01-03"}
    )


async def test_a_question_that_is_out_in_a_zone_ahead_cannot_rest_any_more(world: World):
    await world.set_up(timezone="America/Los_Angeles", time="09:00")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other, time="00:10", timezone="Asia/Tokyo")
    await world.boss.click(asked.response.message, label="Run both")
    await world.next_day()  # 2 January in Tokyo, 1 January in Los Angeles
    days = {"from": "2026-01-02", "until": "2026-01-02"}
    assert "Set `from` to Sat, Jan 3" in await world.reply(world.anna, "away set", **days)
    assert await world.rows(aways) == []


async def test_the_streak_promises_to_take_back_only_what_can_be_taken_back(world: World):
    await world.set_up(timezone="America/Los_Angeles", time="09:00")
    other = world.guild.create_text_channel("other")
    asked = await world.boss.slash(world.channel, "setup", channel=other, time="00:10", timezone="Asia/Tokyo")
    await world.boss.click(asked.response.message, label="Run both")
    await world.next_day()  # 2 January in Tokyo, 1 January in Los Angeles
    await world.reply(world.anna, "away set", **{"from": "2026-01-03", "until": "2026-01-03"})
    assert "Use `/away cancel` to take it back" in await world.reply(world.anna, "streak", channel=other)
    await world.env.advance_time(24 * HOUR)  # the day has begun in Tokyo
    assert "no away days coming up" in await world.reply(world.anna, "away cancel")
    assert "Away:" not in await world.reply(world.anna, "streak", channel=other)
