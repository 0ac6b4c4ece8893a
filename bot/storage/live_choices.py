"""Queries on who plays a live quiz, and what they choose."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.live_quizzes import LiveChoice
from bot.storage.dialects import insert
from bot.storage.rows import columns, many
from bot.storage.schema import live_choices, live_players

_JOIN = insert(live_players).on_conflict_do_nothing()
_LEAVE = live_players.delete().where(
    live_players.c.live_id == sa.bindparam("live_id"), live_players.c.member_id == sa.bindparam("member_id")
)
_PLAYERS = (
    sa.select(live_players.c.member_id)
    .where(live_players.c.live_id == sa.bindparam("live_id"))
    .order_by(live_players.c.joined_at, live_players.c.member_id)
)


def join(conn: Connection, guild_id: int, live_id: int, member_id: int, at: datetime) -> bool:
    """Adds a player; returns False for one who had joined before, and stays as they are."""
    values = {"guild_id": guild_id, "live_id": live_id, "member_id": member_id, "joined_at": at}
    return conn.execute(_JOIN, values).rowcount > 0


def leave(conn: Connection, live_id: int, member_id: int) -> None:
    """Takes a player out; what they chose stays."""
    conn.execute(_LEAVE, {"live_id": live_id, "member_id": member_id})


def players(conn: Connection, live_id: int) -> list[int]:
    """Who joined, in order."""
    return list(conn.execute(_PLAYERS, {"live_id": live_id}).scalars())


_CHOICE = [live_choices.c[name] for name in LiveChoice.__slots__]
_CHOICES = sa.select(*_CHOICE).where(live_choices.c.live_id == sa.bindparam("live_id"))
_NEW_CHOICE = insert(live_choices)
_CHOOSE = _NEW_CHOICE.on_conflict_do_update(
    index_elements=["live_id", "position", "member_id"],
    set_={name: _NEW_CHOICE.excluded[name] for name in ("chosen", "chosen_at", "changed", "right")},
)
_MISSING = (
    sa.select(live_players.c.member_id)
    .select_from(
        live_players.outerjoin(
            live_choices,
            sa.and_(
                live_choices.c.live_id == live_players.c.live_id,
                live_choices.c.member_id == live_players.c.member_id,
                live_choices.c.position == sa.bindparam("position"),
            ),
        )
    )
    .where(live_players.c.live_id == sa.bindparam("live_id"), live_choices.c.member_id.is_(None))
    .limit(1)
)


def choices_of(conn: Connection, live_id: int) -> list[LiveChoice]:
    """Everything that was chosen in a live quiz."""
    return many(conn, LiveChoice, _CHOICES, live_id=live_id)


def choose(conn: Connection, guild_id: int, live_id: int, choice: LiveChoice) -> None:
    """Stores a choice in place of the member's earlier one; who chooses has joined."""
    join(conn, guild_id, live_id, choice.member_id, choice.chosen_at)
    conn.execute(_CHOOSE, {"guild_id": guild_id, "live_id": live_id, **columns(choice)})


def everybody_chose(conn: Connection, live_id: int, position: int) -> bool:
    """Whether each player has chosen in a round."""
    return conn.execute(_MISSING, {"live_id": live_id, "position": position}).first() is None
