"""Queries on members' cards and on the ratings that they gave."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.domain.reviews import Card, Memory, Rating, ReviewDay
from bot.storage.schema import cards, reviews


def _card(row: Any) -> Card:
    memory = None if row.memory is None else Memory.read(row.memory)
    return Card(row.question_id, memory, row.due_at, row.times)


def _own(guild_id: int, member_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return cards.c.guild_id == guild_id, cards.c.member_id == member_id


def _stored(memory: Memory | None) -> dict[str, Any] | None:
    return None if memory is None else memory.stored()


def of_member(conn: Connection, guild_id: int, member_id: int) -> list[Card]:
    """All cards of a member in a server, the one that is due longest first."""
    query = sa.select(cards).where(*_own(guild_id, member_id)).order_by(cards.c.due_at, cards.c.question_id)
    return [_card(row) for row in conn.execute(query)]


def get(conn: Connection, guild_id: int, member_id: int, question_id: str) -> Card | None:
    """A member's card for a question."""
    query = sa.select(cards).where(*_own(guild_id, member_id), cards.c.question_id == question_id)
    row = conn.execute(query).first()
    return None if row is None else _card(row)


def add(
    conn: Connection,
    guild_id: int,
    member_id: int,
    questions: Iterable[tuple[str, datetime]],
    now: datetime,
) -> None:
    """Makes new cards, (question id, since when it is due) each; those that exist stay as they are."""
    rows = [
        dict(guild_id=guild_id, member_id=member_id, question_id=question_id, due_at=due_at, added_at=now)
        for question_id, due_at in questions
    ]
    if rows:
        conn.execute(insert(cards).on_conflict_do_nothing(), rows)


def recall_now(conn: Connection, guild_id: int, missed: Collection[tuple[int, str]], now: datetime) -> None:
    """Makes cards, (member, question id) each, that are due now; one that waits for a later day is due now too."""
    rows = [
        dict(guild_id=guild_id, member_id=member_id, question_id=question_id, due_at=now, added_at=now)
        for member_id, question_id in missed
    ]
    if rows:
        card = insert(cards)
        own = ["guild_id", "member_id", "question_id"]
        sooner = card.on_conflict_do_update(
            index_elements=own, set_={"due_at": card.excluded.due_at}, where=cards.c.due_at > card.excluded.due_at
        )
        conn.execute(sooner, rows)


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
    conn.execute(
        cards.update()
        .where(*_own(guild_id, member_id), cards.c.question_id == before.question_id)
        .values(memory=memory.stored(), due_at=due_at, times=before.times + 1)
    )
    conn.execute(
        reviews.insert().values(
            guild_id=guild_id,
            member_id=member_id,
            question_id=before.question_id,
            rating=rating,
            memory_before=_stored(before.memory),
            due_before=before.due_at,
            reviewed_at=now,
        )
    )


def last_review(conn: Connection, guild_id: int, member_id: int) -> Any:
    """A member's newest rating in a server, or None."""
    query = (
        sa.select(reviews)
        .where(reviews.c.guild_id == guild_id, reviews.c.member_id == member_id)
        .order_by(reviews.c.id.desc())
        .limit(1)
    )
    return conn.execute(query).first()


def take_back(conn: Connection, review: Any) -> None:
    """Removes a rating and gives the card back what it was before; its old buttons stay old."""
    conn.execute(
        cards.update()
        .where(*_own(review.guild_id, review.member_id), cards.c.question_id == review.question_id)
        .values(memory=review.memory_before, due_at=review.due_before, times=cards.c.times + 1)
    )
    conn.execute(reviews.delete().where(reviews.c.id == review.id))


def day(conn: Connection, guild_id: int, member_id: int, since: datetime) -> ReviewDay:
    """What a member has reviewed since an instant."""
    query = sa.select(reviews.c.question_id, reviews.c.memory_before.is_(None).label("new")).where(
        reviews.c.guild_id == guild_id, reviews.c.member_id == member_id, reviews.c.reviewed_at >= since
    )
    rows = list(conn.execute(query).all())
    return ReviewDay(
        frozenset(row.question_id for row in rows), frozenset(row.question_id for row in rows if row.new)
    )
