"""Queries on questions that members suggest."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.bank_drafts import QuestionFields
from bot.storage.rows import load
from bot.storage.schema import suggestions

_OPEN = (suggestions.c.guild_id == sa.bindparam("of_guild"), suggestions.c.decided_at.is_(None))
_OPEN_IN = sa.select(suggestions).where(*_OPEN).order_by(suggestions.c.id)
_OPEN_ONE = sa.select(suggestions).where(*_OPEN, suggestions.c.id == sa.bindparam("suggestion_id"))
_ADD = suggestions.insert().returning(suggestions.c.id)
_SINCE = sa.select(sa.func.count()).where(
    suggestions.c.guild_id == sa.bindparam("of_guild"),
    suggestions.c.member_id == sa.bindparam("of_member"),
    suggestions.c.made_at >= sa.bindparam("since"),
)
_DECIDE = (
    suggestions.update()
    .where(suggestions.c.id == sa.bindparam("suggestion_id"))
    .values(decided_at=sa.bindparam("at"), question_id=sa.bindparam("became"), reason=sa.bindparam("why"))
)
_UNTOLD = (
    sa.select(suggestions)
    .where(
        suggestions.c.guild_id == sa.bindparam("of_guild"),
        suggestions.c.member_id == sa.bindparam("of_member"),
        suggestions.c.decided_at.is_not(None),
        suggestions.c.told.is_(False),
    )
    .order_by(suggestions.c.id)
)
_WAITING = (
    sa.select(suggestions.c.guild_id, suggestions.c.member_id)
    .where(suggestions.c.decided_at.is_not(None), suggestions.c.told.is_(False))
    .distinct()
)
_MARK_TOLD = suggestions.update().where(suggestions.c.id == sa.bindparam("suggestion_id")).values(told=True)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a member suggests, and what became of it: a question, or a reason why not."""

    id: int
    member_id: int
    fields: QuestionFields
    made_at: datetime
    decided_at: datetime | None
    question_id: str | None
    reason: str | None


def _suggestion(row: sa.Row[*tuple[object, ...]]) -> Suggestion:
    return load(Suggestion, row, fields=msgspec.json.decode(row.text, type=QuestionFields))


def open_in(conn: Connection, guild_id: int) -> list[Suggestion]:
    """A server's suggestions that nobody has decided, oldest first."""
    return [_suggestion(row) for row in conn.execute(_OPEN_IN, {"of_guild": guild_id})]


def open_one(conn: Connection, guild_id: int, suggestion_id: int) -> Suggestion | None:
    """A suggestion that nobody has decided."""
    row = conn.execute(_OPEN_ONE, {"of_guild": guild_id, "suggestion_id": suggestion_id}).first()
    return None if row is None else _suggestion(row)


def add(conn: Connection, guild_id: int, member_id: int, fields: QuestionFields, at: datetime) -> int:
    """Stores a suggestion and returns its id."""
    text = msgspec.json.encode(fields).decode()
    values = {"guild_id": guild_id, "member_id": member_id, "text": text, "made_at": at}
    return conn.execute(_ADD, values).scalar_one()


def count_since(conn: Connection, guild_id: int, member_id: int, since: datetime) -> int:
    """How many suggestions a member has made since an instant."""
    values = {"of_guild": guild_id, "of_member": member_id, "since": since}
    return conn.execute(_SINCE, values).scalar_one()


def decide(
    conn: Connection, suggestion_id: int, at: datetime, *, question_id: str | None, reason: str | None
) -> None:
    """Records what became of a suggestion: a question, or a reason why not."""
    conn.execute(_DECIDE, {"suggestion_id": suggestion_id, "at": at, "became": question_id, "why": reason})


def untold(conn: Connection, guild_id: int, member_id: int) -> list[Suggestion]:
    """A member's decided suggestions of which they were not told."""
    return [_suggestion(row) for row in conn.execute(_UNTOLD, {"of_guild": guild_id, "of_member": member_id})]


def waiting(conn: Connection) -> set[tuple[int, int]]:
    """(server, author) of all decided suggestions of which the author was not told."""
    return {(row.guild_id, row.member_id) for row in conn.execute(_WAITING)}


def mark_told(conn: Connection, suggestion_id: int) -> None:
    """Records that the author knows."""
    conn.execute(_MARK_TOLD, {"suggestion_id": suggestion_id})
