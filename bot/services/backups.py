"""Backs the database up and restores it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.errors import OperatorError
from bot.services.audit import AuditReport, verify_database
from bot.storage import backups
from bot.storage.postgres import files_of, is_postgres
from bot.storage.sqlite import database_file


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
        folder = folder or database.parent / "backups"
        target = folder / f"{database.name}-{at:{backups.STAMP}}.dump"
        await asyncio.to_thread(backups.dump, url, target)
        return Backup(target, report, len(backups.thin_out(folder, database.name, at, keep, age)))
    database = _file(url)
    if not database.is_file():
        raise OperatorError("There is no database yet: it is made when the bot runs for the first time.")
    folder = folder or database.parent / "backups"
    target = folder / f"{database.stem}-{at:{backups.STAMP}}.db"
    if target.exists():
        raise OperatorError(f"{target} was made just now.")
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    backups.copy_aside(database, part)
    try:
        report = await verify_database(f"sqlite+aiosqlite:///{part}")
    except BaseException:
        part.unlink()
        raise
    part.rename(target)
    return Backup(target, report, len(backups.thin_out(folder, database.stem, at, keep, age)))


def restore(url: str, at: datetime, backup: Path) -> Path | None:
    """Puts a backup in the place of the database while the bot is stopped; returns where the former one lies.

    Raises:
        DatabaseInUse: the bot runs.
        OperatorError: the backup cannot be used; nothing was changed.
    """
    if is_postgres(url):
        raise OperatorError(
            "This database is on PostgreSQL: stop the bot, and let pg_restore put the backup in place: `pg_restore "
            f"--clean --if-exists --single-transaction --no-owner --dbname={files_of(url).name} {backup}`."
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
