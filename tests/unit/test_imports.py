"""What a running bot does not need is not loaded: each library takes memory for as long as the bot runs."""

import subprocess
import sys

RARE = {
    *("alembic", "asyncpg", "babel", "charset_normalizer", "hypothesis", "markdown_it", "rich", "simcord"),
    *("snowballstemmer.greek_stemmer", "sqlalchemy.dialects.postgresql", "sqlalchemy.ext.asyncio"),
    "sqlalchemy.orm",
}
TALKING = {"discord", "sqlalchemy"}
"""They talk to Discord and to databases."""


def loaded_by(*modules: str) -> set[str]:
    """All modules that are there once a process has read these."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_an_ordinary_start_loads_nothing_rare():
    loaded = loaded_by("bot.__main__", "bot.process")
    assert loaded >= TALKING and not loaded & RARE


def test_the_command_line_loads_what_talks_to_discord_and_databases_only_where_it_is_needed():
    loaded = loaded_by("bot.__main__")
    assert "bot.__main__" in loaded and not loaded & TALKING
