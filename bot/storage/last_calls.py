"""Queries on last calls: each drill has one at most, which is planned, and then over."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import Drill
from bot.storage.rows import many
from bot.storage.schema import drills

_THIS = drills.c.id == sa.bindparam("drill_id")
_PLAN = drills.update().where(_THIS).values(last_call_at=sa.bindparam("due"))
_FINISH = drills.update().where(_THIS).values(last_called=True)
_DUE = sa.select(drills).where(drills.c.last_called.is_(False), drills.c.last_call_at <= sa.bindparam("now"))
_FIRST_DUE = _DUE.order_by(drills.c.last_call_at, drills.c.id).limit(sa.bindparam("most", type_=sa.Integer))
ANY_DUE = _DUE.exists()
"""Whether a last call is to be sent or called off at `now`."""


def plan(conn: Connection, drill_id: int, due: datetime) -> None:
    """Sets when a drill's last call is due; one that is over stays so."""
    conn.execute(_PLAN, {"drill_id": drill_id, "due": due})


def due(conn: Connection, now: datetime, limit: int) -> list[Drill]:
    """The drills whose last calls are due, oldest first."""
    return many(conn, Drill, _FIRST_DUE, now=now, most=limit)


def finish(conn: Connection, drill_id: int) -> None:
    """Records that a drill's last call was sent, or is not wanted."""
    conn.execute(_FINISH, {"drill_id": drill_id})
