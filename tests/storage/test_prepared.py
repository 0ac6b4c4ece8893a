"""A statement gives and refuses the same the first time, through SQLAlchemy, and later, without it."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound, StatementError

from bot.domain.answers import AnswerStatus
from bot.storage.database import Database
from bot.storage.dialects import insert
from bot.storage.prepared import AT_ONCE, KNOWN
from bot.storage.schema import members, servers
from tests.counting import counting

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
THREE = [
    {"guild_id": number, "zone": zone, "greeted_at": AT} for number, zone in ((1, "UTC"), (2, None), (3, "UTC"))
]

ADD = servers.insert().returning(servers.c.guild_id, servers.c.greeted_at)
ADD_NEW = insert(servers).on_conflict_do_nothing(index_elements=["guild_id"])
FOUR, ONE_AGAIN, NONE, TOO_LARGE = ({"guild_id": 4}, {"guild_id": 1}, {"which": 0}, {"which": 1 << 80})
ALL = sa.select(servers).order_by(servers.c.guild_id)
SOME = ALL.where(servers.c.guild_id.in_((1, 3)), servers.c.zone == sa.bindparam("zone")).limit(5)
LISTED = ALL.where(servers.c.guild_id.in_(sa.bindparam("ids", expanding=True)))
SINCE = sa.bindparam("since", type_=servers.c.greeted_at.type)
CODED = sa.select(sa.literal(AnswerStatus.LATE.value).label("status"), sa.func.count().label("many")).where(
    servers.c.greeted_at >= SINCE
)
STAYS = (
    sa.select(servers.c.guild_id, sa.literal_column("'why?'"), sa.literal("?"), sa.literal(1) > servers.c.guild_id)
    .where(servers.c.zone != "it's '?' = ?", servers.c.greeted_at >= SINCE, servers.c.guild_id > -1)
    .order_by(servers.c.guild_id)
)
JOINED = sa.select(sa.func.aggregate_strings(sa.cast(servers.c.guild_id, sa.String), "+")).where(
    servers.c.greeted_at >= SINCE
)
BOTH = sa.union_all(sa.select(servers.c.guild_id), sa.select(sa.literal(9)))
RENAME = servers.update().where(servers.c.guild_id > sa.bindparam("least")).values(zone=sa.bindparam("new"))
DROP = servers.delete().where(servers.c.guild_id == sa.bindparam("which"))

Ask = Callable[[Connection], Any]
ASKED: dict[str, Ask] = {
    "returned": lambda conn: conn.execute(ADD, {"guild_id": 4, "greeted_at": AT}).one(),
    "returned, of fewer columns": lambda conn: conn.execute(ADD, {"guild_id": 4}).first(),
    "returned, of several": lambda conn: conn.execute(ADD, [{"guild_id": 5}, {"guild_id": 6}]).all(),
    "nothing added": lambda conn: conn.execute(ADD_NEW, {"guild_id": 1}).rowcount,
    "one of two added": lambda conn: conn.execute(ADD_NEW, [{"guild_id": 3}, {"guild_id": 4}]).rowcount,
    "all": lambda conn: conn.execute(ALL).mappings().all(),
    "by name": lambda conn: [row.greeted_at for row in conn.execute(ALL)],
    "by column": lambda conn: [row[servers.c.zone] for row in conn.execute(ALL).mappings()],
    "first column": lambda conn: conn.execute(ALL).scalars().all(),
    "first": lambda conn: conn.execute(ALL, []).first(),
    "written list": lambda conn: conn.execute(SOME, {"zone": "UTC"}).all(),
    "one set in a list": lambda conn: conn.execute(SOME, [{"zone": "UTC", "unused": 1}]).all(),
    "list": lambda conn: [conn.execute(LISTED, {"ids": ids}).all() for ids in ([1, 2], [3], [])],
    "converted": lambda conn: conn.execute(CODED, {"since": AT}).one(),
    "compared with what stays": lambda conn: conn.execute(STAYS, {"since": AT}).all(),
    "separator written out": lambda conn: conn.execute(JOINED, {"since": AT}).one(),
    "union": lambda conn: conn.execute(BOTH).scalars().all(),
    "changed": lambda conn: (
        conn.execute(RENAME, {"least": 1, "new": "Asia/Tokyo"}).rowcount,
        conn.execute(ALL).all(),
    ),
    "deleted": lambda conn: (conn.execute(DROP, [{"which": 1}, {"which": 2}]).rowcount, conn.execute(ALL).all()),
    "no rows": lambda conn: conn.execute(DROP, {"which": 1}).returns_rows,
    "nothing found": lambda conn: conn.execute(SOME, {"zone": "Mars"}).scalar(),
}
REFUSED: list[tuple[Ask, Ask, type[Exception]]] = [
    (
        lambda conn: conn.execute(ADD, FOUR),
        lambda conn: conn.execute(ADD, {"guild_id": 1}),
        IntegrityError,
    ),
    (ASKED["nothing found"], lambda conn: conn.execute(SOME, {"zone": "Mars"}).one(), NoResultFound),
    (ASKED["all"], lambda conn: conn.execute(ALL).one(), MultipleResultsFound),
    (ASKED["all"], lambda conn: conn.execute(ALL).scalar_one(), MultipleResultsFound),
    (ASKED["converted"], lambda conn: conn.execute(CODED, {"since": "soon"}), StatementError),
    (ASKED["written list"], lambda conn: conn.execute(SOME, {"zone": object()}), StatementError),
    (ASKED["written list"], lambda conn: conn.execute(SOME, {}), StatementError),
    (
        lambda conn: conn.execute(DROP, NONE),
        lambda conn: conn.execute(DROP, TOO_LARGE),
        OverflowError,
    ),
]


class Undone(Exception):
    """Ends a transaction, and with it what it has changed."""


@pytest.fixture
def engine() -> str:
    """SQLite alone: nothing else remembers statements."""
    return "sqlite"


async def given(database: Database, ask: Ask) -> Any:
    """What a question gives in a transaction that is undone."""
    found: Any = None

    def work(conn: Connection) -> None:
        nonlocal found
        conn.execute(servers.insert(), THREE)
        try:
            found = ask(conn)
        except Exception as error:
            found = error
        raise Undone

    with pytest.raises(Undone):
        await database.write(work)
    return found


async def test_what_is_found_and_changed_is_the_same(database: Database):
    for name, ask in ASKED.items():
        with counting(database):  # whoever listens goes through SQLAlchemy, and nothing is remembered
            plain = await given(database, ask)
        for _ in range(3):
            again = await given(database, ask)
            assert again == plain and repr(again) == repr(plain), name


async def test_what_is_refused_is_refused_in_the_same_words(database: Database):
    for fine, wrong, kind in REFUSED:
        with counting(database):
            plain = await given(database, wrong)
        assert isinstance(plain, kind)
        await given(database, fine)
        again = await given(database, wrong)
        assert type(again) is type(plain) and str(again) == str(plain)


async def test_many_rows_are_read_to_the_end(database: Database):
    rows = [{"guild_id": 1, "member_id": n, "name": "M", "seen_at": AT} for n in range(2 * AT_ONCE + 1)]
    await database.write(lambda conn: conn.execute(members.insert(), rows) and None)
    every = sa.select(members.c.member_id).order_by(members.c.member_id)
    for _ in range(2):
        assert await database.read(lambda conn: conn.execute(every).scalars().all()) == list(range(len(rows)))
        assert await database.read(lambda conn: [row.member_id for row in conn.execute(every)][-1]) == 2 * AT_ONCE


async def test_statements_that_are_made_for_one_use_are_not_kept(database: Database):
    await database.read(lambda conn: conn.execute(ALL).all())
    gc.collect()
    before = len(KNOWN)
    for number in range(9):
        await database.read(lambda conn, number=number: conn.execute(ALL.limit(number)).all())
    gc.collect()
    # SQLAlchemy keeps one of those that are alike, with what it compiled.
    assert len(KNOWN) - before <= 1
