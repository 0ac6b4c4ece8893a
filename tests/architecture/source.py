"""The product's source as the architecture tests read it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Every Python file of the product, without the migrations' history."""
    found = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").glob("*.py")]
    return tuple(sorted(file for file in found if "migrations" not in file.parts))


@cache
def tree(file: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(file.read_text("utf-8"))


def name(file: Path) -> str:
    """How a failing test names a file."""
    return str(file.relative_to(ROOT))


def room(file: Path) -> str:
    """The room that a file stands in; files at the top of `bot` are the shell."""
    inside = file.relative_to(ROOT)
    if inside.parts[0] == "cogs":
        return "cogs"
    if inside.parts[1:2] == ("ui",) and len(inside.parts) > 3:
        return f"ui/{inside.parts[2]}"
    return inside.parts[1] if len(inside.parts) > 2 else "shell"


def in_rooms(*rooms: str) -> list[Path]:
    """The files of these rooms."""
    return [file for file in files() if room(file) in rooms]


@cache
def modules() -> frozenset[str]:
    """Full names of the product's modules."""
    return frozenset(".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files())


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """All nodes of a file's syntax tree, from the outermost inward."""
    return tuple(ast.walk(tree(file)))


@cache
def imported(file: Path) -> frozenset[str]:
    """Full names of the modules that a file imports, also where they are imported from their package."""
    found: set[str] = set()
    for node in nodes(file):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(inner & modules(), [node.module] if inner - modules() else [])
    return frozenset(found)


def room_of_module(module: str) -> str | None:
    """The room that an imported module of the product stands in; None for other people's modules."""
    if module.split(".")[0] not in ("bot", "cogs"):
        return None
    file = ROOT / (module.replace(".", "/") + ".py")
    return room(file if file.exists() else ROOT / module.replace(".", "/") / "__init__.py")


def docstrings(module: ast.Module) -> set[ast.Constant]:
    """The texts of a file that document it, and those that stand below what they document."""
    return {
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
