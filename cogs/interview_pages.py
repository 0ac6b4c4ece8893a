"""An interview where there is no thread: it lives in the private answers to its member's presses."""

from datetime import datetime

import discord

from bot.domain.bank import Bank
from bot.domain.interviews import Interview
from bot.services.scorecards import ScorecardService
from bot.ui.kit.responses import edit, is_private_press, reply
from bot.ui.scorecards import private_pages


async def show_privately(
    interaction: discord.Interaction,
    scorecards: ScorecardService,
    bank: Bank,
    interview: Interview,
    now: datetime,
    *notes: str,
) -> None:
    """Shows an interview that has no thread in the private answers to its member's presses.

    The open question's time begins with it; a private message whose button was pressed is edited.

    Raises:
        Refusal: `interviews.over` where the bot was removed from the server meanwhile.
    """
    pages = private_pages(await scorecards.begin(interview, now), bank, now, notes)
    if is_private_press(interaction):
        await edit(interaction, pages.pop(0))
    for page in pages:
        await reply(interaction, page)
