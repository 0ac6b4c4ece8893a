"""What one look tells of a message that comes in: whose it is, and what is new about who wrote it."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.members import Actor
from bot.storage import answers, members
from bot.storage.answers import MessageOwner, OwnedMessage
from bot.storage.members import MemberNews


class Arrival(NamedTuple):
    """Whose a message is, None for ordinary talk; and what is new about its author, None where nobody can tell."""

    owned: OwnedMessage | None
    news: MemberNews | None


_OWNERS = frozenset(MessageOwner)
_LOOK = sa.union_all(
    *members.NEWS, *(whose.add_columns(members.NOTHING, members.NOTHING) for whose in answers.WHOSE_MESSAGE)
)


def look(conn: Connection, actor: Actor | None, channel_id: int, replies_to: int | None) -> Arrival:
    """Looks at where a new message stands, to what it replies and, where their roles are known, who wrote it."""
    if actor is None:
        return Arrival(answers.whose_message(conn, channel_id, replies_to), None)
    asked = members.asked_of(actor) | {"channel_id": channel_id, "replies_to": replies_to}
    rows = conn.execute(_LOOK, asked).all()
    owned = answers.owner_in((row.kind, row.number) for row in rows if row.kind in _OWNERS)
    return Arrival(owned, members.news_in(rows))
