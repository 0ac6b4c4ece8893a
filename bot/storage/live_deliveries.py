"""Queries on what Discord shows of a live quiz."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.schema import live_rounds, lives


@dataclass(frozen=True, slots=True)
class RoundDelivery:
    """A round's card, and whether it says how the round ended."""

    message_id: int | None
    revealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDelivery:
    """What Discord shows of a live quiz.

    Attributes:
        lobby_id: the message of the lobby's card.
        lobby_open: whether that card still invites.
        count: the number of players or choices that the present card says.
        result_id: the message of the podium.
        finished: whether everything stands there that ever will.
        attempts: how many tries of bringing something there have failed, or may have.
        rounds: the cards of the rounds, by position.
    """

    lobby_id: int | None
    lobby_open: bool
    count: int
    result_id: int | None
    finished: bool
    attempts: int
    rounds: Mapping[int, RoundDelivery]


_LIVE = lives.c.id == sa.bindparam("live_id")
_UPDATE = lives.update().where(_LIVE)
_LOBBY_POSTED = _UPDATE.values(message_id=sa.bindparam("card_id"), attempts=0)
_PLACED = _UPDATE.values(place_id=sa.bindparam("new_place_id"))
_LOBBY_CLOSED = _UPDATE.values(lobby_open=False, attempts=0)
_COUNTED = _UPDATE.values(shown=sa.bindparam("count"), attempts=0)
_FINISHED = _UPDATE.values(settled=True)
_RESULT_POSTED = _UPDATE.values(settled=True, result_id=sa.bindparam("card_id"), attempts=0)
_TRIED = _UPDATE.values(attempts=sa.case((lives.c.attempts > 1, lives.c.attempts), else_=1))
_FAILED = _UPDATE.values(attempts=lives.c.attempts + 1).returning(lives.c.attempts)


def mark_lobby_posted(conn: Connection, live_id: int, message_id: int) -> None:
    """Records the lobby's card."""
    conn.execute(_LOBBY_POSTED, {"live_id": live_id, "card_id": message_id})


def mark_placed(conn: Connection, live_id: int, place_id: int) -> None:
    """Records where the rounds will come."""
    conn.execute(_PLACED, {"live_id": live_id, "new_place_id": place_id})


def mark_lobby_closed(conn: Connection, live_id: int) -> None:
    """Records that the lobby's card no longer invites."""
    conn.execute(_LOBBY_CLOSED, {"live_id": live_id})


def mark_counted(conn: Connection, live_id: int, count: int) -> None:
    """Records the number that the present card says."""
    conn.execute(_COUNTED, {"live_id": live_id, "count": count})


def mark_result_posted(conn: Connection, live_id: int, message_id: int) -> None:
    """Records the podium, after which nothing is owed."""
    conn.execute(_RESULT_POSTED, {"live_id": live_id, "card_id": message_id})


def mark_finished(conn: Connection, live_id: int) -> None:
    """Records that everything stands there that ever will."""
    conn.execute(_FINISHED, {"live_id": live_id})


def mark_tried(conn: Connection, live_id: int) -> None:
    """Records before a send that it may have happened."""
    conn.execute(_TRIED, {"live_id": live_id})


def mark_failed(conn: Connection, live_id: int) -> int:
    """Counts a try that has failed, and returns how many there are by now."""
    return conn.execute(_FAILED, {"live_id": live_id}).scalar_one()


_PLACE = (
    live_rounds.c.live_id == sa.bindparam("key_live_id"),
    live_rounds.c.position == sa.bindparam("key_position"),
)
_DELIVERED = _UPDATE.values(attempts=0)
_UPDATE_ROUND = live_rounds.update().where(*_PLACE)
_ROUND_POSTED = _UPDATE_ROUND.values(message_id=sa.bindparam("card_id"), opened_at=sa.bindparam("at")).returning(
    live_rounds.c.seconds
)
_ROUND_REVEALED = _UPDATE_ROUND.values(shown=True)


def _place(live_id: int, position: int) -> dict[str, Any]:
    return {"key_live_id": live_id, "key_position": position}


def mark_round_posted(conn: Connection, live_id: int, position: int, message_id: int, at: datetime) -> int:
    """Records a round's card, which stands in the channel since an instant; returns the seconds from then on."""
    posted = conn.execute(_ROUND_POSTED, {**_place(live_id, position), "card_id": message_id, "at": at})
    seconds: int = posted.scalar_one()
    conn.execute(_DELIVERED, {"live_id": live_id})
    return seconds


def mark_revealed(conn: Connection, live_id: int, position: int) -> None:
    """Records that a round's card says how it ended."""
    conn.execute(_ROUND_REVEALED, _place(live_id, position))
    conn.execute(_DELIVERED, {"live_id": live_id})
