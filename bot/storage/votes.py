"""Queries on votes, the messages on which they may stand, and the drills whose votes are not counted out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.domain.answers import AnswerStatus
from bot.domain.drills import Drill, DrillState, Mode, Reveal
from bot.storage.drills import POSTED, DrillDelivery, to_delivery, to_drill
from bot.storage.schema import answers, drills, parts, sent_messages, votes
from bot.storage.sent_messages import OwnerKind

CARRIED = "carry:"
"""How the keys of messages begin that carry a part of an answer: `carry:<part id>:<number>`."""
_CARRIES = (
    sent_messages.c.owner_kind == OwnerKind.ANSWER,
    sent_messages.c.key >= CARRIED,
    sent_messages.c.key < "carry;",  # the next sign after a colon
)

Ballot = tuple[int, str]
"""Who put which 👍 on a message."""


@dataclass(frozen=True, slots=True)
class VotableMessage:
    """A message of an answer, of the member's own or carried by the bot."""

    answer_id: int
    channel_id: int
    message_id: int


def answer_of(conn: Connection, message_id: int) -> int | None:
    """The answer to which a message belongs, a member's own or one of the bot's that carries it."""
    own = sa.select(parts.c.answer_id).where(parts.c.message_id == message_id)
    answer_id = conn.execute(own).scalar()
    if answer_id is not None:
        return answer_id
    carrying = sa.select(sent_messages.c.owner_id).where(sent_messages.c.message_id == message_id, *_CARRIES)
    return conn.execute(carrying).scalar()


def places(conn: Connection, drill_id: int) -> list[VotableMessage]:
    """The messages of a drill's answers that are still there, an answer's first message first.

    The bot's post comes before a reply in the channel: it stands in the thread.
    """
    found = conn.execute(
        sa.select(parts).join(answers, answers.c.id == parts.c.answer_id).where(answers.c.drill_id == drill_id)
    )
    carried: dict[int, list[Any]] = {}
    query = (
        sa.select(sent_messages)
        .join(answers, answers.c.id == sent_messages.c.owner_id)
        .where(answers.c.drill_id == drill_id, *_CARRIES)
        .order_by(sent_messages.c.message_id)
    )
    for post in conn.execute(query):
        carried.setdefault(int(post.key.split(":")[1]), []).append(post)
    listed: list[VotableMessage] = []
    for part in sorted(found, key=lambda part: (part.sent_at, part.id)):
        if part.gone:
            continue
        for post in carried.get(part.id, []):
            listed.append(VotableMessage(part.answer_id, post.channel_id, post.message_id))
        if part.message_id is not None:
            listed.append(VotableMessage(part.answer_id, part.channel_id, part.message_id))
    return listed


def put(
    conn: Connection,
    *,
    guild_id: int,
    answer_id: int,
    message_id: int,
    voter_id: int,
    thumb: str,
    at: datetime,
) -> None:
    """Stores one 👍; the same one twice is stored once."""
    row = insert(votes).values(
        guild_id=guild_id,
        answer_id=answer_id,
        message_id=message_id,
        voter_id=voter_id,
        thumb=thumb,
        given_at=at,
    )
    conn.execute(row.on_conflict_do_nothing())


def drop(
    conn: Connection,
    answer_id: int,
    message_id: int,
    *,
    voter_id: int | None = None,
    thumbs: Collection[str] = (),
) -> None:
    """Takes 👍 off a message: those of one voter or of all, the named ones or every one."""
    where = [votes.c.answer_id == answer_id, votes.c.message_id == message_id]
    if voter_id is not None:
        where.append(votes.c.voter_id == voter_id)
    if thumbs:
        where.append(votes.c.thumb.in_(thumbs))
    conn.execute(votes.delete().where(*where))


def on_message(conn: Connection, answer_id: int, message_id: int) -> set[Ballot]:
    """The 👍 stored of one message."""
    query = sa.select(votes.c.voter_id, votes.c.thumb).where(
        votes.c.answer_id == answer_id, votes.c.message_id == message_id
    )
    return {(row.voter_id, row.thumb) for row in conn.execute(query)}


def voters(conn: Connection, answer_id: int) -> list[tuple[int, datetime]]:
    """(voter, since when) of an answer, first come first."""
    query = (
        sa.select(votes.c.voter_id, sa.func.min(votes.c.given_at).label("at"))
        .where(votes.c.answer_id == answer_id)
        .group_by(votes.c.voter_id)
        .order_by("at", votes.c.voter_id)
    )
    return [(row.voter_id, row.at) for row in conn.execute(query)]


def counts(conn: Connection, drill_id: int, ended: datetime) -> list[tuple[int, int]]:
    """(answer, votes) of a drill's answers that counted when its votes ended, in the order in which they came.

    One that is completed later may bring votes of before along, but cannot become the best any more.
    """
    in_time = sa.or_(answers.c.status == AnswerStatus.ON_TIME, answers.c.counted_at < ended)
    number = sa.func.count(votes.c.voter_id.distinct()).label("number")
    query = (
        sa.select(answers.c.id, number)
        .select_from(answers.outerjoin(votes, votes.c.answer_id == answers.c.id))
        .where(answers.c.drill_id == drill_id, answers.c.counted_at.is_not(None), in_time)
        .group_by(answers.c.id)
        .order_by(answers.c.counted_at, answers.c.id)
    )
    return [(row.id, row.number) for row in conn.execute(query)]


def next_closed(conn: Connection, drill: Drill) -> datetime | None:
    """When the first of the track's later drills closed; None while all of them are open."""
    query = sa.select(sa.func.min(drills.c.closed_at)).where(
        drills.c.track_id == drill.track_id,
        drills.c.opened_at > drill.opened_at,
        drills.c.state == DrillState.CLOSED,
    )
    return conn.execute(query).scalar()


def _drills(conn: Connection, *where: Any) -> list[Drill]:
    return [to_drill(row) for row in conn.execute(sa.select(drills).where(*where).order_by(drills.c.id))]


def voting(conn: Connection, guild_ids: Sequence[int]) -> list[Drill]:
    """Drills of some servers whose votes are not counted out and whose answers can be read."""
    return _drills(
        conn,
        drills.c.voted_until.is_(None),
        drills.c.state.in_(POSTED),
        drills.c.guild_id.in_(guild_ids),
        sa.or_(drills.c.mode == Mode.OPEN, drills.c.reveal.in_((Reveal.CARD, Reveal.DONE))),
    )


def blind_undecided(conn: Connection) -> list[Drill]:
    """Revealed blind drills whose votes are not counted out."""
    return _drills(
        conn,
        drills.c.voted_until.is_(None),
        drills.c.state == DrillState.CLOSED,
        drills.c.mode == Mode.BLIND,
        drills.c.reveal == Reveal.DONE,
    )


def blind_unshown(conn: Connection, key: str, since: datetime, now: datetime) -> list[DrillDelivery]:
    """Blind drills whose best answer was found after `since` and has no post with this key yet."""
    shown = sa.select(sent_messages.c.id).where(
        sent_messages.c.owner_kind == OwnerKind.DRILL,
        sent_messages.c.owner_id == drills.c.id,
        sent_messages.c.key == key,
    )
    query = sa.select(drills).where(
        drills.c.voted_until > since,
        drills.c.state == DrillState.CLOSED,
        drills.c.mode == Mode.BLIND,
        drills.c.best_answer_id.is_not(None),
        sa.or_(drills.c.retry_at.is_(None), drills.c.retry_at <= now),
        ~shown.exists(),
    )
    return [to_delivery(row) for row in conn.execute(query.order_by(drills.c.id))]


def all_voters(conn: Connection) -> list[Any]:
    """(server, answer, voter) of every vote on an answer that counts, first come first: for the books."""
    query = (
        sa.select(votes.c.guild_id, votes.c.answer_id, votes.c.voter_id, sa.func.min(votes.c.given_at).label("at"))
        .join(answers, answers.c.id == votes.c.answer_id)
        .where(answers.c.counted_at.is_not(None))
        .group_by(votes.c.guild_id, votes.c.answer_id, votes.c.voter_id)
        .order_by("at", votes.c.voter_id)
    )
    return list(conn.execute(query).all())


def all_best(conn: Connection) -> list[Any]:
    """(server, drill, its best answer, when votes ended) wherever there is one."""
    query = sa.select(drills.c.guild_id, drills.c.id, drills.c.best_answer_id, drills.c.voted_until).where(
        drills.c.best_answer_id.is_not(None)
    )
    return list(conn.execute(query).all())
