"""Tells a person what went wrong: the one place for commands, buttons and forms."""

import discord
import structlog
from discord import app_commands

from bot.domain.errors import Refusal, is_not_stored
from bot.ui.kit.catalog import N_, _
from bot.ui.kit.forms import fields
from bot.ui.kit.layouts import paged
from bot.ui.kit.references import current_reference
from bot.ui.kit.responses import reply
from bot.ui.kit.words import quoted
from bot.ui.refusals import explain

NOT_STORED = N_("I can't save anything right now, so this didn't work. Please try again in a few minutes.")
KEPT = N_("Here's your text, so nothing is lost:")

log = structlog.get_logger()


async def present(interaction: discord.Interaction, error: BaseException) -> None:
    """Says what a person can mend in plain words; what is ours gets a reference that stands in the log.

    The text of a form is given back with it: Discord keeps none.
    """
    while isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError) and error.__cause__:
        error = error.__cause__
    if isinstance(error, Refusal):
        text = explain(error)
    elif isinstance(error, app_commands.TransformerError):
        text = _("I can't use “{typed}” here. Pick one of the choices.", typed=quoted(str(error.value)))
    elif isinstance(error, app_commands.CheckFailure):
        text = _("You can't use this command here.")
    elif is_not_stored(error):
        text = _(NOT_STORED)
    else:
        reference = current_reference()
        log.error("interaction.failed", reference=reference, error=type(error).__name__, exc_info=error)
        text = _(
            "Something broke on our side, sorry. Try again; if it happens twice, "
            "give your admin this code: `{reference}`",
            reference=reference,
        )
    form = interaction.type is discord.InteractionType.modal_submit
    kept = fields(interaction).get("text", "") if form else ""
    try:
        for page in paged([text, *([f"{_(KEPT)}\n{kept}"] if kept.strip() else [])]):
            await reply(interaction, page)
    except Exception as failure:
        log.warning("interaction.unanswered", error=str(failure) or type(failure).__name__)
