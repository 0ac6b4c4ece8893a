"""The one-connection database on real files: what is acknowledged is stored, whatever fails or ends."""

import asyncio
import os
import random
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiosqlite
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.domain.errors import NotStored
from bot.storage.database import Database
from bot.storage.sqlite import SHARE_SECONDS, TransactionLost
from bot.storage.sqlite_files import WriterLock
from bot.storage.works import DatabaseInUse, DatabaseOutOfReach, Work

TABLES = (
    "CREATE TABLE entries (number INTEGER PRIMARY KEY, filling BLOB)",
    "CREATE TABLE children (id INTEGER REFERENCES entries (number) DEFERRABLE INITIALLY DEFERRED)",
)
NOBODY = -1
SECONDS = 20.0
"""After this long something hangs."""


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'bot.db'}"


def make_tables(folder: Path) -> None:
    with sqlite3.connect(folder / "bot.db") as raw:
        for statement in TABLES:
            raw.execute(statement)
    raw.close()


def stored(folder: Path) -> set[int]:
    """What a stranger finds in the file."""
    raw = sqlite3.connect(folder / "bot.db")
    try:
        return {number for (number,) in raw.execute("SELECT number FROM entries")}
    finally:
        raw.close()


def open_files(folder: Path) -> list[str]:
    """The files of a folder that this process has open."""
    found: list[str] = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            name = os.readlink(handle)
        except OSError:
            continue  # it was open while the folder was listed
        if name.startswith(str(folder)):
            found.append(name)
    return found


def assert_nothing_is_left(folder: Path, threads: int) -> None:
    """No thread, no file, no lock of a database that was closed."""
    assert threading.active_count() == threads
    assert open_files(folder) == []
    assert not (folder / "bot.db-wal").exists()
    lock = WriterLock(folder / "bot.db")
    lock.acquire()
    lock.release()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    make_tables(tmp_path)
    threads = threading.active_count()
    # However slow the machine is, what waits together is committed together.
    async with Database(url(tmp_path), busy_seconds=0.05, share_seconds=SECONDS) as db:
        yield db
    assert_nothing_is_left(tmp_path, threads)


def enter(number: int) -> Work[int]:
    """Stores a number and says it."""

    def work(conn: Connection) -> int:
        conn.exec_driver_sql("INSERT INTO entries (number) VALUES (?)", (number,))
        return number

    return work


def count(conn: Connection) -> int:
    return conn.exec_driver_sql("SELECT count(*) FROM entries").scalar_one()


def fail_before(number: int) -> Work[int]:
    def work(_: Connection) -> int:
        raise LookupError(number)

    return work


def fail_after(number: int) -> Work[int]:
    def work(conn: Connection) -> int:
        enter(number)(conn)
        raise LookupError(number)

    return work


def enter_twice(number: int) -> Work[int]:
    def work(conn: Connection) -> int:
        enter(number)(conn)
        return enter(number)(conn)

    return work


def enter_orphan(number: int) -> Work[int]:
    """What only COMMIT refuses."""

    def work(conn: Connection) -> int:
        conn.exec_driver_sql("INSERT INTO children (id) VALUES (?)", (NOBODY,))
        return enter(number)(conn)

    return work


def fill_the_disk(number: int) -> Work[int]:
    """What makes SQLite roll the whole transaction back by itself."""

    def work(conn: Connection) -> int:
        enter(number)(conn)
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        try:
            conn.exec_driver_sql("INSERT INTO entries (filling) VALUES (zeroblob(1000000))")
        finally:
            conn.exec_driver_sql("PRAGMA max_page_count=1000000")
        return number

    return work


def hide_full_disk(number: int) -> Work[int]:
    """A use case that takes a full disk for something else, and goes on."""

    def work(conn: Connection) -> int:
        try:
            return fill_the_disk(number)(conn)
        except OperationalError:
            return number

    return work


def empty_handed(number: int) -> Work[int]:
    def work(conn: Connection) -> int:
        enter(number)(conn)
        return next(iter(()))

    return work


def leave(number: int) -> Work[int]:
    """Errors that are no Exception stay with whoever raised them, too."""

    def work(conn: Connection) -> int:
        enter(number)(conn)
        raise asyncio.CancelledError(number)

    return work


def live(number: int) -> Work[Any]:
    def work(conn: Connection) -> Any:
        enter(number)(conn)
        return conn.exec_driver_sql("SELECT number FROM entries")

    return work


OWN_ERRORS: dict[Callable[[int], Work[Any]], type[BaseException]] = {
    fail_before: LookupError,
    fail_after: LookupError,
    enter_twice: IntegrityError,
    fill_the_disk: NotStored,
    empty_handed: RuntimeError,
    leave: asyncio.CancelledError,
    live: TypeError,
}
"""Which error a work's caller sees, whoever else is in its transaction."""

SHARED_ERRORS: dict[Callable[[int], Work[Any]], tuple[type[Exception], ...]] = {
    enter_orphan: (IntegrityError,),
    fill_the_disk: (TransactionLost,),
    hide_full_disk: (TransactionLost,),
}
"""Which errors a work brings to those that are in its transaction."""


class Schedule(RuleBasedStateMachine):
    """Callers of every kind in any order, some of them cancelled, while the database is closed and opened again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name)
        make_tables(self.path)
        self.threads = threading.active_count()
        self.runner = asyncio.Runner()
        self.database = self.run(self.open())
        self.number = 0
        self.calls: dict[int, tuple[Callable[[int], Work[Any]], asyncio.Task[Any]]] = {}
        self.reads: list[asyncio.Task[int]] = []
        self.gates: list[threading.Event] = []
        self.closing: list[asyncio.Task[None]] = []
        self.closed = False
        self.early: set[int] = set()
        """Those whose task was cancelled before it ever ran."""
        self.late: set[int] = set()
        """Those that came after the closing began."""

    def run(self, work: Any) -> Any:
        return self.runner.run(asyncio.wait_for(work, SECONDS))

    async def open(self) -> Database:
        return Database(url(self.path), busy_seconds=0.05)

    def call(self, kind: Callable[[int], Work[Any]]) -> asyncio.Task[Any]:
        self.number += 1
        task = self.runner.get_loop().create_task(self.database.write(kind(self.number)))
        self.calls[self.number] = (kind, task)
        if self.closed:
            self.late.add(self.number)
        return task

    @rule(kinds=st.lists(st.sampled_from([enter, enter, enter, *OWN_ERRORS, *SHARED_ERRORS]), max_size=5))
    def write(self, kinds: list[Callable[[int], Work[Any]]]) -> None:
        for kind in kinds:
            self.call(kind)

    @rule()
    def read(self) -> None:
        self.reads.append(self.runner.get_loop().create_task(self.database.read(count)))

    @rule()
    def hold_the_thread(self) -> None:
        """What comes now waits together."""
        gate = threading.Event()
        self.gates.append(gate)

        def work(conn: Connection) -> int:
            assert gate.wait(SECONDS)
            return count(conn)

        self.reads.append(self.runner.get_loop().create_task(self.database.read(work)))

    @rule()
    def hold_a_write(self) -> None:
        gate = threading.Event()
        self.gates.append(gate)

        def held(number: int) -> Work[int]:
            def work(conn: Connection) -> int:
                assert gate.wait(SECONDS)
                return enter(number)(conn)

            return work

        self.call(held)

    @precondition(lambda self: self.gates)
    @rule(data=st.data())
    def let_go(self, data: st.DataObject) -> None:
        self.gates.pop(data.draw(st.integers(0, len(self.gates) - 1))).set()

    @rule(seconds=st.sampled_from([0, 0, 0.001, 0.01]))
    def wait(self, seconds: float) -> None:
        self.run(asyncio.sleep(seconds))

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def cancel_writes(self, data: st.DataObject) -> None:
        for number in data.draw(st.sets(st.sampled_from(sorted(self.calls)), max_size=3)):
            self.calls[number][1].cancel()

    @precondition(lambda self: self.calls)
    @rule()
    def cancel_the_newest_at_once(self) -> None:
        task = self.call(enter)
        task.cancel()
        self.early.add(self.number)

    @precondition(lambda self: self.reads)
    @rule(data=st.data())
    def cancel_a_read(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.reads)).cancel()

    @rule(cancel=st.booleans())
    def close(self, cancel: bool) -> None:
        self.run(asyncio.sleep(0))  # whoever called before is handed over
        self.closed = True
        self.closing.append(self.runner.get_loop().create_task(self.database.close()))
        self.run(asyncio.sleep(0))
        if cancel:
            self.closing[-1].cancel()

    @rule()
    def end_the_loop(self) -> None:
        """Its callers are cancelled, and their works go on; the next loop uses the same database."""
        self.runner.close()
        self.runner = asyncio.Runner()

    @rule()
    def open_again(self) -> None:
        self.finish()
        self.database = self.run(self.open())

    def finish(self) -> None:
        """Everything comes to its end, and the file has what the callers were told."""
        for gate in self.gates:
            gate.set()
        self.run(asyncio.sleep(0))
        self.run(self.database.close())
        self.run(asyncio.sleep(0))
        pending = [*self.closing, *self.reads, *(task for _, task in self.calls.values())]
        for task in pending:
            assert task.done()
        assert_nothing_is_left(self.path, self.threads)
        found = stored(self.path)
        for number, (kind, task) in self.calls.items():
            self.check(number, kind, task, number in found)
        for task in self.reads:
            assert task.cancelled() or task.exception() is None or str(task.exception()) == "the database is closed"
        self.gates, self.reads, self.closing, self.calls, self.closed = [], [], [], {}, False

    def check(self, number: int, kind: Callable[[int], Work[Any]], task: asyncio.Task[Any], found: bool) -> None:
        failing = OWN_ERRORS.keys() | SHARED_ERRORS.keys()
        if task.cancelled():
            assert not found or (kind not in failing and number not in self.early)
            return
        error = task.exception()
        if error is None:
            assert found and task.result() == number and kind not in failing
            return
        assert not found
        if str(error) == "the database is closed":
            assert number in self.late
        elif kind in OWN_ERRORS:
            assert isinstance(error, OWN_ERRORS[kind])
            assert OWN_ERRORS[kind] is not LookupError or error.args == (number,)
        else:
            about = {kind for kind, _ in self.calls.values()}
            possible = tuple(error for kind in about for error in SHARED_ERRORS.get(kind, ()))
            assert isinstance(error, possible), (kind, error)

    def teardown(self) -> None:
        try:
            self.finish()
        finally:
            self.runner.close()
            self.folder.cleanup()


Schedule.TestCase.settings = settings(max_examples=30, stateful_step_count=30)
TestSchedule = Schedule.TestCase


async def held(database: Database, gate: threading.Event) -> asyncio.Task[None]:
    """A read that keeps the thread until the gate opens: what comes meanwhile waits together."""
    began = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(_: Connection) -> None:
        loop.call_soon_threadsafe(began.set)
        assert gate.wait(SECONDS)

    task = asyncio.create_task(database.read(work))
    await began.wait()
    return task


async def together(database: Database, *works: Work[Any]) -> list[Any]:
    """What becomes of writes that wait together."""
    gate = threading.Event()
    read = await held(database, gate)
    tasks = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0)
    gate.set()
    await read
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_cancelled_writers_lose_nothing_that_was_acknowledged(database: Database, tmp_path: Path):
    rng = random.Random(7)
    tasks = [asyncio.create_task(database.write(enter(number))) for number in range(100)]
    for task in rng.sample(tasks, 30):
        await asyncio.sleep(0.001)
        task.cancel()
    acknowledged = {r for r in await asyncio.gather(*tasks, return_exceptions=True) if isinstance(r, int)}
    assert acknowledged <= stored(tmp_path) <= set(range(100)) and len(acknowledged) >= 70


async def test_a_failing_use_case_stores_nothing(database: Database, tmp_path: Path):
    with pytest.raises(LookupError):
        await database.write(fail_after(1))
    assert stored(tmp_path) == set()


async def test_writes_that_wait_together_share_a_commit(database: Database, tmp_path: Path):
    commits: list[object] = []
    event.listen(database.writer, "commit", commits.append)
    assert await together(database, *map(enter, range(5))) == [0, 1, 2, 3, 4]
    assert len(commits) == 1


async def test_each_gets_its_own_error(database: Database, tmp_path: Path):
    kinds = [fail_before, fail_after, enter, enter_twice, empty_handed, leave, live, enter]
    results = await together(database, *(kind(number) for number, kind in enumerate(kinds)))
    assert [type(result) for result in results] == [OWN_ERRORS.get(kind, int) for kind in kinds]
    assert [r.args for r in results if isinstance(r, LookupError)] == [(0,), (1,)]
    assert stored(tmp_path) == {2, 7}


async def test_a_failing_commit_is_everybodys_and_stores_nothing(database: Database, tmp_path: Path):
    results = await together(database, enter(1), enter_orphan(2), fail_after(3), enter(4))
    assert [type(result) for result in results] == [IntegrityError, IntegrityError, LookupError, IntegrityError]
    assert stored(tmp_path) == set()
    assert await database.write(enter(5)) == 5


async def test_a_full_disk_takes_the_whole_transaction_and_says_so(database: Database, tmp_path: Path):
    results = await together(database, enter(1), fill_the_disk(2), enter(3))
    assert isinstance(results[0], TransactionLost) and "full" in str(results[1])
    assert results[2] == 3 and stored(tmp_path) == {3}
    assert isinstance(results[0].__cause__, OperationalError)


@pytest.mark.parametrize("before", [[], [enter(1)]])
async def test_a_full_disk_that_a_work_hides_is_not_acknowledged(
    database: Database, tmp_path: Path, before: list[Work[Any]]
):
    results = await together(database, *before, hide_full_disk(2))
    assert [type(result) for result in results] == [TransactionLost] * len(results)
    assert stored(tmp_path) == set()


@pytest.mark.parametrize(
    "give", [live, lambda _: lambda conn: (row for row in [1]), lambda _: lambda conn: asyncio.sleep(0)]
)
async def test_what_would_go_on_after_the_transaction_is_refused(
    database: Database, give: Callable[[int], Work[Any]]
):
    for run in (database.read, database.write):
        with pytest.raises(TypeError, match="must return values that are read out"):
            await run(give(1))
    assert await database.read(count) == 0


async def test_a_work_cannot_use_the_database_inside_its_transaction(database: Database):
    def nested(conn: Connection) -> None:
        enter(1)(conn)
        with database.writer.begin():
            pass

    def waiting(conn: Connection) -> None:
        enter(1)(conn)
        asyncio.run(database.write(enter(2)))

    with pytest.raises(OperationalError, match="within a transaction"):
        await database.write(nested)
    with pytest.raises(RuntimeError, match="inside another"):
        await database.write(waiting)
    assert await database.read(count) == 0


async def test_a_transaction_that_cannot_begin_fails_alone(database: Database, tmp_path: Path):
    await database.read(count)
    with sqlite3.connect(tmp_path / "bot.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        results = await together(database, enter(1), enter(2))
        assert all("locked" in str(result) for result in results)
        assert await database.read(count) == 0
        other.execute("COMMIT")
    other.close()
    assert await database.write(enter(3)) == 3


async def test_a_reader_waits_for_one_batch_of_writes(tmp_path: Path):
    make_tables(tmp_path)
    database = Database(url(tmp_path))
    each = SHARE_SECONDS / 4

    def slow(number: int) -> Work[int]:
        def work(conn: Connection) -> int:
            time.sleep(each)
            return enter(number)(conn)

        return work

    gate = threading.Event()
    await held(database, gate)
    writes = [asyncio.create_task(database.write(slow(number))) for number in range(40)]
    await asyncio.sleep(0)
    read = asyncio.create_task(database.read(count))
    await asyncio.sleep(0)
    gate.set()
    assert await read <= SHARE_SECONDS / each + 1
    assert await asyncio.gather(*writes) == list(range(40))
    await database.close()


async def test_a_file_that_cannot_be_opened_is_the_operators(tmp_path: Path):
    (tmp_path / "bot.db").mkdir()
    (tmp_path / "text").write_text("This is no database, though it is long enough to be taken for one." * 20)
    for name in ("bot.db", "text"):
        threads = threading.active_count()
        database = Database(f"sqlite+aiosqlite:///{tmp_path / name}")
        for run in (database.read, database.write, database.maintain):
            with pytest.raises(DatabaseOutOfReach, match=f"I cannot open the database .*{name}"):
                await run(count)
        await database.close()
        assert threading.active_count() == threads and open_files(tmp_path) == []


async def test_a_folder_that_cannot_be_used_is_the_operators(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseOutOfReach, match="I cannot write to the folder"):
        Database(f"sqlite+aiosqlite:///{tmp_path / 'file' / 'bot.db'}")


async def test_a_second_writer_is_told_and_readers_may_run_beside(database: Database):
    with pytest.raises(DatabaseInUse, match="Another Mockingbird"):
        Database(database.url)
    await database.write(enter(1))
    async with Database(database.url, read_only=True) as reader:
        assert await reader.read(count) == 1
        with pytest.raises(NotStored) as refused:
            await reader.write(enter(2))
        assert "readonly" in str(refused.value.__cause__)


async def test_closing_waits_for_what_was_handed_over_and_may_be_repeated(tmp_path: Path):
    make_tables(tmp_path)
    threads = threading.active_count()
    database = Database(url(tmp_path))
    gate = threading.Event()
    await held(database, gate)
    writes = [asyncio.create_task(database.write(enter(number))) for number in range(5)]
    await asyncio.sleep(0)
    impatient, patient = (asyncio.create_task(database.close()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    for run in (database.read, database.write, database.maintain):
        with pytest.raises(RuntimeError, match="the database is closed"):
            await run(enter(9))
    with pytest.raises(DatabaseInUse):
        Database(url(tmp_path))
    gate.set()
    await patient
    assert await asyncio.gather(*writes) == list(range(5))
    await database.close()
    assert stored(tmp_path) == set(range(5))
    assert_nothing_is_left(tmp_path, threads)


def test_a_loop_that_ends_while_works_run_does_not_take_the_database_along(tmp_path: Path):
    make_tables(tmp_path)
    threads = threading.active_count()
    database = Database(url(tmp_path))
    gate = threading.Event()
    abandoned: list[asyncio.Task[int]] = []

    async def abandon() -> None:
        await held(database, gate)
        abandoned.append(asyncio.create_task(database.write(enter(1))))
        await asyncio.sleep(0)

    async def use() -> list[int]:
        numbers = await asyncio.gather(*(database.write(enter(number)) for number in range(2, 5)))
        await database.close()
        return numbers

    asyncio.run(abandon())
    gate.set()
    assert asyncio.run(asyncio.wait_for(use(), SECONDS)) == [2, 3, 4]
    assert stored(tmp_path) == {1, 2, 3, 4}
    assert_nothing_is_left(tmp_path, threads)


async def test_a_database_that_nobody_used_leaves_nothing(tmp_path: Path):
    threads = threading.active_count()
    async with Database(url(tmp_path)):
        pass
    assert threading.active_count() == threads and os.listdir(tmp_path) == ["bot.db.lock"]


async def test_aiosqlite_has_what_the_database_uses_of_it():
    assert list(signature(aiosqlite.Connection.__init__).parameters)[1:3] == ["connector", "iter_chunk_size"]
    connection: Any = aiosqlite.Connection(lambda: sqlite3.connect(":memory:"), 64)
    assert connection._connection is None and isinstance(connection._thread, threading.Thread)
    done = threading.Event()

    def use() -> None:
        connection._connection = connection._connector()
        connection.stop()  # on its own thread it needs no event loop
        done.set()

    connection._thread.daemon = True
    connection._thread.start()
    connection._tx.put_nowait((None, use))
    assert done.wait(SECONDS)
    connection._thread.join(SECONDS)
    assert not connection._thread.is_alive() and connection._connection is None
