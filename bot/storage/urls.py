"""What a database's URL says, read without the engine that it names."""

from pathlib import Path

from sqlalchemy.engine import make_url


def is_postgres(url: str) -> bool:
    """Whether a URL names a database on PostgreSQL."""
    return make_url(url).get_backend_name() == "postgresql"


def files_of(url: str) -> Path:
    """The name under which files lie in `var` that belong to a database on a server, and not into it."""
    return Path("var") / (make_url(url).database or "postgres")
