"""Rows as typed values: dataclasses and named tuples whose fields are called like the columns."""

from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

T = TypeVar("T")


@cache
def names_of(kind: type) -> tuple[str, ...]:
    """The names of a kind's fields."""
    return tuple(getattr(kind, "_fields", ())) or tuple(field.name for field in fields(kind))


def load(kind: type[T], row: sa.Row[*tuple[Any, ...]], prefix: str = "", **more: object) -> T:
    """A row as a value of a kind.

    Args:
        prefix: how the row's columns begin before the names of the fields.
        more: fields that the row does not have.
    """
    found = {name: getattr(row, prefix + name) for name in names_of(kind) if name not in more}
    return kind(**found, **more)


def one(conn: Connection, kind: type[T], statement: sa.Executable, **values: object) -> T | None:
    """The first row that a statement finds with these parameters, as a value of a kind."""
    row = conn.execute(statement, values).first()
    return None if row is None else load(kind, row)


def many(conn: Connection, kind: type[T], statement: sa.Executable, **values: object) -> list[T]:
    """All rows that a statement finds with these parameters, as values of a kind."""
    return [load(kind, row) for row in conn.execute(statement, values)]


def columns(item: object) -> dict[str, object]:
    """A value's fields by name, as an insert takes them."""
    return {name: getattr(item, name) for name in names_of(type(item))}
