"""Leaves browser tests out where there is no Chromium, and says so; gives hypothesis all the time it needs."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.garbage import searched_later
from bot.storage.database import Database
from tests.builders import empty_database
from tests.wire.openapi import NO_DESCRIPTION

BROWSER = Path(__file__).parent / "browser"
WAITING = (BROWSER, Path(__file__).parent / "wire", Path(__file__).parent / "faults")
"""Tests that mostly wait for other processes: they begin first, and the others fill the time that they leave."""

# Hundreds of processes begin in these tests; where the environment keeps Python from writing bytecode, each of them
# would compile all of the product anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long an example takes is the machine's matter, not the rule's.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

IN_MEMORY = "/dev/shm"
NO_CHROMIUM = "there is no Chromium (Debian: apt install chromium)"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of a file of the newest schema, with nothing in it."""
    file = tmp_path / "bot.db"
    file.write_bytes(empty_database())
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of the newest schema, with nothing in it."""
    async with Database(database_url) as opened:
        yield opened


def find_chromium() -> str | None:
    """The browser's path: the one that CHROMIUM names, else Debian's."""
    return shutil.which(os.environ.get("CHROMIUM") or "chromium")


def pytest_configure() -> None:
    # Each commit waits for the disk, and thousands of tests commit: their files live in memory where it can be had.
    if os.access(IN_MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", IN_MEMORY)
    if os.environ.get("REQUIRE_CHROMIUM", "0") not in ("", "0") and not find_chromium():
        raise pytest.UsageError(f"REQUIRE_CHROMIUM is set, but {NO_CHROMIUM}.")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    with searched_later():
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(BROWSER):
            item.add_marker(pytest.mark.browser)
            if not find_chromium():
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    items.sort(key=lambda item: not any(map(item.path.is_relative_to, WAITING)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # Counted from the reports, which also come from workers.
    skipped = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    left_out = sum(NO_CHROMIUM in reason for reason in skipped)
    if left_out:
        tests = "test" if left_out == 1 else "tests"
        terminalreporter.write_line(f"Left out: {left_out} browser {tests}, because {NO_CHROMIUM}")
    if any(NO_DESCRIPTION in reason for reason in skipped):
        terminalreporter.write_line(f"Left out: what the bot sends was not checked, because {NO_DESCRIPTION}")
