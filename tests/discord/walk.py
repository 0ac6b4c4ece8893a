"""Presses, forms and commands as a client of one's own may send them: any custom_id, any id, any text."""

from collections.abc import Iterator, Mapping
from typing import Any

import discord
from simcord.backend import serializers

from tests.discord.conftest import World, said


async def press(world: World, member: Any, custom_id: str, message: Any) -> Any:
    """Presses a button that a message need not have."""
    payload = world.env.backend.get_message(message.channel.id, message.id)
    extra = {"message": message_payload(world, payload)}
    data = {"custom_id": custom_id, "component_type": 2}
    return await member._dispatch_interaction(
        3, channel_of(world, message), data, extra=extra, source_message_id=message.id
    )


def message_payload(world: World, stored: Any) -> dict[str, Any]:
    """A message as Discord puts it beside a press."""
    return dict(serializers.message_payload(world.env.backend, stored))


def channel_of(world: World, message: Any) -> Any:
    """Where a message stands."""
    return next(place for place in (world.channel, *world.channel.threads) if place.id == message.channel.id)


async def send_form(world: World, member: Any, custom_id: str, texts: Mapping[str, str]) -> Any:
    """Sends a form that nobody opened."""
    rows = [
        {"type": 18, "component": {"type": 4, "custom_id": name, "value": text}} for name, text in texts.items()
    ]
    return await member._dispatch_interaction(5, world.channel, {"custom_id": custom_id, "components": rows})


async def run(
    world: World, member: Any, name: str, resolved: Mapping[str, Any], /, **options: tuple[int, Any]
) -> Any:
    """Runs a command with options as (type, value) that no client would offer."""
    root, *path = name.split()
    nested: list[dict[str, Any]] = [
        {"name": option, "type": kind, "value": value} for option, (kind, value) in options.items()
    ]
    for step in reversed(path):
        nested = [{"name": step, "type": 1, "options": nested}]
    known = world.env.backend.find_command(root, world.guild.id, type=1)
    data = {"id": known["id"], "name": root, "type": 1, "options": nested, "resolved": dict(resolved)}
    return await member._dispatch_interaction(2, world.channel, data)


def commands(world: World) -> Iterator[discord.app_commands.Command[Any, ..., Any]]:
    """Every registered command."""
    for command in world.bot.tree.walk_commands():
        if isinstance(command, discord.app_commands.Command):
            yield command


def told(result: Any) -> str:
    """What a person reads of an interaction, its form included."""
    return said(result) + str(result.modal or "")
