"""The names and texts of commands in the languages of the catalog; Discord shows each member their own."""

from typing import Any

import discord

from bot.ui.kit.catalog import ENGLISH, language_of, pgettext, speaking

COMMAND, OPTION, CHOICE = "command", "option", "choice"
"""What a text belongs to, as the catalog has it beside the text."""
_LANGUAGES = {str(locale): language for locale in discord.Locale if (language := language_of(locale)) != ENGLISH}
_GROUPS = (discord.AppCommandOptionType.subcommand.value, discord.AppCommandOptionType.subcommand_group.value)


def localize(command: dict[str, Any]) -> None:
    """Adds to a command, as Discord takes it, its texts in each locale that has a language of the catalog."""
    for locale, language in _LANGUAGES.items():
        with speaking(language):
            _add(command, locale, COMMAND)


def _add(texts: dict[str, Any], locale: str, context: str) -> None:
    """Adds one locale to a command, an option or a choice, and to what it holds; English is there already."""
    for field in ("name", "description"):
        if (text := texts.get(field)) and (said := pgettext(context, text)) != text:
            texts.setdefault(f"{field}_localizations", {})[locale] = said
    for option in texts.get("options", ()):
        _add(option, locale, COMMAND if option["type"] in _GROUPS else OPTION)
    for choice in texts.get("choices", ()):
        _add(choice, locale, CHOICE)


def command_name(name: str) -> str:
    """A command's whole name, such as `daily post`, in the language that is spoken."""
    return " ".join(pgettext(COMMAND, part) for part in name.split())
