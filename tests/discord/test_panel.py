"""The settings panel: each setting is changed where it stands, said, and logged."""

from typing import Any

import discord

from bot.storage.schema import tracks
from tests.discord.conftest import World, filled, labels, said, seen


async def panel(world: World) -> Any:
    """The panel that a manager opens."""
    return (await world.boss.slash(world.channel, "setup")).response.message


async def form(world: World, message: Any, setting: str, values: dict[str, Any]) -> str:
    """Opens a setting's form on the panel, sends it, and returns what then stands there."""
    opened = await world.boss.click(message, custom_id=f"mb:panel:open:1:{setting}")
    return said(await world.boss.submit_modal(opened, values))


async def test_each_setting_is_changed_in_place_said_and_logged(world: World):
    await world.set_up(time="09:00")
    log = world.guild.create_text_channel("managers")
    role = world.guild.create_role("Team", mentionable=True)
    message = await panel(world)
    assert "nobody" in seen(message) and "Next question" in seen(message) and "there now" in seen(message)
    assert f"✅ **Log channel** none → <#{log.id}>" in await form(world, message, "log", {"log": [log]})
    await world.restart()
    times = {"zone": ["Asia/Tokyo"], "time": "18:30", "days": ["0", "2"]}
    shown = await form(world, message, "schedule", times)
    assert "**Posts** daily at 09:00, UTC → Mon, Wed at 18:30, Asia/Tokyo" in shown
    shown = await form(world, message, "questions", {"packs": ["genai"], "topics": ["1", "2"]})
    assert "**Topics** all → " in shown and "Generative AI Concepts" in shown
    assert "**Topics** " in await form(world, message, "questions", {"packs": ["genai"], "topics": []})
    assert "→ shuffle (no repeats)" in await form(world, message, "order", {"order": "shuffle"})
    assert f"**Ping** nobody → <@&{role.id}>" in await form(
        world, message, "ping", {"ping": [role], "last_call": "off"}
    )
    shown = await form(world, message, "ping", {"ping": [], "last_call": "on"})
    assert f"**Ping** <@&{role.id}> → nobody" in shown and "**Last call** off → on" in shown
    blind = await world.boss.click(message, label="Make them blind")
    assert "→ blind" in said(blind) and "Make them open" in labels(blind.response.message)
    again = said(await world.boss.click(message, custom_id="mb:panel:set:1:hints-off"))
    assert "**Feedback on answers** on → off" in again
    other = world.guild.create_text_channel("other")
    assert f"**Channel** <#{world.channel.id}> → <#{other.id}>" in await form(
        world, message, "channel", {"channel": [other]}
    )
    (row,) = await world.rows(tracks)
    assert (row.channel_id, row.zone, row.order, row.mode, row.hints) == (
        other.id,
        "Asia/Tokyo",
        "shuffle",
        "blind",
        False,
    )
    written = [seen(line) for line in log.history()]
    assert len(written) == 10 and all(line.startswith(f"<@{world.boss.id}> changed") for line in written)
    assert "daily at 09:00, UTC → Mon, Wed at 18:30, Asia/Tokyo" in written[1]
    assert len(world.channel.history()) == len(other.history()) == 0
    assert "none" in await form(world, message, "log", {"log": []})
    assert f"**Log channel** <#{log.id}> → none" in seen(log.history()[-1])


async def test_a_track_is_chosen_first_and_only_managers_change_it(world: World):
    await world.set_up(time="09:00")
    other, lobby = world.guild.create_text_channel("other"), world.guild.create_text_channel("lobby")
    asked = await world.boss.slash(world.channel, "setup", channel=other, time="18:00")
    await world.boss.click(asked.response.message, label="Run both")
    first = (await world.boss.slash(lobby, "setup")).response.message
    assert "Which channel's settings" in seen(first)
    assert "18:00" in said(await world.boss.select(first, ["2"]))
    assert "09:00" in said(await world.boss.select(first, ["1"]))
    changed = await world.boss.click(first, label="Make them blind")
    assert "blind (hidden" in said(changed)
    opened = await world.boss.click(first, label="Move")
    assert f"<#{other.id}> already has its own daily question" in said(
        await world.boss.submit_modal(opened, {"channel": [other]})
    )
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await next(role for role in guild.roles if role.name == "Managers").edit(permissions=discord.Permissions())
    await world.env.settle()
    for press in ({"label": "Make them open"}, {"label": "Change schedule"}):
        assert "Manage Server" in said(await world.boss.click(first, **press))
    assert "Manage Server" in said(await world.boss.select(first, ["2"]))
    assert {row.mode for row in await world.rows(tracks)} == {"open", "blind"}


async def test_a_schedule_that_cannot_be_read_is_tried_again_with_what_was_typed(world: World):
    await world.set_up(time="09:00", timezone="Europe/Berlin", days="mon-fri")
    message = await panel(world)
    opened = await world.boss.click(message, label="Change schedule")
    now = {"zone": ["Europe/Berlin"], "other_zone": "", "time": "09:00", "days": list("01234")}
    assert filled(opened) == now
    wrong = await world.boss.submit_modal(opened, {"other_zone": "Atlantis", "time": "25:99", "days": ["6"]})
    assert "Atlantis" in said(wrong)
    again = await world.boss.click(wrong.response.message, label="Try again")
    assert filled(again) == {"zone": [], "other_zone": "Atlantis", "time": "25:99", "days": ["6"]}
    wrong = await world.boss.submit_modal(again, now | {"time": "25:99"})
    assert "25:99" in said(wrong)
    again = await world.boss.click(wrong.response.message, label="Try again")
    assert "at least one day" in said(await world.boss.submit_modal(again, now | {"days": []}))
    (row,) = await world.rows(tracks)
    assert (row.zone, row.at.isoformat()) == ("Europe/Berlin", "09:00:00")


async def test_a_role_that_cannot_be_pinged_is_said(world: World):
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    role = world.guild.create_role("Team")
    await world.deny(mention_everyone=False)
    text = said(await world.set_up(ping=role))
    assert f"I can't ping <@&{role.id}>" in text and "Allow anyone to @mention" in text
    found = guild.get_role(role.id)
    assert found is not None
    await found.edit(mentionable=True)
    await world.env.settle()
    assert "can't ping" not in seen(await panel(world))
    await found.delete()
    await world.env.settle()
    assert "was deleted" in seen(await panel(world))
    assert "was deleted" in await world.reply(world.boss, "daily status")
    assert "<@&" not in seen(await world.post())
    assert "→ nobody" in await world.reply(world.boss, "setup", ping=world.guild.default_role)
    (row,) = await world.rows(tracks)
    assert row.ping_role_id is None


async def test_a_log_channel_that_is_closed_is_said_and_stops_nothing(world: World):
    await world.set_up(time="09:00")
    me = discord.PermissionOverwrite(send_messages=False)
    log = world.guild.create_text_channel("managers", overwrites={world.guild.me: me})
    message = await panel(world)
    text = await form(world, message, "log", {"log": [log]})
    assert f"In the log channel <#{log.id}> I need **Send Messages**" in text and log.history() == []
    assert "blind" in said(await world.boss.click(message, label="Make them blind"))
