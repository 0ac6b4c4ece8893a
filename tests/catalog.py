"""Writes bot/locales: what the code says in English, each language's translations of it, and what the bot reads."""

import ast
import asyncio
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from discord import app_commands

from bot.app import PracticeBot
from bot.commands import add_cogs
from bot.settings import Settings
from bot.ui.kit.catalog import DOMAIN, ENGLISH, LANGUAGES, LOCALES
from bot.ui.kit.commands import CHOICE, COMMAND, OPTION

ROOT = Path(__file__).parents[1]
TEMPLATE = LOCALES / f"{DOMAIN}.pot"
TRANSLATED = tuple(language for language in LANGUAGES if language != ENGLISH)
MARKS = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}
"""What marks a text for the catalog, and how many of its arguments are words."""
COMMANDS = "cogs"
"""Where the texts of commands are said to come from: they are read from the commands themselves."""
HEAD = "# What Mockingbird says. `make catalog` writes this file; docs/translating.md tells how to change it."
PLURALS = {"es": "nplurals=2; plural=(n != 1);"}
"""The forms of languages for which Babel has one more, here for millions of something."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_DATED = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid).*\n', re.M
)


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the code, its plural where a number decides, its context where its words mean several things."""

    file: str
    one: str
    many: str | None = None
    context: str | None = None


def said_in(file: Path) -> Iterator[Said]:
    """What a file marks for the catalog, in its order."""
    name = file.relative_to(ROOT).as_posix()
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if isinstance(node.func, ast.Name) and node.func.id in MARKS:
            words = [word.value for word in node.args[: MARKS[node.func.id]] if isinstance(word, ast.Constant)]
            if len(words) < MARKS[node.func.id] or not all(isinstance(word, str) for word in words):
                continue  # a sentence of a table, which stands there as a constant
            texts = [str(word) for word in words]
            if node.func.id == "pgettext":
                yield Said(name, texts[1], context=texts[0])
            else:
                yield Said(name, *texts)


@cache
def commands() -> app_commands.CommandTree[Any]:
    """All commands, of a bot that never connects."""

    async def built() -> app_commands.CommandTree[Any]:
        with tempfile.TemporaryDirectory() as folder:
            bot = PracticeBot(Settings(database_url=f"sqlite+aiosqlite:///{folder}/catalog.db"))
            shared = (bot.router, bot.clock, bot.banks, bot.hints, bot.pictures, bot.services, bot.workers)
            await add_cogs(bot, *shared, bot.attendance, 90, {})
            await bot.database.close()
            bot.pictures.close()
        return bot.tree

    return asyncio.run(built())


def command_texts() -> list[Said]:
    """The names, descriptions, options and choices of all commands."""
    return [Said(COMMANDS, text, context=context) for context, text in dict.fromkeys(_texts_of(commands()))]


def _texts_of(tree: app_commands.CommandTree[Any]) -> Iterator[tuple[str, str]]:
    for command in tree.walk_commands():
        assert isinstance(command, app_commands.Command | app_commands.Group)
        yield COMMAND, command.name
        yield COMMAND, command.description
        if isinstance(command, app_commands.Group):
            continue
        for option in command.parameters:
            yield OPTION, str(option.display_name)
            yield OPTION, str(option.description)
            yield from ((CHOICE, choice.name) for choice in option.choices)


def template(*, with_commands: bool = True) -> Catalog:
    """All that the code says, without translations."""
    catalog = empty(None)
    for folder in ("bot", "cogs"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            _add(catalog, said_in(file))
    if with_commands:
        _add(catalog, command_texts())
    return catalog


def empty(language: str | None) -> Catalog:
    """A catalog without sentences; without a language it is the template of all others."""
    catalog = Catalog(
        locale=language,
        project="Mockingbird",
        version="1",
        header_comment=HEAD,
        creation_date=LONG_AGO,
        revision_date=LONG_AGO,
        fuzzy=False,
    )
    if language in PLURALS:
        catalog.mime_headers = [("Plural-Forms", PLURALS[language])]
    return catalog


def _add(catalog: Catalog, texts: Iterable[Said]) -> None:
    for said in texts:
        known = catalog.get(said.one, said.context)
        files = {*(file for file, _ in known.locations), said.file} if known else {said.file}
        several = said.many or (known.id[1] if known and known.pluralizable else None)
        if known is not None:
            catalog.delete(said.one, said.context)
        id = (said.one, several) if several else said.one
        catalog.add(id, locations=[(file, 0) for file in sorted(files)], context=said.context)


def path_of(language: str) -> Path:
    """The file in which a language's translations stand."""
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """A language's translations as they stand; none where there is no file yet."""
    file = path_of(language)
    if not file.exists():
        return empty(language)
    with file.open("rb") as found:
        return read_po(found, locale=language)


def translated(language: str, source: Catalog) -> Catalog:
    """A language's translations of what the code says now; those of other sentences are left out."""
    catalog, before = empty(language), read(language)
    for message in source:
        if not message.id:
            continue
        id = message.id[0] if message.pluralizable else message.id
        known = before.get(id, message.context)
        nothing = ("",) * catalog.num_plurals if message.pluralizable else ""
        fits = known is not None and known.pluralizable == message.pluralizable
        catalog.add(
            message.id,
            known.string if known is not None and fits else nothing,
            locations=message.locations,
            flags=known.flags - {"python-brace-format", "python-format"} if known is not None else (),
            user_comments=known.user_comments if known is not None else (),
            context=message.context,
        )
    return catalog


def written(catalog: Catalog) -> bytes:
    """A catalog as its file holds it: no lines and no dates, so that what changes is what somebody has changed."""
    file = io.BytesIO()
    write_po(file, catalog, width=110, sort_by_file=True, include_lineno=False)
    return _DATED.sub(b"", file.getvalue())


def compiled(catalog: Catalog) -> bytes:
    """A catalog as the bot reads it; what is doubtful or missing is read in English."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def left(catalog: Catalog) -> int:
    """How many sentences have no translation, or a doubtful one."""
    return sum(1 for message in catalog if message.id and (message.fuzzy or not all(strings(message))))


def is_begun(catalog: Catalog) -> bool:
    """Whether somebody has translated something."""
    return any(message.id and any(strings(message)) for message in catalog)


def strings(message: Message) -> list[str]:
    """A sentence's translation, or one for each form of its plural."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def write() -> None:
    """Brings all files up to date."""
    source = template()
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(written(source))
    for language in TRANSLATED:
        catalog, file = translated(language, source), path_of(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(written(catalog))
        file.with_suffix(".mo").write_bytes(compiled(catalog))
        sys.stdout.write(f"{language}: {left(catalog)} of {len(catalog)} sentences left{os.linesep}")


if __name__ == "__main__":
    write()
