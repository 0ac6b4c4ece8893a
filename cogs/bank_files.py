"""`/bank import` and `/bank export`: questions come as a file and go as one."""

import asyncio
import io
from dataclasses import dataclass
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank_limits import MOST_BYTES
from bot.domain.errors import Refusal
from bot.services.bank import BankService, parse_pack
from bot.services.bank_export import export_file, keep_back, pack_to_export
from bot.services.bank_uploads import BankUploadService
from bot.services.spoilers import SpoilerService
from bot.ui.bank_uploads import export_page, preview_page
from bot.ui.kit import options
from bot.ui.kit.members import actor
from bot.ui.kit.responses import reply, think

DOWNLOAD_SECONDS = 30


@dataclass(eq=False, repr=False)
class BankFiles(commands.Cog):
    """The part of `/bank` that reads and writes files."""

    _clock: Clock
    _bank: BankService
    _uploads: BankUploadService
    _spoilers: SpoilerService

    @app_commands.command(name="import", description="Import a file of questions; you see what's in it first")
    @app_commands.describe(
        file="A list as .md, .csv, .json or .yaml, 5 MB at most",
        pack="A name for a pack of its own, like sql; ours if left out",
    )
    async def bring(
        self, interaction: discord.Interaction, file: discord.Attachment, pack: str | None = None
    ) -> None:
        """Reads a file and shows what it would add."""
        chosen = parse_pack(self._bank.of(options.where(interaction)[0]), pack)
        if file.size > MOST_BYTES:
            raise Refusal("bank.file_large", size=file.size)
        await think(interaction)
        data = io.BytesIO()
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                await file.save(data)
        except Exception as error:
            # Discord, the network or the time: the person can do the same about all of them.
            raise Refusal("bank.file_lost") from error
        found = await self._uploads.read_in(actor(interaction, self._clock), chosen, file.filename, data.getvalue())
        await reply(interaction, preview_page(found))

    @app_commands.command(description="Get a pack as a file that you can edit and bring back")
    @app_commands.describe(
        pack="Your own questions if left out", format="yaml and json keep everything; yaml if left out"
    )
    async def export(
        self,
        interaction: discord.Interaction,
        pack: str | None = None,
        format: Literal["yaml", "json", "csv", "md"] = "yaml",
    ) -> None:
        """Gives the manager a pack as a private file."""
        guild_id, _ = options.where(interaction)
        chosen = pack_to_export(self._bank.of(guild_id), pack)
        await think(interaction)
        chosen, kept_back = keep_back(chosen, await self._spoilers.hidden(guild_id))
        data = await asyncio.to_thread(export_file, chosen, format, interaction.filesize_limit)
        name = f"{chosen.id}.{format}"
        await reply(interaction, export_page(chosen, name, kept_back), [discord.File(io.BytesIO(data), name)])

    @bring.autocomplete("pack")
    async def _own_packs(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The server's own packs; another name makes a new one."""
        return options.own_pack_choices(self._bank.of(options.where(interaction)[0]), typed)

    @export.autocomplete("pack")
    async def _packs(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Packs that can be exported."""
        return options.pack_choices(self._bank.of(options.where(interaction)[0]).packs, typed)
