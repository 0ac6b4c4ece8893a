"""`/answer` and the card's buttons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.answers import AnswerStatus
from bot.domain.bank import Bank, Question
from bot.domain.drills import Drill
from bot.domain.errors import BadInput
from bot.services.answers import AnswerForm, AnswerService, Collected
from bot.services.drills import DrillService
from bot.services.milestones import MilestoneService
from bot.services.streaks import StreakService
from bot.services.tracks import TrackService
from bot.ui.answers import KEPT, answer_form, over_lines, over_page, receipt
from bot.ui.drills import hint_page, model_page
from bot.ui.kit import options
from bot.ui.kit.forms import fields
from bot.ui.kit.router import Router, reply, say
from bot.workers.answer_marks import AnswerPresenter

if TYPE_CHECKING:
    from bot.app import PracticeBot

FORGOTTEN = "I do not know this question any more. `/daily status` shows the one that is open now."


@dataclass(eq=False, repr=False)
class AnswersCog(commands.Cog):
    """Takes answers by form; the collector takes those by message."""

    _router: Router
    _clock: Clock
    _bank: Bank
    _tracks: TrackService
    _answers: AnswerService
    _drills: DrillService
    _streaks: StreakService
    _milestones: MilestoneService
    _presenter: AnswerPresenter

    def __post_init__(self) -> None:
        self._router.on("drill", "answer", self.open_form)
        self._router.on("drill", "form", self.take_form)
        self._router.on("drill", "hint", self.hint)
        self._router.on("drill", "model", self.model)

    @app_commands.command(description="Answer the open question in a form")
    @app_commands.guild_only()
    @app_commands.describe(channel="A practice channel; this one if left out")
    async def answer(self, interaction: discord.Interaction, channel: options.Channel | None = None) -> None:
        """Opens the form of the newest question."""
        track = await self._tracks.find(*options.where(interaction, channel), named=channel is not None)
        opening = await self._answers.open_newest(track.id, interaction.user.id, self._clock())
        if opening is None:
            raise BadInput(f"No question has been posted in <#{track.channel_id}> yet.")
        await self._open(interaction, opening)

    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Answer button of a card of any age."""
        drill = await self._drill_of(interaction, words)
        await self._open(interaction, await self._answers.open_form(drill, interaction.user.id, self._clock()))

    def _question(self, drill: Drill) -> Question:
        question = self._bank.find(drill.question_id or "")
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
            await say(interaction, *over_lines(question, status), *([KEPT + kept] if kept else []))
            return
        page = over_page(question, self._bank.topic_number(question.topic), kept)
        await interaction.response.send_message(view=page, ephemeral=True)

    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted form; stored first, then told, so that a slow answer loses nothing."""
        text = fields(interaction)["text"]
        stored = await self._answers.submit(
            int(words[0]), interaction.user.id, interaction.user.display_name, text, interaction.created_at
        )
        if stored is None:
            drill = await self._drills.get(int(words[0]))
            if drill is None:
                raise BadInput(FORGOTTEN)
            opening = await self._answers.open_form(drill, interaction.user.id, self._clock())
            await self._over(interaction, self._question(drill), opening.status, kept=text)
            return
        await say(interaction, *await self._receipt(stored))
        await self._presenter.show(stored.drill.id, stored.answer.id)

    async def _receipt(self, stored: Collected) -> list[str]:
        drill, member_id = stored.drill, stored.answer.member_id
        view = await self._streaks.view(drill.guild_id, drill.track_id, member_id, self._clock(), telling=True)
        reached = await self._milestones.reached_with(drill.id, member_id) if stored.credited else []
        least = f"{self._answers.min_words} words or {self._answers.min_chars} characters"
        return receipt(stored, view, reached, least)

    async def _drill_of(self, interaction: discord.Interaction, words: list[str]) -> Drill:
        """The drill of a card: the one that its message is, else the newest with the key that its buttons carry."""
        message_id = interaction.message.id if interaction.message else 0
        drill = await self._drills.of_card(message_id, int(words[0]), date.fromisoformat(words[1]), words[2])
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
    s, presenter = bot.services, bot.workers.answer_marks
    served = (s.tracks, s.answers, s.drills, s.streaks, s.milestones)
    await bot.add_cog(AnswersCog(bot.router, bot.clock, bot.bank, *served, presenter))
