"""Months with champions: told once, in the hall of fame, and their role."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.storage.schema import role_grants, season_winners, seasons, servers
from tests.discord.conftest import DAY, HOUR, MESSAGES, World, earn, labels, said, seen
from tests.discord.test_milestones import choose, has

FIRST_TURN = datetime(2026, 2, 1, 12, tzinfo=UTC)
"""A server that begins on the last day of a year plays for January."""


def told(world: World) -> list[Any]:
    """The messages about months in the channel, oldest first."""
    return [m for m in world.channel.history() if m.author.bot and "Hall of fame" in labels(m)]


async def quiet_practice(world: World, **options: Any) -> None:
    """Practice is set up, and rests, so that nothing else comes."""
    await world.set_up(**options)
    await world.boss.slash(world.channel, "daily pause")


async def test_a_month_has_a_champion_who_is_told_once_and_stays_in_the_hall_of_fame(world: World):
    await quiet_practice(world)
    empty = await world.reply(world.anna, "leaderboard season")
    crowned = f"The next champion is crowned <t:{int(FIRST_TURN.timestamp())}:D>"
    assert "No month has a champion yet" in empty and crowned in empty and "Nobody has points yet" in empty
    for name in ("Red", "Blue"):
        await world.reply(world.boss, "team create", name=name)
    await world.reply(world.anna, "team join", name="Red")
    await world.reply(world.ben, "team join", name="Blue")
    await world.beat(DAY)
    await earn(world, world.anna.id, 240)
    await earn(world, world.ben.id, 90)
    running = await world.reply(world.ben, "leaderboard season")
    assert "**January 2026** so far: **anna** · 240 points" in running and crowned in running
    await world.beat(at=FIRST_TURN.replace(hour=11))
    assert told(world) == []
    await world.beat(at=FIRST_TURN)
    (message,) = told(world)
    assert "🏆 January 2026" in seen(message) and "**anna** wins the month with 240 points!" in seen(message)
    assert "Team of the month: **Red**, with 80 points for each of its best 3." in seen(message)
    assert "2 people earned points" in seen(message) and not message.mentions
    (picture,) = message.attachments
    assert picture.filename == "season.png" and (await picture.read()).startswith(b"\x89PNG")
    await world.restart()
    await world.beat(HOUR)
    assert len(told(world)) == 1
    hall = await world.anna.click(told(world)[0], label="Hall of fame")
    assert "🏆 **January 2026** · **anna** · 240 points\n-# team **Red** · 80 points per person" in said(hall)
    assert "**February 2026** Nobody has points yet" in said(hall)
    assert "All time" in await world.reply(world.anna, "leaderboard members", period="all-time")
    shared = await world.anna.click(hall.response.message, label="Share")
    assert not shared.response.message.flags.ephemeral and labels(shared.response.message) == []
    board = await world.ben.click(told(world)[0], label="This month")
    assert "Leaderboard: This month" in said(board)


async def test_ties_share_the_title_and_who_stays_off_boards_has_none(world: World):
    await quiet_practice(world)
    await world.beat(DAY)
    await earn(world, world.boss.id, 50, "boss")
    await earn(world, world.anna.id, 40, "anna")
    await earn(world, world.ben.id, 40, "ben")
    hide = f"UPDATE members SET off_boards = 1 WHERE member_id = {world.boss.id}"
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(hide))
    await world.beat(at=FIRST_TURN)
    text = seen(told(world)[0])
    assert "**anna** and **ben** share the title with 40 points each!" in text and "boss" not in text
    # Who goes off boards later keeps the title, and loses the name.
    later = hide.replace(str(world.boss.id), str(world.anna.id))
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(later))
    assert "**A member** and **ben** · 40 points" in await world.reply(world.ben, "leaderboard season")


async def test_a_month_without_points_is_told_to_nobody_and_pages_hold_six(world: World):
    await quiet_practice(world)
    await world.beat(at=FIRST_TURN)
    assert told(world) == [] and [row.state for row in await world.rows(seasons)] == ["quiet"]
    for number in range(7):
        await world.beat(DAY)
        await earn(world, world.anna.id, 1, "anna")
        due = [row.season_due_utc for row in await world.rows(servers)]
        await world.beat(at=due[0])
        assert len(told(world)) == number + 1
    first = await world.anna.slash(world.channel, "leaderboard season")
    assert "Page 1 of 2" in said(first) and said(first).count("🏆") == 6 and "**anna** · 1 point\n" in said(first)
    second = await world.anna.click(first.response.message, label="Next")
    assert said(second).count("🏆") == 1 and "February 2026" in said(second) and "so far" not in said(second)
    assert "Page 1 of 2" in said(await world.anna.click(first.response.message, label="Back"))


@pytest.mark.parametrize("known", [True, False])
async def test_what_was_sent_before_a_crash_is_found_by_its_marker(world: World, known: bool):
    await quiet_practice(world)
    await world.beat(DAY)
    await earn(world, world.anna.id, 5, "anna")
    evening_before = None if known else world.backup()
    lost = world.lose_answer(MESSAGES, world.channel.id) if known else None
    await world.beat(at=FIRST_TURN)
    (message,) = told(world)
    assert lost != []
    await world.restart(evening_before)
    await world.beat(HOUR)
    assert len(told(world)) == 1
    assert [(row.state, row.message_id) for row in await world.rows(seasons)] == [("sent", message.id)]


@pytest.mark.parametrize(("days", "states"), [(2, ["sent"]), (4, ["quiet"]), (33, ["quiet", "sent"])])
async def test_after_an_outage_the_last_month_is_made_up_for_three_days(world: World, days: int, states: list[str]):
    await quiet_practice(world)
    await world.beat(DAY)
    await earn(world, world.anna.id, 5, "anna")
    if days > 30:
        await world.env.advance_time((FIRST_TURN - world.bot.clock()).total_seconds() + HOUR)
        await earn(world, world.ben.id, 7, "ben")
    await world.beat(at=FIRST_TURN.replace(day=1 + days) if days < 30 else datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert [row.state for row in await world.rows(seasons)] == states
    assert len(told(world)) == states.count("sent")
    hall = await world.reply(world.anna, "leaderboard season")
    assert hall.count("🏆") == len(states) and "**anna** · 5 points" in hall


async def test_without_permission_it_waits_three_days_and_the_status_says_why(world: World):
    await quiet_practice(world)
    await world.beat(DAY)
    await earn(world, world.anna.id, 5, "anna")
    await world.deny(send_messages=False)
    await world.beat(at=FIRST_TURN)
    assert "Send Messages" in await world.reply(world.boss, "daily status")
    await world.beat(2 * DAY)
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert len(told(world)) == 1
    await earn(world, world.anna.id, 5, "anna")
    await world.deny(send_messages=False)
    await world.beat(at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    await world.beat(3 * DAY + HOUR)
    await world.deny(send_messages=None)
    await world.beat(HOUR)
    assert len(told(world)) == 1 and [row.state for row in await world.rows(seasons)] == ["sent", "missed"]
    assert "February 2026" in await world.reply(world.boss, "leaderboard season")


async def test_an_upgrade_records_the_last_month_and_tells_nobody(world: World):
    await quiet_practice(world)
    await world.beat(DAY)
    await earn(world, world.anna.id, 5, "anna")
    before = "UPDATE servers SET season_due_utc = '2000-01-01 00:00:00.000000'"
    await world.beat(at=datetime(2026, 2, 1, 18, tzinfo=UTC))
    await world.bot.database.write(
        lambda conn: [conn.exec_driver_sql(f"DELETE FROM {name}") for name in ("season_winners", "seasons")]
    )
    posted = len(told(world))
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(before))
    await world.restart()
    await world.beat(5)
    await world.beat(5)
    assert len(told(world)) == posted and [row.state for row in await world.rows(seasons)] == ["quiet"]
    assert "🏆 **January 2026** · **anna**" in await world.reply(world.ben, "leaderboard season")
    (server,) = await world.rows(servers)
    assert server.season_due_utc == datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_champions_wear_their_role_until_the_next_are_crowned(world: World):
    await quiet_practice(world)
    crown = world.guild.create_role("Champion")
    assert f"champion: <@&{crown.id}>" in await choose(world, _0=crown)
    await world.beat(DAY)
    await earn(world, world.anna.id, 5, "anna")
    await world.beat(at=FIRST_TURN)
    await world.beat(5)
    assert has(world, world.anna, crown) and not has(world, world.ben, crown)
    assert f"<@&{crown.id}> is theirs until the next champion is crowned." in seen(told(world)[0])
    await earn(world, world.ben.id, 5, "ben")
    await world.beat(at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    await world.beat(5)
    assert has(world, world.ben, crown) and not has(world, world.anna, crown)
    other = world.guild.create_role("Winner")
    await choose(world, _0=other)
    assert has(world, world.ben, other) and not has(world, world.ben, crown)
    await world.beat(at=datetime(2026, 4, 1, 12, tzinfo=UTC))  # nobody won March
    await world.beat(5)
    assert not has(world, world.ben, other) and await world.rows(role_grants) == []


async def test_who_has_their_data_deleted_leaves_a_title_without_a_name(world: World):
    await quiet_practice(world)
    await world.beat(DAY)
    await earn(world, world.anna.id, 5, "anna")
    await world.beat(at=FIRST_TURN)
    asked = await world.anna.slash(world.channel, "privacy delete")
    await world.anna.click(asked.response.message, label=labels(asked.response.message)[0])
    (winner,) = await world.rows(season_winners)
    assert winner.member_id is not None and winner.member_id < 0
    hall = await world.reply(world.ben, "leaderboard season")
    assert "🏆 **January 2026** · **A member** · 5 points" in hall
