"""Runs migrations with Alembic on a connection that is open."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.storage.schema import metadata


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str) -> None:
    """Upgrades the schema to a revision, in the transaction that the connection is in or begins."""
    command.upgrade(_config(connection), revision)


def begin(connection: Connection, revision: str) -> None:
    """Gives an empty database the schema of the code, which is that of a revision."""
    metadata.create_all(connection)
    command.stamp(_config(connection), revision)
