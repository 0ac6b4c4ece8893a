"""Backs the database up and restores it."""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.domain.errors import OperatorError
from bot.services.audit import AuditReport, verify_database
from bot.storage import backups
from bot.storage.sqlite_files import database_file
from bot.storage.urls import files_of, is_postgres


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and checked.

    Attributes:
        deleted: how many older ones were deleted for it.
    """

    file: Path
    report: AuditReport
    deleted: int


async def back_up(
    url: str, at: datetime, folder: Path | None = None, *, keep: int = 14, age: timedelta = timedelta(days=90)
) -> Backup:
    """Makes a backup, also while the bot runs, and checks it; older ones are deleted by number and age.

    Args:
        folder: where backups lie; `backups` beside the database if left out, `var/backups` for one on PostgreSQL.

    Raises:
        OperatorError: there is no database, or no good copy could be made; then none is deleted.
    """
    if is_postgres(url):
        report = await verify_database(url)
        database = files_of(url)
        folder = folder or database.parent / backups.FOLDER
        with backups.alone(folder, database.name):
            target = backups.new_file(folder, database.name, ".dump", at)
            await asyncio.to_thread(backups.dump, url, target)
            return Backup(target, report, len(backups.thin_out(folder, database.name, ".dump", at, keep, age)))
    database = _file(url)
    if not database.is_file():
        raise OperatorError("There is no database yet: it is made when the bot runs for the first time.")
    folder = folder or database.parent / backups.FOLDER
    with backups.alone(folder, database.stem):
        target = backups.new_file(folder, database.stem, ".db", at)
        part = target.with_suffix(backups.PART)
        backups.copy_aside(database, part)
        try:
            report = await verify_database(f"sqlite+aiosqlite:///{part}")
        except BaseException:
            part.unlink()
            raise
        part.rename(target)
        return Backup(target, report, len(backups.thin_out(folder, database.stem, ".db", at, keep, age)))


class BackupFailed(Exception):
    """No backup was made; the text says why."""


@dataclass(frozen=True, slots=True)
class TriedBackup:
    """A backup as the command tells of it, and whether all in it agrees."""

    told: str
    agrees: bool


async def back_up_apart(url: str) -> TriedBackup:
    """Makes a backup as the command does, in a process of its own: to check it keeps a processor busy for a while.

    Raises:
        BackupFailed: there is none, and why.
    """
    environment = {**os.environ, "MOCKINGBIRD_DATABASE_URL": url}  # handed on, not read
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "bot", "backup")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=pipe, stderr=pipe)
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode not in (0, 1) or not out:
        lines = err.decode(errors="replace").strip().splitlines()
        raise BackupFailed(lines[-1] if lines else f"exit code {process.returncode}")
    return TriedBackup(" ".join(out.decode(errors="replace").split()), agrees=process.returncode == 0)


def last_made(url: str) -> datetime | None:
    """When the newest backup was made, where backups lie if nobody says otherwise; None where there is none."""
    made = made_backups(url)
    return made[0][0] if made else None


def made_backups(url: str) -> list[tuple[datetime, Path]]:
    """The backups there, with the instants at which they were made, the newest first."""
    if is_postgres(url):
        files = files_of(url)
        return backups.made_at(files.parent / backups.FOLDER, files.name, ".dump")
    file = database_file(url)
    return [] if file is None else backups.made_at(file.parent / backups.FOLDER, file.stem, ".db")


def restore(url: str, at: datetime, backup: Path) -> Path | None:
    """Puts a backup in the place of the database while the bot is stopped; returns where the former one lies.

    Raises:
        DatabaseInUse: the bot runs.
        OperatorError: the backup cannot be used; nothing was changed.
    """
    if is_postgres(url):
        owner, name = make_url(url).username, files_of(url).name
        raise OperatorError(
            f"This database is on PostgreSQL: stop the bot, then let the server's superuser run `dropdb {name}`, "
            f"`createdb --owner={owner} --encoding=UTF8 --template=template0 {name}`, and `pg_restore --no-owner "
            f"--role={owner} --exit-on-error --dbname={name} {backup}`."
        )
    return backups.put_in_place(backup, _file(url), at)


def end_old_copies(url: str, at: datetime) -> None:
    """Deletes the copies that upgrades made more than 7 days ago."""
    file = database_file(url)
    if file is not None:
        backups.end_old_copies(file, at)


def _file(url: str) -> Path:
    file = database_file(url)
    if file is None:
        raise OperatorError("A database in memory can't be backed up or restored.")
    return file
