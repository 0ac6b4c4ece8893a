"""Where SQLite and PostgreSQL differ: everything else in storage is the same for both."""

import json
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction, ReturnTypeFromArgs
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = [
    "Insert",
    "among",
    "each",
    "greatest",
    "insert",
    "is_sqlite",
    "least",
    "references_unheeded",
    "shrink",
    "skip_ids",
    "tell",
]
"""What an insert does on a conflict is said in SQLite's words: a bot on a file never loads PostgreSQL's dialect."""

_SEQUENCES = sa.table("sqlite_sequence", sa.column("name", sa.String), sa.column("seq", sa.Integer))
_KNOWN = sa.select(_SEQUENCES.c.name)
_BEGIN = _SEQUENCES.insert()
_SKIP = (
    _SEQUENCES.update()
    .where(_SEQUENCES.c.name.in_(sa.bindparam("names", expanding=True)))
    .values(seq=_SEQUENCES.c.seq + sa.bindparam("ids"))
)
_SKIP_ON_POSTGRES = sa.text(
    "SELECT setval(s, nextval(s) + CAST(:ids AS bigint) - 1) FROM (SELECT CAST(pg_get_serial_sequence(n, 'id') AS "
    "regclass) AS s FROM unnest(CAST(:names AS text[])) AS n) AS known"
)

_GIVEN = sa.select(_SEQUENCES)
_FORGET_GIVEN = _SEQUENCES.delete().where(_SEQUENCES.c.name.in_(sa.bindparam("names", expanding=True)))
_GIVEN_ON_POSTGRES = sa.text(
    "SELECT n, pg_sequence_last_value(CAST(pg_get_serial_sequence(n, 'id') AS regclass)) AS given "
    "FROM unnest(CAST(:names AS text[])) AS n "
    "WHERE pg_sequence_last_value(CAST(pg_get_serial_sequence(n, 'id') AS regclass)) IS NOT NULL"
)
_SET_ON_POSTGRES = sa.text(
    "SELECT setval(CAST(pg_get_serial_sequence(CAST(:name AS text), 'id') AS regclass), CAST(:seq AS bigint))"
)


_CLOCK = sa.select(sa.func.clock_timestamp(type_=sa.DateTime(timezone=True)))
_TELL = sa.text("SELECT pg_notify('mockingbird', :news)")


def is_sqlite(conn: Connection) -> bool:
    """Whether a connection is one to SQLite; to PostgreSQL otherwise."""
    return conn.dialect.name == "sqlite"


def shared_clock(conn: Connection, own: datetime) -> datetime:
    """The present instant by the clock that everybody shares who uses the database; of a file, one's own."""
    return own if is_sqlite(conn) else conn.execute(_CLOCK).scalar_one()


def tell(conn: Connection, news: str) -> None:
    """Tells other processes at the commit what has changed that they keep in memory; a file has one process."""
    if not is_sqlite(conn):
        conn.execute(_TELL, {"news": news})


class _Ids(TypeDecorator[Collection[int]]):
    """Any number of ids as one parameter."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite reads a list from JSON."""
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else sa.ARRAY(sa.BigInteger))

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return json.dumps(ids) if dialect.name == "sqlite" else ids


class _Among(GenericFunction[bool]):
    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> sa.ColumnElement[bool]:
        """A condition as it stands: as a function it would be compared with 1, for which SQLite uses no index."""
        return self


def among(ids: str, column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a column holds one of the ids that the parameter of this name lists.

    However many they are, it is one statement: a parameter for each of 2,500 servers would take SQLAlchemy 3 to
    8 ms each time and SQLite 430 kB for good, and neither engine takes more than 32,767 of them.
    """
    return _Among(column, sa.bindparam(ids, type_=_Ids()))


@compiles(_Among, "sqlite")
def _in_list(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"


@compiles(_Among, "postgresql")
def _any_of(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY ({ids})"


class _Each(GenericFunction[int]):
    type = sa.BigInteger()
    inherit_cache = True


def each(ids: str) -> sa.TableValuedAlias:
    """A table whose column `value` holds the ids that the parameter of this name lists."""
    return _Each(sa.bindparam(ids, type_=_Ids())).table_valued(sa.column("value", sa.BigInteger), name="value")


@compiles(_Each, "sqlite")
def _of_list(element: _Each, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each{compiler.process(element.clause_expr, **kw)}"


@compiles(_Each, "postgresql")
def _of_array(element: _Each, compiler: SQLCompiler, **kw: Any) -> str:
    return f"unnest{compiler.process(element.clause_expr, **kw)}"


class greatest(ReturnTypeFromArgs[Any]):
    """The greater of two values of a row, of which neither is NULL."""

    inherit_cache = True


class least(ReturnTypeFromArgs[Any]):
    """The smaller of two values of a row, of which neither is NULL."""

    inherit_cache = True


@compiles(greatest, "sqlite")
def _as_max(element: greatest, compiler: SQLCompiler, **kw: Any) -> str:
    return f"max{compiler.process(element.clause_expr, **kw)}"


@compiles(least, "sqlite")
def _as_min(element: least, compiler: SQLCompiler, **kw: Any) -> str:
    return f"min{compiler.process(element.clause_expr, **kw)}"


@compiles(OnConflictDoNothing, "postgresql")
@compiles(OnConflictDoUpdate, "postgresql")
def _on_conflict(element: Any, compiler: Any, **kw: Any) -> str:
    element.constraint_target = None  # SQLite has none, and PostgreSQL's compiler asks for it
    return getattr(compiler, f"visit_{element.__visit_name__}")(element, **kw)


@compiles(CreateIndex, "postgresql")
def _index_of_some(create: CreateIndex, compiler: Any, **kw: Any) -> str:
    options = create.element.dialect_options
    if options["postgresql"]["where"] is None:  # a migration may say it for each engine
        options["postgresql"]["where"] = options["sqlite"]["where"]
    return compiler.visit_create_index(create, **kw)


@contextmanager
def references_unheeded(connection: Connection) -> Generator[None]:
    """A transaction that changes the schema; SQLite checks references at its end only.

    There a table is changed by making it anew, and dropping the old one would delete its children by cascade.

    Raises:
        RuntimeError: references are broken at the end; nothing is changed then.
    """
    if not is_sqlite(connection):
        with connection.begin():
            yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration broke {len(broken)} references; nothing was changed")
        connection.commit()
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def shrink(connection: Connection) -> None:
    """Rewrites a SQLite file without the pages that nothing uses any more; PostgreSQL vacuums by itself."""
    if is_sqlite(connection):
        raw: Any = connection.connection.driver_connection
        raw.execute("VACUUM")


def skip_ids(conn: Connection, names: Sequence[str], ids: int) -> None:
    """Gives out so many ids of each of these tables to nobody."""
    if not is_sqlite(conn):
        conn.execute(_SKIP_ON_POSTGRES, {"names": list(names), "ids": ids})
        return
    begun = set(conn.execute(_KNOWN).scalars())
    new = [{"name": name, "seq": 0} for name in names if name not in begun]
    if new:
        conn.execute(_BEGIN, new)
    conn.execute(_SKIP, {"names": names, "ids": ids})


def last_ids(conn: Connection, names: Sequence[str]) -> dict[str, int]:
    """The newest id that each of these tables has given out, where it has given out any."""
    if is_sqlite(conn):
        return {row.name: row.seq for row in conn.execute(_GIVEN) if row.name in names}
    return {row.n: row.given for row in conn.execute(_GIVEN_ON_POSTGRES, {"names": list(names)})}


def set_last_ids(conn: Connection, ids: dict[str, int]) -> None:
    """Each of these tables gives out none but higher ids from now on."""
    new = [{"name": name, "seq": last} for name, last in ids.items()]
    if is_sqlite(conn):
        conn.execute(_FORGET_GIVEN, {"names": list(ids)})
        if new:
            conn.execute(_BEGIN, new)
    else:
        for one in new:
            conn.execute(_SET_ON_POSTGRES, one)
