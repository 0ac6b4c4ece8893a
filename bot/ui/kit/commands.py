"""The names and texts of commands in the languages of the catalog; Discord shows each member their own."""

import discord
from discord import app_commands

from bot.ui.kit.catalog import ENGLISH, language_of, pgettext, speaking

COMMAND, OPTION, CHOICE = "command", "option", "choice"
"""What a text belongs to, as the catalog has it beside the text."""
_PLACES = app_commands.TranslationContextLocation
_CONTEXTS = {
    _PLACES.command_name: COMMAND,
    _PLACES.command_description: COMMAND,
    _PLACES.group_name: COMMAND,
    _PLACES.group_description: COMMAND,
    _PLACES.parameter_name: OPTION,
    _PLACES.parameter_description: OPTION,
    _PLACES.choice_name: CHOICE,
}


class CommandTexts(app_commands.Translator):
    """Gives Discord the texts of commands in each of its locales that has a language of the catalog."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """A text of a command; None where it is read in English."""
        language = language_of(locale)
        if language == ENGLISH:
            return None
        with speaking(language):
            said = pgettext(_CONTEXTS[context.location], string.message)
        return None if said == string.message else said


def command_name(name: str) -> str:
    """A command's whole name, such as `daily post`, in the language that is spoken."""
    return " ".join(pgettext(COMMAND, part) for part in name.split())
