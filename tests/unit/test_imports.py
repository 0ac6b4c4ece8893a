"""What a running bot does not need is not loaded: each library takes memory for as long as the bot runs."""

import subprocess
import sys

import pytest

RARE = ("alembic", "simcord", "hypothesis", "sqlalchemy.orm")


@pytest.mark.parametrize("module", RARE)
def test_an_ordinary_start_loads_nothing_rare(module: str):
    code = f"import sys, bot.process; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
