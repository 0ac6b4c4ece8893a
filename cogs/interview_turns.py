"""The buttons and the form of an interview's open question."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.clock import Clock
from bot.domain.bank import Banks
from bot.domain.errors import Refusal
from bot.domain.interviews import Interview, InterviewWay
from bot.services.interview_answers import InterviewAnswerService
from bot.services.interviews import InterviewService, InterviewTurn
from bot.services.scorecards import ScorecardService
from bot.ui.interviews import answer_form, ended_text, stop_page, stored_note, too_late_lines
from bot.ui.kit import options
from bot.ui.kit.custom_ids import ANY_ID, INTERVIEW, NUMBER
from bot.ui.kit.forms import ANSWER_LIMIT, fields
from bot.ui.kit.responses import accept, edit, open_form, say
from bot.ui.kit.router import handles
from bot.workers.interviews import InterviewRunner
from bot.workers.opinions import OpinionAsker
from cogs.interview_pages import show_privately


def over(interview: Interview) -> Refusal:
    """Answers a press on the button of a question that is over."""
    return Refusal("interviews.over" if interview.current is None else "interviews.question_over")


@dataclass(eq=False, repr=False)
class InterviewTurnsCog(commands.Cog):
    """Answer, Next and Give up, in a thread or in private messages."""

    _clock: Clock
    _banks: Banks
    _interview_answers: InterviewAnswerService
    _interviews: InterviewService
    _scorecards: ScorecardService
    _runner: InterviewRunner
    _opinions: OpinionAsker

    @handles("interview", "answer", INTERVIEW, NUMBER)
    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Answer button."""
        interview_id, position = map(int, words)
        opening = await self._interview_answers.open_form(
            interview_id, position, interaction.user.id, ANSWER_LIMIT, self._clock()
        )
        if opening.open:
            asked = next(found for found in opening.interview.asked if found.position == position)
            await open_form(
                interaction, answer_form(opening, asked, self._interviews.question(opening.interview, asked))
            )
        elif opening.interview.way is InterviewWay.FORMS:
            await self._show(interaction, await self._present(interaction, interview_id))
        else:
            raise over(opening.interview)

    @handles("interview", "form", INTERVIEW, NUMBER, ANY_ID, sent=True)
    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted answer; what came too late is given back."""
        interview_id, position, upto = map(int, words)
        text = fields(interaction)["text"]
        user = interaction.user
        if not text.strip():
            raise Refusal("interviews.empty")
        stored = await self._interview_answers.submit(
            interview_id, position, upto, user.id, user.display_name, text, interaction.created_at
        )
        interview = await self._present(interaction, interview_id)
        if interview.way is InterviewWay.FORMS:
            await self._show(interaction, interview)
        elif stored:
            await say(interaction, stored_note())
        if not stored:
            await say(interaction, *too_late_lines(text))

    @handles("interview", "next", INTERVIEW, NUMBER)
    async def next(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Done with this question."""
        interview_id, position = map(int, words)
        pressed = self._clock()
        await self._leave(interaction, interview_id)
        guild_id, _ = options.where(interaction)
        follow_up = await self._opinions.follow_up(interview_id, position, interaction.user.id, guild_id)
        turn = await self._interviews.go_on(interview_id, position, interaction.user.id, pressed, follow_up)
        await self._after(interaction, turn)

    @handles("interview", "stop", INTERVIEW)
    async def ask_to_stop(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Asks once before giving up."""
        interview = await self._interviews.own(int(words[0]), interaction.user.id)
        if interview.current is None:
            raise over(interview)
        await edit(interaction, stop_page(interview))

    @handles("interview", "end", INTERVIEW)
    async def end(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Gives up."""
        interview_id = int(words[0])
        await self._leave(interaction, interview_id)
        turn = await self._interviews.give_up(interview_id, interaction.user.id, self._clock())
        await self._after(interaction, turn, ended_text(turn.interview))

    async def _leave(self, interaction: discord.Interaction, interview_id: int) -> None:
        """Before a question closes: what was written in the thread is read up."""
        interview = await self._interviews.own(interview_id, interaction.user.id)
        if interview.way is InterviewWay.THREAD:
            await accept(interaction)
            await self._runner.before_closing(interview)

    async def _after(self, interaction: discord.Interaction, turn: InterviewTurn, *said: str) -> None:
        if turn.interview.way is InterviewWay.FORMS:
            await self._show(interaction, turn.interview)
            return
        await self._runner.bring(turn.interview.id)
        if not turn.done:
            raise over(turn.interview)
        if said:
            await say(interaction, *said)

    async def _present(self, interaction: discord.Interaction, interview_id: int) -> Interview:
        return await self._interviews.present(interview_id, interaction.user.id, self._clock())

    async def _show(self, interaction: discord.Interaction, interview: Interview, *notes: str) -> None:
        await show_privately(
            interaction, self._scorecards, self._banks.of(interview.guild_id), interview, self._clock(), *notes
        )
