"""Dates are shown as people name them, wherever somebody looks."""

import re
from collections.abc import Iterator
from typing import Any

from tests.discord.conftest import DAY, LONG, World, seen
from tests.discord.test_strangers import fitting, typed
from tests.discord.walk import commands, press, run, send_form

MACHINE = re.compile(r"\d{4}-\d\d-\d\d")
READ = ("title", "label", "description", "placeholder", "value", "content", "name")
DATES = {"from": "2026-02-02", "until": "2026-02-05", "date": "2026-02-03"}
TYPED = ({}, {"text": LONG, "day": "fri", "hour": "9"})


def of_form(part: Any) -> Iterator[str]:
    """Every text that a person reads in an opened form."""
    for inner in part if isinstance(part, list) else ():
        yield from of_form(inner)
    if isinstance(part, dict):
        # What an option stands for is not read; what a field holds is.
        yield from (text for name in READ if isinstance(text := part.get(name), str) and part.get("type") != 21)
        yield from (found for name in ("components", "component") for found in of_form(part.get(name)))


def shown(result: Any) -> list[str]:
    """What somebody reads of an interaction: its answers, and the form that it opens."""
    told = [seen(answer.message) for answer in (result.response, *result.followups) if answer is not None]
    return [text for text in (*told, *of_form(result.modal)) if MACHINE.search(text)]


async def test_no_screen_shows_a_date_as_machines_write_it(world: World):
    found = dict[str, list[str]]()
    await world.set_up(time="09:00")
    for _ in range(3):
        await world.next_day()
        for member in (world.anna, world.boss):
            await member.send(world.thread(), LONG)
    await world.ben.send(world.thread(), "no")
    for member in (world.anna, world.boss):
        away = {"from": "2026-01-20", "until": "2026-01-30"}
        found[f"away {member.id}"] = shown(await member.slash(world.channel, "away set", **away))
    await world.deny(send_messages=False)
    await world.beat(DAY)
    await world.deny(send_messages=None)
    await world.beat(16 * DAY)
    for day in ("2026-01-26", "2026-01-28"):
        found[f"skip {day}"] = shown(await world.boss.slash(world.channel, "daily skip", date=day))
    await world.anna.slash(world.channel, "quiz live")
    await world.boss.slash(world.channel, "interview start")
    for command in commands(world):
        values = {p.display_name: typed(p) for p in command.parameters if p.required}
        optional = {
            p.display_name: (3, DATES[p.display_name]) for p in command.parameters if p.display_name in DATES
        }
        for options in (values, values | optional):
            result = await run(world, world.boss, command.qualified_name, {}, **options)
            found[f"/{command.qualified_name} {len(options)}"] = shown(result)
    page = (await world.boss.slash(world.channel, "streak")).response.message
    for beginning, expected in world.bot.router.expected.items():
        custom_id = ":".join([beginning, *map(fitting, expected)])
        if beginning in world.bot.router.forms:
            for texts in TYPED:
                found[f"{custom_id} {len(texts)}"] = shown(await send_form(world, world.boss, custom_id, texts))
        else:
            found[custom_id] = shown(await press(world, world.boss, custom_id, page))
    for place in (world.channel, *world.channel.threads):
        found[place.name] = [seen(message) for message in place.history() if MACHINE.search(seen(message))]
    assert not {where: texts for where, texts in found.items() if texts}
    assert len(found) > 150
