"""Queries on live quizzes and their rounds."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.bank import Difficulty
from bot.domain.live_quizzes import RUNNING, LiveChoice, LiveQuiz, LiveRound, LiveState
from bot.storage.live_deliveries import LiveDelivery, RoundDelivery
from bot.storage.rows import load, many, one
from bot.storage.schema import live_choices, live_rounds, lives
from bot.storage.shards import is_ours


class WholeLiveQuiz(NamedTuple):
    """A live quiz with its rounds in order, and what Discord shows of both."""

    live: LiveQuiz
    rounds: list[LiveRound]
    delivery: LiveDelivery


class PressedRound(NamedTuple):
    """A live quiz, its round on which a member pressed a letter, and what they chose in it before."""

    live: LiveQuiz
    round: LiveRound | None
    earlier: LiveChoice | None


_RULES = [lives.c[name] for name in LiveQuiz.__slots__]
_RUNS = (lives.c.settled.is_(False), lives.c.state.in_(RUNNING))
_LIVE = lives.c.id == sa.bindparam("live_id")
_PRESENT = sa.and_(live_rounds.c.live_id == lives.c.id, live_rounds.c.position == lives.c.position)
_MESSAGES: sa.BindParameter[int] = sa.bindparam("message_ids", expanding=True)
_GET = sa.select(*_RULES).where(_LIVE)
_WHOLE = sa.select(lives).where(_LIVE)
_HERE: sa.BindParameter[int] = sa.bindparam("channel_id")
_RUNNING_IN = sa.select(*_RULES).where(*_RUNS, sa.or_(lives.c.channel_id == _HERE, lives.c.place_id == _HERE))
_HOME = (
    sa.select(lives.c.channel_id)
    .where(lives.c.guild_id == sa.bindparam("guild_id"), lives.c.place_id == sa.bindparam("place_id"))
    .limit(1)
)
_CARDS = (
    sa.select(lives.c.message_id, live_rounds.c.message_id.label("round_id"))
    .select_from(lives.outerjoin(live_rounds, _PRESENT))
    .where(_LIVE)
)
_BY_CARDS = (
    sa.select(lives.c.id)
    .select_from(lives.outerjoin(live_rounds, _PRESENT))
    .where(
        *_RUNS,
        sa.or_(
            sa.and_(lives.c.state == LiveState.LOBBY, lives.c.message_id.in_(_MESSAGES)),
            sa.and_(lives.c.state != LiveState.LOBBY, live_rounds.c.message_id.in_(_MESSAGES)),
        ),
    )
)
_ROUNDS = (
    sa.select(live_rounds).where(live_rounds.c.live_id == sa.bindparam("live_id")).order_by(live_rounds.c.position)
)


def get(conn: Connection, live_id: int) -> LiveQuiz | None:
    """The live quiz with this id."""
    return one(conn, LiveQuiz, _GET, live_id=live_id)


def whole(conn: Connection, live_id: int) -> WholeLiveQuiz | None:
    """The live quiz with this id, its rounds, and what Discord shows of them."""
    row = conn.execute(_WHOLE, {"live_id": live_id}).first()
    if row is None:
        return None
    rows = conn.execute(_ROUNDS, {"live_id": live_id}).all()
    delivery = LiveDelivery(
        lobby_id=row.message_id,
        lobby_open=row.lobby_open,
        count=row.shown,
        result_id=row.result_id,
        finished=row.settled,
        attempts=row.attempts,
        rounds={each.position: RoundDelivery(each.message_id, each.shown) for each in rows},
    )
    return WholeLiveQuiz(load(LiveQuiz, row), [load(LiveRound, each) for each in rows], delivery)


def rounds_of(conn: Connection, live_id: int) -> list[LiveRound]:
    """The rounds in order."""
    return many(conn, LiveRound, _ROUNDS, live_id=live_id)


def running_in(conn: Connection, channel_id: int) -> LiveQuiz | None:
    """The live quiz that runs in a channel, or in a thread."""
    return one(conn, LiveQuiz, _RUNNING_IN, channel_id=channel_id)


def home_of(conn: Connection, guild_id: int, place_id: int) -> int | None:
    """The channel of the live quizzes whose rounds came at a place; None where none ever did."""
    return conn.execute(_HOME, {"guild_id": guild_id, "place_id": place_id}).scalar()


def card_of(conn: Connection, live: LiveQuiz) -> tuple[int, int | None]:
    """A live quiz's present card, its open round's or the lobby's until that stands there: (place, message)."""
    lobby_id, round_id = conn.execute(_CARDS, {"live_id": live.id}).one()
    if live.state is LiveState.LOBBY or round_id is None:
        return live.lobby_place(lobby_id), lobby_id
    return live.place, round_id


def by_cards(conn: Connection, message_ids: Collection[int]) -> list[int]:
    """Running live quizzes whose lobby or present round one of these messages shows."""
    return list(conn.execute(_BY_CARDS, {"message_ids": list(message_ids)}).scalars())


_ROUND = [live_rounds.c[name] for name in LiveRound.__slots__]
_CHOICE = [live_choices.c[name] for name in LiveChoice.__slots__]
_PRESSED = (
    sa.select(
        *(column.label(f"live_{column.name}") for column in _RULES),
        *(column.label(f"round_{column.name}") for column in _ROUND),
        *(column.label(f"choice_{column.name}") for column in _CHOICE),
    )
    .select_from(
        lives.outerjoin(
            live_rounds,
            sa.and_(live_rounds.c.live_id == lives.c.id, live_rounds.c.position == sa.bindparam("position")),
        ).outerjoin(
            live_choices,
            sa.and_(
                live_choices.c.live_id == lives.c.id,
                live_choices.c.position == live_rounds.c.position,
                live_choices.c.member_id == sa.bindparam("member_id"),
            ),
        )
    )
    .where(_LIVE)
)


def pressed_round(conn: Connection, live_id: int, position: int, member_id: int) -> PressedRound | None:
    """What decides what a press is worth; None where there is no such quiz."""
    row = conn.execute(_PRESSED, {"live_id": live_id, "position": position, "member_id": member_id}).first()
    if row is None:
        return None
    return PressedRound(
        load(LiveQuiz, row, "live_"),
        None if row.round_position is None else load(LiveRound, row, "round_"),
        None if row.choice_member_id is None else load(LiveChoice, row, "choice_"),
    )


# Running quizzes are unfinished ones, for which there is an index: it does not grow with history.
_OURS = is_ours(lives.c.guild_id)
_NOW = sa.bindparam("now", type_=lives.c.next_at.type)
_DUE = sa.select(lives.c.id).where(*_RUNS, lives.c.next_at <= _NOW, _OURS).order_by(lives.c.id)
_IS_DUE = sa.select(lives.c.id).where(_LIVE, *_RUNS, lives.c.next_at <= _NOW)
_UNFINISHED = sa.select(lives.c.id).where(lives.c.settled.is_(False), _OURS).order_by(lives.c.id)
_NEXT_AT = sa.select(sa.func.min(lives.c.next_at)).where(lives.c.next_at > _NOW, _OURS)


def due(conn: Connection, now: datetime) -> list[int]:
    """Running live quizzes whose next step is due."""
    return list(conn.execute(_DUE, {"now": now}).scalars())


def is_due(conn: Connection, live_id: int, now: datetime) -> bool:
    """Whether a live quiz's next step is due."""
    return conn.execute(_IS_DUE, {"live_id": live_id, "now": now}).first() is not None


def unfinished(conn: Connection) -> list[int]:
    """Live quizzes that run, or whose end Discord does not show yet."""
    return list(conn.execute(_UNFINISHED).scalars())


def next_at(conn: Connection, after: datetime) -> datetime | None:
    """The earliest instant after this one at which a step is due."""
    return conn.execute(_NEXT_AT, {"now": after}).scalar()


_LAST_ASKED = (
    sa.select(live_rounds.c.item_id, sa.func.max(live_rounds.c.opened_at).label("at"))
    .join(lives, lives.c.id == live_rounds.c.live_id)
    .where(
        lives.c.guild_id == sa.bindparam("guild_id"),
        lives.c.channel_id == sa.bindparam("channel_id"),
        live_rounds.c.opened_at.is_not(None),
    )
    .group_by(live_rounds.c.item_id)
)


def last_asked(conn: Connection, guild_id: int, channel_id: int) -> dict[str, float]:
    """When each item was last asked in a channel, as a timestamp."""
    found = conn.execute(_LAST_ASKED, {"guild_id": guild_id, "channel_id": channel_id})
    return {row.item_id: row.at.timestamp() for row in found}


_ADD = lives.insert().returning(lives.c.id)
_ADD_ROUNDS = live_rounds.insert()


def add(
    conn: Connection,
    *,
    guild_id: int,
    channel_id: int,
    place_id: int | None,
    host_id: int,
    topic: str | None,
    difficulty: Difficulty | None,
    seconds: int | None,
    sums: bool,
    rounds: Sequence[tuple[str, str, int]],
    starts_at: datetime,
    at: datetime,
) -> int:
    """Stores a live quiz in its lobby with its rounds, (item id, question id, seconds) each, and returns its id."""
    values = {
        "guild_id": guild_id,
        "channel_id": channel_id,
        "place_id": place_id,
        "host_id": host_id,
        "state": LiveState.LOBBY,
        "topic": topic,
        "difficulty": difficulty,
        "seconds": seconds or 0,
        "sums": sums,
        "position": 0,
        "next_at": starts_at,
        "made_at": at,
    }
    live_id: int = conn.execute(_ADD, values).scalar_one()
    place = {"guild_id": guild_id, "live_id": live_id}
    conn.execute(
        _ADD_ROUNDS,
        [
            {**place, "position": position, "item_id": item_id, "question_id": question_id, "seconds": each}
            for position, (item_id, question_id, each) in enumerate(rounds)
        ],
    )
    return live_id


_UPDATE = lives.update().where(_LIVE)
_SET_NEXT = _UPDATE.values(next_at=sa.bindparam("at"))
_ASK = _UPDATE.values(state=LiveState.ASKING, position=sa.bindparam("new_position"), next_at=None, shown=0)
_SHOW = _UPDATE.values(state=LiveState.SHOWING, next_at=sa.bindparam("at"))
_END = _UPDATE.values(state=sa.bindparam("new_state"), next_at=None, finished_at=sa.bindparam("at"))


def set_next_at(conn: Connection, live_id: int, at: datetime) -> None:
    """Says when the lobby, the round or the pause is over."""
    conn.execute(_SET_NEXT, {"live_id": live_id, "at": at})


def ask(conn: Connection, live_id: int, position: int) -> None:
    """Goes on to a round, whose card is owed now."""
    conn.execute(_ASK, {"live_id": live_id, "new_position": position})


def show(conn: Connection, live_id: int, until: datetime) -> None:
    """The open round is over: how it ended is shown until an instant."""
    conn.execute(_SHOW, {"live_id": live_id, "at": until})


def end(conn: Connection, live_id: int, state: LiveState, at: datetime) -> None:
    """Ends a quiz."""
    conn.execute(_END, {"live_id": live_id, "new_state": state, "at": at})


_PLACE = (
    live_rounds.c.live_id == sa.bindparam("key_live_id"),
    live_rounds.c.position == sa.bindparam("key_position"),
)
_UPDATE_ROUND = live_rounds.update().where(*_PLACE)
_ROUND_CLOSED = _UPDATE_ROUND.values(closed_at=sa.bindparam("at"))
_ROUND_VOID = _UPDATE_ROUND.values(opened_at=None, closed_at=sa.bindparam("at"))
_DROP_ROUND = live_rounds.delete().where(*_PLACE)


def _place(live_id: int, position: int) -> dict[str, Any]:
    return {"key_live_id": live_id, "key_position": position}


def close_round(conn: Connection, live_id: int, position: int, at: datetime) -> None:
    """Ends a round, so that it counts."""
    conn.execute(_ROUND_CLOSED, {**_place(live_id, position), "at": at})


def void_round(conn: Connection, live_id: int, position: int, at: datetime) -> None:
    """Ends a round that does not count."""
    conn.execute(_ROUND_VOID, {**_place(live_id, position), "at": at})


def drop_round(conn: Connection, live_id: int, position: int) -> None:
    """Takes a round out that was not asked yet."""
    conn.execute(_DROP_ROUND, _place(live_id, position))
