"""Queries on what members say is wrong in the bank."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.rows import many, one
from bot.storage.schema import reports


@dataclass(frozen=True, slots=True)
class MistakeReport:
    """What one member says is wrong with a question, or with one of its items."""

    id: int
    member_id: int
    question_id: str
    item_id: str | None
    text: str
    made_at: datetime


_ITEM = sa.bindparam("item_id", type_=reports.c.item_id.type)
_OPEN = (reports.c.guild_id == sa.bindparam("key_guild_id"), reports.c.settled_at.is_(None))
_OPEN_OF = sa.select(reports).where(
    *_OPEN,
    reports.c.member_id == sa.bindparam("member_id"),
    reports.c.question_id == sa.bindparam("question_id"),
    reports.c.item_id.is_not_distinct_from(_ITEM),
)
_OPEN_IN = sa.select(reports).where(*_OPEN).order_by(reports.c.id)
_ADD = reports.insert()
_REWRITE = (
    reports.update()
    .where(reports.c.id == sa.bindparam("report_id"))
    .values(text=sa.bindparam("new_text"), made_at=sa.bindparam("at"))
)
_RESOLVE = (
    reports.update().where(*_OPEN, reports.c.id == sa.bindparam("report_id")).values(settled_at=sa.bindparam("at"))
)


_OLD = (reports.c.made_at < sa.bindparam("kept_since"),)
_DELETE_OLD = reports.delete().where(*_OLD)
ANY_OLD = sa.exists().where(*_OLD)
"""Whether there are reports made before `kept_since`."""


def open_of(
    conn: Connection, guild_id: int, member_id: int, question_id: str, item_id: str | None
) -> MistakeReport | None:
    """A member's report of the same thing that nobody has resolved yet."""
    values = {"key_guild_id": guild_id, "member_id": member_id, "question_id": question_id, "item_id": item_id}
    return one(conn, MistakeReport, _OPEN_OF, **values)


def add(
    conn: Connection,
    guild_id: int,
    member_id: int,
    question_id: str,
    item_id: str | None,
    text: str,
    at: datetime,
) -> None:
    """Stores a report."""
    conn.execute(
        _ADD,
        {
            "guild_id": guild_id,
            "member_id": member_id,
            "question_id": question_id,
            "item_id": item_id,
            "text": text,
            "made_at": at,
        },
    )


def rewrite(conn: Connection, report_id: int, text: str, at: datetime) -> None:
    """Replaces a report's text."""
    conn.execute(_REWRITE, {"report_id": report_id, "new_text": text, "at": at})


def open_in(conn: Connection, guild_id: int) -> list[MistakeReport]:
    """A server's reports that nobody has resolved yet, oldest first."""
    return many(conn, MistakeReport, _OPEN_IN, key_guild_id=guild_id)


def resolve(conn: Connection, guild_id: int, report_id: int, at: datetime) -> bool:
    """Marks a report as resolved; returns False when it was already, or belongs to another server."""
    return conn.execute(_RESOLVE, {"key_guild_id": guild_id, "report_id": report_id, "at": at}).rowcount > 0


def delete_older(conn: Connection, than: datetime) -> None:
    """Deletes reports made before an instant, read or not: without its text a report says nothing."""
    conn.execute(_DELETE_OLD, {"kept_since": than})
