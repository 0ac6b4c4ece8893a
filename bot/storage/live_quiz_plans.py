"""Queries on weekly live quizzes."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.live_quiz_plans import QuizPlan
from bot.storage.rows import columns, many, one
from bot.storage.schema import quiz_plans
from bot.storage.shards import is_ours

_FIELDS = [quiz_plans.c[name] for name in QuizPlan.__slots__]
_THIS = quiz_plans.c.id == sa.bindparam("plan_id")
_RUNNING = quiz_plans.c.due_utc.is_not(None)
_GET = sa.select(*_FIELDS).where(_THIS)
_IN_CHANNEL = sa.select(*_FIELDS).where(quiz_plans.c.channel_id == sa.bindparam("channel"), _RUNNING)
_OF_SERVER = (
    sa.select(*_FIELDS)
    .where(quiz_plans.c.guild_id == sa.bindparam("guild"), _RUNNING)
    .order_by(quiz_plans.c.due_utc, quiz_plans.c.id)
)
_IS_DUE = sa.and_(quiz_plans.c.next_utc <= sa.bindparam("now"), is_ours(quiz_plans.c.guild_id))
_DUE = sa.select(*_FIELDS).where(_IS_DUE).order_by(quiz_plans.c.next_utc)
ANY_DUE = sa.exists().where(_IS_DUE)
"""Whether a weekly quiz has something to do at `now`."""
_ADD = quiz_plans.insert().returning(quiz_plans.c.id)
_PUT = (
    quiz_plans.update()
    .where(_THIS)
    .values({name: sa.bindparam(f"to_{name}") for name in (*QuizPlan.__slots__, "next_utc") if name != "id"})
)
_REMOVE = quiz_plans.delete().where(_THIS)


def get(conn: Connection, plan_id: int) -> QuizPlan | None:
    """A weekly quiz."""
    return one(conn, QuizPlan, _GET, plan_id=plan_id)


def in_channel(conn: Connection, channel_id: int) -> QuizPlan | None:
    """The weekly quiz of a channel."""
    return one(conn, QuizPlan, _IN_CHANNEL, channel=channel_id)


def of_server(conn: Connection, guild_id: int) -> list[QuizPlan]:
    """A server's weekly quizzes, the next one first."""
    return many(conn, QuizPlan, _OF_SERVER, guild=guild_id)


def due(conn: Connection, now: datetime) -> list[QuizPlan]:
    """Those that have something to do, most overdue first."""
    return many(conn, QuizPlan, _DUE, now=now)


def add(conn: Connection, plan: QuizPlan) -> QuizPlan:
    """Stores a new one, and returns it with its id."""
    values = {**columns(plan), "next_utc": plan.next_utc}
    del values["id"]
    return replace(plan, id=conn.execute(_ADD, values).scalar_one())


def put(conn: Connection, plan: QuizPlan) -> QuizPlan:
    """Stores one as it is now; a stopped one goes once nothing is left to do."""
    if plan.next_utc is None:
        conn.execute(_REMOVE, {"plan_id": plan.id})
        return plan
    values = {f"to_{name}": value for name, value in columns(plan).items() if name != "id"}
    conn.execute(_PUT, {**values, "to_next_utc": plan.next_utc, "plan_id": plan.id})
    return plan
