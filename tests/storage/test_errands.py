"""What goes along with a task's next transaction costs none of its own, is run once, and harms no work."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.storage.database import Database, take_along
from bot.storage.works import Work
from tests.counting import Spent, counting


class Note:
    """An errand that stores a number where it is not stored yet."""

    def __init__(self, number: int) -> None:
        self._number = number

    def look(self, conn: Connection, /) -> bool:
        return self._number not in numbers(conn)

    def do(self, conn: Connection, /) -> None:
        conn.exec_driver_sql("INSERT INTO entries (number) VALUES (?)", (self._number,))


class Blind(Note):
    """One that fails to look."""

    def look(self, conn: Connection, /) -> bool:
        raise LookupError(self._number)


class Lame(Note):
    """One that fails after it has written."""

    def do(self, conn: Connection, /) -> None:
        super().do(conn)
        raise LookupError(self._number)


def numbers(conn: Connection) -> list[int]:
    return list(conn.exec_driver_sql("SELECT number FROM entries ORDER BY number").scalars())


def enter(number: int) -> Work[None]:
    def work(conn: Connection) -> None:
        conn.exec_driver_sql("INSERT INTO entries (number) VALUES (?)", (number,))

    return work


def refuse(conn: Connection) -> None:
    enter(9)(conn)
    raise PermissionError


@pytest.fixture
async def entries(tmp_path: Path) -> AsyncIterator[Database]:
    def make(conn: Connection) -> None:
        conn.exec_driver_sql("CREATE TABLE entries (number INTEGER PRIMARY KEY)")

    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}") as db:
        await db.write(make)
        yield db


async def test_where_nothing_is_to_be_done_it_looks_in_the_same_transaction(entries: Database):
    await entries.write(enter(1))
    for run, work in ((entries.read, numbers), (entries.write, enter(2))):
        take_along(Note(1))
        with counting(entries) as count:
            await run(work)
        assert count.spent == Spent(2, 1)


async def test_what_is_to_be_done_is_done_before_the_work_and_stays_when_that_is_refused(entries: Database):
    take_along(Note(1))
    assert await entries.read(numbers) == [1]
    take_along(Note(2))
    with pytest.raises(PermissionError):
        await entries.write(refuse)
    assert await entries.read(numbers) == [1, 2]


@pytest.mark.parametrize("errand", [Blind(1), Lame(1)])
async def test_an_errand_that_fails_stores_nothing_and_harms_no_work(entries: Database, errand: Note):
    take_along(errand)
    await entries.write(enter(2))
    assert await entries.read(numbers) == [2]


async def test_it_is_run_once_by_whichever_task_comes_first(entries: Database):
    take_along(Note(1))
    found = await asyncio.gather(*(entries.read(numbers) for _ in range(5)))
    assert sorted(map(len, found)) == [0, 0, 0, 0, 1]
    assert await entries.read(numbers) == [1]


async def test_other_tasks_know_nothing_of_it(entries: Database):
    looks: list[list[int]] = []

    async def stranger() -> None:
        looks.append(await entries.read(numbers))

    other = asyncio.create_task(stranger())
    take_along(Note(1))
    await other
    assert looks == [[]]
    assert await entries.read(numbers) == [1]
