"""Queries on what the bot has sent: one row for each message that stands, or stood, for something it owed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.dialects import insert
from bot.storage.schema import sent_messages


class OwnerKind(StrEnum):
    """What a message belongs to."""

    DRILL = "drill"
    ANSWER = "answer"
    DIGEST = "digest"
    INTERVIEW = "interview"
    LIVE_QUIZ = "live_quiz"
    QUIZ_PLAN = "quiz_plan"
    REMINDER = "reminder"
    SEASON = "season"
    SERVER = "server"
    TRACK = "track"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose message it is. `born` says it in Discord's terms: a restored backup gives the same id out anew."""

    kind: OwnerKind
    id: int
    guild_id: int
    born: str


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message of the bot: where it stands, and the fingerprint of what it says."""

    id: int
    key: str
    channel_id: int
    message_id: int
    fingerprint: str


_OWN = (
    sent_messages.c.owner_kind == sa.bindparam("kind"),
    sent_messages.c.owner_id == sa.bindparam("of"),
)
_OF_OWNER = (
    sa.select(
        sent_messages.c.id,
        sent_messages.c.key,
        sent_messages.c.channel_id,
        sent_messages.c.message_id,
        sent_messages.c.fingerprint,
    )
    .where(*_OWN, sent_messages.c.key >= sa.bindparam("first"), sent_messages.c.key < sa.bindparam("end"))
    .order_by(sent_messages.c.id)
)
_TAKEN = (
    sa.select(sent_messages.c.id)
    .where(
        sent_messages.c.message_id == sa.bindparam("message"),
        sa.or_(
            sent_messages.c.owner_kind != sa.bindparam("kind"),
            sent_messages.c.owner_id != sa.bindparam("of"),
            sent_messages.c.key != sa.bindparam("own_key"),
        ),
    )
    .limit(1)
)
_NEW = insert(sent_messages)
_RECORD = _NEW.on_conflict_do_update(
    index_elements=["owner_kind", "owner_id", "key"],
    set_={name: _NEW.excluded[name] for name in ("channel_id", "message_id", "fingerprint")},
)
_FORGET = sent_messages.delete().where(sent_messages.c.id == sa.bindparam("sent_id"))

LAST = "\U0010ffff"


def of_owner(conn: Connection, owner: Owner, prefix: str = "") -> dict[str, SentMessage]:
    """An owner's messages by key, in the order in which they were first recorded.

    Args:
        prefix: only those whose key begins like this.
    """
    values = {"kind": owner.kind, "of": owner.id, "first": prefix, "end": prefix + LAST}
    found = [SentMessage(*row) for row in conn.execute(_OF_OWNER, values)]
    return {message.key: message for message in found}


def is_taken(conn: Connection, message_id: int, owner: Owner, key: str) -> bool:
    """Whether a message is known to belong to something else than an owner's key."""
    values = {"message": message_id, "kind": owner.kind, "of": owner.id, "own_key": key}
    return conn.execute(_TAKEN, values).first() is not None


def record(conn: Connection, owner: Owner, key: str, *, channel_id: int, message_id: int, fingerprint: str) -> None:
    """Records where a message stands and what it says now."""
    values: dict[str, Any] = {
        "guild_id": owner.guild_id,
        "owner_kind": owner.kind,
        "owner_id": owner.id,
        "key": key,
        "channel_id": channel_id,
        "message_id": message_id,
        "fingerprint": fingerprint,
    }
    conn.execute(_RECORD, values)


def forget(conn: Connection, sent_id: int) -> None:
    """Forgets a message that was deleted."""
    conn.execute(_FORGET, {"sent_id": sent_id})
