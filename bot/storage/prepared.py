"""Statements that have run once run again without SQLAlchemy, which takes ten times as long as SQLite for most.

Only the first run of a statement goes through SQLAlchemy. What it made of it (the text, what goes where and how it
is converted, how rows are read) serves all later runs with parameters of the same names.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ExecuteStyle
from sqlalchemy.engine.result import IteratorResult, ResultMetaData
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase

AT_ONCE = 1_000
"""So many rows are read before the first is used: most statements have ended then and keep nothing open."""
REPEATED = (SelectBase, UpdateBase)
STYLES = (ExecuteStyle.EXECUTE, ExecuteStyle.EXECUTEMANY)

# Quoted text is left as it is, with the question marks in it.
_PLACES = re.compile(r"""'[^']*'|"[^"]*"|(?P<compared>[=<>] )?\?""")


class _Bound(NamedTuple):
    """What goes to one place of a statement: the parameter of a name, or where that is None always one value."""

    name: str | None
    convert: Callable[[Any], Any] | None
    value: object


class _Prepared(NamedTuple):
    """A statement as SQLite takes it; `metadata` tells how rows are read, and is None where there are none."""

    text: str
    places: Sequence[_Bound]
    metadata: ResultMetaData | None

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Parameters in their places, as SQLite takes them."""
        return [
            value if name is None else parameters[name] if convert is None else convert(parameters[name])
            for name, convert, value in self.places
        ]


class _Rows(IteratorResult[Any]):
    """The rows that a statement has returned; what is asked for most is given without SQLAlchemy's many steps."""

    returns_rows = True

    def _rows(self) -> Iterator[sa.Row[Any]]:
        make: Any = sa.Row
        metadata: Any = self._metadata
        rows, self.iterator = self.iterator, iter(())
        convert, places = metadata._effective_processors, metadata._key_to_index
        return (make(metadata, convert, places, row) for row in rows)

    def __iter__(self) -> Iterator[sa.Row[Any]]:
        return self._rows()

    def all(self) -> list[sa.Row[Any]]:
        """All rows that are left."""
        return list(self._rows())

    def first(self) -> sa.Row[Any] | None:
        """The first row, and none of the others."""
        return next(self._rows(), None)

    def scalars(self, index: Any = 0) -> Any:
        """The values of one column; SQLAlchemy would take the statement's columns apart for it each time."""
        if not isinstance(index, int):
            return super().scalars(index)
        values: Any = (row[index] for row in self._rows())
        result: IteratorResult[Any] = IteratorResult(self._metadata, values, _source_supports_scalars=True)
        return result.scalars()

    def scalar(self) -> Any:
        """The first column of the first row, or None."""
        row = self.first()
        return None if row is None else row[0]


class _Done(NamedTuple):
    """What is left of a statement that returns no rows."""

    rowcount: int
    returns_rows: bool = False


_Key = tuple[bool, tuple[str, ...]]
KNOWN: WeakKeyDictionary[sa.Executable, dict[_Key, _Prepared | None]] = WeakKeyDictionary()
"""Statements by whether they run for several sets of parameters at once, and by the names of these."""


class PreparedConnection(sa.Connection):
    """A connection to SQLite that remembers statements; what listens to events hears all of them."""

    def execute(self, statement: sa.Executable, parameters: Any = None, **options: Any) -> Any:
        """Executes a statement, as `sqlalchemy.Connection` does."""
        own: Any = self
        unusual = options or own._has_events or own.engine._has_events or own._transaction is None
        if unusual or not isinstance(statement, REPEATED):
            return super().execute(statement, parameters, **options)
        sets = _sets(parameters)
        key = len(sets) > 1, tuple(sets[0])
        known = KNOWN.setdefault(statement, {})
        prepared = known.get(key)
        if prepared is not None:
            try:
                values = [prepared.values(one) for one in sets]
            except Exception:
                prepared = None  # SQLAlchemy says what is wrong with the parameters
            else:
                return self._run(prepared, values)
        result = super().execute(statement, parameters)
        if key not in known:
            known[key] = _prepare(result.context, result, sets[0])
        return result

    def _run(self, prepared: _Prepared, values: Sequence[Sequence[Any]]) -> Any:
        own: Any = self
        raw: sqlite3.Connection = own.connection.driver_connection
        try:
            if len(values) > 1:
                cursor = raw.executemany(prepared.text, values)
            else:
                cursor = raw.execute(prepared.text, values[0])
            rows = cursor.fetchmany(AT_ONCE)
        except sqlite3.Error as error:
            own._handle_dbapi_exception(error, prepared.text, None, None, None)
            raise
        if prepared.metadata is None:
            return _Done(cursor.rowcount)
        return _Rows(prepared.metadata, iter(rows) if len(rows) < AT_ONCE else chain(rows, cursor))


def _sets(parameters: Any) -> Sequence[Mapping[str, Any]]:
    if isinstance(parameters, Sequence):
        return cast("Sequence[Mapping[str, Any]]", parameters) or [{}]
    return [parameters or {}]


def _prepare(context: Any, result: Any, parameters: Mapping[str, Any]) -> _Prepared | None:
    """What is remembered of a statement that has run with these parameters; None where each run is different."""
    compiled = context.compiled
    converts, lists = compiled._bind_processors, context._expanded_parameters
    written_out = {compiled.bind_names[bind] for bind in compiled.literal_execute_params}
    named = [name for name in compiled.positiontup if name not in written_out]
    places = [place for name in named for place in lists.get(name, [name])]
    listed = written_out | {compiled.bind_names[bind] for bind in compiled.post_compile_params}
    if (
        compiled.insert_prefetch
        or compiled.update_prefetch
        or context.execute_style not in STYLES
        or context.execution_options
        or not listed.isdisjoint(parameters)
    ):
        return None
    bound = [
        _Bound(name if name in parameters else None, converts.get(name), value)
        for name, value in zip(places, context.parameters[0], strict=True)
    ]
    metadata = result._metadata if result.returns_rows else None
    plain = _Prepared(context.statement, bound, metadata)
    return _planned_once(plain) if plain.values(parameters) == list(context.parameters[0]) else None


def _planned_once(prepared: _Prepared) -> _Prepared:
    """The same, with what is always compared with the same value written out.

    Where an index holds only rows of one value, SQLite plans anew at each run: the next value might be another.
    """
    places = iter(prepared.places)
    left: list[_Bound] = []

    def written(found: re.Match[str]) -> str:
        if not found[0].endswith("?"):
            return found[0]
        place = next(places)
        if found["compared"] and place.name is None and isinstance(place.value, int | str):
            return found["compared"] + _literal(place.value)
        left.append(place)
        return found[0]

    return prepared._replace(text=_PLACES.sub(written, prepared.text), places=left)


def _literal(value: int | str) -> str:
    return f"{value:d}" if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
