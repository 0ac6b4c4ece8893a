"""Tells a person what went wrong: the one place for commands, buttons and forms."""

import secrets

import discord
import structlog
from discord import app_commands

from bot.domain.errors import Refusal
from bot.ui.kit.responses import say
from bot.ui.refusals import explain

log = structlog.get_logger()


async def present(interaction: discord.Interaction, error: BaseException) -> None:
    """Says what a person can mend in plain words; what is ours gets a reference that stands in the log."""
    while isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError) and error.__cause__:
        error = error.__cause__
    if isinstance(error, Refusal):
        text = explain(error)
    elif isinstance(error, app_commands.TransformerError):
        text = f"I cannot use “{str(error.value)[:60]}” here. Pick one of the offered choices."
    elif isinstance(error, app_commands.CheckFailure):
        text = "You may not use this command here."
    else:
        reference = secrets.token_hex(4)
        log.error("interaction.failed", reference=reference, error=type(error).__name__, exc_info=error)
        text = f"That did not work, and it is our fault. Please try again. Reference: `{reference}`"
    try:
        await say(interaction, text)
    except discord.HTTPException as failure:
        log.warning("interaction.unanswered", code=failure.code)
