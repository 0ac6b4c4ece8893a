"""The yardstick: a discord.py bot with Mockingbird's intents that answers each press and stores nothing."""

import asyncio
import os
from typing import Any

import discord
import discord.gateway
import discord.http
import yarl


class Form(discord.ui.Modal, title="Answer"):
    """A form with one field."""

    text: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Your answer", custom_id="text")


class Bare(discord.AutoShardedClient):
    """Opens a form for every button, and thanks for every form."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answers at once."""
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_modal(Form(custom_id="form"))
        else:
            await interaction.response.send_message("Thanks!", ephemeral=True)


async def main() -> None:
    """Runs it against the API that MOCKINGBIRD_API_BASE names."""
    discord.http.Route.BASE = os.environ["MOCKINGBIRD_API_BASE"]
    intents = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, message_content=True)
    async with Bare(intents=intents) as client:
        await client.login("a.test.token")
        _, gateway, *_ = await client.http.get_bot_gateway()
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        await client.connect()


if __name__ == "__main__":
    asyncio.run(main())
