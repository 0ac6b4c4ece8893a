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
from bot.storage.rows import load
from bot.storage.schema import interview_parts, interview_questions, interviews, tracks
from bot.storage.sent_messages import Owner, OwnerKind
from bot.storage.shards import is_ours


@dataclass(frozen=True, slots=True)
class InterviewDelivery:
    """How far an interview's thread shows what has happened.

    Attributes:
        version: rises with each change that the thread should show.
        shown_version: the version that the thread shows.
        attempts: the tries since it last showed everything; each may have sent something that was not recorded.
    """

    version: int
    shown_version: int
    attempts: int

    @property
    def is_pending(self) -> bool:
        """Whether the thread shows an old state."""
        return self.version > self.shown_version


_THIS = interviews.c.id == sa.bindparam("interview_id")
_RUNNING = interviews.c.state == InterviewState.RUNNING
_IN_THREAD = interviews.c.way == InterviewWay.THREAD
_MEMBERS_OWN = (
    interviews.c.guild_id == sa.bindparam("guild_id"),
    interviews.c.member_id == sa.bindparam("member_id"),
)

_TRACK = sa.select(tracks.c.hints).where(tracks.c.channel_id == interviews.c.channel_id).scalar_subquery()
_INTERVIEW = sa.select(interviews, sa.func.coalesce(_TRACK, sa.true()).label("hints"))
_GET = _INTERVIEW.where(_THIS)
_RUNNING_OF = _INTERVIEW.where(*_MEMBERS_OWN, _RUNNING)
_BY_THREAD = _INTERVIEW.where(interviews.c.thread_id == sa.bindparam("thread_id"), _RUNNING)
_BEFORE = (
    _INTERVIEW.where(
        *_MEMBERS_OWN,
        interviews.c.id < sa.bindparam("interview_id"),
        interviews.c.state.in_(SCORED),
        sa.exists().where(
            interview_questions.c.interview_id == interviews.c.id, interview_questions.c.answered.is_(True)
        ),
    )
    .order_by(interviews.c.id.desc())
    .limit(1)
)
_OF_QUESTION = _INTERVIEW.where(
    interviews.c.id.in_(
        sa.select(interview_questions.c.interview_id).where(interview_questions.c.id == sa.bindparam("asked_id"))
    )
)
_RUNNING_IN_THREADS = _INTERVIEW.where(_RUNNING, _IN_THREAD, interviews.c.thread_id.is_not(None))
_QUESTIONS = (
    sa.select(interview_questions)
    .where(interview_questions.c.interview_id.in_(sa.bindparam("interview_ids", expanding=True)))
    .order_by(interview_questions.c.interview_id, interview_questions.c.position)
)


def _all(conn: Connection, statement: sa.Select[*tuple[Any, ...]], **values: object) -> list[Interview]:
    """Interviews with their questions."""
    rows = conn.execute(statement, values).all()
    if not rows:
        return []
    asked: dict[int, list[InterviewQuestion]] = {row.id: [] for row in rows}
    for found in conn.execute(_QUESTIONS, {"interview_ids": list(asked)}):
        asked[found.interview_id].append(load(InterviewQuestion, found))
    return [load(Interview, row, asked=tuple(asked[row.id])) for row in rows]


def _one(conn: Connection, statement: sa.Select[*tuple[Any, ...]], **values: object) -> Interview | None:
    return next(iter(_all(conn, statement, **values)), None)


def get(conn: Connection, interview_id: int) -> Interview | None:
    """The interview with this id."""
    return _one(conn, _GET, interview_id=interview_id)


def running(conn: Connection, guild_id: int, member_id: int) -> Interview | None:
    """A member's running interview in a server."""
    return _one(conn, _RUNNING_OF, guild_id=guild_id, member_id=member_id)


def by_thread(conn: Connection, thread_id: int) -> Interview | None:
    """The running interview of a thread."""
    return _one(conn, _BY_THREAD, thread_id=thread_id)


def before(conn: Connection, interview: Interview) -> Interview | None:
    """The member's last interview before this one that has a scorecard with an answer on it."""
    return _one(
        conn, _BEFORE, guild_id=interview.guild_id, member_id=interview.member_id, interview_id=interview.id
    )


def of_question(conn: Connection, asked_id: int) -> Interview:
    """The interview that asks a question."""
    found = _one(conn, _OF_QUESTION, asked_id=asked_id)
    assert found is not None
    return found


def running_in_threads(conn: Connection) -> list[Interview]:
    """All running interviews that have a thread."""
    return _all(conn, _RUNNING_IN_THREADS)


_LAST_ASKED = (
    sa.select(interview_questions.c.question_id, sa.func.max(interview_questions.c.asked_at).label("at"))
    .join(interviews, interviews.c.id == interview_questions.c.interview_id)
    .where(*_MEMBERS_OWN, interview_questions.c.asked_at.is_not(None))
    .group_by(interview_questions.c.question_id)
)


def last_asked(conn: Connection, guild_id: int, member_id: int) -> dict[str, datetime]:
    """When a member was last asked each question."""
    rows = conn.execute(_LAST_ASKED, {"guild_id": guild_id, "member_id": member_id})
    return {row.question_id: row.at for row in rows}


_ADD = interviews.insert().returning(interviews.c.id)
_ADD_QUESTION = interview_questions.insert()


def add(
    conn: Connection,
    *,
    guild_id: int,
    channel_id: int,
    member_id: int,
    way: InterviewWay,
    topic: str | None,
    minutes: int,
    question_ids: Sequence[str],
    started_at: datetime,
) -> int:
    """Stores a running interview with its questions, and returns its id."""
    values = {
        "guild_id": guild_id,
        "channel_id": channel_id,
        "member_id": member_id,
        "way": way,
        "state": InterviewState.RUNNING,
        "topic": topic,
        "minutes": minutes,
        "started_at": started_at,
    }
    interview_id = conn.execute(_ADD, values).scalar_one()
    for number, question_id in enumerate(question_ids):
        add_question(conn, guild_id, interview_id, 2 * number, question_id, None)
    return interview_id


def add_question(
    conn: Connection,
    guild_id: int,
    interview_id: int,
    position: int,
    question_id: str,
    follow_up: int | None,
    wording: str | None = None,
) -> None:
    """Adds a question, or the follow-up to one; `wording` is what a model asks in place of the prepared one."""
    values = {
        "guild_id": guild_id,
        "interview_id": interview_id,
        "position": position,
        "question_id": question_id,
        "follow_up": follow_up,
        "wording": wording,
    }
    conn.execute(_ADD_QUESTION, values)


_SET_THREAD = interviews.update().where(_THIS).values(thread_id=sa.bindparam("its_thread"))
_USE_FORMS = (
    interviews.update()
    .where(_THIS)
    .values(way=InterviewWay.FORMS, shown_version=interviews.c.version, retry_at=None)
)
_SET_DEADLINE = interviews.update().where(_THIS).values(next_at=sa.bindparam("deadline"))
_FINISH = interviews.update().where(_THIS).values(state=sa.bindparam("how"), finished_at=sa.bindparam("at"))
_THIS_QUESTION = interview_questions.c.id == sa.bindparam("asked_id")
_BEGIN_QUESTION = interview_questions.update().where(_THIS_QUESTION).values(asked_at=sa.bindparam("at"))
_SET_TEXT = interview_questions.update().where(_THIS_QUESTION).values(text=sa.bindparam("whole_text"))
_CLOSE_QUESTION = (
    interview_questions.update()
    .where(_THIS_QUESTION)
    .values(
        closed_at=sa.bindparam("at"),
        ended=sa.bindparam("how"),
        answered=sa.bindparam("was_answered"),
        text=sa.bindparam("whole_text"),
    )
)


def set_thread(conn: Connection, interview_id: int, thread_id: int) -> None:
    """Records an interview's thread."""
    conn.execute(_SET_THREAD, {"interview_id": interview_id, "its_thread": thread_id})


def use_forms(conn: Connection, interview_id: int) -> None:
    """Goes on without a thread: from now on there is nothing to show by itself."""
    conn.execute(_USE_FORMS, {"interview_id": interview_id})


def begin_question(conn: Connection, asked: InterviewQuestion, at: datetime, deadline: datetime) -> None:
    """Records when a question was shown, and when its time is up."""
    conn.execute(_BEGIN_QUESTION, {"asked_id": asked.id, "at": at})
    conn.execute(_SET_DEADLINE, {"interview_id": asked.interview_id, "deadline": deadline})


def close_question(
    conn: Connection, asked: InterviewQuestion, *, at: datetime, how: QuestionEnd, answered: bool, text: str
) -> None:
    """Ends a question with its whole text; its parts stay, since one of its messages may be deleted later."""
    values = {"asked_id": asked.id, "at": at, "how": how, "was_answered": answered, "whole_text": text}
    conn.execute(_CLOSE_QUESTION, values)


def set_text(conn: Connection, asked_id: int, text: str) -> None:
    """Stores what is left of a closed question's answer."""
    conn.execute(_SET_TEXT, {"asked_id": asked_id, "whole_text": text})


def stop_clock(conn: Connection, interview_id: int) -> None:
    """No time runs until the next question is shown."""
    conn.execute(_SET_DEADLINE, {"interview_id": interview_id, "deadline": None})


def finish(conn: Connection, interview_id: int, how: InterviewState, at: datetime) -> None:
    """Ends an interview."""
    conn.execute(_FINISH, {"interview_id": interview_id, "how": how, "at": at})


_MARK_CHANGED = interviews.update().where(_THIS, _IN_THREAD).values(version=interviews.c.version + 1, retry_at=None)
_MARK_TRIED = interviews.update().where(_THIS).values(attempts=interviews.c.attempts + 1)
_MARK_SHOWN = interviews.update().where(_THIS).values(shown_version=sa.bindparam("seen"), attempts=0, retry_at=None)
_PUT_OFF = interviews.update().where(_THIS).values(retry_at=sa.bindparam("until"))
_STOP_SHOWING = interviews.update().where(_THIS).values(shown_version=interviews.c.version)


def delivery(conn: Connection, interview_id: int) -> InterviewDelivery:
    """How far an interview's thread shows what has happened."""
    row = conn.execute(_GET, {"interview_id": interview_id}).one()
    return load(InterviewDelivery, row)


def mark_changed(conn: Connection, interview_id: int) -> None:
    """The thread has to show a change, at once; an interview without a thread shows itself when asked."""
    conn.execute(_MARK_CHANGED, {"interview_id": interview_id})


def mark_tried(conn: Connection, interview_id: int) -> None:
    """Records before anything is sent that it may have happened: the next try looks first."""
    conn.execute(_MARK_TRIED, {"interview_id": interview_id})


def mark_shown(conn: Connection, interview_id: int, version: int) -> None:
    """The thread shows a version."""
    conn.execute(_MARK_SHOWN, {"interview_id": interview_id, "seen": version})


def put_off(conn: Connection, interview_id: int, until: datetime) -> None:
    """The thread is not tried again before an instant, unless something changes."""
    conn.execute(_PUT_OFF, {"interview_id": interview_id, "until": until})


def stop_showing(conn: Connection, interview_id: int) -> None:
    """Nothing that has happened so far is shown any more."""
    conn.execute(_STOP_SHOWING, {"interview_id": interview_id})


def owner(interview: Interview) -> Owner:
    """The interview as the owner of the messages in its thread."""
    born = f"{interview.member_id}:{interview.started_at.isoformat()}"
    return Owner(OwnerKind.INTERVIEW, interview.id, interview.guild_id, born)


def asked_in(conn: Connection, interview: Interview, position: int) -> int | None:
    """The message in which a question was asked; None before."""
    key = question_key(position)
    sent = sent_messages.of_owner(conn, owner(interview), key).get(key)
    return None if sent is None else sent.message_id


_OURS = is_ours(interviews.c.guild_id)
# In no order: for one by id SQLite would read the table from end to end.
_TIME_UP = sa.select(interviews.c.id).where(
    interviews.c.next_at <= sa.bindparam("now"), _RUNNING, _IN_THREAD, _OURS
)
_PENDING = sa.select(interviews.c.id).where(
    interviews.c.version > interviews.c.shown_version,
    sa.or_(interviews.c.retry_at.is_(None), interviews.c.retry_at <= sa.bindparam("now")),
    _OURS,
)
_RUNNING_SINCE = sa.select(interviews.c.id).where(
    _RUNNING, interviews.c.started_at < sa.bindparam("started_before"), _OURS
)
ANY_DUE = sa.or_(_TIME_UP.exists(), _RUNNING_SINCE.exists(), _PENDING.exists())
"""Whether at `now` a question or an interview has to end, one that began before `started_before` for that alone, or
a thread to be brought up to date."""
_RUNNING_IN_CHANNEL = sa.select(interviews.c.id).where(
    _RUNNING, _IN_THREAD, interviews.c.channel_id == sa.bindparam("channel_id")
)
_RUNNING_IN_SERVER = sa.select(interviews.c.id).where(_RUNNING, interviews.c.guild_id == sa.bindparam("guild_id"))


def time_up(conn: Connection, now: datetime) -> list[int]:
    """Interviews in threads whose open question's time is up."""
    return list(conn.execute(_TIME_UP, {"now": now}).scalars())


def pending(conn: Connection, now: datetime) -> list[int]:
    """Interviews whose thread shows an old state and may be tried now."""
    return list(conn.execute(_PENDING, {"now": now}).scalars())


def running_since(conn: Connection, before: datetime) -> list[int]:
    """Running interviews that began before an instant."""
    return list(conn.execute(_RUNNING_SINCE, {"started_before": before}).scalars())


def running_in_channel(conn: Connection, channel_id: int) -> list[int]:
    """Running interviews in threads of a channel."""
    return list(conn.execute(_RUNNING_IN_CHANNEL, {"channel_id": channel_id}).scalars())


def running_in_server(conn: Connection, guild_id: int) -> list[int]:
    """Running interviews in a server."""
    return list(conn.execute(_RUNNING_IN_SERVER, {"guild_id": guild_id}).scalars())


_OLD = (interview_questions.c.closed_at < sa.bindparam("kept_since"), interview_questions.c.text != "")
_OLD_WORDING = (interview_questions.c.closed_at < sa.bindparam("kept_since"), interview_questions.c.wording != "")
ANY_OLD = sa.or_(sa.exists().where(*_OLD), sa.exists().where(*_OLD_WORDING))
"""Whether there are texts of questions that closed before `kept_since`."""
_ANY_OLD = sa.select(ANY_OLD)
_ERASE_OLD = interview_questions.update().where(*_OLD).values(text="")
_ERASE_OLD_WORDING = interview_questions.update().where(*_OLD_WORDING).values(wording="")
_DROP_OLD_PARTS = interview_parts.delete().where(
    interview_parts.c.asked_id.in_(sa.select(interview_questions.c.id).where(*_OLD))
)


def any_older(conn: Connection, before: datetime) -> bool:
    """Whether there are texts of questions that closed before an instant."""
    return conn.execute(_ANY_OLD, {"kept_since": before}).scalar_one()


def erase_older(conn: Connection, before: datetime) -> int:
    """Erases texts of questions that closed before an instant, and what a model asked; returns how many texts."""
    conn.execute(_ERASE_OLD_WORDING, {"kept_since": before})
    conn.execute(_DROP_OLD_PARTS, {"kept_since": before})
    return conn.execute(_ERASE_OLD, {"kept_since": before}).rowcount
