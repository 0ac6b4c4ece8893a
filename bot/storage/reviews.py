"""Queries on members' cards and on the ratings that they gave."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.reviews import Card, Memory, Rating, ReviewDay
from bot.storage.dialects import insert
from bot.storage.rows import many, one
from bot.storage.schema import cards, reviews


@dataclass(frozen=True, slots=True)
class PastReview:
    """A rating that can be taken back, with what its card was before."""

    id: int
    guild_id: int
    member_id: int
    question_id: str
    memory_before: Memory | None
    due_before: datetime
    reviewed_at: datetime


_OWN = (cards.c.guild_id == sa.bindparam("key_guild_id"), cards.c.member_id == sa.bindparam("key_member_id"))
_ONE = (*_OWN, cards.c.question_id == sa.bindparam("key_question_id"))
_OF_MEMBER = sa.select(cards).where(*_OWN).order_by(cards.c.due_at, cards.c.question_id)
_GET = sa.select(cards).where(*_ONE)
_NEW = insert(cards)
_ADD = _NEW.on_conflict_do_nothing()
_RECALL = _NEW.on_conflict_do_update(
    index_elements=["guild_id", "member_id", "question_id"],
    set_={"due_at": _NEW.excluded.due_at},
    where=cards.c.due_at > _NEW.excluded.due_at,
)
_SET = (
    cards.update()
    .where(*_ONE)
    .values(memory=sa.bindparam("new_memory"), due_at=sa.bindparam("at_due"), times=cards.c.times + 1)
)
_RATED = reviews.insert()
_TAKE_BACK = reviews.delete().where(reviews.c.id == sa.bindparam("review_id"))
_OF = (reviews.c.guild_id == sa.bindparam("guild_id"), reviews.c.member_id == sa.bindparam("member_id"))
_LAST = sa.select(reviews).where(*_OF).order_by(reviews.c.id.desc()).limit(1)
_DAY = sa.select(reviews.c.question_id, reviews.c.memory_before.is_(None).label("new")).where(
    *_OF, reviews.c.reviewed_at >= sa.bindparam("since", type_=reviews.c.reviewed_at.type)
)


def _key(guild_id: int, member_id: int, question_id: str) -> dict[str, object]:
    return {"key_guild_id": guild_id, "key_member_id": member_id, "key_question_id": question_id}


def of_member(conn: Connection, guild_id: int, member_id: int) -> list[Card]:
    """All cards of a member in a server, the one that is due longest first."""
    return many(conn, Card, _OF_MEMBER, key_guild_id=guild_id, key_member_id=member_id)


def get(conn: Connection, guild_id: int, member_id: int, question_id: str) -> Card | None:
    """A member's card for a question."""
    return one(conn, Card, _GET, **_key(guild_id, member_id, question_id))


def add(
    conn: Connection,
    guild_id: int,
    member_id: int,
    questions: Iterable[tuple[str, datetime]],
    now: datetime,
) -> None:
    """Makes new cards, (question id, since when it is due) each; those that exist stay as they are."""
    rows = [
        {
            "guild_id": guild_id,
            "member_id": member_id,
            "question_id": question_id,
            "due_at": due_at,
            "added_at": now,
        }
        for question_id, due_at in questions
    ]
    if rows:
        conn.execute(_ADD, rows)


def recall_now(conn: Connection, guild_id: int, missed: Collection[tuple[int, str]], now: datetime) -> None:
    """Makes cards of what was got wrong, (member, question id) each, that are due now.

    One that waits for a later day is due now too.
    """
    rows = [
        {"guild_id": guild_id, "member_id": member_id, "question_id": question_id, "due_at": now, "added_at": now}
        for member_id, question_id in missed
    ]
    if rows:
        conn.execute(_RECALL, rows)


def rate(
    conn: Connection,
    guild_id: int,
    member_id: int,
    before: Card,
    rating: Rating,
    memory: Memory,
    due_at: datetime,
    now: datetime,
) -> None:
    """Stores a rating and what it made of the card."""
    key = _key(guild_id, member_id, before.question_id)
    conn.execute(_SET, {**key, "new_memory": memory, "at_due": due_at})
    conn.execute(
        _RATED,
        {
            "guild_id": guild_id,
            "member_id": member_id,
            "question_id": before.question_id,
            "rating": rating,
            "memory_before": before.memory,
            "due_before": before.due_at,
            "reviewed_at": now,
        },
    )


def last_review(conn: Connection, guild_id: int, member_id: int) -> PastReview | None:
    """A member's newest rating in a server."""
    return one(conn, PastReview, _LAST, guild_id=guild_id, member_id=member_id)


def take_back(conn: Connection, review: PastReview) -> None:
    """Removes a rating and gives the card back what it was before; its old buttons stay old."""
    key = _key(review.guild_id, review.member_id, review.question_id)
    conn.execute(_SET, {**key, "new_memory": review.memory_before, "at_due": review.due_before})
    conn.execute(_TAKE_BACK, {"review_id": review.id})


def day(conn: Connection, guild_id: int, member_id: int, since: datetime) -> ReviewDay:
    """What a member has reviewed since an instant."""
    rows = conn.execute(_DAY, {"guild_id": guild_id, "member_id": member_id, "since": since}).all()
    return ReviewDay(
        frozenset(row.question_id for row in rows), frozenset(row.question_id for row in rows if row.new)
    )
