"""`/answer` and the card's buttons."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.answers import AnswerStatus
from bot.domain.bank import Question
from bot.domain.drills import Drill
from bot.domain.errors import BadInput
from bot.services.answers import AnswerForm, Collected
from bot.ui.answers import answer_form, receipt
from bot.ui.drills import hint_page, model_page
from bot.ui.kit import options
from bot.ui.kit.forms import fields
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.router import reply, say

if TYPE_CHECKING:
    from bot.app import PracticeBot

FORGOTTEN = "I do not know this question any more. `/daily status` shows the one that is open now."

KEPT = "Your text, so that it is not lost:\n"


class AnswersCog(commands.Cog):
    """Takes answers by form; the collector takes those by message."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        bot.router.on("drill", "answer", self.open_form)
        bot.router.on("drill", "form", self.take_form)
        bot.router.on("drill", "hint", self.hint)
        bot.router.on("drill", "model", self.model)

    @app_commands.command(description="Answer the open question in a form")
    @app_commands.guild_only()
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def answer(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Opens the form of the newest question."""
        track = await self.bot.tracks.find(*options.where(interaction, channel), named=channel is not None)
        opening = await self.bot.answers.open_newest(track.id, interaction.user.id, self.bot.clock())
        if opening is None:
            raise BadInput(f"No question has been posted in <#{track.channel_id}> yet.")
        await self._open(interaction, opening)

    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Answer button of a card of any age."""
        drill = await self._drill_of(interaction, words)
        await self._open(
            interaction, await self.bot.answers.open_form(drill, interaction.user.id, self.bot.clock())
        )

    def _question(self, drill: Drill) -> Question:
        question = self.bot.bank.find(drill.question_id or "")
        if question is None:
            raise BadInput("This question was taken out of the bank.")
        return question

    async def _open(self, interaction: discord.Interaction, opening: AnswerForm) -> None:
        question = self._question(opening.drill)
        if opening.open:
            await interaction.response.send_modal(answer_form(opening.drill.id, question, opening.earlier))
        else:
            await self._over(interaction, question, opening.status)

    async def _over(
        self, interaction: discord.Interaction, question: Question, status: AnswerStatus | None, kept: str = ""
    ) -> None:
        if status in (AnswerStatus.ON_TIME, AnswerStatus.LATE):
            when = "on time" if status is AnswerStatus.ON_TIME else "late"
            stays = f"Question {question.number} is closed, and you answered it {when}. It stays as it is."
            await say(interaction, stays, *([KEPT + kept] if kept else []))
            return
        topic = self.bot.bank.topic_number(question.topic)
        page = Page(
            f"Question {question.number} is over: it took answers until 7 days after it closed.",
            f"A quiz on its topic, {question.topic}, keeps you in practice.",
            *([KEPT + kept] if kept else []),
            buttons=[Button("Start a quiz", f"mb:quiz:again:{topic}:5:any", main=True)],
        )
        await interaction.response.send_message(view=page, ephemeral=True)

    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted form; stored first, then told, so that a slow answer loses nothing."""
        text = fields(interaction)["text"]
        stored = await self.bot.answers.submit(
            int(words[0]), interaction.user.id, interaction.user.display_name, text, interaction.created_at
        )
        if stored is None:
            drill = await self.bot.drills.get(int(words[0]))
            if drill is None:
                raise BadInput(FORGOTTEN)
            opening = await self.bot.answers.open_form(drill, interaction.user.id, self.bot.clock())
            await self._over(interaction, self._question(drill), opening.status, kept=text)
            return
        await say(interaction, *await self._receipt(stored))
        await self.bot.presenter.show(stored.drill.id, stored.answer.id)

    async def _receipt(self, stored: Collected) -> list[str]:
        drill, member_id = stored.drill, stored.answer.member_id
        view = await self.bot.streaks.view(
            drill.guild_id, drill.track_id, member_id, self.bot.clock(), telling=True
        )
        reached = await self.bot.milestones.reached_with(drill.id, member_id) if stored.credited else []
        least = f"{self.bot.answers.min_words} words or {self.bot.answers.min_chars} characters"
        return receipt(stored, view, reached, least)

    async def _drill_of(self, interaction: discord.Interaction, words: list[str]) -> Drill:
        """The drill of a card: the one that its message is, else the newest with the key that its buttons carry."""
        message_id = interaction.message.id if interaction.message else 0
        drill = await self.bot.drills.of_card(message_id, int(words[0]), date.fromisoformat(words[1]), words[2])
        if drill is None:
            raise BadInput(FORGOTTEN)
        return drill

    async def hint(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Hint button."""
        question = self._question(await self._drill_of(interaction, words))
        if not question.key_points:
            raise BadInput("There is no hint for this question yet.")
        await interaction.response.send_message(view=hint_page(question), ephemeral=True)

    async def model(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Model answer button of a closed card."""
        drill = await self._drill_of(interaction, words)
        if drill.closed_at is None:
            raise BadInput("The model answer comes when the question closes.")
        for page in model_page(self._question(drill)):
            await reply(interaction, page)


async def setup(bot: PracticeBot) -> None:
    """Adds the commands."""
    await bot.add_cog(AnswersCog(bot))
