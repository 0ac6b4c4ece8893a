"""What people read is marked for the catalog, whole, and translated where it is shown."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import files, in_rooms, name, nodes, tree
from tests.catalog import MARKS

NOT_READ = {
    "bot/ui/audit.py": "for the operator, at a command line",
    "bot/ui/bank_terminal.py": "for the operator, at a command line",
    "bot/ui/hint_terminal.py": "for the operator, at a command line",
    "bot/ui/charts/fonts.py": "parts of a font",
    "bot/ui/kit/catalog.py": "the catalog itself",
    "bot/ui/kit/commands.py": "looks up what the commands say",
    "bot/ui/opinion_prompts.py": "for a model",
}
HANDED_ON = {"cogs/opinions.py": "the page translates the note that it is given"}
PRODUCT = "Mockingbird"
QUIET = re.compile(
    r"^(re|log|sa|mentions)\.|(^|\.)(cast|getattr|TypeVar|ContextVar|Refusal|handles|strftime|startswith|endswith|removesuffix"
    r"|removeprefix|encode|decode)$"
)
"""Calls whose strings nobody reads."""
COMMANDS = re.compile(r"^(app_commands|commands)\.(?!Choice)")
"""What commands say is gathered from the commands themselves."""
UNREAD = {"custom_id", "key", "marker"}
"""Arguments that nobody reads."""
MARKUP = re.compile(r"</?[a-z]+[\s>/]|/>|[a-z-]+=\"|^[MLHVCSQTAZ]\s?-?\d|\b(url|translate|rotate|scale)\(")
DISCORD = re.compile(r"<t:[^>]*>?|:[RdDtTfF]>|<[@#:/][^>]*>?|</?|https?://\S*")
WORD = re.compile(r"[^\W\d_]{2,}")
KEY = re.compile(r"[a-z0-9_./:*%+-]*|[A-Z0-9_#]+|%[-\w](?: ?%[-\w:])*|[\w-]+/[\w-]+")
"""A key, a code, a path, a format: nothing that stands alone on a screen."""
PLACE = re.compile(r"(?<!\{)\{([^}]*)\}")


def is_prose(text: str) -> bool:
    """Whether a constant reads as words for people."""
    read = DISCORD.sub(" ", text)
    return bool(WORD.search(read)) and not MARKUP.search(text) and not KEY.fullmatch(text) and text != PRODUCT


def is_piece(text: str) -> bool:
    """Whether a constant part of an f-string has words for people."""
    return bool(WORD.search(re.sub(r"[\w-]*[:/_=.][\w:/_=.-]*", " ", DISCORD.sub(" ", text))))


def called(node: ast.AST) -> str:
    """The dotted name of what a call calls."""
    if isinstance(node, ast.Attribute):
        return f"{called(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


class Search(ast.NodeVisitor):
    """Looks for words that bypass the catalog, and for marks with which it can do nothing."""

    def __init__(self, module: ast.Module) -> None:
        self.found: list[str] = []
        names = [
            alias.name for node in ast.walk(module) if isinstance(node, ast.ImportFrom) for alias in node.names
        ]
        self.marks = "_" in names
        self.depth = 0
        """How many functions the present place lies in: outside of them nothing is translated yet."""

    def tell(self, node: ast.expr | ast.stmt, fault: str) -> None:
        self.found.append(f"{node.lineno}: {ast.unparse(node)[:90]}: {fault}")

    def visit_body(self, node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for inner in node.body:
            if not (isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant)):  # it only describes
                self.visit(inner)

    def visit_Module(self, node: ast.Module) -> None:
        self.visit_body(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.visit_body(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(part)
        self.depth += 1
        self.visit_body(node)
        self.depth -= 1

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.depth += 1
        self.visit(node.body)
        self.depth -= 1

    def visit_Assign(self, node: ast.Assign) -> None:
        # What the options of commands mean is gathered with the commands.
        if self.depth or not any(called(target) == "OPTIONS" for target in node.targets):
            self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        if self.marks and node.id == "_" and isinstance(node.ctx, ast.Store):
            self.tell(node, "hides the catalog's `_`")

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        for part in (node.left, *node.comparators):
            if not isinstance(part, ast.Constant):
                self.visit(part)

    def visit_Dict(self, node: ast.Dict) -> None:
        for value in node.values:
            self.visit(value)

    def visit_Assert(self, node: ast.Assert) -> None:
        """Nobody reads it."""

    def visit_Raise(self, node: ast.Raise) -> None:
        """Refusals have codes, and nobody reads what is raised otherwise."""

    def visit_Call(self, node: ast.Call) -> None:
        function = called(node.func)
        if function in MARKS:
            self.visit_mark(node, function)
            return
        quiet = QUIET.search(function) or COMMANDS.search(function)
        quiet = quiet or (function == "app_commands.Choice" and not self.depth)
        for part in (node.func, *node.args, *(word.value for word in node.keywords if word.arg not in UNREAD)):
            if not (quiet and isinstance(part, ast.Constant | ast.JoinedStr)):
                self.visit(part)

    def visit_mark(self, node: ast.Call, function: str) -> None:
        if not self.depth and function != "N_":
            self.tell(node, "translates where the file is imported")
        texts = list[str]()
        for part in node.args[: MARKS[function]]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                texts.append(part.value)
            elif function != "_" or not isinstance(part, ast.Name | ast.Attribute | ast.Subscript):
                self.tell(node, "takes one plain string, or one of a table")
        given = {word.arg for word in node.keywords} | ({"number"} if function == "ngettext" else set())
        for text in texts[1:] if function == "pgettext" else texts:
            places = {place.partition(":")[0] for place in PLACE.findall(text)}
            if not all(re.fullmatch("[a-z][a-z_]*", place) for place in places):
                self.tell(node, "has a value without a name")
            elif function != "N_" and None not in given and not places <= given:
                self.tell(node, "lacks a value")
        for part in (*node.args[MARKS[function] :], *(word.value for word in node.keywords)):
            choices = (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,)
            if any(isinstance(at, ast.Constant) and WORD.search(str(at.value or "")) for at in choices):
                self.tell(node, "has words for a value, which a translation can't bend")
            else:
                self.visit(part)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
        whole = "\0".join(map(str, parts))
        if (
            not MARKUP.search(whole)
            and not re.fullmatch(r"[\w:.\0/-]*", whole)
            and any(is_piece(str(p)) for p in parts)
        ):
            self.tell(node, "builds a sentence out of pieces")
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and is_prose(node.value):
            self.tell(node, "is not marked")


def faults(source: str) -> list[str]:
    """What is wrong with a file's words."""
    module = ast.parse(source)
    search = Search(module)
    search.visit(module)
    return search.found


@pytest.mark.parametrize(
    "source",
    [
        'def page(): return "Nobody has answered yet"',
        'def page(count): return f"{count} answers"',
        'def page(count): return _(f"{count} answers")',
        'def page(late): return _("It came {when}", when="late" if late else "on time")',
        'def page(when): return _("It came {}", when)',
        'def page(team): return _("You\'re on {team}")',
        'HEAD = _("Your streak")',
        "from bot.ui.kit.catalog import _\ndef page(rows): return [name for name, _ in rows]",
        'def choices(typed): return [app_commands.Choice(name="A new pack", value=typed)]',
    ],
)
def test_it_finds_what_bypasses_the_catalog(source: str):
    assert len(faults(source)) == 1


def test_no_words_for_people_bypass_the_catalog():
    found = [
        f"{name(file)}:{fault}"
        for file in in_rooms("ui", "ui/kit", "ui/charts", "cogs")
        if name(file) not in NOT_READ and "questions" not in file.parts  # pictures of the bank
        for fault in faults(file.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def marked_constants(file: Path) -> set[str]:
    """Names of a file's sentences that stand there to be translated later."""
    return {
        target.id
        for node in tree(file).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and called(node.value.func) == "N_"
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def test_sentences_that_stand_in_constants_are_translated_where_they_are_shown():
    everywhere = {
        (name(file).removesuffix(".py").replace("/", "."), at) for file in files() for at in marked_constants(file)
    }
    found = list[str]()
    for file in files():
        if name(file) in HANDED_ON:
            continue
        known = marked_constants(file) | {
            alias.asname or alias.name
            for node in nodes(file)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if (node.module, alias.name) in everywhere
        }
        if not known:
            continue
        # What stands in a table is translated when it is taken from there.
        tables = [node for node in tree(file).body if isinstance(node, ast.Assign | ast.AnnAssign)]
        fine = {id(inner) for table in tables for inner in ast.walk(table)}
        for node in nodes(file):
            if isinstance(node, ast.Call) and called(node.func) == "_":
                fine |= {id(part) for part in node.args}
            elif isinstance(node, ast.Compare):
                fine |= {id(part) for part in node.comparators}
        found += [
            f"{name(file)}:{node.lineno}: {node.id}"
            for node in nodes(file)
            if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Load)
            and node.id in known
            and id(node) not in fine
        ]
    assert not found, "\n".join(found)


def test_whatever_writes_to_a_channel_says_in_which_language():
    silent = [
        name(file)
        for file in in_rooms("workers", "cogs")
        if re.search(r"Outgoing\(|public=True|create_dm\(|\.send\(view=", source := file.read_text("utf-8"))
        and not re.search(r"with speaking_(to_server|in_public)\(", source)
    ]
    assert not silent
