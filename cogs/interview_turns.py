"""The buttons and the form of an interview's open question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.errors import BadInput
from bot.domain.interviews import Interview, InterviewWay
from bot.ui.interviews import TOO_LATE, answer_form, stop_page
from bot.ui.kit.forms import ANSWER_LIMIT, fields
from bot.ui.kit.router import say
from bot.ui.private_interview import show

if TYPE_CHECKING:
    from bot.app import PracticeBot


def over(interview: Interview) -> str:
    """What a press on the button of a question that is over gets to read."""
    if interview.current is None:
        return "This interview is over. `/interview start` begins a new one."
    return "This question is over. The next one stands below it, or comes in a moment."


class InterviewTurnsCog(commands.Cog):
    """Answer, Next and Give up, in a thread or in private messages."""

    def __init__(self, bot: PracticeBot) -> None:
        self.bot = bot
        for verb, handler in {
            "answer": self.open_form,
            "form": self.take_form,
            "next": self.next,
            "stop": self.ask_to_stop,
            "end": self.end,
        }.items():
            bot.router.on("interview", verb, handler)

    async def open_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """The Answer button."""
        interview_id, position = map(int, words)
        opening = await self.bot.interview_answers.open_form(
            interview_id, position, interaction.user.id, ANSWER_LIMIT, self.bot.clock()
        )
        if opening.open:
            asked = next(found for found in opening.interview.asked if found.position == position)
            await interaction.response.send_modal(answer_form(opening, asked, self.bot.interviews.question(asked)))
        elif opening.interview.way is InterviewWay.FORMS:
            await self._show(interaction, await self._present(interaction, interview_id))
        else:
            raise BadInput(over(opening.interview))

    async def take_form(self, interaction: discord.Interaction, words: list[str]) -> None:
        """A submitted answer; what came too late is given back."""
        interview_id, position, upto = map(int, words)
        text = fields(interaction)["text"]
        user = interaction.user
        if not text.strip():
            raise BadInput("There is no word in it. Press **Answer** and write your answer.")
        stored = await self.bot.interview_answers.submit(
            interview_id, position, upto, user.id, user.display_name, text, interaction.created_at
        )
        interview = await self._present(interaction, interview_id)
        if interview.way is InterviewWay.FORMS:
            await self._show(interaction, interview)
        elif stored:
            await say(interaction, "✅ Stored. **Next** goes on; **Answer** changes it while there is time.")
        if not stored:
            await say(interaction, TOO_LATE, f"Your text, so that it is not lost:\n{text}")

    async def next(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Done with this question."""
        interview_id, position = map(int, words)
        await self._leave(interaction, interview_id)
        moved = await self.bot.interviews.go_on(interview_id, position, interaction.user.id, self.bot.clock())
        interview = await self.bot.interviews.own(interview_id, interaction.user.id)
        await self._after(interaction, interview, None if moved else over(interview))

    async def ask_to_stop(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Asks once before giving up."""
        interview = await self.bot.interviews.own(int(words[0]), interaction.user.id)
        if interview.current is None:
            raise BadInput(over(interview))
        message = interaction.message
        if message is not None and message.flags.ephemeral:
            await interaction.response.edit_message(view=stop_page(interview))
        else:
            await interaction.response.send_message(view=stop_page(interview), ephemeral=True)

    async def end(self, interaction: discord.Interaction, words: list[str]) -> None:
        """Gives up."""
        interview_id = int(words[0])
        await self._leave(interaction, interview_id)
        ended = await self.bot.interviews.give_up(interview_id, interaction.user.id, self.bot.clock())
        interview = await self.bot.interviews.own(interview_id, interaction.user.id)
        told = "Ended; the scorecard follows." if interview.scored else "Ended. Nothing was answered."
        await self._after(interaction, interview, told if ended else over(interview))

    async def _leave(self, interaction: discord.Interaction, interview_id: int) -> None:
        """Before a question closes: what was written in the thread is read up."""
        interview = await self.bot.interviews.own(interview_id, interaction.user.id)
        if interview.way is InterviewWay.THREAD:
            await interaction.response.defer()
            await self.bot.interviewer.before_closing(interview)

    async def _after(self, interaction: discord.Interaction, interview: Interview, said: str | None) -> None:
        if interview.way is InterviewWay.FORMS:
            await self._show(interaction, interview)
            return
        await self.bot.interviewer.bring(interview.id)
        if said is not None:
            await say(interaction, said)

    async def _present(self, interaction: discord.Interaction, interview_id: int) -> Interview:
        return await self.bot.interviews.present(interview_id, interaction.user.id, self.bot.clock())

    async def _show(self, interaction: discord.Interaction, interview: Interview, *notes: str) -> None:
        await show(interaction, self.bot.interviews, self.bot.bank, interview, self.bot.clock(), *notes)


async def setup(bot: PracticeBot) -> None:
    """Adds the buttons."""
    await bot.add_cog(InterviewTurnsCog(bot))
