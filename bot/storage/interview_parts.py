"""Queries on the messages and forms that make up the answers in interviews."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import join
from bot.domain.interviews import InterviewQuestion, InterviewState
from bot.storage.answers import KnownMessages, by_place
from bot.storage.dialects import among
from bot.storage.rows import many, one
from bot.storage.schema import interview_parts, interview_questions, interviews


@dataclass(frozen=True, slots=True)
class InterviewPart:
    """One message or form of the answer to a question; it is `gone` once deleted, or replaced by a form."""

    id: int
    guild_id: int
    asked_id: int
    message_id: int | None
    text: str
    has_file: bool
    withheld: bool
    gone: bool
    sent_at: datetime

    @property
    def is_answer(self) -> bool:
        """Whether the member has said something with it."""
        return bool(self.text.strip()) or self.has_file or self.withheld


_THERE = interview_parts.c.gone.is_(False)
_OF_QUESTION = (
    sa.select(interview_parts)
    .where(interview_parts.c.asked_id == sa.bindparam("asked_id"), _THERE)
    .order_by(interview_parts.c.sent_at, interview_parts.c.id)
)
_BY_MESSAGE = sa.select(interview_parts).where(interview_parts.c.message_id == sa.bindparam("message_id"))
_AMONG = interview_parts.c.message_id.in_(sa.bindparam("message_ids", expanding=True))
_ANY = sa.select(interview_parts.c.id).where(_AMONG).limit(1)
_MESSAGES = (
    sa.select(
        interviews.c.guild_id,
        interviews.c.channel_id,
        interviews.c.thread_id.label("place_id"),
        interview_parts.c.message_id,
    )
    .select_from(
        interviews.join(interview_questions, interview_questions.c.interview_id == interviews.c.id).join(
            interview_parts, interview_parts.c.asked_id == interview_questions.c.id
        )
    )
    .where(interview_parts.c.message_id.is_not(None), _THERE)
)
_KNOWN_MESSAGES = _MESSAGES.where(
    among("guild_ids", interviews.c.guild_id),
    interviews.c.thread_id.is_not(None),
    sa.or_(interviews.c.state == InterviewState.RUNNING, interviews.c.finished_at > sa.bindparam("since")),
).order_by(interview_parts.c.message_id)
_MESSAGES_IN = _MESSAGES.where(interviews.c.thread_id == sa.bindparam("thread_id"))


def text_of(parts: Iterable[InterviewPart]) -> str:
    """What the parts of an answer say together."""
    return join([part.text for part in parts])


def of_question(conn: Connection, asked_id: int) -> list[InterviewPart]:
    """What the answer to a question consists of, in order."""
    return many(conn, InterviewPart, _OF_QUESTION, asked_id=asked_id)


def by_message(conn: Connection, message_id: int) -> InterviewPart | None:
    """The part that a message has become, also one that is gone."""
    return one(conn, InterviewPart, _BY_MESSAGE, message_id=message_id)


def any_of(conn: Connection, message_ids: Sequence[int]) -> bool:
    """Whether one of these messages is part of an answer."""
    return conn.execute(_ANY, {"message_ids": list(message_ids)}).first() is not None


def known_messages(conn: Connection, guild_ids: Collection[int], since: datetime) -> list[KnownMessages]:
    """The messages in threads of servers' interviews that run or ended after `since`, by thread."""
    return by_place(conn.execute(_KNOWN_MESSAGES, {"guild_ids": guild_ids, "since": since}))


def messages_in(conn: Connection, thread_id: int) -> list[int]:
    """The stored messages of the interview in a thread, also of one that has ended."""
    return [row.message_id for row in conn.execute(_MESSAGES_IN, {"thread_id": thread_id})]


_THIS = interview_parts.c.id == sa.bindparam("part_id")
_ADD = interview_parts.insert()
_EDIT = (
    interview_parts.update()
    .where(_THIS)
    .values(text=sa.bindparam("new_text"), has_file=sa.bindparam("holds_file"), withheld=False)
)
_EMPTY = interview_parts.update().where(_THIS).values(text="")
_REMOVE = interview_parts.update().where(_THIS).values(text="", gone=True)


def add(
    conn: Connection,
    asked: InterviewQuestion,
    *,
    message_id: int | None,
    text: str,
    has_file: bool = False,
    withheld: bool = False,
    sent_at: datetime,
) -> None:
    """Stores a message of an answer, or a form, which has no message."""
    values = {
        "guild_id": asked.guild_id,
        "asked_id": asked.id,
        "message_id": message_id,
        "text": text,
        "has_file": has_file,
        "withheld": withheld,
        "sent_at": sent_at,
    }
    conn.execute(_ADD, values)


def edit(conn: Connection, part_id: int, text: str, *, has_file: bool) -> None:
    """Stores what an edited message says now."""
    conn.execute(_EDIT, {"part_id": part_id, "new_text": text, "holds_file": has_file})


def empty(conn: Connection, part_id: int) -> None:
    """Erases the text of a part that stays for its file."""
    conn.execute(_EMPTY, {"part_id": part_id})


def remove(conn: Connection, part_id: int) -> None:
    """Takes a part out of the answer."""
    conn.execute(_REMOVE, {"part_id": part_id})
