"""Queries on votes, the messages on which they may stand, and the drills whose votes are not tallied."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import LIFETIME, POSTED, Drill, DrillState, Mode, Reveal
from bot.storage.dialects import among, insert
from bot.storage.drill_deliveries import DrillDelivery, to_delivery
from bot.storage.rows import many, one
from bot.storage.schema import answers, drills, members, parts, sent_messages, votes
from bot.storage.sent_messages import OwnerKind
from bot.storage.shards import is_ours

BEST_POST = "best:0"
"""The key of the message that tells a blind drill's best answer."""
CARRIED = "carry:"
"""How the keys of messages begin that carry a part of an answer: `carry:<part id>:<number>`."""
_CARRIES = (
    sent_messages.c.owner_kind == OwnerKind.ANSWER,
    sent_messages.c.key >= CARRIED,
    sent_messages.c.key < "carry;",  # the next sign after a colon
)

PICKED = 0
"""Stands in place of a message where somebody chose an answer in private, which no reaction shows."""
PICK = "pick"
"""The 👍 that such a choice is."""

Ballot = tuple[int, str]
"""Who put which 👍 on a message."""


@dataclass(frozen=True, slots=True)
class VotableMessage:
    """A message of an answer, of the member's own or carried by the bot."""

    answer_id: int
    channel_id: int
    message_id: int


class Vote(NamedTuple):
    """Who voted for which answer, and since when."""

    guild_id: int
    answer_id: int
    voter_id: int
    since: datetime


class VoteTally(NamedTuple):
    """A drill's best answer, and when its votes ended."""

    guild_id: int
    drill_id: int
    best_answer_id: int
    voted_until: datetime


_MESSAGE_ID = sa.bindparam("message_id", type_=sa.BigInteger)
_OWN = sa.select(parts.c.answer_id).where(parts.c.message_id == _MESSAGE_ID)
_CARRYING = sa.select(sent_messages.c.owner_id).where(sent_messages.c.message_id == _MESSAGE_ID, *_CARRIES)


def answer_of(conn: Connection, message_id: int) -> int | None:
    """The answer to which a message belongs, a member's own or one of the bot's that carries it."""
    answer_id = conn.execute(_OWN, {"message_id": message_id}).scalar()
    if answer_id is not None:
        return answer_id
    return conn.execute(_CARRYING, {"message_id": message_id}).scalar()


_PARTS_OF_DRILL = (
    sa.select(parts.c.id, parts.c.answer_id, parts.c.channel_id, parts.c.message_id)
    .join(answers, answers.c.id == parts.c.answer_id)
    .where(answers.c.drill_id == sa.bindparam("drill_id"), parts.c.gone.is_(False))
    .order_by(parts.c.sent_at, parts.c.id)
)
_CARRIED_OF_DRILL = (
    sa.select(sent_messages.c.key, sent_messages.c.channel_id, sent_messages.c.message_id)
    .join(answers, answers.c.id == sent_messages.c.owner_id)
    .where(answers.c.drill_id == sa.bindparam("drill_id"), *_CARRIES)
    .order_by(sent_messages.c.message_id)
)


def messages(conn: Connection, drill_id: int) -> list[VotableMessage]:
    """The messages of a drill's answers that are still there, an answer's first message first.

    The bot's post comes before a reply in the channel: it stands in the thread.
    """
    carried: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for post in conn.execute(_CARRIED_OF_DRILL, {"drill_id": drill_id}):
        carried[int(post.key.split(":")[1])].append((post.channel_id, post.message_id))
    listed: list[VotableMessage] = []
    for part in conn.execute(_PARTS_OF_DRILL, {"drill_id": drill_id}):
        listed += [VotableMessage(part.answer_id, *post) for post in carried.get(part.id, [])]
        if part.message_id is not None:
            listed.append(VotableMessage(part.answer_id, part.channel_id, part.message_id))
    return listed


_PUT = insert(votes).on_conflict_do_nothing()
_ON_MESSAGE = (votes.c.answer_id == sa.bindparam("answer_id"), votes.c.message_id == _MESSAGE_ID)
_BY_VOTER = votes.c.voter_id == sa.bindparam("voter_id")
_OF_THUMBS = votes.c.thumb.in_(sa.bindparam("thumbs", expanding=True))
_DROP = {
    (False, False): votes.delete().where(*_ON_MESSAGE),
    (True, False): votes.delete().where(*_ON_MESSAGE, _BY_VOTER),
    (False, True): votes.delete().where(*_ON_MESSAGE, _OF_THUMBS),
    (True, True): votes.delete().where(*_ON_MESSAGE, _BY_VOTER, _OF_THUMBS),
}
"""By whether one voter's are meant, and whether the named ones are."""
_BALLOTS = sa.select(votes.c.voter_id, votes.c.thumb).where(*_ON_MESSAGE)


def put(
    conn: Connection,
    *,
    guild_id: int,
    answer_id: int,
    message_id: int,
    voter_id: int,
    thumb: str,
    at: datetime,
) -> bool:
    """Stores one 👍; the same one twice is stored once. Returns whether it is news."""
    values = {
        "guild_id": guild_id,
        "answer_id": answer_id,
        "message_id": message_id,
        "voter_id": voter_id,
        "thumb": thumb,
        "given_at": at,
    }
    return conn.execute(_PUT, values).rowcount > 0


def drop(
    conn: Connection,
    answer_id: int,
    message_id: int,
    *,
    voter_id: int | None = None,
    thumbs: Collection[str] = (),
) -> bool:
    """Takes 👍 off a message, of one voter or of all, the named ones or every one; says whether any stood."""
    values: dict[str, object] = {"answer_id": answer_id, "message_id": message_id}
    if voter_id is not None:
        values["voter_id"] = voter_id
    if thumbs:
        values["thumbs"] = list(thumbs)
    return conn.execute(_DROP[voter_id is not None, bool(thumbs)], values).rowcount > 0


def on_message(conn: Connection, answer_id: int, message_id: int) -> set[Ballot]:
    """The 👍 stored of one message."""
    found = conn.execute(_BALLOTS, {"answer_id": answer_id, "message_id": message_id})
    return {(row.voter_id, row.thumb) for row in found}


class VoteChoice(NamedTuple):
    """An answer that can be voted for: whose it is, and how it begins; empty where its text is not there."""

    answer_id: int
    member_id: int
    name: str
    text: str


_CHOICES = (
    sa.select(answers.c.id, answers.c.member_id, members.c.name, parts.c.text)
    .select_from(
        answers.join(parts, parts.c.answer_id == answers.c.id).outerjoin(
            members, sa.and_(members.c.guild_id == answers.c.guild_id, members.c.member_id == answers.c.member_id)
        )
    )
    .where(
        answers.c.drill_id == sa.bindparam("drill_id"), answers.c.counted_at.is_not(None), parts.c.gone.is_(False)
    )
    .order_by(answers.c.counted_at, answers.c.id, parts.c.sent_at, parts.c.id)
)
_PICKS = (
    votes.c.voter_id == sa.bindparam("voter_id", type_=sa.BigInteger),
    votes.c.message_id == PICKED,
    votes.c.answer_id.in_(sa.select(answers.c.id).where(answers.c.drill_id == sa.bindparam("drill_id"))),
)
_PICKED_ANSWER = sa.select(votes.c.answer_id).where(*_PICKS)
_DROP_PICKS = votes.delete().where(*_PICKS)


def choices(conn: Connection, drill_id: int) -> list[VoteChoice]:
    """A drill's answers that count and are still there, in the order in which they came."""
    found: dict[int, VoteChoice] = {}
    for row in conn.execute(_CHOICES, {"drill_id": drill_id}):
        before = found.get(row.id)
        if before is None or not before.text:
            found[row.id] = VoteChoice(row.id, row.member_id, row.name or "", row.text)
    return list(found.values())


def picked(conn: Connection, drill_id: int, voter_id: int) -> int | None:
    """The answer to a drill that a member chose in private."""
    return conn.execute(_PICKED_ANSWER, {"drill_id": drill_id, "voter_id": voter_id}).scalar()


def drop_picks(conn: Connection, drill_id: int, voter_id: int) -> None:
    """Takes back what a member chose in private."""
    conn.execute(_DROP_PICKS, {"drill_id": drill_id, "voter_id": voter_id})


_SINCE = sa.func.min(votes.c.given_at).label("since")
_VOTERS = (
    sa.select(votes.c.voter_id, _SINCE)
    .where(votes.c.answer_id == sa.bindparam("answer_id"))
    .group_by(votes.c.voter_id)
    .order_by("since", votes.c.voter_id)
)


def voters(conn: Connection, answer_id: int) -> list[tuple[int, datetime]]:
    """(voter, since when) of an answer, first come first."""
    return [(row.voter_id, row.since) for row in conn.execute(_VOTERS, {"answer_id": answer_id})]


_NUMBER = sa.func.count(votes.c.voter_id.distinct()).label("number")
_COUNTS = (
    sa.select(answers.c.id, _NUMBER)
    .select_from(answers.outerjoin(votes, votes.c.answer_id == answers.c.id))
    .where(
        answers.c.drill_id == sa.bindparam("drill_id"),
        answers.c.counted_at.is_not(None),
        sa.or_(answers.c.status == AnswerStatus.ON_TIME, answers.c.counted_at < sa.bindparam("ended")),
    )
    .group_by(answers.c.id)
    .order_by(answers.c.counted_at, answers.c.id)
)


def counts(conn: Connection, drill_id: int, ended: datetime) -> list[tuple[int, int]]:
    """(answer, votes) of a drill's answers that counted when its votes ended, in the order in which they came.

    One that is completed later may bring votes of before along, but cannot become the best any more.
    """
    return [(row.id, row.number) for row in conn.execute(_COUNTS, {"drill_id": drill_id, "ended": ended})]


_NEXT_CLOSED = sa.select(sa.func.min(drills.c.closed_at)).where(
    drills.c.track_id == sa.bindparam("track_id"),
    drills.c.opened_at > sa.bindparam("opened"),
    drills.c.state == DrillState.CLOSED,
)


def next_closed(conn: Connection, drill: Drill) -> datetime | None:
    """When the first of the track's later drills closed; None while all of them are open.

    Only the votes on a blind drill end with it, so that nothing is read for others.
    """
    if drill.mode is not Mode.BLIND:
        return None
    return conn.execute(_NEXT_CLOSED, {"track_id": drill.track_id, "opened": drill.opened_at}).scalar()


_TALLIED_BEFORE = (
    sa.select(drills)
    .where(
        drills.c.track_id == sa.bindparam("track_id"),
        drills.c.opened_at < sa.bindparam("opened", type_=drills.c.opened_at.type),
        drills.c.state == DrillState.CLOSED,
        drills.c.voted_until.is_not(None),
    )
    .order_by(drills.c.opened_at.desc())
    .limit(1)
)


def tallied_before(conn: Connection, drill: Drill) -> Drill | None:
    """The track's newest drill before this one whose votes are tallied."""
    return one(conn, Drill, _TALLIED_BEFORE, track_id=drill.track_id, opened=drill.opened_at)


_MARK_BEST_SHOWN = drills.update().where(drills.c.id == sa.bindparam("drill_id")).values(best_shown=True)
_MARK_TALLIED = (
    drills.update()
    .where(drills.c.id == sa.bindparam("drill_id"))
    .values(voted_until=sa.bindparam("until"), best_answer_id=sa.bindparam("best_id"))
)


def mark_tallied(conn: Connection, drill_id: int, *, until: datetime, best_answer_id: int | None) -> None:
    """Records that a drill's votes are tallied: when they ended, and the best answer, if anybody voted."""
    conn.execute(_MARK_TALLIED, {"drill_id": drill_id, "until": until, "best_id": best_answer_id})


def mark_best_shown(conn: Connection, drill_id: int) -> None:
    """Records that a blind drill's best answer stands where everyone reads it."""
    conn.execute(_MARK_BEST_SHOWN, {"drill_id": drill_id})


_VOTING = (
    sa.select(drills)
    .where(
        drills.c.voted_until.is_(None),
        drills.c.state.in_(POSTED),
        among("guild_ids", drills.c.guild_id),
        sa.or_(drills.c.mode == Mode.OPEN, drills.c.reveal.in_((Reveal.CARD, Reveal.DONE))),
    )
    .order_by(drills.c.id)
)
_LATER = drills.alias("later")
_BLIND = (drills.c.state == DrillState.CLOSED, drills.c.mode == Mode.BLIND, is_ours(drills.c.guild_id))
# As `votes_end` says it: with the track's next drill that closes, or after seven days.
_TO_TALLY = sa.select(drills).where(
    drills.c.voted_until.is_(None),
    *_BLIND,
    drills.c.reveal == Reveal.DONE,
    sa.or_(
        drills.c.closed_at <= sa.bindparam("week_ago"),
        sa.exists().where(
            _LATER.c.track_id == drills.c.track_id,
            _LATER.c.opened_at > drills.c.opened_at,
            _LATER.c.state != DrillState.VOID,  # SQLite would look through all that are closed
            _LATER.c.closed_at <= sa.bindparam("now"),
        ),
    ),
)
_BLIND_UNSHOWN = sa.select(drills).where(
    drills.c.voted_until > sa.bindparam("week_ago"),
    *_BLIND,
    drills.c.best_answer_id.is_not(None),
    drills.c.best_shown.is_(False),
    sa.or_(drills.c.retry_at.is_(None), drills.c.retry_at <= sa.bindparam("now")),
)
_TO_TALLY_IN_ORDER = _TO_TALLY.order_by(drills.c.id)
_UNSHOWN_IN_ORDER = _BLIND_UNSHOWN.order_by(drills.c.id)
_UNSEEDED = answers.c.seeded.is_(False)
_UNSEEDED_DRILLS = sa.select(answers.c.drill_id).where(_UNSEEDED)
_UNSEEDED_DRILLS_ONCE = _UNSEEDED_DRILLS.distinct()
_UNSEEDED_OF = sa.select(answers.c.id).where(answers.c.drill_id == sa.bindparam("drill_id"), _UNSEEDED)
_MARK_SEEDED = (
    answers.update().where(answers.c.id.in_(sa.bindparam("answer_ids", expanding=True))).values(seeded=True)
)
ANY_DUE = sa.or_(_TO_TALLY.exists(), _BLIND_UNSHOWN.exists(), _UNSEEDED_DRILLS.exists())
"""Whether there are votes to tally, best answers to show or first 👍 to give at `now`; `week_ago` is a drill's
lifetime before."""


def voting(conn: Connection, guild_ids: Collection[int]) -> list[Drill]:
    """Drills of some servers whose votes are not tallied and whose answers can be read."""
    return many(conn, Drill, _VOTING, guild_ids=guild_ids)


def to_tally(conn: Connection, now: datetime) -> list[Drill]:
    """Revealed blind drills whose votes have ended and are not tallied."""
    return many(conn, Drill, _TO_TALLY_IN_ORDER, now=now, week_ago=now - LIFETIME)


def blind_unshown(conn: Connection, now: datetime) -> list[DrillDelivery]:
    """Blind drills whose best answer is found and not shown; after a week it is old news."""
    rows = conn.execute(_UNSHOWN_IN_ORDER, {"now": now, "week_ago": now - LIFETIME})
    return [to_delivery(row) for row in rows]


def unseeded_drills(conn: Connection) -> list[int]:
    """Drills with answers that still lack the bot's first 👍."""
    return list(conn.execute(_UNSEEDED_DRILLS_ONCE).scalars())


def unseeded(conn: Connection, drill_id: int) -> list[int]:
    """A drill's answers that still lack it."""
    return list(conn.execute(_UNSEEDED_OF, {"drill_id": drill_id}).scalars())


def mark_seeded(conn: Connection, answer_ids: Sequence[int]) -> None:
    """Records that answers have it, or that none is owed to them any more."""
    conn.execute(_MARK_SEEDED, {"answer_ids": list(answer_ids)})


_ALL_VOTES = (
    sa.select(votes.c.guild_id, votes.c.answer_id, votes.c.voter_id, _SINCE)
    .join(answers, answers.c.id == votes.c.answer_id)
    .where(answers.c.counted_at.is_not(None))
    .group_by(votes.c.guild_id, votes.c.answer_id, votes.c.voter_id)
    .order_by("since", votes.c.voter_id)
)
_ALL_TALLIES = sa.select(drills, drills.c.id.label("drill_id")).where(drills.c.best_answer_id.is_not(None))


def all_votes(conn: Connection) -> list[Vote]:
    """Every vote on an answer that counts, first come first: what the ledger must agree with."""
    return many(conn, Vote, _ALL_VOTES)


def all_tallies(conn: Connection) -> list[VoteTally]:
    """Every drill that has a best answer."""
    return many(conn, VoteTally, _ALL_TALLIES)
