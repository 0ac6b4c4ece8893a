"""Last calls: off until a manager wants them, once, in quiet threads only, and naming nobody."""

from datetime import timedelta
from typing import Any

import pytest

from bot.storage.schema import drills, tracks
from tests.discord.conftest import HOUR, LONG, MESSAGES, World, seen
from tests.discord.test_panel import form, panel


def calls(world: World) -> list[str]:
    """The last calls in all threads."""
    return [seen(m) for thread in world.channel.threads for m in thread.history() if "Last call" in seen(m)]


async def quiet_day(world: World, *, wanted: bool = True, **options: Any) -> None:
    """Three people answered yesterday, and nobody has answered today; today's question closes in three hours."""
    await world.set_up(time="09:00", **options)
    if wanted:
        changed = await form(world, await panel(world), "ping", {"ping": [], "last_call": "on"})
        assert "**Last call** off → on" in changed
    await world.next_day()
    for member in (world.anna, world.ben, world.boss):
        await world.reply(member, "streak")
        if options.get("answers") != "blind":
            await member.send(world.thread(), LONG)
    await world.next_day()
    await world.beat(21 * HOUR)
    assert calls(world) == []


async def test_a_quiet_thread_hears_it_once_and_nobody_is_named(world: World):
    await quiet_day(world)
    await world.ben.send(world.thread(), LONG)
    await world.beat(HOUR)
    (told,) = calls(world)
    assert "1 of 3 has answered so far" in told and "Last call" in seen(world.thread().history()[-1])
    assert not any(name in told for name in ("anna", "ben", "boss", "@"))
    await world.restart()
    await world.beat(5)
    await world.boss.slash(world.channel, "daily skip")  # its closing moves, and it is said all the same
    await world.beat(HOUR)
    assert len(calls(world)) == 1
    await world.boss.slash(world.channel, "daily skip")
    await world.next_day()
    assert len(calls(world)) == 1


async def test_killed_between_sending_and_recording_it_comes_once(world: World):
    await quiet_day(world)
    lost = world.lose_answer(MESSAGES, world.thread().id)
    await world.beat(HOUR)
    assert lost and [row.last_called for row in await world.rows(drills)][-1] is False
    await world.restart()
    await world.beat(5)
    (told,) = calls(world)
    assert "nobody has answered yet" in told and [row.last_called for row in await world.rows(drills)][-1]


@pytest.mark.parametrize("way", ["off", "turned off", "most have answered", "blind", "too late"])
async def test_it_stays_away(world: World, way: str):
    blind = {"answers": "blind"} if way == "blind" else {}
    await quiet_day(world, wanted=way not in ("off", "too late"), **blind)
    if way == "turned off":
        await form(world, await panel(world), "ping", {"ping": [], "last_call": "off"})
    if way == "most have answered":
        for member in (world.anna, world.ben):
            await member.send(world.thread(), LONG)
    if way == "too late":  # what would have been due already is not made up for
        await world.beat(HOUR + 60)
        await form(world, await panel(world), "ping", {"ping": [], "last_call": "on"})
    await world.beat(HOUR)
    await world.beat(5)
    assert calls(world) == []


async def test_a_closing_that_moves_moves_it_along(world: World):
    await quiet_day(world)
    await world.boss.slash(world.channel, "daily skip")
    (track,) = await world.rows(tracks)
    await world.beat(HOUR)
    assert calls(world) == []
    await world.beat(at=track.next_due_utc - timedelta(hours=2))
    (told,) = calls(world)
    assert f"<t:{int(track.next_due_utc.timestamp())}:R>" in told
