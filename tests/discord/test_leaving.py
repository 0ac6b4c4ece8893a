"""People who leave the server: Discord tells nobody, so it is asked about those who are silent for long."""

from typing import Any

import pytest

from bot.services.audit import report
from bot.storage.schema import members, team_members
from tests.discord.conftest import DAY, HOUR, LONG, World, said
from tests.discord.days import practice
from tests.discord.test_teams import give, teams_of

ONE_MEMBER = "/guilds/{}/members/{}"


async def of(world: World, member: Any) -> Any:
    """What is stored of a member."""
    return next((row for row in await world.rows(members) if row.member_id == member.id), None)


async def quiet_list(world: World) -> str:
    """The list of those who have been quiet, as a manager reads it."""
    page = await world.boss.slash(world.channel, "daily status")
    return said(await world.boss.click(page.response.message, label="Who's been quiet"))


async def red_team(world: World) -> None:
    """Two members in a team that one joins, each with an answer; the question stays the only one."""
    await teams_of(world, "Red")
    await world.set_up(time="09:00")
    for member in (world.anna, world.ben):
        await world.reply(member, "team join", name="Red")
    await practice(world, world.anna, 1)
    await world.ben.send(world.thread(), LONG)
    await world.reply(world.boss, "daily pause")


async def agrees(world: World) -> bool:
    """Whether points, standings and streaks are what answers and the ledger give."""
    return (await report(world.bot.database)).disagreements == []


async def test_whoever_left_is_in_no_team_and_in_no_list_and_keeps_their_points(world: World):
    await red_team(world)
    before = await world.reply(world.boss, "leaderboard members", period="all-time")
    world.guild.remove_member(world.anna)
    await world.beat(13 * DAY)
    assert "2 members ·" in await world.reply(world.boss, "team list")
    await world.restart()
    await world.beat(2 * DAY)
    listed, quiet = await world.reply(world.boss, "team list"), await quiet_list(world)
    assert "1 member ·" in listed and "anna" not in listed and "ben" in listed
    assert "1 member" in quiet and "anna" not in quiet and "ben" in quiet
    assert await world.reply(world.boss, "leaderboard members", period="all-time") == before
    assert "anna" in before and "**Red**" in await world.reply(world.boss, "leaderboard teams", period="all-time")
    assert await agrees(world)


async def test_a_team_s_score_counts_those_who_are_there(world: World):
    await red_team(world)
    others = [world.guild.add_member(world.env.create_user(f"m{number}")) for number in range(3)]
    for member in others:
        await world.reply(member, "team join", name="Red")
    assert "Red** · 4 points" in await world.reply(world.boss, "leaderboard teams", period="all-time")
    for member in others:
        world.guild.remove_member(member)
    await world.beat(15 * DAY)
    assert "Red** · 6.7 points" in await world.reply(world.boss, "leaderboard teams", period="all-time")


@pytest.mark.parametrize("way", ["message", "command"])
async def test_whoever_comes_back_is_there_again_and_joins_anew(world: World, way: str):
    await red_team(world)
    streak = await world.reply(world.anna, "streak")
    world.guild.remove_member(world.anna)
    await world.beat(15 * DAY)
    assert (await of(world, world.anna)).gone_at is not None
    back = world.guild.add_member(world.anna.user)
    await world.beat(8 * DAY)
    assert (await of(world, world.anna)).gone_at is not None  # nobody is asked about twice
    if way == "message":
        await back.send(world.channel, "I am back")
        await back.send(world.thread(), "I am back in the thread")
    else:
        await world.reply(back, "leaderboard members")
    assert (await of(world, world.anna)).gone_at is None
    assert "anna" in await quiet_list(world) and "anna" not in await world.reply(world.boss, "team list")
    assert streak.splitlines()[0] == (await world.reply(back, "streak")).splitlines()[0]
    assert "You're on **Red**" in await world.reply(back, "team join", name="Red")
    assert "2 members ·" in await world.reply(world.boss, "team list")
    await world.beat(15 * DAY)
    assert "2 members ·" in await world.reply(world.boss, "team list") and await agrees(world)


async def test_a_role_takes_whoever_comes_back_into_its_team(world: World):
    role = world.guild.create_role("Pandas")
    await world.reply(world.boss, "team create", name="Pandas", role=role)
    give(world, world.anna, role)
    await world.reply(world.anna, "team list")
    world.guild.remove_member(world.anna)
    await world.beat(15 * DAY)
    assert "nobody yet" in await world.reply(world.boss, "team list")
    back = world.guild.add_member(world.anna.user, roles=[role])
    await world.reply(back, "streak")
    assert "1 member ·" in await world.reply(world.boss, "team list")


@pytest.mark.parametrize("error", [{"status": 403, "code": 50001}, {"status": 404, "code": 10004}, {"status": 503}])
async def test_what_discord_refuses_or_fails_to_say_is_no_sign_and_asked_again_in_a_week(
    world: World, error: dict[str, int]
):
    await red_team(world)
    world.guild.remove_member(world.anna)
    route = ONE_MEMBER.format(world.guild.id, world.anna.id)
    world.env.inject_error("GET", route, **error)
    await world.beat(15 * DAY)
    assert "2 members ·" in await world.reply(world.boss, "team list")
    await world.beat(6 * DAY)
    assert "2 members ·" in await world.reply(world.boss, "team list")
    await world.restart()
    await world.beat(1.1 * DAY)
    assert "1 member ·" in await world.reply(world.boss, "team list")


async def test_whoever_is_there_is_asked_about_once_a_week_and_a_few_at_a_time(world: World):
    people = [world.guild.add_member(world.env.create_user(f"m{number}")) for number in range(12)]
    await teams_of(world, "Red")
    for member in people:
        await world.reply(member, "team join", name="Red")
    for member in people:
        world.guild.remove_member(member)
    await world.beat(15 * DAY)
    gone = [row for row in await world.rows(members) if row.gone_at is not None]
    assert 0 < len(gone) < 12
    for _ in range(3):
        await world.beat(5)
    assert sum(row.left_at is None for row in await world.rows(team_members)) == 0


async def test_a_reminder_that_finds_nobody_notes_it_at_once(world: World):
    await red_team(world)
    await world.reply(world.anna, "reminders on")
    await world.reply(world.boss, "daily resume")
    await world.next_day()
    world.guild.remove_member(world.anna)
    await world.beat(20 * HOUR)
    assert "1 member ·" in await world.reply(world.boss, "team list")
    await world.next_day()
    await world.beat(60)
    back = world.guild.add_member(world.anna.user)
    await back.send(world.thread(), LONG)
    assert (await of(world, world.anna)).gone_at is None and await agrees(world)
