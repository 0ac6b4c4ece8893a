"""Statements that make what is stored of a member nobody's, and the messages of the bot that have to go with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.points import Reason
from bot.storage.privacy import GUILD, HOLDINGS, MEMBER, NOBODY, Holding, about, everywhere, in_server, own_answers
from bot.storage.rows import many
from bot.storage.schema import erasures, ledger, sent_messages, votes
from bot.storage.shards import is_ours


@dataclass(frozen=True, slots=True)
class OwedErasure:
    """A message of the bot that has to go, and how many tries did not delete it."""

    id: int
    guild_id: int
    channel_id: int
    message_id: int
    attempts: int


_OWE = erasures.insert().from_select(
    ["guild_id", "channel_id", "message_id", "retry_at"],
    sa.select(
        sent_messages.c.guild_id,
        sent_messages.c.channel_id,
        sent_messages.c.message_id,
        sa.bindparam("deleted_at", type_=erasures.c.retry_at.type),
    ).where(about(in_server)),
)

_WHOSE, _NEW = sa.cast(MEMBER, sa.String), sa.cast(NOBODY, sa.String)
_CUT = sa.func.substr(ledger.c.reference, 1, sa.func.length(ledger.c.reference) - sa.func.length(_WHOSE))
_GIVEN = sa.select(sa.literal("vote:") + sa.cast(votes.c.answer_id, sa.String) + ":" + _WHOSE).where(
    votes.c.voter_id == MEMBER, votes.c.guild_id == GUILD
)
_RENAME_REFERENCES = (
    ledger.update()
    .where(
        ledger.c.guild_id == GUILD,
        sa.or_(
            sa.and_(
                ledger.c.member_id == MEMBER,
                ledger.c.reason.in_([Reason.ON_TIME, Reason.LATE, Reason.ITEM, Reason.LIVE]),
            ),
            ledger.c.reference.in_(_GIVEN),
        ),
    )
    .values(
        reference=sa.case(
            (
                ledger.c.reason == Reason.ITEM,
                sa.func.replace(ledger.c.reference, ":" + _WHOSE + ":", ":" + _NEW + ":"),
            ),
            else_=_CUT + _NEW,
        )
    )
)

_RECEIVED = votes.c.answer_id.in_(own_answers(in_server))
_EARLIER = votes.alias("earlier")


def _order(table: sa.FromClause) -> sa.Tuple:
    return sa.tuple_(table.c.given_at, table.c.message_id, table.c.thumb)


_MERGE_RECEIVED = votes.delete().where(
    _RECEIVED,
    sa.exists().where(
        _EARLIER.c.answer_id == votes.c.answer_id,
        _EARLIER.c.voter_id == votes.c.voter_id,
        _order(_EARLIER) < _order(votes),
    ),
)
_UNTIE_RECEIVED = votes.update().where(_RECEIVED).values(message_id=0)
"""Votes on a member's answers stay, one a voter, without the ids of the messages on which they stood."""


def _end(holding: Holding) -> sa.Update | sa.Delete:
    here = everywhere if holding.is_everywhere else in_server
    if holding.goes:
        return holding.table.delete().where(holding.theirs(here))
    return holding.table.update().where(holding.theirs(here)).values(dict(holding.left))


_IN_SERVER = (
    _RENAME_REFERENCES,
    _MERGE_RECEIVED,
    _UNTIE_RECEIVED,
    *(_end(holding) for holding in reversed(HOLDINGS) if not holding.is_everywhere),
)
_EVERYWHERE = [_end(holding) for holding in HOLDINGS if holding.is_everywhere]


def delete_in_server(conn: Connection, guild_id: int, member_id: int, nobody_id: int, at: datetime) -> int:
    """Makes all rows of a member in a server nobody's, and owes the deletion of the bot's messages about them.

    Returns how many messages that are.

    Args:
        nobody_id: takes their place in rows that stay; of nobody else in the server.
    """
    values = {"here_id": guild_id, "whose_id": member_id, "nobody_id": nobody_id, "deleted_at": at}
    owed = conn.execute(_OWE, values).rowcount
    for statement in _IN_SERVER:
        conn.execute(statement, values)
    return owed


def delete_beside_servers(conn: Connection, member_id: int) -> None:
    """Deletes what belongs to a member whatever the server."""
    for statement in _EVERYWHERE:
        conn.execute(statement, {"whose_id": member_id})


def _who(holding: Holding, member: sa.Column[Any]) -> sa.Select[int, int]:
    guild: sa.ColumnElement[int] = sa.literal(0) if holding.is_everywhere else holding.table.c.guild_id
    return sa.select(guild.label("guild_id"), member.label("member_id"))


_OWN = [(holding, holding.member) for holding in HOLDINGS if holding.member is not None]
_EVERYBODY = sa.union(*(_who(holding, member) for holding, member in _OWN))
_SERVERS_OF = sa.union(
    *(
        _who(holding, member).where(holding.theirs(everywhere))
        for holding, member in _OWN
        if not holding.is_everywhere
    )
)


def servers_of(conn: Connection, member_id: int) -> list[int]:
    """The servers in which anything of a member is stored."""
    return sorted({row.guild_id for row in conn.execute(_SERVERS_OF, {"whose_id": member_id})})


def everybody(conn: Connection) -> list[tuple[int, int]]:
    """(server, member) of all of whom anything is stored; server 0 is what belongs to none."""
    return [(row.guild_id, row.member_id) for row in conn.execute(_EVERYBODY) if row.member_id > 0]


_DUE = sa.select(erasures).where(erasures.c.retry_at <= sa.bindparam("now"), is_ours(erasures.c.guild_id))
_FIRST_DUE = _DUE.order_by(erasures.c.retry_at).limit(sa.bindparam("most"))
ANY_DUE = _DUE.exists()
"""Whether a message has to go at `now`."""
_DONE = erasures.delete().where(erasures.c.id == sa.bindparam("erasure_id"))
_PUT_OFF = (
    erasures.update()
    .where(erasures.c.id == sa.bindparam("erasure_id"))
    .values(retry_at=sa.bindparam("until"), attempts=erasures.c.attempts + 1)
)


def due(conn: Connection, now: datetime, limit: int) -> Sequence[OwedErasure]:
    """Messages that may be deleted now, those that have waited longest first."""
    return many(conn, OwedErasure, _FIRST_DUE, now=now, most=limit)


def done(conn: Connection, erasure_id: int) -> None:
    """A message is gone."""
    conn.execute(_DONE, {"erasure_id": erasure_id})


def put_off(conn: Connection, erasure_id: int, until: datetime) -> None:
    """A message could not be deleted, and is tried again at an instant."""
    conn.execute(_PUT_OFF, {"erasure_id": erasure_id, "until": until})
