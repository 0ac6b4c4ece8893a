"""`/bank`: a server's own questions."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.bank_drafts import Purpose, QuestionFields, fields_of
from bot.services.bank import parse_pack
from bot.services.search import one_aside, search_aside
from bot.services.suggestions import SuggestionService
from bot.ui import bank_drafts as ui
from bot.ui.bank_results import each_page, results_page
from bot.ui.kit import options
from bot.ui.kit.custom_ids import NUMBER, TEXT
from bot.ui.kit.members import actor
from bot.ui.kit.responses import edit, open_form, reply, say
from bot.ui.kit.router import handles, require_manager
from bot.ui.suggestions import review_pages
from cogs.bank_files import BankFiles


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@dataclass(eq=False, repr=False)
class BankDeskCog(BankFiles, commands.GroupCog, name="bank", description="Your server's own questions"):
    """Writes, edits and retires a server's own questions. Discord guards the commands; buttons are checked here."""

    _suggestions: SuggestionService

    @app_commands.command(description="Write a question of your own")
    @app_commands.describe(pack="A name for a pack of its own, like sql; ours if left out")
    async def add(self, interaction: discord.Interaction, pack: str | None = None) -> None:
        """Opens the form of a new question."""
        guild_id, _ = options.where(interaction)
        await self._open_new(interaction, parse_pack(self._bank.of(guild_id), pack))

    @handles("bank", "more", TEXT)
    async def add_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The buttons that add another one."""
        require_manager(interaction)
        await self._open_new(interaction, parse_pack(self._bank.of(options.where(interaction)[0]), words[0]))

    async def _open_new(self, interaction: discord.Interaction, pack: str) -> None:
        await open_form(interaction, ui.question_form(Purpose.ADD, f"mb:bank:new:{pack}", QuestionFields()))

    @app_commands.command(description="Change one of your own questions; what was already asked keeps its wording")
    @app_commands.describe(question="Its id or words")
    async def edit(self, interaction: discord.Interaction, question: str) -> None:
        """Opens the form with what the question says now."""
        guild_id, _ = options.where(interaction)
        found = await one_aside(self._bank.of(guild_id), question)
        known = self._bank.own(guild_id, found.id)
        await open_form(interaction, ui.question_form(Purpose.EDIT, f"mb:bank:change:{known.id}", fields_of(known)))

    @app_commands.command(description="Stop asking one of your own questions; its history stays")
    @app_commands.describe(question="Its id or words")
    async def retire(self, interaction: discord.Interaction, question: str) -> None:
        """Asks before it retires a question."""
        guild_id, _ = options.where(interaction)
        found = await one_aside(self._bank.of(guild_id), question)
        known = self._bank.own(guild_id, found.id)
        await reply(interaction, ui.retire_page(known))

    @handles("bank", "retire", TEXT)
    async def retire_button(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The confirmation of `/bank retire`."""
        require_manager(interaction)
        await say(interaction, ui.retired_text(await self._bank.retire(actor(interaction, self._clock), words[0])))

    @add.autocomplete("pack")
    async def _packs_to_fill(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return options.own_pack_choices(self._bank.of(options.where(interaction)[0]), typed)

    @edit.autocomplete("question")
    @retire.autocomplete("question")
    async def _questions(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        own = self._bank.of(options.where(interaction)[0]).own
        return options.question_choices(await search_aside(own, typed, options.CHOICES))

    @app_commands.command(description="See what's in your packs, what's missing, and how it did")
    async def packs(self, interaction: discord.Interaction) -> None:
        """Shows counts and what lacks content."""
        await self._show_packs(interaction)

    @handles("bank", "packs")
    async def packs_button(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The button See the packs."""
        require_manager(interaction)
        await self._show_packs(interaction)

    async def _show_packs(self, interaction: discord.Interaction) -> None:
        guild_id, _ = options.where(interaction)
        await reply(interaction, ui.packs_page(self._bank.of(guild_id), await self._suggestions.count(guild_id)))

    @handles("bank", "results")
    async def results(self, interaction: discord.Interaction, _: list[str]) -> None:
        """The button Results."""
        require_manager(interaction)
        guild_id = options.where(interaction)[0]
        await reply(
            interaction,
            results_page(self._bank.of(guild_id), await self._bank.results(guild_id, interaction.user.id)),
        )

    @handles("bank", "each", NUMBER)
    async def each(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button Question by question, Back and Next."""
        require_manager(interaction)
        guild_id = options.where(interaction)[0]
        results = await self._bank.results(guild_id, interaction.user.id)
        await edit(interaction, each_page(self._bank.of(guild_id), results, int(words[0])))

    @app_commands.command(description="Decide on what members suggested")
    async def review(self, interaction: discord.Interaction) -> None:
        """Shows the oldest suggestion that waits."""
        for page in review_pages(await self._suggestions.look(options.where(interaction)[0], 0)):
            await reply(interaction, page)
