"""What the bot itself has written comes back from Discord, and nothing of it is handled; all else is."""

from typing import Any

import discord

from bot.storage.schema import sent_messages
from tests.discord.conftest import LONG, World


async def test_only_what_others_write_reaches_the_listeners(world: World):
    heard: list[tuple[int, discord.MessageType]] = []

    async def hear(message: discord.Message) -> None:
        heard.append((message.author.id, message.type))

    await world.set_up(time="09:00")
    world.bot.add_listener(hear, "on_message")
    await world.post()
    form: Any = await world.anna.click(world.card(), label="Answer")
    await world.anna.submit_modal(form, {"text": LONG})
    await world.ben.send(world.thread(), LONG)
    await world.env.settle()
    assert await world.rows(sent_messages)  # the answer's copy in the thread
    assert [author for author, kind in heard if kind is discord.MessageType.default] == [world.ben.id]
