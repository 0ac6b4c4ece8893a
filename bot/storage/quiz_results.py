"""Queries on what members have practiced: quiz results, drills that they answered or missed."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import DrillState
from bot.domain.mastery import Tally
from bot.storage.rows import load
from bot.storage.schema import (
    answers,
    cards,
    drills,
    interview_questions,
    interviews,
    live_choices,
    live_rounds,
    rounds,
    tracks,
)


@dataclass(frozen=True, slots=True)
class AnsweredDrill:
    """One of a member's answers with its drill, which is `closed` also where its message was deleted."""

    id: int
    question_id: str
    day: date
    claimed_at: datetime
    status: AnswerStatus
    closed: bool


_GUILD = sa.bindparam("guild_id", type_=sa.BigInteger)
_MEMBER = sa.bindparam("member_id", type_=sa.BigInteger)
_TRACKS = sa.select(tracks.c.id).where(tracks.c.guild_id == _GUILD)


def _results(members: sa.Select[int]) -> sa.Select[str, int, int]:
    """The statement that sums quiz answers by question: each item of a member counts as it was answered last."""
    solo = sa.select(
        rounds.c.member_id, rounds.c.item_id, rounds.c.question_id, rounds.c.right, rounds.c.answered_at.label("at")
    ).where(rounds.c.guild_id == _GUILD, rounds.c.member_id.in_(members), rounds.c.chosen.is_not(None))
    live = (
        sa.select(
            live_choices.c.member_id,
            live_rounds.c.item_id,
            live_rounds.c.question_id,
            live_choices.c.right,
            live_choices.c.chosen_at.label("at"),
        )
        .join(
            live_rounds,
            sa.and_(
                live_rounds.c.live_id == live_choices.c.live_id, live_rounds.c.position == live_choices.c.position
            ),
        )
        .where(
            live_choices.c.guild_id == _GUILD,
            live_choices.c.member_id.in_(members),
            live_rounds.c.closed_at.is_not(None),
        )
    )
    every = sa.union_all(solo, live).subquery()
    order = sa.func.row_number().over(partition_by=(every.c.member_id, every.c.item_id), order_by=every.c.at.desc())
    newest = sa.select(every, order.label("nth")).subquery()
    return (
        sa.select(
            newest.c.question_id,
            sa.func.sum(sa.case((newest.c.right, 1), else_=0)).label("right"),
            sa.func.count().label("asked"),
        )
        .where(newest.c.nth == 1)
        .group_by(newest.c.question_id)
    )


def _missed_drills() -> sa.Select[str, datetime]:
    began = (
        sa.select(answers.c.track_id, sa.func.min(drills.c.opened_at).label("at"))
        .join(drills, drills.c.id == answers.c.drill_id)
        .where(answers.c.track_id.in_(_TRACKS), answers.c.member_id == _MEMBER, answers.c.counted_at.is_not(None))
        .group_by(answers.c.track_id)
        .subquery()
    )
    on_time = sa.exists().where(
        answers.c.drill_id == drills.c.id,
        answers.c.member_id == _MEMBER,
        answers.c.status == AnswerStatus.ON_TIME,
    )
    card = sa.exists().where(
        cards.c.guild_id == _GUILD, cards.c.member_id == _MEMBER, cards.c.question_id == drills.c.question_id
    )
    return (
        sa.select(drills.c.question_id, sa.func.min(drills.c.closed_at).label("since"))
        .join(began, began.c.track_id == drills.c.track_id)
        .where(
            drills.c.state == DrillState.CLOSED,
            drills.c.opened_at > began.c.at,
            drills.c.question_id.is_not(None),
            ~on_time,
            ~card,
        )
        .group_by(drills.c.question_id)
    )


_OF_MEMBER = _results(sa.select(_MEMBER))
_OF_TRACK = _results(
    sa.select(answers.c.member_id).where(
        answers.c.track_id == sa.bindparam("track_id"), answers.c.counted_at.is_not(None)
    )
)
_MISSED_DRILLS = _missed_drills()
_INTERVIEWED = (
    sa.select(interview_questions.c.question_id)
    .join(interviews, interviews.c.id == interview_questions.c.interview_id)
    .where(
        interviews.c.guild_id == _GUILD,
        interviews.c.member_id == _MEMBER,
        interview_questions.c.follow_up.is_(None),
        interview_questions.c.answered,
    )
)
_ANSWERED = (
    sa.select(
        answers.c.id, answers.c.status, drills.c.question_id, drills.c.date, drills.c.claimed_at, drills.c.state
    )
    .join(drills, drills.c.id == answers.c.drill_id)
    .where(
        answers.c.track_id.in_(_TRACKS),
        answers.c.member_id == _MEMBER,
        answers.c.counted_at.is_not(None),
        drills.c.question_id.is_not(None),
    )
    .order_by(drills.c.opened_at.desc(), answers.c.id.desc())
)


def of_member(conn: Connection, guild_id: int, member_id: int) -> dict[str, Tally]:
    """A member's quiz results by question: each item counts as it was answered last."""
    found = conn.execute(_OF_MEMBER, {"guild_id": guild_id, "member_id": member_id})
    return {row.question_id: load(Tally, row) for row in found}


def of_track(conn: Connection, guild_id: int, track_id: int) -> dict[str, Tally]:
    """Quiz results by question of those who answered a track's drills."""
    found = conn.execute(_OF_TRACK, {"guild_id": guild_id, "track_id": track_id})
    return {row.question_id: load(Tally, row) for row in found}


def missed_drills(conn: Connection, guild_id: int, member_id: int) -> list[tuple[str, datetime]]:
    """(question id, since when) of closed drills that a member did not answer on time and has no card for.

    Only drills count that came after the first one that the member answered in the same track.
    """
    found = conn.execute(_MISSED_DRILLS, {"guild_id": guild_id, "member_id": member_id})
    return [(row.question_id, row.since) for row in found]


def interviewed(conn: Connection, guild_id: int, member_id: int) -> set[str]:
    """Ids of the questions that a member answered in interviews."""
    return set(conn.execute(_INTERVIEWED, {"guild_id": guild_id, "member_id": member_id}).scalars())


def answered(conn: Connection, guild_id: int, member_id: int) -> list[AnsweredDrill]:
    """A member's answers that count in all tracks of a server, newest drill first."""
    return [
        AnsweredDrill(row.id, row.question_id, row.date, row.claimed_at, row.status, row.state != DrillState.OPEN)
        for row in conn.execute(_ANSWERED, {"guild_id": guild_id, "member_id": member_id})
    ]
