"""The slash commands of the bot: who uses them is observed first, and what goes wrong is told in one place."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import discord
import structlog
from discord import app_commands

from bot.services.members import observe
from bot.storage import installation
from bot.storage.database import Database
from bot.ui.kit.catalog import language_of, speak
from bot.ui.kit.commands import localize
from bot.ui.kit.custom_ids import check_server
from bot.ui.kit.members import actor_of
from bot.ui.kit.responses import HEARD, defer_when_late
from bot.ui.presenter import present

if TYPE_CHECKING:
    from bot.app import PracticeBot


SYNCED = "registered commands"

log = structlog.get_logger()


class PracticeTree(app_commands.CommandTree["PracticeBot"]):
    """All commands of a PracticeBot."""

    async def interaction_check(self, interaction: discord.Interaction[PracticeBot], /) -> bool:
        """Observes who uses a command before it runs; keeps out only what names another server."""
        speak(language_of(interaction.locale))
        if interaction.type is not discord.InteractionType.autocomplete:
            try:
                named = check_server(interaction, ())
            except Exception as error:
                await present(interaction, error)
                return False
            observation = observe(actor_of(interaction.user, interaction.created_at), named)
            interaction.extras["observation"] = observation
            name = interaction.command.qualified_name if interaction.command is not None else "other"
            interaction.extras[HEARD] = self.client.metrics.interaction(name)
            defer_when_late(interaction, self.client.router.patience)
        return True

    async def on_error(
        self, interaction: discord.Interaction[PracticeBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Tells the person what went wrong."""
        await present(interaction, error)


async def sync_changes(tree: app_commands.CommandTree[PracticeBot], database: Database) -> dict[str, int]:
    """Registers the commands with Discord when they or their translations differ from what was registered last.

    Returns:
        Their ids by name: with them they can be mentioned.
    """
    app_id, payload = tree.client.application_id, [command.to_dict(tree) for command in tree.get_commands()]
    assert app_id is not None
    for command in payload:
        localize(command)
    text = json.dumps([app_id, payload], sort_keys=True)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    known = json.loads(await database.read(lambda conn: installation.recall(conn, SYNCED)) or "{}")
    if known.get("as") == fingerprint:
        return known["ids"]
    registered = await tree.client.http.bulk_upsert_global_commands(app_id, payload=payload)
    ids = {command["name"]: int(command["id"]) for command in registered}
    synced = json.dumps({"as": fingerprint, "ids": ids})
    await database.write(lambda conn: installation.remember(conn, SYNCED, synced))
    log.info("commands.synced", count=len(payload))
    return ids
