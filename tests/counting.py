"""Counts what a database is asked, so that a test can hold a flow to its budget."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, event

from bot.storage.database import Database

ENDS = ("RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")


class Spent(NamedTuple):
    """What a flow costs."""

    statements: int
    transactions: int


@dataclass
class Count:
    """The statements that ran, by transaction."""

    transactions: list[list[str]] = field(default_factory=list)
    writes: int = 0
    """How many of the transactions were begun to write."""

    @property
    def reads(self) -> int:
        return len(self.transactions) - self.writes

    @property
    def statements(self) -> int:
        return sum(map(len, self.transactions))

    @property
    def spent(self) -> Spent:
        return Spent(self.statements, len(self.transactions))

    def __str__(self) -> str:
        """Everything that ran, for the message of a test that fails."""
        texts = [f"{self.statements} statements in {self.reads} reads and {self.writes} writes"]
        for number, transaction in enumerate(self.transactions, 1):
            texts.append(f"transaction {number}")
            texts += (f"    {' '.join(text.split())}" for text in transaction)
        return "\n".join(texts)


@contextmanager
def counting(database: Database) -> Generator[Count]:
    """Counts what runs inside the block, whoever asks for it.

    Whether two writes share a commit is a matter of moments, so that each of them counts as a transaction. A read
    that writes fails here: it would be counted for less than it is.
    """
    count = Count()
    writing = False

    def begin(conn: Connection) -> None:
        nonlocal writing
        writing = conn.engine is database.writer
        count.transactions.append([])
        count.writes += writing

    def note(conn: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SAVEPOINT "):
            begin(conn)
        elif not statement.startswith(ENDS):
            assert count.transactions, f"outside of transactions: {statement}"
            assert writing or statement.lstrip().startswith(("SELECT", "WITH")), f"a read that writes: {statement}"
            count.transactions[-1].append(statement)

    heard = (("begin", begin), ("before_cursor_execute", note))
    for engine in (database.reader, database.writer):
        for name, listener in heard:
            event.listen(engine, name, listener)
    try:
        yield count
    finally:
        for engine in (database.reader, database.writer):
            for name, listener in heard:
                event.remove(engine, name, listener)
