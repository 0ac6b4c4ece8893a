"""The ways to answer a press, a form or a command, within Discord's three seconds whatever else runs.

Nothing else responds to interactions: who answers too late is deferred meanwhile, and what comes afterwards must
know that.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

import discord
import structlog

from bot.ui.kit.catalog import N_, _
from bot.ui.kit.layouts import Page

DEFERRED_AFTER = 1.5
"""How long an answer may take before Discord is told that it will come: half of what Discord waits."""
TOO_LATE_FOR_A_FORM = N_("I took too long to open the form. Please press again.")
LOCK, LATE, DEFERRING, ANSWERED = "lock", "late", "deferring", "answered"
HEARD = "heard"
"""Where the extras of an interaction hold what is called once Discord has the first word on it."""
TRIES, REST = 3, 0.2
"""How often an answer is sent, and how many seconds lie between: together less than Discord waits."""
ALREADY_ANSWERED = 40060
"""Discord's answer to a second response, also where the word of the first one was lost on the way."""

log = structlog.get_logger()


def _nobody() -> None:
    """Hears nothing."""


async def _respond(
    interaction: discord.Interaction,
    first: Callable[[], Awaitable[object]],
    later: Callable[[], Awaitable[object]] | None = None,
    *,
    tries: int = TRIES,
) -> None:
    """Answers first where nobody has answered yet; otherwise what comes later.

    Args:
        tries: how often an answer is sent that the network loses.
    """
    async with interaction.extras.setdefault(LOCK, asyncio.Lock()):
        if not (interaction.response.is_done() or ANSWERED in interaction.extras):
            deferred = interaction.extras.get(DEFERRING, False)
            interaction.extras[DEFERRING] = later is None
            try:
                await _through(first, tries=tries)
            except discord.HTTPException as error:
                if error.code != ALREADY_ANSWERED:
                    raise
                interaction.extras[ANSWERED] = True
            else:
                deferred = False
            interaction.extras.pop(HEARD, _nobody)()
            timer: asyncio.Task[None] | None = interaction.extras.pop(LATE, None)
            if timer is not None and timer is not asyncio.current_task():
                timer.cancel()
            if not deferred:
                return
    if later is not None:
        await _through(later, tries=tries)


async def _through(send: Callable[[], Awaitable[object]], *, tries: int) -> None:
    """Sends what the network may lose; Discord says where an earlier try had come through.

    Raises:
        Exception: Discord refused it, or it was lost each time.
    """
    for attempt in range(1, tries + 1):
        try:
            await send()
        except Exception as error:
            if attempt == tries or isinstance(error, discord.DiscordException):
                raise
            log.info("interaction.sent_again", error=type(error).__name__)
            await asyncio.sleep(REST * attempt)
        else:
            return


async def reply(
    interaction: discord.Interaction, page: Page, files: Sequence[discord.File] = (), *, public: bool = False
) -> None:
    """Shows a new message, private unless said otherwise."""
    attached = list(files)
    await _respond(
        interaction,
        lambda: interaction.response.send_message(view=page, files=attached, ephemeral=not public),
        lambda: interaction.followup.send(view=page, files=attached, ephemeral=not public),
        tries=_tries(attached),
    )


async def reply_in_turn(
    interaction: discord.Interaction, pages: Iterable[Page], files: Sequence[discord.File] = ()
) -> None:
    """Shows private messages one after the other; the files go with the first."""
    for number, page in enumerate(pages):
        await reply(interaction, page, () if number else files)


async def say(interaction: discord.Interaction, *texts: str) -> None:
    """Tells the person something in private."""
    await reply(interaction, Page(*texts))


async def edit(interaction: discord.Interaction, page: Page, files: Sequence[discord.File] = ()) -> None:
    """Shows a page in the private message in which a button was pressed; elsewhere in a new private message.

    What others read too is never changed by a press: a client can send any custom_id from any message of ours.
    """
    if not is_private_press(interaction):
        await reply(interaction, page, files)
        return
    attachments = list(files)
    await _respond(
        interaction,
        lambda: interaction.response.edit_message(view=page, attachments=attachments),
        lambda: interaction.edit_original_response(view=page, attachments=attachments),
        tries=_tries(attachments),
    )


def _tries(files: Sequence[discord.File]) -> int:
    """Files are read up by the first try."""
    return 1 if files else TRIES


def is_private_press(interaction: discord.Interaction) -> bool:
    """Whether a button was pressed in a private message that can be edited still: no new message was promised."""
    message, promised = interaction.message, discord.InteractionResponseType.deferred_channel_message
    return message is not None and message.flags.ephemeral and interaction.response.type is not promised


async def open_form(interaction: discord.Interaction, form: discord.ui.Modal) -> None:
    """Opens a form. Discord opens none where it was told to wait, so the person is then asked to press again."""
    await _respond(
        interaction,
        lambda: interaction.response.send_modal(form),
        lambda: say(interaction, _(TOO_LATE_FOR_A_FORM)),
    )


async def think(interaction: discord.Interaction, *, public: bool = False) -> None:
    """Says that an answer will come as a new message: for what takes long by nature."""
    await _respond(interaction, lambda: interaction.response.defer(ephemeral=not public, thinking=True))


async def accept(interaction: discord.Interaction) -> None:
    """Takes a press without showing anything yet."""
    await _respond(interaction, lambda: interaction.response.defer())


def defer_when_late(interaction: discord.Interaction, seconds: float = DEFERRED_AFTER) -> None:
    """Has Discord told after a while that the answer will come, unless it has come.

    Args:
        seconds: how long the answer may take.
    """
    interaction.extras[LATE] = asyncio.create_task(_defer(interaction, seconds))


async def _defer(interaction: discord.Interaction, seconds: float) -> None:
    await asyncio.sleep(seconds)
    pressed = interaction.message is not None
    try:
        await (accept if pressed else think)(interaction)
    except Exception as error:
        log.warning("interaction.not_deferred", error=str(error) or type(error).__name__)
