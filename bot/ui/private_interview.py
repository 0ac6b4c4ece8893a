"""An interview where there is no thread: it lives in the private answers to its member's presses."""

from datetime import datetime

import discord

from bot.domain.bank import Bank
from bot.domain.errors import BadInput
from bot.domain.interviews import Interview, InterviewState
from bot.services.interviews import InterviewService
from bot.ui.interviews import question_page
from bot.ui.kit.router import reply
from bot.ui.scorecards import score_pages


async def show(
    interaction: discord.Interaction,
    service: InterviewService,
    bank: Bank,
    interview: Interview,
    now: datetime,
    *notes: str,
) -> None:
    """Shows the open question, whose time begins with it, or the scorecard; a pressed private message is edited.

    Raises:
        BadInput: the interview ended because the bot was removed from the server.
    """
    interview = await service.asked(interview, now)
    sheet = await service.sheet(interview.id)
    if interview.current is not None:
        question = service.question(interview.current)
        pages = [question_page(sheet, interview.current, question, now, notes)]
    elif interview.state is InterviewState.GONE:
        raise BadInput("This interview is over. `/interview start` begins a new one.")
    else:
        pages = [page for _, page in score_pages(sheet, bank)]
    message = interaction.message
    if not interaction.response.is_done() and message is not None and message.flags.ephemeral:
        await interaction.response.edit_message(view=pages.pop(0))
    for page in pages:
        await reply(interaction, page)
