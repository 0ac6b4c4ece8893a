"""Leaves browser tests out where there is no Chromium, and says so."""

import os
import shutil
from pathlib import Path

import pytest

BROWSER = Path(__file__).parent / "browser"
LEFT_OUT = pytest.StashKey[int]()


def find_chromium() -> str | None:
    """The browser's path: the one that CHROMIUM names, else Debian's."""
    return shutil.which(os.environ.get("CHROMIUM") or "chromium")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(BROWSER):
            item.add_marker(pytest.mark.browser)
    browser = [item for item in items if item.get_closest_marker("browser")]
    if not browser or find_chromium():
        return
    if os.environ.get("REQUIRE_CHROMIUM", "0") not in ("", "0"):
        raise pytest.UsageError("REQUIRE_CHROMIUM is set, but there is no Chromium (Debian: apt install chromium).")
    for item in browser:
        item.add_marker(pytest.mark.skip(reason="there is no Chromium"))
    config.stash[LEFT_OUT] = len(browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        tests = "test" if left_out == 1 else "tests"
        terminalreporter.write_line(
            f"Left out: {left_out} browser {tests}, because there is no Chromium (Debian: apt install chromium)"
        )
