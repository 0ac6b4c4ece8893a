"""Brings a database to the schema of this code, all or nothing, after a copy of the file."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.errors import OperatorError
from bot.storage.database import Database
from bot.storage.dialects import is_sqlite, references_unheeded, shrink
from bot.storage.installation import SOURCE, recall
from bot.storage.private_files import make_file, make_folder
from bot.storage.shards import OTHERS
from bot.storage.sqlite_files import database_file

VERSIONS = Path(__file__).parent / "migrations" / "versions"
_REVISION = sa.select(sa.table("alembic_version", sa.column("version_num")).c.version_num)


class SchemaTooNew(OperatorError):
    """The database was written by a newer Mockingbird."""


def known_revisions() -> list[str]:
    """The revisions that this code knows, oldest first: the names of their files begin with them."""
    return sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py"))


def head() -> str:
    """The revision that this code needs."""
    return known_revisions()[-1]


def copy_database(source: Path, target: Path) -> None:
    """Copies a SQLite database consistently, also while somebody writes to it, into a new file for its owner alone.

    Raises:
        OSError: the file is there already, or cannot be made.
    """
    make_folder(target.parent)
    make_file(target)
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()


async def is_current(database: Database) -> bool:
    """Whether a database has the schema of this code."""
    return await database.read(_revision) == head()


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(_REVISION).scalar()


async def migrate(database: Database, *, moving: bool = False) -> bool:
    """Upgrades the schema; returns whether anything changed.

    Args:
        moving: everything of another database is copied into it now.

    Raises:
        OperatorError: such a copy was begun and not finished.
        SchemaTooNew: the database has a revision this code does not know.
    """
    changed = await database.maintain(lambda connection: _migrate(connection, database_file(database.url)))
    if not moving and not changed and await database.read(lambda conn: recall(conn, SOURCE)) is not None:
        raise OperatorError("This database is a copy that isn't whole: run the same `migrate` command once more.")
    return changed


def _runs_beside(connection: Connection) -> bool:
    """Whether another process serves servers with the code of another schema."""
    return not is_sqlite(connection) and connection.execute(OTHERS, {"schema": head()}).first() is not None


def _migrate(connection: Connection, file: Path | None) -> bool:
    """A new database gets the schema of the code; an older one, copied before, goes through its migrations."""
    current = _revision(connection)
    if current == head():
        return False
    if current is not None and current not in known_revisions():
        raise SchemaTooNew(
            "This database was written by a newer Mockingbird. Start that version, or restore a backup."
        )
    # Alembic stays in memory, 11 MB of it, and most starts have nothing to upgrade.
    from bot.storage.upgrade import begin, upgrade

    if current is not None and _runs_beside(connection):
        raise OperatorError(
            "An older Mockingbird still runs on this database: stop its processes, then start this one again."
        )
    connection.rollback()
    if current is not None and file is not None:
        copy = file.with_name(f"{file.name}.before-{head()}")
        copy.unlink(missing_ok=True)  # of an upgrade that failed
        copy_database(file, copy)
    with references_unheeded(connection):
        (begin if current is None else upgrade)(connection, "head")
    if current is not None:
        shrink(connection)  # what was erased before erasing overwrote it must not stand in free pages
    return True
