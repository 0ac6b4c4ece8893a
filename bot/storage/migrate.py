"""Brings a database to the schema of this code, all or nothing, after a copy of the file."""

import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from bot.domain.errors import OperatorError
from bot.storage.database import Database, database_file


class SchemaTooNew(OperatorError):
    """The database was written by a newer Mockingbird."""


def migration_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, for a connection that is open already where one is given."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision that this code needs."""
    revision = ScriptDirectory.from_config(migration_config()).get_current_head()
    assert revision is not None
    return revision


def copy_database(source: Path, target: Path) -> None:
    """Copies a SQLite database consistently, also while somebody writes to it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()


async def is_current(database: Database) -> bool:
    """Whether a database has the schema of this code."""
    return await database.read(_revision) == head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def migrate(database: Database) -> bool:
    """Upgrades the schema; returns whether anything changed.

    Raises:
        SchemaTooNew: the database has a revision this code does not know.
    """
    return await database.maintain(lambda connection: _migrate(connection, database_file(database.url)))


def _migrate(connection: Connection, file: Path | None) -> bool:
    """Foreign keys are off meanwhile, and are checked before the commit.

    Rebuilding a parent table would delete its children by cascade.
    """
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        current = _revision(connection)
        if current == head():
            return False
        known = {script.revision for script in ScriptDirectory.from_config(migration_config()).walk_revisions()}
        if current is not None and current not in known:
            raise SchemaTooNew(
                "This database was written by a newer Mockingbird. Start that version, or restore a backup."
            )
        if current is not None and file is not None:
            copy_database(file, file.with_name(f"{file.name}.before-{head()}"))
        command.upgrade(migration_config(connection), "head")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration broke {len(broken)} references; nothing was changed")
        connection.commit()
        return True
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")
