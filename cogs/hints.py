"""What a member's own answer mentions, for nobody but them: behind the card and under the receipt."""

from dataclasses import dataclass
from datetime import date

import discord
from discord.ext import commands

from bot.domain.bank import Banks, Question
from bot.domain.errors import Refusal
from bot.domain.hints import Hint, HintReader
from bot.services.answers import CardKey
from bot.services.hints import HintService, OwnAnswer
from bot.ui.hints import own_answer_page
from bot.ui.kit import options
from bot.ui.kit.custom_ids import CHANNEL, DAY, DRILL, TEXT
from bot.ui.kit.responses import reply
from bot.ui.kit.router import handles


def read(banks: Banks, reader: HintReader, own: OwnAnswer | None) -> tuple[OwnAnswer, Question, Hint | None]:
    """A member's answer, its question, and what it mentions, where that may be told.

    Raises:
        Refusal: the drill or its question is gone.
    """
    if own is None:
        raise Refusal("answers.forgotten")
    question = banks.of(own.drill.guild_id).asked(own.drill.question_id, own.drill.claimed_at)
    if question is None:
        raise Refusal("answers.question_removed")
    answer = own.answer
    wanted = answer is not None and answer.hints and question.key_points
    return own, question, reader.of(question, answer.text) if answer and wanted else None


@dataclass(eq=False, repr=False)
class HintsCog(commands.Cog):
    """Shows members their answers, with hints where the track gives them."""

    _banks: Banks
    _hints: HintService
    _reader: HintReader

    @handles("hint", "mine", CHANNEL, DAY, TEXT)
    async def of_card(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The My answer button of a card."""
        message_id = interaction.message.id if interaction.message else 0
        card = CardKey(message_id, int(words[0]), date.fromisoformat(words[1]), words[2])
        guild_id, _ = options.where(interaction)
        await self._show(interaction, await self._hints.to_card(guild_id, card, interaction.user.id))

    @handles("hint", "drill", DRILL)
    async def of_drill(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button under a receipt."""
        guild_id, _ = options.where(interaction)
        await self._show(interaction, await self._hints.to_drill(guild_id, int(words[0]), interaction.user.id))

    async def _show(self, interaction: discord.Interaction, own: OwnAnswer | None) -> None:
        await reply(interaction, own_answer_page(*read(self._banks, self._reader, own)))
