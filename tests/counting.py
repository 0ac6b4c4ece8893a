"""Counts what a database is asked, so that a test can hold a flow to its budget."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import event

from bot.storage.database import Database


class Spent(NamedTuple):
    """What a flow costs."""

    statements: int
    transactions: int


@dataclass
class Count:
    """The statements that ran, by transaction; one that begins and ends transactions is none of them."""

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

    Writes that share a commit count as the one transaction that they are; savepoints are not counted.
    """
    count = Count()

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("BEGIN "):
            count.transactions.append([])
            count.writes += statement == "BEGIN IMMEDIATE"
        else:
            assert count.transactions, f"outside of transactions: {statement}"
            count.transactions[-1].append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield count
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
