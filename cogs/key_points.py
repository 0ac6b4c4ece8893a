"""Ticking the key points that an answer had; the buttons work on reveals of any age."""

from dataclasses import dataclass
from datetime import date

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks, Question
from bot.domain.errors import Refusal
from bot.domain.hints import HintReader
from bot.services.key_points import KeyPointForm, KeyPointService
from bot.ui.key_points import tick_form, ticked_page, ticked_points
from bot.ui.kit.custom_ids import CHANNEL, DAY, TEXT
from bot.ui.kit.responses import open_form, reply
from bot.ui.kit.router import handles


@dataclass(eq=False, repr=False)
class KeyPointsCog(commands.Cog):
    """Takes what members say their answers had."""

    _clock: Clock
    _banks: Banks
    _key_points: KeyPointService
    _reader: HintReader

    async def _form(self, interaction: discord.Interaction, words: list[str]) -> tuple[KeyPointForm, Question]:
        """The drill that a reveal's button names; raises Refusal for those who did not answer it."""
        form = await self._key_points.form(
            interaction.channel_id or 0,
            int(words[0]),
            date.fromisoformat(words[1]),
            words[2],
            interaction.user.id,
        )
        question = form and self._banks.of(form.drill.guild_id).asked(words[2], form.drill.claimed_at)
        if form is None or question is None:
            raise Refusal("key_points.question_gone")
        if form.answer is None or not form.answer.counted:
            raise Refusal("key_points.not_answered")
        if not question.key_points:
            raise Refusal("key_points.none")
        return form, question

    @handles("tick", "open", CHANNEL, DAY, TEXT)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Tick your key points” of a reveal of any age."""
        form, question = await self._form(interaction, words)
        ticked, guessed = form.ticked, False
        if ticked is None and form.answer and form.answer.hints:
            ticked = self._reader.of(question, form.answer.text).mentioned
            guessed = bool(ticked)
        await open_form(interaction, tick_form(question, ":".join(words), ticked or [], guessed=guessed))

    @handles("tick", "form", CHANNEL, DAY, TEXT, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted form."""
        form, question = await self._form(interaction, words)
        lacking = await self._key_points.store(
            form.drill, interaction.user.id, question, ticked_points(interaction), self._clock()
        )
        await reply(interaction, ticked_page(question, lacking))
