"""What people read stands in `ui`, what is stored stands in `storage`, and transactions stand in services."""

import ast
import re
from pathlib import Path

from bot.ui import bank_drafts
from bot.ui.refusals import SENTENCES
from tests.architecture.source import docstrings, files, in_rooms, name, nodes, room, tree

WORDS = re.compile(r"\b(?:[A-Z][a-z’']*|[a-z’']+,? [a-z’']+),? [a-z’']+")
OPERATOR = {
    "OperatorError",
    "DatabaseDamaged",
    "DatabaseInUse",
    "DatabaseOutOfReach",
    "SchemaTooNew",
    "BadSettings",
    "BadPack",
}
OURS = {"RuntimeError", "ValueError", "AssertionError", "TypeError", "KeyError"}
DESCRIBING = {"command", "describe", "Group", "context_menu"}
"""Discord's own descriptions of commands stand with their commands."""


def _texts(file: Path) -> list[tuple[int, str]]:
    """The sentences of a file that somebody could read."""
    module = tree(file)
    exempt: set[ast.AST] = set(docstrings(module))
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in OPERATOR | OURS | DESCRIBING or called.startswith(("exec_driver_sql", "text")):
                exempt.update(ast.walk(node))
        elif isinstance(node, ast.Assert) and node.msg is not None:
            exempt.update(ast.walk(node.msg))
        elif isinstance(node, ast.ClassDef):
            for keyword in node.keywords:
                exempt.update(ast.walk(keyword.value))
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in ("OPTIONS", "GROUP") for target in node.targets
        ):
            exempt.update(ast.walk(node))
    return [
        (node.lineno, node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in exempt
        and WORDS.search(node.value)
    ]


def test_sentences_stand_in_ui_alone():
    found = [
        f"{name(file)}:{line}: {text}"
        for file in in_rooms("domain", "storage", "services", "delivery", "workers", "cogs")
        if file.stem not in ("standard", "bank_files", "schema")  # what is wrong with a pack is told to its author
        and file.stem not in ("hint_words", "zone_cities")  # lists of words, which nobody reads one after the other
        for line, text in _texts(file)
    ]
    assert not found, "\n".join(found)


def _refusals() -> dict[str, str]:
    """Every code that is refused with, and where."""
    codes: dict[str, str] = {}
    for file in files():
        for node in nodes(file):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                first = node.args[0] if node.args else None
                for constant in ast.walk(first) if first is not None else ():
                    if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                        codes[constant.value] = f"{name(file)}:{node.lineno}"
    return codes


def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal():
    codes = _refusals()
    assert codes
    assert not {code: where for code, where in codes.items() if code not in SENTENCES}
    assert not SENTENCES.keys() - codes.keys()


def test_each_part_that_is_typed_has_its_sentences():
    drafts = next(file for file in files() if name(file) == "bot/domain/bank_drafts.py")
    calls = [node for node in ast.walk(tree(drafts)) if isinstance(node, ast.Call)]
    within = [node.args[0] for node in calls if ast.unparse(node.func) == "_within"]
    missing = [word.value for node in calls if "bank.draft_empty" in ast.unparse(node) for word in node.keywords]
    parts, needed = (
        {word.value for found in nodes for word in ast.walk(found) if isinstance(word, ast.Constant)}
        for nodes in (within, missing)
    )
    assert parts == bank_drafts.LONG.keys() == bank_drafts.UNSHOWN.keys()
    assert needed == bank_drafts.MISSING.keys()


def test_transactions_are_opened_by_services_the_outbox_and_the_shell_alone():
    for file in files():
        allowed = room(file) in ("services", "storage", "demo", "shell") or file.stem == "outbox"
        for node in nodes(file):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                opens = node.func.attr in ("read", "write", "maintain")
                assert allowed or not opens, f"{name(file)}:{node.lineno} opens a transaction"


def test_interactions_are_answered_by_the_kit_alone():
    """Else an answer would fail that comes after the deferral of one that takes long."""
    for file in files():
        if name(file) == "bot/ui/kit/responses.py" or file.parts[-2] == "demo":
            continue
        for node in nodes(file):
            if isinstance(node, ast.Attribute) and node.attr in (
                *("send_message", "send_modal", "edit_message", "defer", "followup", "edit_original_response"),
            ):
                assert "interaction" not in ast.unparse(node), f"{name(file)}:{node.lineno} answers by itself"


PEOPLE_WROTE = {"name", "title", "topic", "display_name", "prompt", "reason"}
"""Fields that hold words of people."""


def test_peoples_words_stand_quoted_in_sentences():
    """Else their markup, links and signs that turn a line would work in the bot's own words."""
    found = [
        f"{name(file)}:{node.lineno}: {ast.unparse(node.value)}"
        for file in in_rooms("ui", "cogs", "workers")
        for node in nodes(file)
        if isinstance(node, ast.FormattedValue)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in PEOPLE_WROTE
    ]
    assert not found, "\n".join(found)
