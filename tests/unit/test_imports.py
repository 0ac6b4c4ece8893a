"""What a running bot does not need is not loaded: each library takes memory for as long as the bot runs."""

import subprocess
import sys

import pytest

RARE = (
    *("alembic", "asyncpg", "babel", "charset_normalizer", "hypothesis", "markdown_it", "rich", "simcord"),
    *("snowballstemmer.greek_stemmer", "sqlalchemy.dialects.postgresql", "sqlalchemy.ext.asyncio"),
    "sqlalchemy.orm",
)


@pytest.mark.parametrize("module", RARE)
def test_an_ordinary_start_loads_nothing_rare(module: str):
    code = f"import sys, bot.__main__, bot.process; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_command_line_loads_what_talks_to_discord_and_databases_only_where_it_is_needed():
    code = "import sys, bot.__main__; sys.exit(any(name in sys.modules for name in ('discord', 'sqlalchemy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
