"""Rows as typed values: dataclasses and named tuples whose fields are called like the columns."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import itemgetter
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


@cache
def _maker(kind: type[T], columns: tuple[str, ...]) -> Callable[[Any], T]:
    """What makes a kind of a row with these columns.

    It knows their places: asking each row for one name after the other takes several times as long.
    """
    names = names_of(kind)
    if len(names) < 2 or any(columns.count(name) != 1 for name in names):
        return lambda row: load(kind, row)
    values = itemgetter(*map(columns.index, names))
    return lambda row: kind(**dict(zip(names, values(row), strict=True)))


def one(conn: Connection, kind: type[T], statement: sa.Executable, **values: object) -> T | None:
    """The first row that a statement finds with these parameters, as a value of a kind."""
    result = conn.execute(statement, values)
    make, row = _maker(kind, tuple(result.keys())), result.first()
    return None if row is None else make(row)


def many(conn: Connection, kind: type[T], statement: sa.Executable, **values: object) -> list[T]:
    """All rows that a statement finds with these parameters, as values of a kind."""
    result = conn.execute(statement, values)
    return list(map(_maker(kind, tuple(result.keys())), result))


def columns(item: object) -> dict[str, object]:
    """A value's fields by name, as an insert takes them."""
    return {name: getattr(item, name) for name in names_of(type(item))}
