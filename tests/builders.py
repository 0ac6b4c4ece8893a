"""Things and steps of storage that several tests begin with."""

import asyncio
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.bank import Bank, Banks
from bot.domain.drills import Drill, Mode
from bot.domain.members import Actor
from bot.domain.selection import Order
from bot.domain.teams import Team
from bot.domain.tracks import Track
from bot.services import drills, live_rounds
from bot.services.members import observe
from bot.services.teams import TeamService
from bot.storage.bank_files import shipped_pack
from bot.storage.database import Database
from bot.storage.migrate import migrate
from tests.postgres import postgres


@cache
def banks() -> Banks:
    """The shipped questions: reading them takes a third of a second."""
    return Banks(shipped_pack("genai"))


def bank() -> Bank:
    """The same as every server without packs of its own has it."""
    return banks().of(0)


_one_maker = threading.Lock()
"""Alembic's context is one for a whole process."""


def empty_database() -> bytes:
    """A file of the newest schema, with nothing in it; any thread may ask."""
    with _one_maker:
        return _empty_database()


@cache
def _empty_database() -> bytes:
    """Made once: making one takes longer than most tests."""

    async def make(file: Path) -> None:
        async with Database(f"sqlite+aiosqlite:///{file}") as database:
            await migrate(database)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bot.db"
        asyncio.run(make(file))
        return file.read_bytes()


@contextmanager
def fresh_url(engine: str) -> Generator[str]:
    """The address of a database of the newest schema on `sqlite` or `postgres`, with nothing in it."""
    if engine == "postgres":
        with postgres().new_database() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bot.db"
        file.write_bytes(empty_database())
        yield f"sqlite+aiosqlite:///{file}"


def track(**changes: Any) -> Track:
    """A practice channel that posts at nine in the morning, every day; `changes` are its other columns."""
    values: dict[str, Any] = {
        "id": 1,
        "guild_id": 1456074443980800013,
        "channel_id": 1456074443980800013,
        "zone": "UTC",
        "at": time(9),
        "days": frozenset(range(7)),
        "topics": (),
        "packs": ("genai",),
        "order": Order.SHUFFLE,
        "mode": Mode.OPEN,
        "ping_role_id": None,
        "active": True,
        "paused": False,
        "paused_until": None,
        "next_date": None,
        "next_due_utc": None,
        "last_date": None,
        "refill": 0,
        "problem": None,
        "created_at": datetime(2026, 11, 23, 9, tzinfo=UTC),
    }
    return Track(**(values | changes))


async def posted(
    database: Database, drill: Drill, message_id: int, at: datetime, forum_post_id: int | None = None
) -> Drill:
    """Records that a claimed drill stands in its channel since an instant."""
    question_id = drill.question_id
    assert question_id is not None
    return await database.write(
        lambda conn: drills.mark_posted(
            conn, drill, message_id=message_id, question_id=question_id, opened_at=at, forum_post_id=forum_post_id
        )
    )


async def asked(database: Database, live_id: int, position: int, message_id: int, at: datetime) -> None:
    """Records that a round's card stands in its channel since an instant."""
    await database.write(
        lambda conn: live_rounds.mark_asked(conn, live_id, position=position, message_id=message_id, at=at)
    )


async def made_team(database: Database, guild_id: int, name: str, role_id: int | None, at: datetime) -> Team:
    """A team that a manager makes who is in none."""
    manager = Actor(guild_id=guild_id, member_id=1, name="Boss", now=at)
    return await TeamService(database).create(manager, name, role_id)


async def come_by(database: Database, actor: Actor) -> None:
    """A member presses something that does nothing but read."""
    observe(actor)
    await database.read(lambda conn: None)
