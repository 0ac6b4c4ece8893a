"""Rows that use cases start from, and a count of the statements that they make."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, event

from bot.domain.drills import LIFETIME, Drill, DrillState, Mode, Reveal
from bot.storage import drills, schema

GUILD, CHANNEL = 1, 10
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def add_track(conn: Connection, **changes: object) -> int:
    """A practice channel that posts at nine."""
    values: dict[str, object] = {
        "guild_id": GUILD,
        "channel_id": CHANNEL,
        "zone": "UTC",
        "at": time(9),
        "days": frozenset(range(7)),
        "topics": (),
        "order": "curriculum",
        "mode": Mode.OPEN,
        "active": True,
        "paused": False,
        "refill": 0,
        "created_at": NINE,
        **changes,
    }
    return conn.execute(schema.tracks.insert().values(**values).returning(schema.tracks.c.id)).scalar_one()


def add_drill(conn: Connection, track_id: int, day: int = 0, **changes: object) -> Drill:
    """The question of a day, counted from the first; message and thread of it are 100 and its number."""
    opened = NINE + day * DAY
    values: dict[str, object] = {
        "guild_id": GUILD,
        "track_id": track_id,
        "channel_id": CHANNEL,
        "date": opened.date(),
        "zone": "UTC",
        "question_id": f"genai-{day + 1:03}",
        "refill": 0,
        "mode": Mode.OPEN,
        "state": DrillState.OPEN,
        "late": False,
        "claimed_at": opened,
        "attempts": 0,
        "reveal": Reveal.NONE,
        "message_id": 100 + day,
        "thread_id": 100 + day,
        "opened_at": opened,
        "closes_at": opened + LIFETIME,
        **changes,
    }
    row = schema.drills.insert().values(**values)
    drill = drills.get(conn, conn.execute(row.returning(schema.drills.c.id)).scalar_one())
    assert drill is not None
    return drill


def close(conn: Connection, drill: Drill, at: datetime, **changes: object) -> Drill:
    """The drill once it has closed at an instant."""
    values: dict[str, object] = {"state": DrillState.CLOSED, "closed_at": at, **changes}
    conn.execute(schema.drills.update().where(schema.drills.c.id == drill.id).values(**values))
    closed = drills.get(conn, drill.id)
    assert closed is not None
    return closed


def points(conn: Connection) -> dict[str, int]:
    """What the ledger holds, by reason."""
    found: dict[str, int] = {}
    for row in conn.execute(schema.ledger.select()):
        found[row.reason] = found.get(row.reason, 0) + row.points
    return found


def statements(conn: Connection, work: Callable[[], object]) -> int:
    """How many statements a use case makes."""
    said: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(conn, "before_cursor_execute", note)
    work()
    event.remove(conn, "before_cursor_execute", note)
    return len(said)
