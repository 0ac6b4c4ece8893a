"""Copies of the database's file: made beside a running bot, kept by number and age, and put back into place."""

import glob
import io
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout
from sqlalchemy.engine import make_url

from bot.domain.errors import OperatorError
from bot.storage.migrate import copy_database, known_revisions
from bot.storage.private_files import FILE_MODE, make_file, make_folder
from bot.storage.sqlite_files import WriterLock

FOLDER = "backups"
"""Where they lie beside the database, unless somebody says otherwise."""
STAMP = "%Y%m%dT%H%M%SZ"
PART = ".part"
"""How a backup ends that is being made."""
BACKUP = re.compile(r"(?P<stem>.+)-(?P<stamp>\d{8}T\d{6}Z)(?P<ending>\.db|\.dump)")
LEFT = re.compile(r"(?P<stem>.+)-\d{8}T\d{6}Z\.part(-\w+)?")
"""What a backup leaves behind that was interrupted, with SQLite's journal."""
COPIES_STAY = timedelta(days=7)
"""For so long an upgrade can be taken back with the copy made before it."""
BESIDE = ("", "-wal", "-shm")
"""What belongs to one database in WAL mode: https://sqlite.org/walformat.html"""


def copy_aside(database: Path, target: Path) -> None:
    """Copies a database, also while it is written to, into one file that nobody else may read.

    Raises:
        OperatorError: the copy cannot be written, or is broken.
    """
    try:
        copy_database(database, target)
        with closing(sqlite3.connect(target)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole without a log beside it
        check(target)
    except OperatorError:
        target.unlink(missing_ok=True)
        raise
    except (OSError, sqlite3.Error) as error:
        target.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise OperatorError(f"I can't copy {database.name} to {target.parent}: {reason}.") from error


def check(file: Path, pragma: str = "integrity_check") -> str:
    """Reads a whole file and returns its revision.

    Args:
        pragma: `quick_check` is enough for a database that is in use.

    Raises:
        OperatorError: it is no database of this bot, is broken, or is too new.
    """
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            (found,) = opened.execute(f"PRAGMA {pragma}(1)").fetchone()
            revision = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise OperatorError(f"{file.name} isn't a Mockingbird database, or it's broken: {error}.") from error
    if found != "ok":
        raise OperatorError(f"{file.name} is broken: {found}.")
    if revision is None or revision[0] not in known_revisions():
        raise OperatorError(f"{file.name} comes from a newer Mockingbird. Install that version, then try again.")
    return revision[0]


@contextmanager
def alone(folder: Path, stem: str) -> Generator[None]:
    """While one backup of a database is made in a folder, no other is; what an interrupted one left is deleted.

    Raises:
        OperatorError: another one is being made, or nothing can be written there.
    """
    lock = FileLock(folder / f"{stem}.lock", timeout=0, mode=FILE_MODE, thread_local=False, fallback_to_soft=False)
    try:
        make_folder(folder)
        lock.acquire()
    except Timeout as error:
        raise OperatorError("Another backup is being made just now.") from error
    except OSError as error:
        raise OperatorError(f"I can't write to {folder}: {error.strerror}.") from error
    try:
        for file in folder.iterdir():
            name = LEFT.fullmatch(file.name)
            if name is not None and name["stem"] == stem:
                file.unlink()
        yield
    finally:
        with suppress(OSError):  # nobody waits for it, and Windows keeps it while it is open
            Path(lock.lock_file).unlink()
        lock.release()


def new_file(folder: Path, stem: str, ending: str, at: datetime) -> Path:
    """Where a new backup goes; raises OperatorError where one was made in the same second."""
    file = folder / f"{stem}-{at:{STAMP}}{ending}"
    if file.exists():
        raise OperatorError(f"{file} was made just now.")
    return file


def made_at(folder: Path, stem: str, ending: str) -> list[tuple[datetime, Path]]:
    """A database's backups in a folder with the instants at which they were made, the newest first.

    Args:
        ending: `.db` or `.dump`: a file and a database on a server of the same name have backups of their own.
    """
    found: list[tuple[datetime, Path]] = []
    for file in folder.iterdir() if folder.is_dir() else ():
        name = BACKUP.fullmatch(file.name)
        if name is not None and (name["stem"], name["ending"]) == (stem, ending):
            found.append((datetime.strptime(name["stamp"], STAMP).replace(tzinfo=UTC), file))
    return sorted(found, reverse=True)


def dump(url: str, target: Path) -> None:
    """Has `pg_dump` copy a database on PostgreSQL into one file that nobody else may read, and reads that again.

    Raises:
        OperatorError: the program is not there, or fails; there is no file then.
    """
    made = make_url(url)
    place = {
        "PGHOST": made.host or str(made.query.get("host", "")),
        "PGPORT": str(made.port or ""),
        "PGUSER": made.username or "",
        "PGPASSWORD": made.password or "",  # as an argument everybody on the machine could read it
        "PGDATABASE": made.database or "",
        "PGSSLMODE": str(made.query.get("ssl", "")).replace("_", "-"),
    }
    environment = os.environ | {name: value for name, value in place.items() if value}
    if shutil.which("pg_dump") is None:
        raise OperatorError(
            "This database is on PostgreSQL, which pg_dump backs up: install PostgreSQL's client programs "
            "(Debian: apt install postgresql-client) and run this again."
        )
    part = target.with_suffix(PART)
    try:
        make_file(part)
        with part.open("wb") as file:
            _run("pg_dump", "--format=custom", "--no-password", environment=environment, into=file)
            file.flush()
            os.fsync(file.fileno())
        _run("pg_restore", f"--file={os.devnull}", str(part), environment=environment)  # reads all of it
        part.rename(target)
    except (OSError, _Failed) as error:
        reason = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise OperatorError(f"I can't back up {made.database}: {reason}.") from error
    finally:
        part.unlink(missing_ok=True)


class _Failed(Exception):
    """A program of PostgreSQL's failed; the text is the last that it said."""


def _run(*command: str, environment: dict[str, str], into: BinaryIO | None = None) -> None:
    """Runs a program; it writes to a pipe, so that it ends with this process, however that ends."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=said) as process,
    ):
        assert process.stdout is not None
        shutil.copyfileobj(process.stdout, into or io.BytesIO())
        if process.wait():
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            raise _Failed(lines[-1] if lines else f"{command[0]} ended with {process.returncode}")


def thin_out(folder: Path, stem: str, ending: str, at: datetime, keep: int, age: timedelta) -> list[Path]:
    """Deletes backups beyond the newest `keep`, and those older than `age`, but never the newest; tells which."""
    found = made_at(folder, stem, ending)
    old = [file for number, (made, file) in enumerate(found) if number and (number >= keep or at - made > age)]
    for file in old:
        file.unlink()
    return old


def end_old_copies(database: Path, at: datetime, age: timedelta = COPIES_STAY) -> None:
    """Deletes the copies older than `age` that upgrades made before they changed a database."""
    for copy in database.parent.glob(f"{glob.escape(database.name)}.before-*"):
        if at - datetime.fromtimestamp(copy.stat().st_mtime, UTC) > age:
            copy.unlink()


def put_in_place(backup: Path, database: Path, at: datetime) -> Path | None:
    """Puts a copy of a backup in the place of a database; the one that was there is kept beside it.

    Returns:
        Where the former database lies now, or None where there was none.

    Raises:
        DatabaseInUse: the bot runs.
        OperatorError: the backup cannot be used; nothing was changed.
    """
    if not backup.is_file():
        raise OperatorError(f"There's no file {backup}.")
    lock = WriterLock(database)
    lock.acquire()
    try:
        new = database.with_name(f"{database.stem}.restoring-{at:{STAMP}}.db")
        check(backup)
        copy_aside(backup, new)
        kept = database.with_name(f"{database.stem}.replaced-{at:{STAMP}}.db")
        # The log goes along: left behind, SQLite would take it for the restored file's.
        for end in BESIDE:
            part = database.with_name(database.name + end)
            if part.exists():
                part.rename(kept.with_name(kept.name + end))
        new.rename(database)
        return kept if kept.exists() else None
    finally:
        lock.release()
