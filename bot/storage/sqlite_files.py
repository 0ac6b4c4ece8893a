"""The file of a SQLite database: who may write to it, how it is opened, and what is said where it is damaged."""

import sqlite3
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.storage.private_files import make_file, make_folder, take_from_others
from bot.storage.works import DatabaseDamaged, DatabaseInUse, DatabaseOutOfReach

STATEMENTS_KEPT = 512
"""How many compiled statements sqlite3 remembers; the product has about as many."""
PAGES_LOOKED_AT = 64
"""How many pages stay in memory while a whole file is looked through: each of them is needed once."""
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PRIMARY = 0xFF
"""The bits of a result code that hold the primary one."""


def result_code(error: BaseException | None) -> int:
    """SQLite's primary result code of an error, or 0."""
    plain = error.orig if isinstance(error, DBAPIError) else error
    return getattr(plain, "sqlite_errorcode", 0) & PRIMARY


def damaged(path: Path, said: str = "") -> DatabaseDamaged:
    """What happened to a file, which copy there is, and how to go back to it."""
    copies = [*path.parent.glob(f"{path.name}.before-*"), *path.parent.glob(f"backups/{path.stem}-*.db")]
    copy = max(copies, key=lambda file: file.stat().st_mtime, default=None)
    return DatabaseDamaged(
        f"I cannot open the database {path}: {said or ('it is a folder' if path.is_dir() else 'it is empty')}. "
        + (
            "There is no copy beside it, so take your newest backup"
            if copy is None
            else f"The newest copy is {copy}, of {datetime.fromtimestamp(copy.stat().st_mtime, UTC):%Y-%m-%d}"
        )
        + f": `mockingbird restore {copy or 'FILE'}` puts it in place and keeps what is there now beside it. "
        f"To begin anew, move {path.name}, {path.name}-wal and {path.name}-shm away and start. I changed nothing."
    )


def database_file(url: str) -> Path | None:
    """The file behind a SQLite URL, behind a symbolic link too; None for one in memory or on a server."""
    made = make_url(url)
    name = made.database
    if made.get_backend_name() != "sqlite" or not name or name == ":memory:":
        return None
    file = Path(name)
    return file.resolve() if file.is_symlink() else file


class WriterLock:
    """A lock file beside the database: one process writes at a time.

    The operating system drops the lock with the process, so a crash leaves nothing to clean up.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = FileLock(
            database.with_name(database.name + ".lock"),
            timeout=0,
            mode=0o600,
            thread_local=False,
            fallback_to_soft=False,
            preserve_lock_file=True,
        )

    def acquire(self) -> None:
        """Raises DatabaseInUse when another process holds it, DatabaseOutOfReach where nothing can be written."""
        folder = self._database.parent
        try:
            make_folder(folder)
            self._lock.acquire()
        except Timeout as error:
            raise DatabaseInUse(
                f"Another Mockingbird writes to {self._database.name}. "
                "Stop it first, or give this one another MOCKINGBIRD_DATABASE_URL."
            ) from error
        except OSError as error:
            raise DatabaseOutOfReach(
                f"I cannot write to the folder of the database, {folder} ({error.strerror}). "
                "Mend its permissions, or name another place in MOCKINGBIRD_DATABASE_URL."
            ) from error

    def release(self) -> None:
        """Gives the lock back; safe to call twice."""
        self._lock.release()


def open_file(name: str, pragmas: Iterable[str], busy_seconds: float, *, writes: bool) -> sqlite3.Connection:
    """A connection to a database's file, which is made where there is none and looked through.

    Args:
        name: its path, or `:memory:`.
        pragmas: what is set on the connection.
        busy_seconds: how long a transaction waits for another connection to the same file.
        writes: whether this process is the one that writes to it.

    Raises:
        DatabaseDamaged: it was emptied or is broken.
        DatabaseOutOfReach: it cannot be opened or written to.
    """
    path = Path(name)
    if writes and path.exists() and (path.is_dir() or not path.stat().st_size):
        raise damaged(path)  # where a file was, nothing is begun anew without a word
    if writes:
        _keep_private(path)
    with ExitStack() as failed:
        try:
            connection = sqlite3.connect(
                name,
                isolation_level=None,
                cached_statements=STATEMENTS_KEPT,
                timeout=busy_seconds,
            )
            failed.callback(connection.close)
            if writes:
                connection.execute(f"PRAGMA cache_size={PAGES_LOOKED_AT}")
                (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                if found != "ok":
                    raise damaged(path, found)
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
            if writes:
                _check_writable(connection, name)
        except sqlite3.DatabaseError as error:
            if result_code(error) == sqlite3.SQLITE_BUSY:
                raise
            if result_code(error) in DAMAGED or path.is_dir():
                raise damaged(path, "" if path.is_dir() else str(error)) from error
            raise DatabaseOutOfReach(
                f"I cannot open the database {name} ({error}). "
                "Mend it, or name another place in MOCKINGBIRD_DATABASE_URL."
            ) from error
        failed.pop_all()
        return connection


def _keep_private(path: Path) -> None:
    """What SQLite makes beside a database has the rights of the database."""
    if not path.exists():
        with suppress(OSError):  # SQLite says why it cannot be made
            make_file(path)
    for end in ("", "-wal", "-shm", ".lock"):
        take_from_others(path.with_name(path.name + end))


def _check_writable(connection: sqlite3.Connection, name: str) -> None:
    """Raises DatabaseOutOfReach where the file is read-only; one that is locked just now is not."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    try:
        connection.execute("BEGIN IMMEDIATE")  # on a read-only file it begins all the same
        connection.execute(f"PRAGMA user_version={version}")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if result_code(error) != sqlite3.SQLITE_READONLY:
            return
        raise DatabaseOutOfReach(
            f"I cannot write to the database {name} ({error}). "
            "Mend its permissions, or name another place in MOCKINGBIRD_DATABASE_URL."
        ) from error
