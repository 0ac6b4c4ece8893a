"""Queries on what members say is wrong in the bank."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.schema import reports


@dataclass(frozen=True, slots=True)
class MistakeReport:
    """What one member says is wrong with a question, or with one of its items."""

    id: int
    guild_id: int
    member_id: int
    question_id: str
    item_id: str | None
    text: str
    made_at: datetime
    settled_at: datetime | None


def _report(row: Any) -> MistakeReport:
    return MistakeReport(**row._mapping)


def unsettled_of(
    conn: Connection, guild_id: int, member_id: int, question_id: str, item_id: str | None
) -> MistakeReport | None:
    """A member's report of the same thing that nobody has settled yet."""
    query = sa.select(reports).where(
        reports.c.guild_id == guild_id,
        reports.c.member_id == member_id,
        reports.c.question_id == question_id,
        reports.c.item_id.is_(item_id) if item_id is None else reports.c.item_id == item_id,
        reports.c.settled_at.is_(None),
    )
    row = conn.execute(query).first()
    return None if row is None else _report(row)


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
        reports.insert().values(
            guild_id=guild_id,
            member_id=member_id,
            question_id=question_id,
            item_id=item_id,
            text=text,
            made_at=at,
        )
    )


def rewrite(conn: Connection, report_id: int, text: str, at: datetime) -> None:
    """Replaces a report's text."""
    conn.execute(reports.update().where(reports.c.id == report_id).values(text=text, made_at=at))


def unsettled(conn: Connection, guild_id: int) -> list[MistakeReport]:
    """A server's reports that nobody has settled yet, oldest first."""
    query = (
        sa.select(reports)
        .where(reports.c.guild_id == guild_id, reports.c.settled_at.is_(None))
        .order_by(reports.c.id)
    )
    return [_report(row) for row in conn.execute(query)]


def settle(conn: Connection, guild_id: int, report_id: int, at: datetime) -> bool:
    """Marks a report as settled; returns False when it was already, or belongs to another server."""
    done = conn.execute(
        reports.update()
        .where(reports.c.id == report_id, reports.c.guild_id == guild_id, reports.c.settled_at.is_(None))
        .values(settled_at=at)
    )
    return done.rowcount > 0
