"""People's words in the bot's mouth: whatever they hold, none of it works there, wherever they come from."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

import discord
import pytest

from bot.ui.presenter import KEPT
from tests.architecture.source import in_rooms, tree
from tests.discord.conftest import LONG, World
from tests.discord.test_strangers import fitting, typed
from tests.discord.walk import commands, press, run, send_form

NAME = "\u202e*x_y [z](https://evil.example) <@1>"
"""As long as a member's name may be."""
WORDS = f"# big\n-# small {NAME} <#2> </setup:1> @everyone ||s|| `c\n> quote"
TURNING = re.compile(r"[\u202a-\u202e\u2066\u2067]")
SIGNS = (
    *(
        TURNING.pattern,
        "https://evil",
        "<@1>",
        "<#2>",
        "</setup:1>",
        "@everyone",
        r"\|\|",
        r"\[z\]\(",
        r"(?<!\\)\*x",
    ),
    *(r"(?<!\\)`c\b", "^# big", "^-# small", "^> quote"),
)
WORKING = re.compile("|".join(SIGNS), re.MULTILINE)
assert all(re.search(sign, WORDS, re.MULTILINE) for sign in SIGNS)
PLAIN = {"day": "mon", "hour": "9", "days": "daily", "timezone": "UTC", "time": "09:00", "difficulty": "easy"}
TYPES = discord.AppCommandOptionType


def field_names() -> set[str]:
    """The names of all fields that forms have."""
    return {
        node.args[0].value
        for file in in_rooms("ui")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "ask"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def blocks(components: Any) -> Iterator[str]:
    """Each text of a message by itself: Discord reads markup no further than to its end."""
    for component in components:
        if isinstance(content := getattr(component, "content", None), str):
            yield content
        yield from blocks(getattr(component, "children", ()))


def working(messages: Iterable[Any]) -> list[str]:
    """What works of people's words in these messages. An answer that stands alone keeps its look."""
    found = (block for message in messages for block in blocks(message.components))
    return [block for block in found if WORKING.search(block) and block.removeprefix(f"{KEPT}\n") != WORDS.strip()]


def answers(result: Any) -> list[Any]:
    """The messages with which something was answered."""
    return [answer.message for answer in (result.response, *result.followups) if answer is not None]


@pytest.fixture
async def crowd(world: World) -> World:
    """A server of people with hostile names, with a team, a report and a declined suggestion of that kind."""
    managers = world.guild.create_role("Chiefs", permissions=discord.Permissions(manage_guild=True))
    for role, kind in (("boss", [managers]), ("anna", []), ("ben", [])):
        user = world.env.create_user(f"{role}-2", global_name=NAME)
        setattr(world, role, world.guild.add_member(user, roles=kind))
    await world.set_up()
    return world


async def test_what_people_type_does_not_work_in_the_bots_words(crowd: World):
    world, found = crowd, dict[str, list[str]]()
    await world.post()
    for command in commands(world):
        needed = {p.display_name: typed(p) for p in command.parameters if p.required}
        for parameter in command.parameters:
            if parameter.type is TYPES.string and not parameter.choices:
                values = needed | {parameter.display_name: (TYPES.string.value, WORDS)}
                result = await run(world, world.boss, command.qualified_name, {}, **values)
                found[f"/{command.qualified_name} {parameter.display_name}"] = working(answers(result))
    assert len(found) > 20
    for beginning in world.bot.router.forms:
        custom_id = ":".join([beginning, *map(fitting, world.bot.router.expected[beginning])])
        for plain in ({}, PLAIN):
            texts = dict.fromkeys(field_names(), WORDS) | plain
            sent = await send_form(world, world.boss, custom_id, texts)
            found[f"{custom_id} {len(plain)}"] = working(answers(sent))
    assert not {where: texts for where, texts in found.items() if texts}


async def test_what_people_are_called_and_left_behind_does_not_work_in_the_bots_words(crowd: World):
    world, found = crowd, dict[str, list[str]]()
    card = await world.post()
    await world.boss.slash(world.channel, "team create", name=NAME)
    for member in (world.anna, world.ben):
        await member.slash(world.channel, "team join", name=NAME)
        await send_form(world, member, "mb:report:form:genai-001", {"text": WORDS})
        await member.send(world.thread(), LONG)
        await member.send(world.channel, WORDS, reply_to=card)
    await world.anna.slash(world.channel, "quiz live")
    page = (await world.boss.slash(world.channel, "streak")).response.message
    for command in commands(world):
        values = {p.display_name: typed(p) for p in command.parameters if p.required}
        result = await run(world, world.boss, command.qualified_name, {}, **values)
        found[f"/{command.qualified_name}"] = working(answers(result))
    for beginning, expected in world.bot.router.expected.items():
        if beginning not in world.bot.router.forms:
            custom_id = ":".join([beginning, *map(fitting, expected)])
            found[custom_id] = working(answers(await press(world, world.boss, custom_id, page)))
    await world.beat()
    for place in (world.channel, *world.channel.threads):
        found[place.name] = working(message for message in place.history() if message.author.bot)
        assert not TURNING.search(place.name), "a name shows no markup, but it can turn around"
    assert not {where: texts for where, texts in found.items() if texts}
