"""Queries on quizzes and their rounds."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.quizzes import LastAnswers
from bot.storage.schema import quizzes, rounds


def running(conn: Connection, guild_id: int, member_id: int) -> Any:
    """A member's running solo quiz in a server, or None."""
    query = sa.select(quizzes).where(
        quizzes.c.guild_id == guild_id, quizzes.c.member_id == member_id, quizzes.c.state == "running"
    )
    return conn.execute(query).first()


def get(conn: Connection, quiz_id: int) -> Any:
    """The quiz with this id, or None."""
    return conn.execute(sa.select(quizzes).where(quizzes.c.id == quiz_id)).first()


def start(
    conn: Connection,
    *,
    guild_id: int,
    member_id: int,
    topic: str | None,
    difficulty: str | None,
    items: list[tuple[str, str]],
    at: datetime,
    state: str = "running",
) -> int:
    """Stores a quiz with its rounds, (item id, question id) each, and returns its id."""
    quiz = conn.execute(
        quizzes.insert()
        .values(
            guild_id=guild_id,
            member_id=member_id,
            state=state,
            topic=topic,
            difficulty=difficulty,
            started_at=at,
        )
        .returning(quizzes.c.id)
    )
    quiz_id: int = quiz.scalar_one()
    conn.execute(
        rounds.insert(),
        [
            dict(
                guild_id=guild_id,
                quiz_id=quiz_id,
                position=position,
                item_id=item_id,
                question_id=question_id,
                member_id=member_id,
            )
            for position, (item_id, question_id) in enumerate(items)
        ],
    )
    return quiz_id


def rounds_of(conn: Connection, quiz_id: int) -> list[Any]:
    """A quiz's rounds in order."""
    query = sa.select(rounds).where(rounds.c.quiz_id == quiz_id).order_by(rounds.c.position)
    return list(conn.execute(query).all())


def last_seen(conn: Connection, guild_id: int, member_id: int) -> dict[str, float]:
    """When a member last answered each item, as a timestamp."""
    query = (
        sa.select(rounds.c.item_id, sa.func.max(rounds.c.answered_at).label("at"))
        .where(rounds.c.guild_id == guild_id, rounds.c.member_id == member_id, rounds.c.chosen.is_not(None))
        .group_by(rounds.c.item_id)
    )
    return {row.item_id: row.at.timestamp() for row in conn.execute(query)}


def last_answers(conn: Connection, guild_id: int, member_id: int) -> dict[str, LastAnswers]:
    """When a member last answered each question's items right, and when wrong."""
    right, wrong = (sa.func.max(sa.case((rounds.c.right.is_(was), rounds.c.answered_at))) for was in (True, False))
    query = (
        sa.select(rounds.c.question_id, right.label("right"), wrong.label("wrong"))
        .where(rounds.c.guild_id == guild_id, rounds.c.member_id == member_id, rounds.c.chosen.is_not(None))
        .group_by(rounds.c.question_id)
    )
    return {row.question_id: LastAnswers(row.right, row.wrong) for row in conn.execute(query)}


def answer(conn: Connection, quiz_id: int, position: int, chosen: int, right: bool, at: datetime) -> bool:
    """Stores the choice of a round; returns False when it was answered before."""
    done = conn.execute(
        rounds.update()
        .where(rounds.c.quiz_id == quiz_id, rounds.c.position == position, rounds.c.chosen.is_(None))
        .values(chosen=chosen, right=right, answered_at=at)
    )
    return done.rowcount > 0


def finish(conn: Connection, quiz_id: int, state: str, at: datetime) -> None:
    """Ends a quiz."""
    conn.execute(quizzes.update().where(quizzes.c.id == quiz_id).values(state=state, finished_at=at))
