"""Imports point inward, and what stands outermost stays humble."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COG_LINES = 150
FORBIDDEN = {
    "bot/domain": (
        "discord",
        "sqlalchemy",
        "aiosqlite",
        "apscheduler",
        "bot.storage",
        "bot.services",
        "bot.ui",
        "cogs",
    ),
    "bot/storage": ("discord", "apscheduler", "bot.services", "bot.ui", "cogs"),
    "bot/services": ("discord", "apscheduler", "bot.ui", "cogs"),
    "bot/ui": ("sqlalchemy", "aiosqlite", "cogs"),
    "cogs": ("sqlalchemy", "aiosqlite", "simcord"),
}


def imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("room", FORBIDDEN)
def test_rooms_import_only_what_lies_further_in(room: str):
    files = list((ROOT / room).rglob("*.py"))
    assert files
    for file in files:
        bad = [n for n in imports(file) if any(n == f or n.startswith(f + ".") for f in FORBIDDEN[room])]
        assert not bad, f"{file.relative_to(ROOT)} imports {bad}"


def test_only_the_demo_and_tests_know_simcord():
    for file in (ROOT / "bot").rglob("*.py"):
        if "demo" not in file.parts:
            assert not any(name.split(".")[0] == "simcord" for name in imports(file)), file


def test_a_cog_is_short_enough_to_do_no_work_of_its_own():
    files = list((ROOT / "cogs").glob("*.py"))
    assert files
    for file in files:
        lines = len(file.read_text("utf-8").splitlines())
        assert lines <= COG_LINES, (
            f"{file.name} has {lines} lines: give what is no parsing or rendering to a service"
        )
