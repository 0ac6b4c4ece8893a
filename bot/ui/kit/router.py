"""Answers buttons and forms by their custom_id, with no state in memory."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

import discord

from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.domain.servers import NamedThing
from bot.ui.kit.catalog import language_of, speak
from bot.ui.kit.custom_ids import Word, check_server, check_words
from bot.ui.kit.members import actor_of
from bot.ui.kit.responses import DEFERRED_AFTER, defer_when_late

PREFIX = "mb:"
MARKED = "handled_custom_ids"
Handler = Callable[[discord.Interaction, list[str]], Awaitable[None]]
Presenter = Callable[[discord.Interaction, BaseException], Awaitable[None]]
Observer = Callable[[Actor | None, Sequence[NamedThing]], object]


FOR_MANAGERS = {"for_managers": True}
"""Marks a command that is not hidden from members by Discord, because others of its group are theirs."""


def require_manager(interaction: discord.Interaction) -> None:
    """Raises Refusal for people without Manage Server."""
    if not interaction.permissions.manage_guild:
        raise Refusal("commands.managers_only")


Method = TypeVar("Method", bound=Callable[..., Awaitable[None]])


def handles(
    feature: str, verb: str, *expected: Word, sent: bool = False, **given: object
) -> Callable[[Method], Method]:
    """Marks a method that answers `mb:<feature>:<verb>`.

    It gets the interaction, the words after the verb, which are as `expected`, and what is `given` here.

    Args:
        sent: a form is sent with it; otherwise it is pressed.
    """

    def mark(method: Method) -> Method:
        vars(method).setdefault(MARKED, []).append((feature, verb, expected, sent, given))
        return method

    return mark


class Router:
    """Maps the first words of a custom_id, such as `mb:drill:answer`, to what answers it.

    Args:
        present: tells the person what went wrong.
        observe: books the member who pressed or sent something, along with what their press does, and stops what
            names things of other servers.
        patience: how many seconds an answer may take before Discord is told that it will come.
    """

    def __init__(self, present: Presenter, observe: Observer, patience: float = DEFERRED_AFTER) -> None:
        self.patience = patience
        self._handlers: dict[str, Handler] = {}
        self.expected: dict[str, tuple[Word, ...]] = {}
        """What may follow each beginning of a custom_id."""
        self.forms: set[str] = set()
        """The beginnings with which forms are sent; all others are pressed."""
        self._observe = observe
        self._present = present

    def add(self, cog: object) -> None:
        """Registers the methods of a cog that are marked with `handles`."""
        for name in dir(type(cog)):
            for feature, verb, expected, sent, given in getattr(getattr(type(cog), name), MARKED, ()):
                beginning = f"{PREFIX}{feature}:{verb}"
                self._handlers[beginning] = partial(getattr(cog, name), **given)
                self.expected[beginning] = expected
                if sent:
                    self.forms.add(beginning)

    def feature(self, interaction: discord.Interaction) -> str:
        """What a button or form belongs to, such as `drill:answer`; empty where it is none of ours."""
        beginning = ":".join(str((interaction.data or {}).get("custom_id", "")).split(":")[:3])
        return beginning.removeprefix(PREFIX) if beginning in self.expected else ""

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
        speak(language_of(interaction.locale))
        words = custom_id.split(":")
        beginning = ":".join(words[:3])
        handler = self._handlers.get(beginning)
        try:
            sent = interaction.type is discord.InteractionType.modal_submit
            if handler is None or sent != (beginning in self.forms):
                raise Refusal("commands.outdated")
            named = check_server(interaction, check_words(words[3:], self.expected[beginning]))
            defer_when_late(interaction, self.patience)
            self._observe(actor_of(interaction.user, interaction.created_at), named)
            await handler(interaction, words[3:])
        except Exception as error:
            await self._present(interaction, error)
