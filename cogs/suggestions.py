"""Deciding what members suggest, and telling them what became of it."""

from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank_drafts import Purpose
from bot.domain.servers import Thing
from bot.services.suggestions import SuggestionService
from bot.ui import suggestions as ui
from bot.ui.bank_drafts import question_form
from bot.ui.kit import options
from bot.ui.kit.custom_ids import ANY_ID, an
from bot.ui.kit.forms import fields
from bot.ui.kit.languages import speaking_to_server
from bot.ui.kit.members import actor
from bot.ui.kit.responses import open_form, reply, say
from bot.ui.kit.router import handles, require_manager

log = structlog.get_logger()


@dataclass(eq=False, repr=False)
class SuggestionsCog(commands.Cog):
    """The queue's buttons. Authors are told by direct message, else below the next private answer that they get."""

    _clock: Clock
    _client: discord.Client
    _suggestions: SuggestionService

    @handles("suggest", "list", ANY_ID)
    async def turn(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button that opens the queue, and Next."""
        require_manager(interaction)
        await self._show(interaction, int(words[0]))

    async def _show(self, interaction: discord.Interaction, wanted: int) -> None:
        for page in ui.review_pages(await self._suggestions.look(options.where(interaction)[0], wanted)):
            await reply(interaction, page)

    @handles("suggest", "accept", an(Thing.SUGGESTION))
    async def accept(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Accept: it becomes a question of the server's own."""
        require_manager(interaction)
        decided, question = await self._suggestions.accept(actor(interaction, self._clock), int(words[0]))
        await say(interaction, ui.accepted_text(question))
        await self._show(interaction, int(words[0]))
        await self.tell(options.where(interaction)[0], decided.member_id)

    @handles("suggest", "edit", an(Thing.SUGGESTION))
    async def edit(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Edit and accept: the form with the suggestion; saving it decides."""
        require_manager(interaction)
        draft = await self._suggestions.edit(actor(interaction, self._clock), int(words[0]))
        await open_form(interaction, question_form(Purpose.ADD, f"mb:bank:draft:{draft.id}", draft.fields))

    @handles("suggest", "decline", an(Thing.SUGGESTION))
    async def open_decline(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Decline: asks for the reason."""
        require_manager(interaction)
        await self._suggestions.still_open(options.where(interaction)[0], int(words[0]))
        await open_form(interaction, ui.decline_form(int(words[0])))

    @handles("suggest", "declined", an(Thing.SUGGESTION), sent=True)
    async def decline(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The form with the reason."""
        require_manager(interaction)
        reason = fields(interaction)["reason"]
        decided = await self._suggestions.decline(actor(interaction, self._clock), int(words[0]), reason)
        await self._show(interaction, int(words[0]))
        await self.tell(options.where(interaction)[0], decided.member_id)

    async def tell(self, guild_id: int, member_id: int) -> None:
        """Tells an author by direct message; where Discord refuses one, their next private answer says it."""
        decided = await self._suggestions.untold(guild_id, member_id)
        guild = self._client.get_guild(guild_id)
        if not decided or guild is None:
            return
        try:
            place = await self._client.create_dm(discord.Object(member_id))
            with speaking_to_server(self._client, guild_id):
                page = ui.told_page(guild.name, decided)
            await place.send(view=page)
        except discord.HTTPException as error:
            log.info("suggestion.not_told", code=error.code)
            return
        await self._suggestions.mark_told(guild_id, member_id, decided)

    async def tell_all(self, guild_id: int) -> None:
        """Tells every author of a server who does not know yet."""
        for member_id in await self._suggestions.authors_to_tell(guild_id):
            await self.tell(guild_id, member_id)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: discord.Interaction, _: app_commands.Command[Any, ..., Any]
    ) -> None:
        """Below a command's private answer: what became of one's suggestions, where no direct message said it."""
        if interaction.guild is None:
            return
        guild_id, member_id = interaction.guild.id, interaction.user.id
        decided = await self._suggestions.untold(guild_id, member_id)
        if decided:
            await reply(interaction, ui.told_page(interaction.guild.name, decided))
            await self._suggestions.mark_told(guild_id, member_id, decided)
