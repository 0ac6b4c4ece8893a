"""Queries on solo quizzes, those of repairs among them, and on their rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.bank import Difficulty
from bot.domain.quizzes import LastAnswers, QuizState
from bot.storage.rows import many, one
from bot.storage.schema import quizzes, rounds


@dataclass(frozen=True, slots=True)
class StoredQuiz:
    """A quiz without its rounds."""

    id: int
    guild_id: int
    member_id: int
    state: QuizState
    topic: str | None
    difficulty: Difficulty | None


@dataclass(frozen=True, slots=True)
class StoredRound:
    """A round by its item's id; `chosen` is the index of the member's choice, None until then."""

    position: int
    item_id: str
    question_id: str
    chosen: int | None
    right: bool | None


_GUILD = sa.bindparam("guild_id", type_=sa.BigInteger)
_MEMBER = sa.bindparam("member_id", type_=sa.BigInteger)
_RUNNING = sa.select(quizzes).where(
    quizzes.c.guild_id == _GUILD, quizzes.c.member_id == _MEMBER, quizzes.c.state == QuizState.RUNNING
)
_GET = sa.select(quizzes).where(quizzes.c.id == sa.bindparam("quiz_id"))
_ADD = quizzes.insert().returning(quizzes.c.id)
_ADD_ROUNDS = rounds.insert()
_ROUNDS = sa.select(rounds).where(rounds.c.quiz_id == sa.bindparam("quiz_id")).order_by(rounds.c.position)
_ANSWERED = (rounds.c.guild_id == _GUILD, rounds.c.member_id == _MEMBER, rounds.c.chosen.is_not(None))
_LAST_SEEN = (
    sa.select(rounds.c.item_id, sa.func.max(rounds.c.answered_at).label("at"))
    .where(*_ANSWERED)
    .group_by(rounds.c.item_id)
)
_LAST_ANSWERS = (
    sa.select(
        rounds.c.question_id,
        sa.func.max(sa.case((rounds.c.right.is_(True), rounds.c.answered_at))).label("right"),
        sa.func.max(sa.case((rounds.c.right.is_(False), rounds.c.answered_at))).label("wrong"),
    )
    .where(*_ANSWERED)
    .group_by(rounds.c.question_id)
)
_ANSWER = (
    rounds.update()
    .where(
        rounds.c.quiz_id == sa.bindparam("key_quiz_id"),
        rounds.c.position == sa.bindparam("key_position"),
        rounds.c.chosen.is_(None),
    )
    .values(chosen=sa.bindparam("new_chosen"), right=sa.bindparam("new_right"), answered_at=sa.bindparam("at"))
)
_FINISH = (
    quizzes.update()
    .where(quizzes.c.id == sa.bindparam("quiz_id"))
    .values(state=sa.bindparam("new_state"), finished_at=sa.bindparam("at"))
)


def running(conn: Connection, guild_id: int, member_id: int) -> StoredQuiz | None:
    """A member's running solo quiz in a server."""
    return one(conn, StoredQuiz, _RUNNING, guild_id=guild_id, member_id=member_id)


def get(conn: Connection, quiz_id: int) -> StoredQuiz | None:
    """The quiz with this id."""
    return one(conn, StoredQuiz, _GET, quiz_id=quiz_id)


def start(
    conn: Connection,
    *,
    guild_id: int,
    member_id: int,
    topic: str | None,
    difficulty: Difficulty | None,
    items: Sequence[tuple[str, str]],
    at: datetime,
    state: QuizState = QuizState.RUNNING,
) -> StoredQuiz:
    """Stores a quiz with its rounds, (item id, question id) each."""
    values = {
        "guild_id": guild_id,
        "member_id": member_id,
        "state": state,
        "topic": topic,
        "difficulty": difficulty,
        "started_at": at,
    }
    quiz_id: int = conn.execute(_ADD, values).scalar_one()
    place = {"guild_id": guild_id, "member_id": member_id, "quiz_id": quiz_id}
    conn.execute(
        _ADD_ROUNDS,
        [
            {**place, "position": position, "item_id": item_id, "question_id": question_id}
            for position, (item_id, question_id) in enumerate(items)
        ],
    )
    return StoredQuiz(quiz_id, guild_id, member_id, state, topic, difficulty)


def rounds_of(conn: Connection, quiz_id: int) -> list[StoredRound]:
    """A quiz's rounds in order."""
    return many(conn, StoredRound, _ROUNDS, quiz_id=quiz_id)


def last_seen(conn: Connection, guild_id: int, member_id: int) -> dict[str, float]:
    """When a member last answered each item, as a timestamp."""
    found = conn.execute(_LAST_SEEN, {"guild_id": guild_id, "member_id": member_id})
    return {row.item_id: row.at.timestamp() for row in found}


def last_answers(conn: Connection, guild_id: int, member_id: int) -> dict[str, LastAnswers]:
    """When a member last answered each question's items right, and when wrong."""
    found = conn.execute(_LAST_ANSWERS, {"guild_id": guild_id, "member_id": member_id})
    return {row.question_id: LastAnswers(row.right, row.wrong) for row in found}


def answer(conn: Connection, quiz_id: int, position: int, chosen: int, right: bool, at: datetime) -> bool:
    """Stores the choice of a round; returns False when it was answered before."""
    values = {
        "key_quiz_id": quiz_id,
        "key_position": position,
        "new_chosen": chosen,
        "new_right": right,
        "at": at,
    }
    return conn.execute(_ANSWER, values).rowcount > 0


def finish(conn: Connection, quiz_id: int, state: QuizState, at: datetime) -> None:
    """Ends a quiz."""
    conn.execute(_FINISH, {"quiz_id": quiz_id, "new_state": state, "at": at})
