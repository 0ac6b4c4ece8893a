"""What several unit tests begin with."""

from pathlib import Path

import pytest

from bot.settings import setting_names


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to start in, and nothing set by whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
