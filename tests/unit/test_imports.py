"""What a running bot does not need is not loaded: each library takes memory for as long as the bot runs."""

import subprocess
import sys

import pytest

RARE = {
    *("aiohttp.web", "alembic", "asyncpg", "babel", "charset_normalizer", "hypothesis", "markdown_it", "pydantic"),
    *("rapidfuzz", "rich", "simcord", "snowballstemmer.greek_stemmer", "sqlalchemy.dialects.postgresql"),
    *("sqlalchemy.ext.asyncio", "sqlalchemy.orm", "typer", "xml.sax", "yaml"),
}
TALKING = {"discord", "sqlalchemy"}
"""They talk to Discord and to databases."""
START = "import bot.start, bot.commands; from bot.__main__ import main; sys.argv[1:] = ['run']; main()"
"""A start as an operator makes it: for want of a token it ends once all is loaded and the packs are read."""


def loaded_by(code: str) -> set[str]:
    """All modules that are there once a process has run this."""
    code = f"import sys, atexit; atexit.register(lambda: print(*sys.modules)); {code}"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0 or "DISCORD_TOKEN is missing" in done.stderr
    return set(done.stdout.split())


@pytest.mark.usefixtures("bare")
def test_an_ordinary_start_loads_nothing_rare():
    loaded = loaded_by(START)
    assert loaded >= TALKING and not loaded & RARE


def test_the_command_line_loads_what_talks_to_discord_and_databases_only_where_it_is_needed():
    loaded = loaded_by("import bot.command_line")
    assert "bot.command_line" in loaded and not loaded & TALKING
