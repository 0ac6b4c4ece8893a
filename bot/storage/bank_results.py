"""Queries on how questions did: how often they were answered, ticked, and got right."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.mastery import Tally
from bot.storage.schema import answers, drills, live_choices, live_rounds, rounds, ticks

_ANSWERED = (
    sa.select(drills.c.question_id, sa.func.count().label("people"))
    .join(answers, answers.c.drill_id == drills.c.id)
    .where(drills.c.guild_id == sa.bindparam("of_guild"), answers.c.counted_at.is_not(None))
    .group_by(drills.c.question_id)
)
_TICKED = sa.select(ticks.c.question_id, ticks.c.points).where(ticks.c.guild_id == sa.bindparam("of_guild"))
_SOLO = sa.select(rounds.c.item_id, rounds.c.right.label("right")).where(
    rounds.c.guild_id == sa.bindparam("of_guild"), rounds.c.right.is_not(None)
)
_LIVE = (
    sa.select(live_rounds.c.item_id, live_choices.c.right.label("right"))
    .join(
        live_choices,
        sa.and_(live_choices.c.live_id == live_rounds.c.live_id, live_choices.c.position == live_rounds.c.position),
    )
    .where(live_rounds.c.guild_id == sa.bindparam("of_guild"), live_rounds.c.closed_at.is_not(None))
)
_BOTH = sa.union_all(_SOLO, _LIVE).subquery()
_ITEMS = sa.select(
    _BOTH.c.item_id,
    sa.func.count().label("asked"),
    sa.func.sum(sa.cast(_BOTH.c.right, sa.Integer)).label("correct"),
).group_by(_BOTH.c.item_id)


@dataclass(frozen=True, slots=True)
class BankResults:
    """How a server's questions did.

    Attributes:
        answered: how many members' answers counted, by question id.
        ticked: what members ticked of key points, one entry (positions from 0) an answer, by question id.
        items: how often quiz items were asked, and got right, by item id.
        hidden: ids of questions whose key points and items stay back from who reads this, since they are open.
    """

    answered: dict[str, int]
    ticked: dict[str, list[list[int]]]
    items: dict[str, Tally]
    hidden: frozenset[str] = frozenset()


def of_server(conn: Connection, guild_id: int) -> BankResults:
    """How the questions that a server was asked did."""
    server = {"of_guild": guild_id}
    ticked: dict[str, list[list[int]]] = {}
    for row in conn.execute(_TICKED, server):
        ticked.setdefault(row.question_id, []).append(list(row.points))
    return BankResults(
        answered={row.question_id: row.people for row in conn.execute(_ANSWERED, server)},
        ticked=ticked,
        items={row.item_id: Tally(row.correct, row.asked) for row in conn.execute(_ITEMS, server)},
    )
