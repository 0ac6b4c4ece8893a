"""Queries on weekly digests and on what they tell."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.domain.tracks import Track
from bot.storage.drills import POSTED
from bot.storage.schema import answers, digests, drills, live_choices, live_rounds, rounds, tracks, votes

OWED, SENT, MISSED = "owed", "sent", "missed"


def due(conn: Connection, now: datetime) -> list[int]:
    """Ids of tracks whose digest is due, most overdue first."""
    query = (
        sa.select(tracks.c.id)
        .where(tracks.c.digest_due_utc <= now, tracks.c.active)
        .order_by(tracks.c.digest_due_utc)
    )
    return list(conn.execute(query).scalars())


def add(conn: Connection, track: Track, week: str, since: datetime, attempts: int) -> None:
    """Claims a track's digest of a week, owed since an instant; a week that was claimed before stays as it is."""
    row = insert(digests).values(
        guild_id=track.guild_id, track_id=track.id, week=week, state=OWED, claimed_at=since, attempts=attempts
    )
    conn.execute(row.on_conflict_do_nothing(index_elements=["track_id", "week"]))


def claimed(conn: Connection, track_id: int, week: str) -> bool:
    """Whether a track's digest of a week was claimed before."""
    query = sa.select(digests.c.id).where(digests.c.track_id == track_id, digests.c.week == week)
    return conn.execute(query).first() is not None


def owed(conn: Connection, now: datetime) -> list[Any]:
    """Digests whose message is owed and whose next try is due."""
    ready = sa.or_(digests.c.retry_at.is_(None), digests.c.retry_at <= now)
    query = sa.select(digests).where(digests.c.state == OWED, ready).order_by(digests.c.id)
    return list(conn.execute(query).all())


def newest(conn: Connection, track_id: int) -> Any:
    """A track's digest of the newest week; None before the first."""
    query = sa.select(digests).where(digests.c.track_id == track_id).order_by(digests.c.week.desc()).limit(1)
    return conn.execute(query).first()


def change(conn: Connection, digest_id: int, **values: Any) -> None:
    """Changes the named columns of a digest."""
    conn.execute(digests.update().where(digests.c.id == digest_id).values(**values))


def give_up(conn: Connection, before: datetime) -> None:
    """Digests that are owed since before an instant and could not be sent are missed."""
    old = digests.update().where(digests.c.state == OWED, digests.c.claimed_at < before)
    conn.execute(old.values(state=MISSED, retry_at=None))


def posted_between(conn: Connection, track_id: int, first: date, last: date) -> int:
    """How many drills a track posted on these dates."""
    query = sa.select(sa.func.count()).where(
        drills.c.track_id == track_id, drills.c.date.between(first, last), drills.c.state.in_(POSTED)
    )
    return conn.execute(query).scalar_one()


def answered(conn: Connection, track_id: int, first: datetime, end: datetime) -> Sequence[tuple[int, datetime]]:
    """(member, when) of the answers that began to count in a span."""
    query = sa.select(answers.c.member_id, answers.c.counted_at).where(
        answers.c.track_id == track_id, answers.c.counted_at >= first, answers.c.counted_at < end
    )
    return [(row.member_id, row.counted_at) for row in conn.execute(query)]


def voted(conn: Connection, guild_id: int, track_id: int, first: datetime, end: datetime) -> list[tuple[int, int]]:
    """(answer, voters) of the votes that a track's answers got in a span, in the order of the answers."""
    number = sa.func.count(votes.c.voter_id.distinct()).label("number")
    query = (
        sa.select(answers.c.id, number)
        .join(votes, votes.c.answer_id == answers.c.id)
        .where(
            votes.c.guild_id == guild_id,
            votes.c.given_at >= first,
            votes.c.given_at < end,
            answers.c.track_id == track_id,
            answers.c.counted_at.is_not(None),
        )
        .group_by(answers.c.id)
        .order_by(answers.c.counted_at, answers.c.id)
    )
    return [(row.id, row.number) for row in conn.execute(query)]


def missed(conn: Connection, guild_id: int, first: datetime, end: datetime) -> list[tuple[str, int]]:
    """(item, members) of the items that were answered wrong in a server's quizzes in a span, most missed first."""
    solo = sa.select(rounds.c.item_id, rounds.c.member_id).where(
        rounds.c.guild_id == guild_id,
        rounds.c.answered_at >= first,
        rounds.c.answered_at < end,
        rounds.c.right.is_(False),
    )
    same = sa.and_(
        live_rounds.c.live_id == live_choices.c.live_id, live_rounds.c.position == live_choices.c.position
    )
    live = (
        sa.select(live_rounds.c.item_id, live_choices.c.member_id)
        .join(live_choices, same)
        .where(
            live_choices.c.guild_id == guild_id,
            live_choices.c.chosen_at >= first,
            live_choices.c.chosen_at < end,
            live_choices.c.right.is_(False),
        )
    )
    wrong = sa.union(solo, live).subquery()
    people = sa.func.count().label("people")
    query = sa.select(wrong.c.item_id, people).group_by(wrong.c.item_id).order_by(people.desc(), wrong.c.item_id)
    return [(row.item_id, row.people) for row in conn.execute(query)]
