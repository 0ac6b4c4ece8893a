"""Queries on interviews: what they ask, what has been answered, and what their threads show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.interviews import (
    SCORED,
    Interview,
    InterviewQuestion,
    InterviewState,
    InterviewWay,
    QuestionEnd,
    question_key,
)
from bot.storage import sent_messages
from bot.storage.schema import interview_parts, interview_questions, interviews, ticks
from bot.storage.sent_messages import Owner, OwnerKind


@dataclass(frozen=True, slots=True)
class InterviewPart:
    """One message or form of the answer to the open question; `gone` was deleted, or replaced by a form."""

    id: int
    guild_id: int
    asked_id: int
    message_id: int | None
    text: str
    has_file: bool
    withheld: bool
    gone: bool
    sent_at: datetime


def _asked(row: Any) -> InterviewQuestion:
    values = dict(row._mapping)
    values["ended"] = QuestionEnd(values["ended"]) if values["ended"] else None
    return InterviewQuestion(**values)


def _part(row: Any) -> InterviewPart:
    return InterviewPart(**row._mapping)


def _whole(conn: Connection, row: Any) -> Interview | None:
    if row is None:
        return None
    query = (
        sa.select(interview_questions)
        .where(interview_questions.c.interview_id == row.id)
        .order_by(interview_questions.c.position)
    )
    asked = tuple(_asked(found) for found in conn.execute(query))
    values: dict[str, Any] = dict(row._mapping)
    values |= {"way": InterviewWay(row.way), "state": InterviewState(row.state), "asked": asked}
    return Interview(**values)


def _one(conn: Connection, *where: sa.ColumnElement[bool]) -> Interview | None:
    query = sa.select(interviews).where(*where).order_by(interviews.c.id.desc()).limit(1)
    return _whole(conn, conn.execute(query).first())


def get(conn: Connection, interview_id: int) -> Interview | None:
    """The interview with this id."""
    return _one(conn, interviews.c.id == interview_id)


def running(conn: Connection, guild_id: int, member_id: int) -> Interview | None:
    """A member's running interview in a server."""
    mine = (interviews.c.guild_id == guild_id, interviews.c.member_id == member_id)
    return _one(conn, *mine, interviews.c.state == InterviewState.RUNNING)


def by_thread(conn: Connection, thread_id: int) -> Interview | None:
    """The running interview of a thread."""
    return _one(conn, interviews.c.thread_id == thread_id, interviews.c.state == InterviewState.RUNNING)


def before(conn: Connection, interview: Interview) -> Interview | None:
    """The member's last interview before this one that has a scorecard with an answer on it."""
    answered = sa.exists().where(
        interview_questions.c.interview_id == interviews.c.id, interview_questions.c.answered.is_(True)
    )
    mine = (interviews.c.guild_id == interview.guild_id, interviews.c.member_id == interview.member_id)
    return _one(conn, *mine, interviews.c.id < interview.id, interviews.c.state.in_(SCORED), answered)


def last_asked(conn: Connection, guild_id: int, member_id: int) -> dict[str, datetime]:
    """When a member was last asked each question."""
    query = (
        sa.select(interview_questions.c.question_id, sa.func.max(interview_questions.c.asked_at).label("at"))
        .join(interviews, interviews.c.id == interview_questions.c.interview_id)
        .where(
            interviews.c.guild_id == guild_id,
            interviews.c.member_id == member_id,
            interview_questions.c.asked_at.is_not(None),
        )
        .group_by(interview_questions.c.question_id)
    )
    return {row.question_id: row.at for row in conn.execute(query)}


def add(conn: Connection, values: dict[str, Any], question_ids: Sequence[str]) -> int:
    """Stores an interview with its questions, and returns its id."""
    made = conn.execute(interviews.insert().values(**values).returning(interviews.c.id))
    interview_id: int = made.scalar_one()
    for number, question_id in enumerate(question_ids):
        add_question(conn, values["guild_id"], interview_id, 2 * number, question_id, None)
    return interview_id


def add_question(
    conn: Connection, guild_id: int, interview_id: int, position: int, question_id: str, follow_up: int | None
) -> None:
    """Adds a question, or the follow-up to one."""
    conn.execute(
        interview_questions.insert().values(
            guild_id=guild_id,
            interview_id=interview_id,
            position=position,
            question_id=question_id,
            follow_up=follow_up,
        )
    )


def change(conn: Connection, interview_id: int, **values: Any) -> None:
    """Sets the named columns of an interview."""
    conn.execute(interviews.update().where(interviews.c.id == interview_id).values(**values))


def touch(conn: Connection, interview_id: int) -> None:
    """Notes that the thread has to show a change; an interview without a thread shows itself when asked."""
    conn.execute(
        interviews.update()
        .where(interviews.c.id == interview_id, interviews.c.way == InterviewWay.THREAD)
        .values(version=interviews.c.version + 1, retry_at=None)
    )


def change_question(conn: Connection, asked_id: int, **values: Any) -> None:
    """Sets the named columns of one question of an interview."""
    conn.execute(interview_questions.update().where(interview_questions.c.id == asked_id).values(**values))


def parts_of(conn: Connection, asked_id: int) -> list[InterviewPart]:
    """What has come for an open question, in order."""
    query = (
        sa.select(interview_parts)
        .where(interview_parts.c.asked_id == asked_id)
        .order_by(interview_parts.c.sent_at, interview_parts.c.id)
    )
    return [_part(row) for row in conn.execute(query)]


def part_by_message(conn: Connection, message_id: int) -> InterviewPart | None:
    """The part that a message has become."""
    row = conn.execute(sa.select(interview_parts).where(interview_parts.c.message_id == message_id)).first()
    return None if row is None else _part(row)


def add_part(conn: Connection, values: dict[str, Any]) -> None:
    """Stores a message or form of an answer."""
    conn.execute(interview_parts.insert().values(**values))


def change_part(conn: Connection, part_id: int, **values: Any) -> None:
    """Sets the named columns of a part."""
    conn.execute(interview_parts.update().where(interview_parts.c.id == part_id).values(**values))


def drop_parts(conn: Connection, asked_id: int) -> None:
    """Removes the parts of a question that has closed: its text is kept with the question."""
    conn.execute(interview_parts.delete().where(interview_parts.c.asked_id == asked_id))


def question_of(conn: Connection, asked_id: int) -> tuple[Interview, InterviewQuestion] | None:
    """(interview, question) that a part belongs to."""
    row = conn.execute(sa.select(interview_questions).where(interview_questions.c.id == asked_id)).first()
    interview = None if row is None else get(conn, row.interview_id)
    return None if row is None or interview is None else (interview, _asked(row))


def owner(interview: Interview) -> Owner:
    """The interview as the owner of the messages in its thread."""
    born = interview.started_at.isoformat()
    return Owner(OwnerKind.INTERVIEW, interview.id, interview.guild_id, born)


def asked_in(conn: Connection, interview: Interview, position: int) -> int | None:
    """The message in which a question was asked; None before."""
    key = question_key(position)
    sent = sent_messages.of_owner(conn, owner(interview), key).get(key)
    return None if sent is None else sent.message_id


def _ids(conn: Connection, *where: sa.ColumnElement[bool]) -> list[int]:
    # In no order: for one by id SQLite would read the table from end to end.
    return list(conn.execute(sa.select(interviews.c.id).where(*where)).scalars())


def due(conn: Connection, now: datetime) -> list[int]:
    """Interviews in threads whose open question's time is up."""
    return _ids(
        conn,
        interviews.c.next_at <= now,
        interviews.c.state == InterviewState.RUNNING,
        interviews.c.way == InterviewWay.THREAD,
    )


def owed(conn: Connection, now: datetime) -> list[int]:
    """Interviews whose thread shows an old state and may be tried now."""
    return _ids(
        conn,
        interviews.c.version > interviews.c.shown_version,
        sa.or_(interviews.c.retry_at.is_(None), interviews.c.retry_at <= now),
    )


def running_where(conn: Connection, **values: Any) -> list[int]:
    """Running interviews of a server, channel, thread or member."""
    same = [interviews.c[name] == value for name, value in values.items()]
    return _ids(conn, interviews.c.state == InterviewState.RUNNING, *same)


def running_since(conn: Connection, before: datetime) -> list[int]:
    """Running interviews that began before an instant."""
    return _ids(conn, interviews.c.state == InterviewState.RUNNING, interviews.c.started_at < before)


def tick_reference(interview_id: int, position: int) -> str:
    """Under which an interview's ticks are kept: one row a question."""
    return f"interview:{interview_id}:{position}"


def ticks_of(conn: Connection, interview: Interview) -> dict[int, list[int]]:
    """The key points ticked, by the position of their question; questions without a choice are not in it."""
    names = {tick_reference(interview.id, asked.position): asked.position for asked in interview.asked}
    query = sa.select(ticks.c.reference, ticks.c.points).where(
        ticks.c.guild_id == interview.guild_id,
        ticks.c.member_id == interview.member_id,
        ticks.c.reference.in_(list(names)),
    )
    return {names[row.reference]: list(row.points) for row in conn.execute(query)}


def erase_older(conn: Connection, than: datetime) -> int:
    """Erases the texts of questions that closed before an instant; returns how many."""
    done = conn.execute(
        interview_questions.update()
        .where(interview_questions.c.closed_at < than, interview_questions.c.text != "")
        .values(text="")
    )
    return done.rowcount
