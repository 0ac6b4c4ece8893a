"""The catalog is what the code says, and each translation is whole, says the same, and fits where it is shown."""

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from discord import app_commands

from bot.ui.kit.catalog import ENGLISH, pgettext, speaking
from bot.ui.kit.commands import CHOICE, COMMAND, OPTION, command_name
from tests import catalog

LANGUAGES = [language for language in catalog.TRANSLATED if catalog.is_begun(catalog.read(language))]
"""Those that somebody translates; one that nobody has begun is read in English."""
MARKUP = re.compile(r"\*\*|`|<[^<>\s]*>|^-# |^#+ |\n|\]\(|\|\||<:\w+:\d+>", re.MULTILINE)
NAMED = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}")
MENTIONED = re.compile(r"`/([^`]+)`")
NAME = re.compile(r"[-_'\w]{1,32}")
"""https://docs.discord.com/developers/interactions/application-commands#application-command-object"""
FITS = {
    ("Button", 0): 80,
    ("Form", 0): 45,
    ("ask", 1): 45,
    ("tick", 1): 45,
    ("choose", 1): 45,
    ("pick_role", 1): 45,
    ("pick_channel", 1): 45,
    ("ask", "hint"): 100,
    ("choose", "hint"): 150,
    ("Select", "placeholder"): 150,
    ("SelectOption", "label"): 100,
    ("SelectOption", "description"): 100,
}
"""How many characters Discord takes of an argument of a call."""


@pytest.fixture(scope="module")
def source() -> Catalog:
    return catalog.template()


def sentences(source: Catalog, language: str) -> Iterator[tuple[Message, list[tuple[str, str]]]]:
    """Each sentence with (English, as it is read) of all its forms."""
    for message in source if language == ENGLISH else catalog.read(language):
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            read = ids if language == ENGLISH else catalog.strings(message)
            yield message, [(ids[min(form, len(ids) - 1)], said) for form, said in enumerate(read)]


def signs(text: str) -> Counter[str]:
    """Markup and emoji of a text, which a translation keeps."""
    emoji = [sign for sign in text if unicodedata.category(sign) == "So"]
    return Counter([*MARKUP.findall(NAMED.sub("x", text)), *emoji])


def named(text: str, message: Message) -> set[str]:
    """The values of a text; one form of a plural may have its number in words."""
    return set(NAMED.findall(text)) - ({"number"} if message.pluralizable else set())


def test_the_template_is_what_the_code_says(source: Catalog):
    assert catalog.TEMPLATE.read_bytes() == catalog.written(source), "run `make catalog`"


@pytest.mark.parametrize("language", catalog.TRANSLATED)
def test_a_language_has_every_sentence_in_its_place(language: str, source: Catalog):
    found = catalog.translated(language, source)
    assert catalog.path_of(language).read_bytes() == catalog.written(found), "run `make catalog`"
    assert catalog.path_of(language).with_suffix(".mo").read_bytes() == catalog.compiled(found), (
        "run `make catalog`"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_lacks_a_translation_and_none_is_in_doubt(language: str):
    assert catalog.left(catalog.read(language)) == 0, (
        f"translate what is empty or fuzzy in {catalog.path_of(language)}"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_values_markup_and_emoji(language: str, source: Catalog):
    wrong = [
        said
        for message, forms in sentences(source, language)
        for english, said in forms
        if signs(english) != signs(said)
        or named(english, message) != named(said, message)
        or (english[:1].isspace(), english[-1:].isspace()) != (said[:1].isspace(), said[-1:].isspace())
    ]
    assert wrong == []


@pytest.mark.parametrize("language", [ENGLISH, *LANGUAGES])
def test_commands_that_are_named_exist_under_that_name(language: str, source: Catalog):
    with speaking(language):
        names = {command_name(command.qualified_name) for command in catalog.commands().walk_commands()}
    texts = [said for _, forms in sentences(source, language) for _, said in forms]
    mentioned = {name for text in texts for name in MENTIONED.findall(text)}
    assert (
        mentioned
        and {name for name in mentioned if not any(f"{name} ".startswith(f"{n} ") for n in names)} == set()
    )


def siblings() -> Iterator[list[tuple[str, str]]]:
    """(what it belongs to, name) of commands of one group, and of options of one command."""
    tree = catalog.commands()
    yield [(COMMAND, command.name) for command in tree.get_commands()]
    for command in tree.walk_commands():
        if isinstance(command, app_commands.Group):
            yield [(COMMAND, inner.name) for inner in command.commands]
        elif isinstance(command, app_commands.Command):
            yield [(OPTION, str(option.display_name)) for option in command.parameters]


@pytest.mark.parametrize("language", [ENGLISH, *LANGUAGES])
def test_names_of_commands_and_options_are_as_discord_takes_them(language: str):
    with speaking(language):
        for texts in siblings():
            names = [pgettext(context, text) for context, text in texts]
            assert len(set(names)) == len(names), f"two of one name: {names}"
            assert all(NAME.fullmatch(name) and name == name.lower() for name in names), names
        for said in catalog.command_texts():
            assert 0 < len(pgettext(said.context or "", said.one)) <= 100, said.one


def limits() -> Iterator[tuple[str, int]]:
    """(sentence, how many characters Discord takes of it) of all sentences that stand in a call of `FITS`."""
    for file in sorted((catalog.ROOT / "bot/ui").rglob("*.py")):
        yield from limits_in(file)


def limits_in(file: Path) -> Iterator[tuple[str, int]]:
    tree = ast.parse(file.read_text("utf-8"))
    constants = {
        target.id: node.value.args[0].value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and node.value.args and isinstance(node.value.args[0], ast.Constant)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        shown = [*enumerate(call.args), *((keyword.arg, keyword.value) for keyword in call.keywords)]
        for at, value in shown:
            marked = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id
            if (name, at) in FITS and isinstance(value, ast.Call) and marked in catalog.MARKS:
                for word in value.args[: catalog.MARKS[marked]]:
                    text = constants.get(word.id) if isinstance(word, ast.Name) else getattr(word, "value", None)
                    if isinstance(text, str):
                        yield text, FITS[name, at]


@pytest.mark.parametrize("language", [ENGLISH, *LANGUAGES])
def test_what_discord_limits_fits(language: str, source: Catalog):
    most = dict(limits())
    assert len(most) > 20
    assert [
        said
        for message, forms in sentences(source, language)
        for english, said in forms
        if message.context not in (COMMAND, OPTION, CHOICE) and len(NAMED.sub("", said)) > most.get(english, 4000)
    ] == []
