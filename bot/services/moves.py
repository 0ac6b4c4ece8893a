"""Moves an installation from one database to another, on whatever engine each is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import NotStored, OperatorError, plainly
from bot.services.audit import AuditReport, report
from bot.storage import moves
from bot.storage.database import Database
from bot.storage.migrate import is_current, migrate
from bot.storage.private_files import make_file, make_folder
from bot.storage.sqlite_files import database_file
from bot.storage.urls import files_of, is_postgres

BESIDE = (".deletions", ".numbers")
"""The files beside a database that outlive it."""
KEY = '"key"'
"""In the line of the log of deletions that has its key, of which the last counts."""

Say = Callable[[int, int], None]
"""Hears of each batch how many rows are copied, and how many there are."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that was checked.

    Attributes:
        rows: how many were copied.
        report: what `verify` finds, in both alike.
    """

    rows: int
    report: AuditReport


async def move(source: str, target: str, say: Say) -> Moved:
    """Copies everything into an empty database, and compares; what was begun and interrupted is begun anew.

    Args:
        source: the address of a database that no bot uses now; it stays as it is.
        target: the address of one without anything in it.

    Raises:
        DatabaseInUse: a bot runs on either of them.
        OperatorError: the source is of another version, the target has something in it, or they do not agree.
    """
    file = database_file(source)
    if source == target:
        raise OperatorError("--from and --to name the same database.")
    if not is_postgres(source) and (file is None or not file.is_file()):
        raise OperatorError(f"There's no database {file} to move.")
    try:
        async with Database(source, patient=True) as old, Database(target, patient=True) as new:
            if not await is_current(old):
                raise OperatorError(
                    "The old database is from another version: start the bot on it once, stop it, then try again."
                )
            await migrate(old)
            await migrate(new, moving=True)
            name = await old.write(moves.name_of)
            if not await new.write(lambda conn: moves.begin(conn, name)):
                raise OperatorError(
                    "The new database has something in it already: make an empty one, and name that."
                )
            return await _copy(old, new, say)
    except NotStored as error:
        raise OperatorError(
            f"One of the databases went away: {plainly(error)}. Nothing is lost: run the same command again."
        ) from error


async def _copy(old: Database, new: Database, say: Say) -> Moved:
    expected = await old.read(moves.counts)
    every, done = sum(expected.values()), 0
    for table in moves.TABLES:
        last: moves.Row | None = None
        while rows := await old.read(lambda conn, last=last, name=table.name: moves.read(conn, name, last)):
            await new.write(lambda conn, rows=rows, name=table.name: moves.write(conn, name, rows))
            last, done = rows[-1], done + len(rows)
            say(done, every)
    found = await new.read(moves.counts)
    if found != expected:
        wrong = ", ".join(name for name in expected if expected[name] != found[name])
        raise OperatorError(f"The copy isn't whole ({wrong}): run the same command again.")
    before, after = await report(old), await report(new)
    if _said(before) != _said(after):
        raise OperatorError("What verify finds in the two databases differs: run the same command again.")
    ids = await old.read(moves.given)
    await new.write(lambda conn: moves.finish(conn, ids))
    for ending in BESIDE:
        _take_along(_beside(old.url, ending), _beside(new.url, ending))
    return Moved(every, after)


def _said(found: AuditReport) -> tuple[int, int, list[str]]:
    """A report whose disagreements stand in the same order on each engine."""
    return found.streaks, found.standings, sorted(problem.stored() for problem in found.disagreements)


def _take_along(old: Path, new: Path) -> None:
    """A file goes where the bot will look for it; lines that are there from an earlier move stay, after its own.

    Its own come first, for the database knows how many of them it has followed.
    """
    if not old.is_file():
        return
    text = old.read_text("utf-8")
    known = set(text.splitlines())
    there = new.read_text("utf-8").splitlines() if new.is_file() else []
    more = [line for line in there if line not in known and KEY not in line]
    make_folder(new.parent)
    part = new.with_name(f"{new.name}.part")
    part.unlink(missing_ok=True)
    make_file(part)
    part.write_text(text + "".join(f"\n{line}" for line in more), "utf-8")
    part.replace(new)


def _beside(url: str, ending: str) -> Path:
    file = database_file(url) or files_of(url)
    return file.with_name(f"{file.name}{ending}")
