"""Queries on who wants reminders, and on those that are due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import DrillState
from bot.storage.answers import FORM
from bot.storage.dialects import insert
from bot.storage.rows import many
from bot.storage.schema import ID, answers, aways, drills, members, parts, reminded, reminders, servers, tracks
from bot.storage.shards import is_ours


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """A reminder that is due.

    Attributes:
        attempts: tries so far; each may have sent it.
        wanted: false once there is nothing to remind of, or nobody who wants it.
    """

    drill_id: int
    member_id: int
    attempts: int
    wanted: bool


_THEIRS = reminders.c.member_id == sa.bindparam("whose")
_IS_ON = sa.select(reminders.c.member_id).where(_THEIRS, reminders.c.active)
_WISH = insert(reminders)
_TURN_ON = _WISH.on_conflict_do_update(
    index_elements=["member_id"],
    set_={
        "active": _WISH.excluded.active,
        "hour": _WISH.excluded.hour,
        "closed_at": _WISH.excluded.closed_at,
        "closed_told": _WISH.excluded.closed_told,
    },
)
_TURN_OFF = reminders.update().where(_THEIRS).values(active=False)
_MARK_REFUSED = (
    reminders.update().where(_THEIRS).values(active=False, closed_at=sa.bindparam("at"), closed_told=False)
)
REFUSAL_UNTOLD = sa.select(reminders.c.member_id).where(
    _THEIRS, reminders.c.closed_at.is_not(None), reminders.c.closed_told.is_(False)
)
_MARK_REFUSAL_TOLD = reminders.update().where(_THEIRS).values(closed_told=True)


def is_on(conn: Connection, member_id: int) -> bool:
    """Whether a member wants reminders."""
    return conn.execute(_IS_ON, {"whose": member_id}).first() is not None


_OFFERED = sa.or_(
    sa.exists().where(_THEIRS),
    sa.exists().where(
        tracks.c.guild_id == sa.bindparam("guild_id", type_=sa.BigInteger),
        answers.c.track_id == tracks.c.id,
        answers.c.member_id == sa.bindparam("whose", type_=sa.BigInteger),
        answers.c.id != sa.bindparam("answer_id", type_=ID),
        parts.c.answer_id == answers.c.id,
        parts.c.source == FORM,
    ),
)
_IS_OFFERED = sa.select(_OFFERED)


def offered(conn: Connection, guild_id: int, member_id: int, answer_id: int) -> bool:
    """Whether a member has chosen about reminders before, or had them offered with an earlier form in a server.

    Args:
        answer_id: the answer that they have just sent by form, which is no earlier one.
    """
    values = {"guild_id": guild_id, "whose": member_id, "answer_id": answer_id}
    return bool(conn.execute(_IS_OFFERED, values).scalar_one())


def turn_on(conn: Connection, member_id: int, hour: int | None) -> None:
    """Stores that a member wants reminders, and at which hour (0 to 23; None means the usual time)."""
    values = {"member_id": member_id, "active": True, "hour": hour, "closed_at": None, "closed_told": False}
    conn.execute(_TURN_ON, values)


def turn_off(conn: Connection, member_id: int) -> None:
    """Stores that a member wants no reminders any more."""
    conn.execute(_TURN_OFF, {"whose": member_id})


def mark_refused(conn: Connection, member_id: int, at: datetime) -> None:
    """Switches a member's reminders off, because Discord refused one; they have to be told."""
    conn.execute(_MARK_REFUSED, {"whose": member_id, "at": at})


def refusal_untold(conn: Connection, member_id: int) -> bool:
    """Whether a member's reminders were switched off because Discord refused them, and nobody has said so yet."""
    return conn.execute(REFUSAL_UNTOLD, {"whose": member_id}).first() is not None


def mark_refusal_told(conn: Connection, member_id: int) -> None:
    """A member was told that Discord refused their reminders."""
    conn.execute(_MARK_REFUSAL_TOLD, {"whose": member_id})


_WISHES = (
    sa.select(reminders.c.member_id, reminders.c.hour)
    .join(members, members.c.member_id == reminders.c.member_id)
    .where(members.c.guild_id == sa.bindparam("guild_id"), members.c.gone_at.is_(None), reminders.c.active)
)
_OPEN_FOR = (
    sa.select(drills.c.id)
    .join(members, members.c.guild_id == drills.c.guild_id)
    .where(
        members.c.member_id == sa.bindparam("member_id"),
        members.c.gone_at.is_(None),
        drills.c.state == DrillState.OPEN,
    )
)
_KNOWN = (
    sa.select(tracks.c.id)
    .join(members, members.c.guild_id == tracks.c.guild_id)
    .where(members.c.member_id == sa.bindparam("member_id"), members.c.gone_at.is_(None), tracks.c.active)
    .limit(1)
)


def wishes(conn: Connection, guild_id: int) -> dict[int, int | None]:
    """The hour of each member of a server who wants reminders; None means the usual time."""
    return {row.member_id: row.hour for row in conn.execute(_WISHES, {"guild_id": guild_id})}


def open_for(conn: Connection, member_id: int) -> list[int]:
    """The drills that are open in the servers that know a member."""
    return list(conn.execute(_OPEN_FOR, {"member_id": member_id}).scalars())


def is_known(conn: Connection, member_id: int) -> bool:
    """Whether a server with a practice channel knows a member."""
    return conn.execute(_KNOWN, {"member_id": member_id}).first() is not None


_PLANNED = insert(reminded)
_PLAN = _PLANNED.on_conflict_do_update(
    index_elements=["drill_id", "member_id"],
    set_={"due_at": _PLANNED.excluded.due_at},
    where=reminded.c.at.is_(None),
)
_OF_MEMBER = (reminded.c.member_id == sa.bindparam("whose"), reminded.c.at.is_(None))
_ONE = (reminded.c.drill_id == sa.bindparam("of_drill"), reminded.c.member_id == sa.bindparam("whose"))
_MOVE = reminded.update().where(*_ONE, reminded.c.at.is_(None)).values(due_at=sa.bindparam("due"))
_UNPLAN = reminded.delete().where(*_ONE, reminded.c.at.is_(None))
_UNPLAN_ALL = reminded.delete().where(*_OF_MEMBER)
_BOOK_TRY = reminded.update().where(*_ONE, reminded.c.at.is_(None)).values(attempts=reminded.c.attempts + 1)
_FINISH = reminded.update().where(*_ONE, reminded.c.at.is_(None)).values(at=sa.bindparam("since"))
_PUT_OFF = reminded.update().where(*_ONE).values(due_at=sa.bindparam("until"))


def plan(conn: Connection, guild_id: int, drill_id: int, due: Mapping[int, datetime]) -> None:
    """Sets when members' reminders of a drill are due; those that are over stay so."""
    if due:
        rows = [dict(guild_id=guild_id, drill_id=drill_id, member_id=who, due_at=at) for who, at in due.items()]
        conn.execute(_PLAN, rows)


def move(conn: Connection, drill_id: int, due: Mapping[int, datetime]) -> None:
    """Sets when planned reminders of a drill are due; what is not planned, or over, stays so."""
    if due:
        conn.execute(_MOVE, [{"of_drill": drill_id, "whose": who, "due": at} for who, at in due.items()])


def unplan(conn: Connection, drill_id: int, member_id: int) -> None:
    """Takes a member's planned reminder of a drill out."""
    conn.execute(_UNPLAN, {"of_drill": drill_id, "whose": member_id})


def unplan_all(conn: Connection, member_id: int) -> None:
    """Takes all planned reminders of a member out."""
    conn.execute(_UNPLAN_ALL, {"whose": member_id})


_HAS_ANSWERED = sa.exists().where(
    answers.c.drill_id == reminded.c.drill_id,
    answers.c.member_id == reminded.c.member_id,
    answers.c.counted_at.is_not(None),
)
_IS_AWAY = sa.exists().where(
    aways.c.guild_id == drills.c.guild_id,
    aways.c.member_id == reminded.c.member_id,
    aways.c.first <= drills.c.date,
    aways.c.last >= drills.c.date,
)
_PRACTISING = sa.exists().where(
    tracks.c.id == drills.c.track_id,
    tracks.c.active,
    servers.c.guild_id == tracks.c.guild_id,
    servers.c.removed_at.is_(None),
)
_WANTED = sa.and_(
    drills.c.state == DrillState.OPEN,
    drills.c.closes_at > sa.bindparam("now"),
    _PRACTISING,
    reminders.c.active,
    ~_HAS_ANSWERED,
    ~_IS_AWAY,
)
_DUE = (
    sa.select(reminded.c.drill_id, reminded.c.member_id, reminded.c.attempts, _WANTED.label("wanted"))
    .join(drills, drills.c.id == reminded.c.drill_id)
    .join(reminders, reminders.c.member_id == reminded.c.member_id)
    .where(reminded.c.at.is_(None), reminded.c.due_at <= sa.bindparam("now"), is_ours(reminded.c.guild_id))
)
_FIRST_DUE = _DUE.order_by(reminded.c.due_at).limit(sa.bindparam("most", type_=sa.Integer))
ANY_DUE = _DUE.exists()
"""Whether a reminder is to be sent or called off at `now`."""


def due(conn: Connection, now: datetime, limit: int) -> list[PlannedReminder]:
    """Reminders that are due, oldest first.

    One is not wanted once the drill is over, its channel or server has ended practice, or the member has answered,
    is away, or wants no reminders any more.
    """
    return many(conn, PlannedReminder, _FIRST_DUE, now=now, most=limit)


def book_try(conn: Connection, drill_id: int, member_id: int) -> bool:
    """Stores before a reminder is sent that it may have been: the next try looks first. False when it is over."""
    return conn.execute(_BOOK_TRY, {"of_drill": drill_id, "whose": member_id}).rowcount > 0


def finish(conn: Connection, drill_id: int, member_id: int, at: datetime) -> None:
    """Ends a reminder that was sent, or that cannot be."""
    conn.execute(_FINISH, {"of_drill": drill_id, "whose": member_id, "since": at})


def call_off(conn: Connection, unwanted: Sequence[PlannedReminder], at: datetime) -> None:
    """Ends reminders that nobody wants any more."""
    if unwanted:
        rows = [{"of_drill": one.drill_id, "whose": one.member_id, "since": at} for one in unwanted]
        conn.execute(_FINISH, rows)


def put_off(conn: Connection, drill_id: int, member_id: int, until: datetime) -> None:
    """A reminder could not be sent, and is due again at an instant."""
    conn.execute(_PUT_OFF, {"of_drill": drill_id, "whose": member_id, "until": until})
