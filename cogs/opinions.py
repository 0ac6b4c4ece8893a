"""A model's opinion on a member's own answer, for nobody but them, and whether they want it."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.hints import HintReader
from bot.domain.opinions import Consent
from bot.services.hints import HintService
from bot.services.opinions import OpinionService
from bot.ui.hints import own_answer_page
from bot.ui.kit import options
from bot.ui.kit.custom_ids import DRILL, maybe
from bot.ui.kit.layouts import Page
from bot.ui.kit.responses import edit
from bot.ui.kit.router import handles
from bot.ui.opinions import ASKING, NONE, agreed_page, consent_page, refused_text
from bot.workers.opinions import OpinionAsker
from cogs.hints import read


@dataclass(eq=False, repr=False)
class OpinionsCog(commands.Cog):
    """Asks members before their first answer leaves, then a model."""

    _clock: Clock
    _banks: Banks
    _hints: HintService
    _reader: HintReader
    _opinions: OpinionService
    _asker: OpinionAsker

    @handles("opinion", "ask", DRILL)
    async def ask(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Ask a model” under a member's own answer; its answer is shown first as the hint reads it."""
        guild_id, _ = options.where(interaction)
        drill_id, member_id, terms = int(words[0]), interaction.user.id, self._opinions.terms
        found = await self._hints.to_drill(guild_id, drill_id, member_id)
        own, question, hint = read(self._banks, self._reader, found)
        if own.consent is None or own.answer is None or hint is None or hint.copied or terms is None:
            raise Refusal("opinions.not_here")
        if own.consent is not Consent.GIVEN:
            await edit(interaction, consent_page(terms, drill_id))
            return
        await edit(interaction, own_answer_page(own, question, hint, note=ASKING))
        opinion = await self._asker.ask(guild_id, member_id, question, own.answer.text)
        said = None if opinion is None else (terms.model, opinion)
        await edit(interaction, own_answer_page(own, question, hint, said, NONE if said is None else ""))

    @handles("opinion", "agree", maybe(DRILL))
    async def agree(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button that lets a model read answers; the one at hand goes at once."""
        await self._decide(interaction, agreed=True)
        if words:
            await self.ask(interaction, words)
        else:
            await edit(interaction, agreed_page())

    @handles("opinion", "refuse", maybe(DRILL))
    async def refuse(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button that keeps answers here."""
        await self._decide(interaction, agreed=False)
        await edit(interaction, Page(refused_text()))

    async def _decide(self, interaction: discord.Interaction, *, agreed: bool) -> None:
        if self._opinions.terms is None:
            raise Refusal("commands.outdated")
        guild_id, _ = options.where(interaction)
        await self._opinions.decide(guild_id, interaction.user.id, agreed=agreed, at=self._clock())
