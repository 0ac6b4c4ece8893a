"""Queries on questions that somebody is writing."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.bank_drafts import Purpose, QuestionFields
from bot.storage.schema import bank_drafts

_MINE = (
    bank_drafts.c.id == sa.bindparam("draft_id"),
    bank_drafts.c.guild_id == sa.bindparam("of_guild"),
    bank_drafts.c.member_id == sa.bindparam("of_member"),
)
_GET = sa.select(bank_drafts).where(*_MINE)
_ADD = bank_drafts.insert().returning(bank_drafts.c.id)
_REWRITE = bank_drafts.update().where(*_MINE).values(text=sa.bindparam("typed"))
_DELETE = bank_drafts.delete().where(*_MINE)
_DELETE_OLD = bank_drafts.delete().where(
    bank_drafts.c.guild_id == sa.bindparam("of_guild"), bank_drafts.c.made_at < sa.bindparam("before")
)


@dataclass(frozen=True, slots=True)
class BankDraft:
    """A question that a member is writing.

    Attributes:
        question_id: the question that it will be another edition of.
        suggestion_id: the suggestion that it was made of.
    """

    id: int
    guild_id: int
    member_id: int
    purpose: Purpose
    pack: str
    question_id: str | None
    suggestion_id: int | None
    fields: QuestionFields


def get(conn: Connection, draft_id: int, guild_id: int, member_id: int) -> BankDraft | None:
    """A member's own draft."""
    row = conn.execute(_GET, {"draft_id": draft_id, "of_guild": guild_id, "of_member": member_id}).first()
    if row is None:
        return None
    return BankDraft(
        id=row.id,
        guild_id=row.guild_id,
        member_id=row.member_id,
        purpose=row.purpose,
        pack=row.pack,
        question_id=row.question_id,
        suggestion_id=row.suggestion_id,
        fields=msgspec.json.decode(row.text, type=QuestionFields),
    )


def add(
    conn: Connection,
    guild_id: int,
    member_id: int,
    purpose: Purpose,
    fields: QuestionFields,
    at: datetime,
    *,
    pack: str,
    question_id: str | None = None,
    suggestion_id: int | None = None,
) -> int:
    """Stores a draft and returns its id."""
    values = {
        "guild_id": guild_id,
        "member_id": member_id,
        "purpose": purpose,
        "pack": pack,
        "question_id": question_id,
        "suggestion_id": suggestion_id,
        "text": msgspec.json.encode(fields).decode(),
        "made_at": at,
    }
    return conn.execute(_ADD, values).scalar_one()


def rewrite(conn: Connection, draft: BankDraft, fields: QuestionFields) -> None:
    """Stores what a draft says now."""
    typed = msgspec.json.encode(fields).decode()
    conn.execute(_REWRITE, {**_key(draft), "typed": typed})


def delete(conn: Connection, draft: BankDraft) -> None:
    """Throws a draft away."""
    conn.execute(_DELETE, _key(draft))


def delete_older(conn: Connection, guild_id: int, before: datetime) -> None:
    """Throws away a server's drafts that nobody came back to."""
    conn.execute(_DELETE_OLD, {"of_guild": guild_id, "before": before})


def _key(draft: BankDraft) -> dict[str, object]:
    return {"draft_id": draft.id, "of_guild": draft.guild_id, "of_member": draft.member_id}
