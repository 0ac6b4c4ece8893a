"""Queries on live quizzes, their rounds, players and choices."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.domain.bank import Difficulty
from bot.domain.live_quizzes import RUNNING, LiveChoice, LiveQuiz, LiveRound, LiveState
from bot.storage.schema import live_choices, live_players, live_rounds, lives


def _live(row: Any) -> LiveQuiz:
    values = dict(row._mapping)
    values["state"] = LiveState(values["state"])
    values["difficulty"] = Difficulty(values["difficulty"]) if values["difficulty"] else None
    return LiveQuiz(**values)


def get(conn: Connection, live_id: int) -> LiveQuiz | None:
    """The live quiz with this id."""
    row = conn.execute(sa.select(lives).where(lives.c.id == live_id)).first()
    return None if row is None else _live(row)


def _running() -> tuple[sa.ColumnElement[bool], ...]:
    """Running quizzes are unsettled ones, for which there is an index: it does not grow with history."""
    return lives.c.settled.is_(False), lives.c.state.in_(RUNNING)


def running_in(conn: Connection, channel_id: int) -> LiveQuiz | None:
    """The live quiz that runs in a channel."""
    query = sa.select(lives).where(*_running(), lives.c.channel_id == channel_id)
    row = conn.execute(query).first()
    return None if row is None else _live(row)


def by_cards(conn: Connection, message_ids: Collection[int]) -> list[int]:
    """Running live quizzes whose lobby or present round one of these messages shows."""
    present = sa.and_(live_rounds.c.live_id == lives.c.id, live_rounds.c.position == lives.c.position)
    query = (
        sa.select(lives.c.id)
        .select_from(lives.outerjoin(live_rounds, present))
        .where(
            *_running(),
            sa.or_(
                sa.and_(lives.c.state == LiveState.LOBBY, lives.c.message_id.in_(message_ids)),
                sa.and_(lives.c.state != LiveState.LOBBY, live_rounds.c.message_id.in_(message_ids)),
            ),
        )
    )
    return list(conn.execute(query).scalars())


def add(conn: Connection, values: dict[str, Any], items: Sequence[tuple[str, str]]) -> int:
    """Stores a live quiz with its rounds, (item id, question id) each, and returns its id."""
    live_id: int = conn.execute(lives.insert().values(**values).returning(lives.c.id)).scalar_one()
    rows = [
        dict(guild_id=values["guild_id"], live_id=live_id, position=at, item_id=item_id, question_id=question_id)
        for at, (item_id, question_id) in enumerate(items)
    ]
    conn.execute(live_rounds.insert(), rows)
    return live_id


def change(conn: Connection, live_id: int, **values: Any) -> None:
    """Sets columns of a live quiz."""
    conn.execute(lives.update().where(lives.c.id == live_id).values(**values))


def rounds_of(conn: Connection, live_id: int) -> list[LiveRound]:
    """The rounds in order."""
    query = (
        sa.select(*(live_rounds.c[name] for name in LiveRound.__slots__))
        .where(live_rounds.c.live_id == live_id)
        .order_by(live_rounds.c.position)
    )
    return [LiveRound(*row) for row in conn.execute(query)]


def round_at(conn: Connection, live_id: int, position: int) -> LiveRound | None:
    """One round."""
    query = sa.select(*(live_rounds.c[name] for name in LiveRound.__slots__)).where(
        live_rounds.c.live_id == live_id, live_rounds.c.position == position
    )
    row = conn.execute(query).first()
    return None if row is None else LiveRound(*row)


def change_round(conn: Connection, live_id: int, position: int, **values: Any) -> None:
    """Sets columns of a round."""
    where = (live_rounds.c.live_id == live_id, live_rounds.c.position == position)
    conn.execute(live_rounds.update().where(*where).values(**values))


def drop_round(conn: Connection, live_id: int, position: int) -> None:
    """Takes a round out that was not asked yet."""
    where = (live_rounds.c.live_id == live_id, live_rounds.c.position == position)
    conn.execute(live_rounds.delete().where(*where))


def last_asked(conn: Connection, guild_id: int, channel_id: int) -> dict[str, float]:
    """When each item was last asked in a channel, as a timestamp."""
    query = (
        sa.select(live_rounds.c.item_id, sa.func.max(live_rounds.c.opened_at).label("at"))
        .join(lives, lives.c.id == live_rounds.c.live_id)
        .where(lives.c.guild_id == guild_id, lives.c.channel_id == channel_id, live_rounds.c.opened_at.is_not(None))
        .group_by(live_rounds.c.item_id)
    )
    return {row.item_id: row.at.timestamp() for row in conn.execute(query)}


def join(conn: Connection, guild_id: int, live_id: int, joined: Mapping[int, datetime]) -> None:
    """Adds players with the times at which they joined; those who had joined before stay as they are."""
    rows = [
        dict(guild_id=guild_id, live_id=live_id, member_id=member_id, joined_at=at)
        for member_id, at in joined.items()
    ]
    conn.execute(insert(live_players).on_conflict_do_nothing(), rows)


def leave(conn: Connection, live_id: int, member_id: int) -> None:
    """Takes a player out; what they chose stays."""
    where = (live_players.c.live_id == live_id, live_players.c.member_id == member_id)
    conn.execute(live_players.delete().where(*where))


def players(conn: Connection, live_id: int) -> list[int]:
    """Who joined, in order."""
    query = (
        sa.select(live_players.c.member_id)
        .where(live_players.c.live_id == live_id)
        .order_by(live_players.c.joined_at, live_players.c.member_id)
    )
    return list(conn.execute(query).scalars())


def choices_of(conn: Connection, live_id: int) -> list[LiveChoice]:
    """Everything that was chosen in a live quiz."""
    query = sa.select(*(live_choices.c[name] for name in LiveChoice.__slots__)).where(
        live_choices.c.live_id == live_id
    )
    return [LiveChoice(*row) for row in conn.execute(query)]


def choices_in(conn: Connection, live_id: int, position: int) -> list[LiveChoice]:
    """What was chosen in a round."""
    query = sa.select(*(live_choices.c[name] for name in LiveChoice.__slots__)).where(
        live_choices.c.live_id == live_id, live_choices.c.position == position
    )
    return [LiveChoice(*row) for row in conn.execute(query)]


def choose(conn: Connection, guild_id: int, live_id: int, made: Collection[LiveChoice]) -> None:
    """Stores choices, each in place of the member's earlier one; who chooses has joined."""
    place = dict(guild_id=guild_id, live_id=live_id)
    join(conn, guild_id, live_id, {choice.member_id: choice.chosen_at for choice in made})
    row = insert(live_choices)
    newer = {name: row.excluded[name] for name in ("chosen", "chosen_at", "changed", "right")}
    conn.execute(
        row.on_conflict_do_update(index_elements=["live_id", "position", "member_id"], set_=newer),
        [{**place, **{name: getattr(choice, name) for name in LiveChoice.__slots__}} for choice in made],
    )


def everybody_chose(conn: Connection, live_id: int, position: int) -> bool:
    """Whether each player has chosen in a round."""
    chose = sa.and_(
        live_choices.c.live_id == live_players.c.live_id,
        live_choices.c.member_id == live_players.c.member_id,
        live_choices.c.position == position,
    )
    missing = (
        sa.select(live_players.c.member_id)
        .select_from(live_players.outerjoin(live_choices, chose))
        .where(live_players.c.live_id == live_id, live_choices.c.member_id.is_(None))
        .limit(1)
    )
    return conn.execute(missing).first() is None


def due(conn: Connection, now: datetime) -> list[int]:
    """Running live quizzes whose next step is due."""
    query = sa.select(lives.c.id).where(*_running(), lives.c.next_at <= now).order_by(lives.c.id)
    return list(conn.execute(query).scalars())


def unsettled(conn: Connection) -> list[int]:
    """Live quizzes that run, or whose end Discord does not show yet."""
    query = sa.select(lives.c.id).where(lives.c.settled.is_(False)).order_by(lives.c.id)
    return list(conn.execute(query).scalars())


def next_at(conn: Connection, after: datetime) -> datetime | None:
    """The earliest instant after this one at which a step is due."""
    return conn.execute(sa.select(sa.func.min(lives.c.next_at)).where(lives.c.next_at > after)).scalar()
