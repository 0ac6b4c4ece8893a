"""Buttons, forms and commands with words and ids that no client of Discord would send."""

import contextlib
import sqlite3
from typing import Any

import discord
import pytest

from bot.domain.errors import Refusal
from bot.domain.servers import Thing
from bot.storage.schema import metadata
from bot.ui.kit.custom_ids import Word
from bot.ui.kit.layouts import custom_ids
from bot.ui.refusals import explain
from tests.discord.conftest import LONG, World
from tests.discord.walk import commands, message_payload, press, run, send_form, told

OUTDATED = explain(Refusal("commands.outdated"))
GOOD = ("1", "2026-01-01", "this-week", "genai-001", "schedule", "open")
"""Words of which one fits at each place."""
HOSTILE = ("", "2026-13-99", str(2**64))
"""`tests/unit/test_custom_ids.py` tries all others; a press of each takes minutes."""


TYPES = discord.AppCommandOptionType
PICKED = (TYPES.channel, TYPES.role)
PLACE = {"id": "777", "type": 0, "name": "there", "permissions": "0", "guild_id": "4242"}
ROLE = {"id": "777", "name": "there", "color": 0, "position": 1, "permissions": "0", "hoist": False}
RESOLVED = {"channels": {"777": PLACE}, "roles": {"777": ROLE | {"managed": False, "mentionable": True}}}


def typed(parameter: Any) -> tuple[int, Any]:
    """A required option's value."""
    return parameter.type.value, "1" if parameter.type is TYPES.string else 1


def fitting(word: Word) -> str:
    return next(text for text in GOOD if word.fits(text))


@pytest.fixture
async def page(world: World) -> Any:
    """A private message, whose buttons may change it."""
    await world.set_up()
    await world.post()
    shown = await world.boss.slash(world.channel, "streak")
    return shown.response.message


async def test_no_handler_sees_words_that_do_not_fit(world: World, page: Any):
    assert len(world.bot.router.expected) > 50
    for beginning, expected in world.bot.router.expected.items():
        good = [fitting(word) for word in expected]
        bad = [[*good, "1"], *([good[:-1]] if expected and expected[-1].required else [])]
        for at, word in enumerate(expected):
            bad += [[*good[:at], text, *good[at + 1 :]] for text in HOSTILE if not word.fits(text)]
        for words in bad:
            custom_id = ":".join([beginning, *words])
            assert told(await press(world, world.boss, custom_id, page)) == OUTDATED, custom_id


async def test_every_button_and_form_answers_without_a_fault(world: World, page: Any):
    """Also where the words fit, and nothing stands behind them."""
    for number in ("0", str(2**63 - 1)):
        for beginning, expected in world.bot.router.expected.items():
            words = [number if word.fits(number) else fitting(word) for word in expected]
            custom_id = ":".join([beginning, *words])
            if beginning in world.bot.router.forms:
                for texts in ({}, {"text": LONG, "day": "x", "hour": "99", "timezone": "x", "time": "x"}):
                    assert "Reference:" not in told(await send_form(world, world.boss, custom_id, texts)), custom_id
            else:
                assert "Reference:" not in told(await press(world, world.boss, custom_id, page)), custom_id


async def test_a_form_is_no_button_and_a_button_no_form(world: World, page: Any):
    assert told(await send_form(world, world.boss, "mb:setup:open", {"text": LONG})).startswith(OUTDATED)
    assert told(await press(world, world.boss, "mb:setup:form", page)) == OUTDATED


ELSEWHERE, THERE = 4242, 777
"""A server in which nobody of this one is, and the id of everything there."""


def build_elsewhere(world: World) -> sqlite3.Connection:
    """One thing of each kind in another server, behind the back of the bot."""
    file = sqlite3.connect(world.settings.database_url.removeprefix("sqlite+aiosqlite:///"))
    for kind in set(Thing) - {Thing.CHANNEL}:
        needed = [
            column.name
            for column in metadata.tables[kind].columns
            if not column.nullable and column.server_default is None and column.name not in ("id", "guild_id")
        ]
        marks = ", ".join("?" * (len(needed) + 2))
        file.execute(
            f"INSERT INTO {kind} ({', '.join(map(repr, ['id', 'guild_id', *needed]))}) VALUES ({marks})",
            [THERE, ELSEWHERE, *[THERE] * len(needed)],
        )
    file.commit()
    return file


def dump(file: sqlite3.Connection) -> dict[str, list[Any]]:
    return {
        kind: file.execute(f"SELECT * FROM {kind} WHERE guild_id = ?", [ELSEWHERE]).fetchall()
        for kind in set(Thing) - {Thing.CHANNEL}
    }


async def test_nothing_of_another_server_is_shown_or_touched(world: World, page: Any):
    with contextlib.closing(build_elsewhere(world)) as file:
        before = dump(file)
        for beginning, expected in world.bot.router.expected.items():
            for at, word in enumerate(expected):
                if word.kind is None:
                    continue
                words = [str(THERE) if at == other else fitting(word) for other, word in enumerate(expected)]
                custom_id = ":".join([beginning, *words])
                if beginning in world.bot.router.forms:
                    result = await send_form(
                        world, world.boss, custom_id, {"text": LONG, "day": "mon", "hour": "9"}
                    )
                else:
                    result = await press(world, world.boss, custom_id, page)
                assert OUTDATED in told(result), custom_id
        picked = 0
        for command in commands(world):
            for parameter in command.parameters:
                if parameter.type not in PICKED:
                    continue
                values = {p.name: typed(p) for p in command.parameters if p.required} | {
                    parameter.display_name: (parameter.type.value, str(THERE))
                }
                result = await run(world, world.boss, command.qualified_name, RESOLVED, **values)
                assert told(result).startswith((OUTDATED, "I can't see")), command.qualified_name
                picked += 1
        assert picked > 10 and dump(file) == before


async def test_a_press_changes_no_message_that_others_read(world: World, page: Any):
    """Any custom_id can be sent from any message of the bot's, and works at most as on its own."""
    card = world.card()
    await world.anna.slash(world.channel, "quiz live")
    await world.boss.slash(world.channel, "team create", name="Red")
    await world.anna.slash(world.channel, "quiz solo")
    private = 0
    for beginning, expected in world.bot.router.expected.items():
        custom_id = ":".join([beginning, *map(fitting, expected)])
        if beginning not in world.bot.router.forms and not beginning.startswith("mb:drill:answer"):
            result = await press(world, world.anna, custom_id, card)
            private += bool(told(result))
        now = world.env.backend.get_message(card.channel.id, card.id)
        after = message_payload(world, now)["components"]
        assert [*custom_ids(card.components)] == [*named(after)], f"{custom_id} changed the card"
    assert private > 30


def named(components: list[dict[str, Any]]) -> list[str]:
    """The custom_ids in a message as Discord sends it, in order."""
    found: list[str] = []
    for component in components:
        found += [component["custom_id"]] if "custom_id" in component else named(component.get("components", []))
    return found
