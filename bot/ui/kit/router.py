"""Answers buttons and forms by their custom_id, with no state in memory."""

from collections.abc import Awaitable, Callable

import discord

from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.ui.kit.layouts import Page
from bot.ui.kit.members import actor_of

PREFIX = "mb:"
Handler = Callable[[discord.Interaction, list[str]], Awaitable[None]]
Presenter = Callable[[discord.Interaction, BaseException], Awaitable[None]]
Observer = Callable[[Actor | None], object]


async def reply(interaction: discord.Interaction, page: Page) -> None:
    """Shows the person a page in private, whether or not the interaction was answered before."""
    if interaction.response.is_done():
        await interaction.followup.send(view=page, ephemeral=True)
    else:
        await interaction.response.send_message(view=page, ephemeral=True)


async def say(interaction: discord.Interaction, *texts: str) -> None:
    """Tells the person something in private."""
    await reply(interaction, Page(*texts))


async def turn(interaction: discord.Interaction, page: Page) -> None:
    """Shows a page in the private message in which a button was pressed; elsewhere in a new private message."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await interaction.response.edit_message(view=page, attachments=[])
    else:
        await interaction.response.send_message(view=page, ephemeral=True)


FOR_MANAGERS = {"for_managers": True}
"""Marks a command that is not hidden from members by Discord, because others of its group are theirs."""


def require_manager(interaction: discord.Interaction) -> None:
    """Raises Refusal for people without Manage Server."""
    if not interaction.permissions.manage_guild:
        raise Refusal("commands.managers_only")


class Router:
    """Maps the first words of a custom_id, such as `mb:drill:answer`, to what answers it.

    Args:
        present: tells the person what went wrong.
        observe: books the member who pressed or sent something, along with what their press does.
    """

    def __init__(self, present: Presenter, observe: Observer) -> None:
        self._handlers: dict[str, Handler] = {}
        self._observe = observe
        self._present = present

    def on(self, feature: str, verb: str, handler: Handler) -> None:
        """Registers a handler; it gets the interaction and the words after the verb."""
        self._handlers[f"{PREFIX}{feature}:{verb}"] = handler

    async def dispatch(self, interaction: discord.Interaction) -> None:
        """Answers a button or a form of ours; leaves everything else alone."""
        if interaction.type not in (
            discord.InteractionType.component,
            discord.InteractionType.modal_submit,
        ):
            return
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        if not custom_id.startswith(PREFIX):
            return
        words = custom_id.split(":")
        handler = self._handlers.get(":".join(words[:3]))
        try:
            if handler is None:
                raise Refusal("commands.outdated")
            self._observe(actor_of(interaction.user, interaction.created_at))
            await handler(interaction, words[3:])
        except Exception as error:
            await self._present(interaction, error)
