"""The Report button of reveals, questions and quiz explanations, and the managers' list of reports."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Bank, Banks
from bot.domain.errors import Refusal
from bot.domain.servers import Thing
from bot.services.mistakes import MistakeService, NewReport
from bot.ui.kit import options
from bot.ui.kit.custom_ids import ANY_ID, TEXT, an
from bot.ui.kit.forms import fields
from bot.ui.kit.responses import edit, open_form, say
from bot.ui.kit.router import handles, require_manager
from bot.ui.mistakes import report_form, reports_page, thanks_text


@dataclass(eq=False, repr=False)
class MistakesCog(commands.Cog):
    """Takes reports from anybody, and shows them to managers."""

    _clock: Clock
    _banks: Banks
    _mistakes: MistakeService

    def _target(self, bank: Bank, target_id: str) -> tuple[str, str | None]:
        """(question id, item id or None) of what a button names; raises Refusal when it left the bank."""
        if (question := bank.find(target_id)) is not None:
            return question.id, None
        if (found := bank.item(target_id)) is not None:
            return found[1].id, target_id
        raise Refusal("mistakes.left_bank")

    @handles("report", "open", TEXT)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Report button."""
        guild_id, _ = options.where(interaction)
        earlier = await self._mistakes.earlier(
            guild_id, interaction.user.id, *self._target(options.bank(interaction, self._banks), words[0])
        )
        await open_form(interaction, report_form(words[0], earlier))

    @handles("report", "form", TEXT, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted report."""
        guild_id, _ = options.where(interaction)
        question_id, item_id = self._target(options.bank(interaction, self._banks), words[0])
        text = fields(interaction)["text"].strip()
        if not text:
            raise Refusal("mistakes.empty")
        user = interaction.user
        await self._mistakes.report(
            NewReport(guild_id, user.id, user.display_name, question_id, item_id, text, interaction.created_at)
        )
        await say(interaction, thanks_text())

    @handles("report", "list", ANY_ID)
    async def show_reports(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Reports button of `/daily status`, and Next."""
        require_manager(interaction)
        await self._show(interaction, int(words[0]))

    async def _show(self, interaction: discord.Interaction, report_id: int) -> None:
        guild_id, _ = options.where(interaction)
        page = reports_page(
            await self._mistakes.open_reports(guild_id), options.bank(interaction, self._banks), report_id
        )
        await edit(interaction, page)

    @handles("report", "settle", an(Thing.REPORT))
    async def resolve(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Resolves a report and shows the next one."""
        require_manager(interaction)
        guild_id, _ = options.where(interaction)
        await self._mistakes.resolve(guild_id, int(words[0]), self._clock())
        await self._show(interaction, int(words[0]))
