"""An interview's scorecard: ticking key points."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.interviews import InterviewWay
from bot.services.interviews import InterviewService
from bot.services.scorecards import ScorecardService
from bot.ui.key_points import ticked_points
from bot.ui.kit.custom_ids import INTERVIEW, NUMBER
from bot.ui.kit.responses import edit, open_form, say
from bot.ui.kit.router import handles
from bot.ui.scorecards import card_pages, compared, stored_text, tick_form
from bot.workers.interviews import InterviewRunner


@dataclass(eq=False, repr=False)
class ScorecardsCog(commands.Cog):
    """Takes the ticks."""

    _clock: Clock
    _interviews: InterviewService
    _scorecards: ScorecardService
    _runner: InterviewRunner

    @handles("interview", "tick", INTERVIEW, NUMBER)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The button “Tick the key points you had”."""
        interview_id, position = map(int, words)
        start = await self._scorecards.tick_form(interview_id, position, interaction.user.id, self._clock())
        await open_form(interaction, tick_form(start))

    @handles("interview", "ticked", INTERVIEW, NUMBER, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted form of key points."""
        interview_id, position = map(int, words)
        interview = await self._interviews.own(interview_id, interaction.user.id)
        asked, question = self._scorecards.scored_question(interview, position)
        lacking = await self._scorecards.tick(
            interview_id, position, interaction.user.id, ticked_points(interaction), self._clock()
        )
        view = await self._scorecards.view(interview_id)
        if interview.way is InterviewWay.FORMS:
            await edit(interaction, card_pages(view, asked, question)[-1])
        await say(interaction, stored_text(question, lacking), compared(view.score, view.last))
        await self._runner.bring(interview_id)
