"""Milestones: told once, and their roles."""

from typing import Any

import discord
import pytest

from bot.storage.schema import milestone_roles, milestones, role_grants
from bot.ui.milestones import problem_text
from tests.discord.conftest import HOUR, LONG, MESSAGES, World, labels, said, seen
from tests.discord.days import let_pass, practice, thread_text

TOLD = "is on a **7**-question streak"


def has(world: World, member: Any, role: Any) -> bool:
    return role.id in world.env.backend.get_guild(world.guild.id).members[member.id].role_ids


async def choose(world: World, **roles: Any) -> str:
    """The manager chooses roles by the button of the settings, one milestone after the other; None gives none."""
    told = ""
    for name, role in roles.items():
        settings = await world.boss.slash(world.channel, "setup")
        form = await world.boss.click(settings.response.message, label="Milestone roles")
        chosen: dict[str, Any] = {"days": [name.strip("_")]} | ({} if role is None else {"role": [role]})
        told = said(await world.boss.submit_modal(form, chosen))
    return told


def bot_role(world: World) -> Any:
    return next(role for role in world.env.backend.get_guild(world.guild.id).roles.values() if role.managed)


async def test_a_milestone_is_told_once_in_its_thread_and_in_the_receipt(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 6)
    await world.next_day()
    opened = await world.anna.click(world.card(), label="Answer")
    assert "A milestone: 7 questions in a row" in said(await world.anna.submit_modal(opened, {"text": LONG}))
    opened = await world.anna.click(world.card(), label="Answer")
    assert "milestone" not in said(await world.anna.submit_modal(opened, {"text": LONG + " again"}))
    await world.beat(5)
    await world.restart()
    await world.beat(5)
    assert thread_text(world).count(TOLD) == 1 and "**anna**" in thread_text(world)
    (told,) = (message for message in world.thread().history() if TOLD in seen(message))
    assert [file.filename for file in told.attachments] == ["milestone.png"]
    assert "🏅 3, 7" in await world.reply(world.anna, "streak")


async def test_two_members_of_one_name_are_told_each(world: World):
    sams = [world.guild.add_member(world.env.create_user(f"sam{number}"), nick="Sam") for number in range(2)]
    await world.set_up(time="09:00")
    for _ in range(7):
        await world.next_day()
        for sam in sams:
            await sam.send(world.thread(), LONG)
    await world.beat(5)
    await world.restart()
    await world.beat(5)
    assert thread_text(world).count("**Sam** is on a **7**-question streak") == 2


async def test_odd_names_turn_no_line_and_carry_no_link(world: World):
    odd = world.guild.add_member(world.env.create_user("odd"), nick="\u202eodd https://x.example <#1>" + "x" * 60)
    bare = world.guild.add_member(world.env.create_user("bare"), nick="\u200b\u200b")
    await world.set_up(time="09:00")
    settings = await world.boss.slash(world.channel, "setup")
    form = await world.boss.click(settings.response.message, label="Weekly digest")
    await world.boss.submit_modal(form, {"day": "wed", "hour": "10"})
    for _ in range(7):
        await world.next_day()
        for member in (odd, bare):
            await member.send(world.thread(), LONG)
    await world.beat(HOUR)
    streak = await world.reply(world.boss, "streak", member=odd)
    digest = seen(next(m for m in world.channel.history() if "The week in" in seen(m)))
    assert "**A member** is on a" in thread_text(world) and "**A member** ·" in digest
    for text in (thread_text(world), streak, digest):
        assert "odd https" in text and "\u202e" not in text and "https://" not in text and "<#1>" not in text


async def test_a_message_that_was_sent_before_a_crash_is_not_sent_again(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    lost = world.lose_answer(MESSAGES, world.thread().id)
    await world.beat(5)
    assert lost and thread_text(world).count(TOLD) == 1
    await world.restart()
    await world.beat(5)
    assert thread_text(world).count(TOLD) == 1


async def test_reached_again_it_is_not_told_again(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    await let_pass(world, 3)
    assert "🔥 0" in await world.reply(world.anna, "streak")
    await practice(world, world.anna, 7)
    await world.beat(5)
    assert "🔥 7" in await world.reply(world.anna, "streak")
    told = "\n".join(thread_text(world, at) for at in range(len(world.channel.threads)))
    assert told.count(TOLD) == 1 and [row.days for row in await world.rows(milestones)] == [3, 7]


async def test_milestones_passed_before_they_were_any_are_recorded_and_told_to_nobody(world: World):
    role = world.guild.create_role("Fourteen")
    await world.set_up(time="09:00")
    await practice(world, world.anna, 15)
    await world.bot.database.write(lambda conn: conn.exec_driver_sql("DELETE FROM milestones WHERE days <> 7"))
    await choose(world, _14=role)
    await practice(world, world.anna, 1)
    await world.beat(5)
    assert "questions in a row" not in thread_text(world) and "-question streak" not in thread_text(world)
    rows = await world.rows(milestones)
    assert sorted((row.days, row.told) for row in rows) == [(3, True), (7, True), (14, True)]
    assert has(world, world.anna, role)
    await practice(world, world.anna, 5)
    await world.beat(5)
    assert thread_text(world).count("is on a **21**-question streak") == 1


async def test_a_hidden_answer_s_milestone_waits_for_the_reveal(world: World):
    await world.set_up(time="09:00", answers="blind")
    for _ in range(7):
        await world.next_day()
        opened = await world.anna.click(world.card(), label="Answer")
        await world.anna.submit_modal(opened, {"text": LONG})
    await world.beat(5)
    assert TOLD not in "\n".join(seen(message) for message in world.channel.history())
    await world.next_day()
    await world.beat(5)
    assert TOLD in thread_text(world)


async def test_without_a_thread_it_is_a_reply_to_the_card(world: World):
    await world.set_up(time="09:00")
    await practice(world, world.anna, 6)
    await world.next_day()
    thread: Any = world.bot.get_channel(world.thread().id)
    await thread.delete()
    await world.env.settle()
    await world.anna.send(world.channel, LONG, reply_to=world.card())
    await world.beat(5)
    assert TOLD in "\n".join(seen(message) for message in world.channel.history())


async def test_a_role_is_given_kept_after_a_broken_streak_and_taken_back_with_the_setting(world: World):
    role = world.guild.create_role("Seven")
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    await world.beat(5)
    assert f"7: <@&{role.id}>" in await choose(world, _7=role)
    assert has(world, world.anna, role) and not has(world, world.ben, role)
    await let_pass(world, 3)
    assert has(world, world.anna, role)
    settings = await world.boss.slash(world.channel, "setup")
    assert f"7: <@&{role.id}>" in said(settings)
    form = await world.boss.click(settings.response.message, label="Milestone roles")
    assert "Gives Seven now" in str(form.modal) and str(form.modal).count("questions in a row") == 13
    assert "don't give roles right now" in await choose(world, _7=None)
    assert not has(world, world.anna, role)
    assert await world.rows(role_grants) == [] and await world.rows(milestone_roles) == []


async def test_whoever_reaches_it_later_gets_it_with_the_next_beat_and_one_try(world: World):
    role = world.guild.create_role("Seven")
    await world.set_up(time="09:00")
    await choose(world, _7=role)
    await practice(world, world.anna, 7)
    assert not has(world, world.anna, role)
    await world.beat(5)
    assert has(world, world.anna, role)
    world.env.backend.remove_member_role(world.guild.id, world.anna.id, role.id)  # by hand
    await world.restart()
    await world.beat(HOUR)
    assert not has(world, world.anna, role)


async def test_another_role_takes_the_place_of_the_first_and_one_role_for_two_stays(world: World):
    seven, both = world.guild.create_role("Seven"), world.guild.create_role("Both")
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    await choose(world, _7=seven)
    await choose(world, _7=both)
    assert has(world, world.anna, both) and not has(world, world.anna, seven)
    await world.bot.database.write(
        lambda conn: conn.exec_driver_sql(
            "INSERT INTO milestones (guild_id, track_id, member_id, days, drill_id, reached_at, told) "
            "SELECT guild_id, track_id, member_id, 30, drill_id, reached_at, 1 FROM milestones WHERE days = 7"
        )
    )
    await choose(world, _7=both, _30=both)
    await choose(world, _7=None)
    assert has(world, world.anna, both)
    await choose(world, _30=None)
    assert not has(world, world.anna, both)


@pytest.mark.parametrize("wrong", ["permission", "position"])
async def test_what_is_missing_is_said_and_made_up_for_once_mended(world: World, wrong: str):
    role, mine = world.guild.create_role("Seven"), bot_role(world)
    edit = world.env.backend.edit_role
    whole = mine.permissions
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    if wrong == "permission":
        edit(world.guild.id, mine.id, {"permissions": whole & ~discord.Permissions(manage_roles=True).value})
    else:
        edit(world.guild.id, role.id, {"position": mine.position + 1})
    await world.env.settle()
    said_of_it = "Manage Roles" if wrong == "permission" else "is above my own role"
    assert said_of_it in await choose(world, _7=role)
    assert said_of_it in problem_text((await world.rows(milestone_roles))[0].problem)
    await world.restart()
    await world.beat(5)
    assert said_of_it in await world.reply(world.boss, "daily status")
    assert said_of_it in await world.reply(world.boss, "setup") and not has(world, world.anna, role)
    edit(world.guild.id, mine.id, {"permissions": whole})
    edit(world.guild.id, role.id, {"position": 1})
    await world.env.settle()
    await world.beat(5)
    assert has(world, world.anna, role) and "⚠️" not in await world.reply(world.boss, "setup")
    assert "⚠️" not in await world.reply(world.boss, "daily status")
    assert (await world.rows(milestone_roles))[0].problem is None


async def test_discord_s_refusal_is_said_and_tried_again_in_an_hour(world: World):
    role = world.guild.create_role("Seven")
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    world.env.inject_error(
        "PUT", "/guilds/*/members/*/roles/*", status=403, code=50013, message="Missing Permissions"
    )
    assert "Missing Permissions" in await choose(world, _7=role)
    await world.beat(60)
    assert not has(world, world.anna, role)
    await world.beat(HOUR)
    assert has(world, world.anna, role)


async def test_a_role_with_moderators_powers_is_given_to_nobody(world: World):
    role = world.guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    assert "moderator permissions" in await choose(world, _7=role)
    await world.beat(5)
    assert not has(world, world.anna, role)


async def test_a_deleted_role_gives_way_to_another_and_leaves_no_warning(world: World):
    old, new = world.guild.create_role("Old"), world.guild.create_role("New")
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    await choose(world, _7=old)
    world.env.backend.delete_role(world.guild.id, old.id)
    await world.env.settle()
    settings = await world.boss.slash(world.channel, "setup")
    assert "was deleted. Choose another one" in said(settings)
    form = await world.boss.click(settings.response.message, label="Milestone roles")
    assert "Gives" not in str(form.modal)
    text = await choose(world, _7=new)
    assert has(world, world.anna, new)
    assert "deleted" not in text and "back from 1" not in text
    assert [row.role_id for row in await world.rows(role_grants)] == [new.id]


async def test_a_role_that_was_given_powers_later_can_be_taken_back(world: World):
    role = world.guild.create_role("Seven")
    await world.set_up(time="09:00")
    await practice(world, world.anna, 7)
    await choose(world, _7=role)
    powers = discord.Permissions(manage_messages=True).value
    world.env.backend.edit_role(world.guild.id, role.id, {"permissions": powers})
    await world.env.settle()
    assert "moderator permissions" in await world.reply(world.boss, "setup")
    assert "⚠️" not in await choose(world, _7=None)
    assert not has(world, world.anna, role)


async def test_a_member_who_has_left_stops_nobody_else_s_role(world: World):
    role = world.guild.create_role("Seven")
    await world.set_up(time="09:00")
    for _ in range(7):
        await world.next_day()
        await world.anna.send(world.thread(), LONG)
        await world.ben.send(world.thread(), LONG)
    world.guild.remove_member(world.anna)
    await choose(world, _7=role)
    assert has(world, world.ben, role) and len(await world.rows(role_grants)) == 1


@pytest.mark.parametrize("chosen", ["before", "meanwhile"])
async def test_whoever_left_and_came_back_gets_the_role_again_on_taking_part(world: World, chosen: str):
    role = world.guild.create_role("Seven")
    await world.set_up(time="09:00")
    if chosen == "before":
        await choose(world, _7=role)
    await practice(world, world.anna, 7)
    await world.beat(5)
    assert has(world, world.anna, role) == (chosen == "before")
    world.guild.remove_member(world.anna)
    if chosen == "meanwhile":
        await choose(world, _7=role)
    await world.next_day()
    back = world.guild.add_member(world.anna.user)
    await world.beat(5)
    assert not has(world, back, role)
    await back.send(world.thread(), LONG)
    await world.beat(5)
    assert has(world, back, role)
    await world.restart()
    await world.reply(back, "streak")
    await world.beat(HOUR)
    assert [(row.state, row.role_id) for row in await world.rows(role_grants)] == [("given", role.id)]


async def test_only_managers_choose_roles(world: World):
    await world.set_up()
    settings = await world.boss.slash(world.channel, "setup")
    assert "Milestone roles" in labels(settings.response.message)
    managers = next(role for name, role in world.guild.roles.items() if name == "Managers")
    form = await world.boss.click(settings.response.message, label="Milestone roles")
    world.env.backend.remove_member_role(world.guild.id, world.boss.id, managers.id)
    role = world.guild.create_role("Seven")
    assert "Manage Server" in said(await world.boss.submit_modal(form, {"days": ["7"], "role": [role]}))
    again = await world.boss.click(settings.response.message, label="Milestone roles")
    assert "Manage Server" in said(again) and await world.rows(milestone_roles) == []
