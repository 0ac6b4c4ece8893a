"""Queries on members: the names under which they were last seen, and who stays off boards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.departures import ask_after
from bot.domain.members import Actor
from bot.domain.teams import Placement
from bot.storage.dialects import insert
from bot.storage.milestones import LOST_ROLES, LostRole
from bot.storage.reminders import REFUSAL_UNTOLD
from bot.storage.schema import members, servers
from bot.storage.servers import FIRST_ZONE
from bot.storage.teams import STAY, TEAM_ROLES

NAME_KEPT = 100
"""How many characters of a name are kept."""


def _still_gone(seen_at: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Since when a member is gone who was seen at an instant: what they did before they left brings nobody back."""
    return sa.case((members.c.gone_at > seen_at, members.c.gone_at), else_=None)


_KEY = (members.c.guild_id == sa.bindparam("key_guild_id"), members.c.member_id == sa.bindparam("key_member_id"))
_IDS: sa.BindParameter[int] = sa.bindparam("member_ids", expanding=True)
_SEEN_AT = sa.bindparam("at_seen", type_=members.c.seen_at.type)
_NEW = insert(members)
# What was seen earlier but is read later must not take the place of the newer name.
_RECORD = _NEW.on_conflict_do_update(
    index_elements=["guild_id", "member_id"],
    set_={
        "name": _NEW.excluded.name,
        "seen_at": _NEW.excluded.seen_at,
        "ask_at": _NEW.excluded.ask_at,
        "gone_at": _still_gone(_NEW.excluded.seen_at),
    },
    where=_NEW.excluded.seen_at >= members.c.seen_at,
)
# Of somebody who is known, no more than that they were there.
_RECORD_STAND_IN = _NEW.on_conflict_do_update(
    index_elements=["guild_id", "member_id"],
    set_={"ask_at": _NEW.excluded.ask_at, "gone_at": _still_gone(_NEW.excluded.seen_at)},
    where=_NEW.excluded.ask_at > members.c.ask_at,
)
_RECORD_KNOWN = (
    members.update()
    .where(*_KEY, members.c.seen_at <= _SEEN_AT)
    .values(
        name=sa.bindparam("new_name"),
        seen_at=_SEEN_AT,
        ask_at=sa.bindparam("at_ask"),
        gone_at=_still_gone(_SEEN_AT),
    )
)
_IS_NEWS = sa.select(members.c.member_id).where(
    *_KEY, sa.or_(members.c.name != sa.bindparam("new_name"), members.c.gone_at <= _SEEN_AT)
)
NOTHING = sa.literal_column("0", sa.BigInteger)


def _kind(name: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{name}'", sa.String).label("kind")


_STAY = STAY.subquery()
NEWS = (
    sa.select(_kind("renamed"), NOTHING.label("number"), NOTHING.label("role_id"), NOTHING.label("also_id")).where(
        _IS_NEWS.exists()
    ),
    sa.select(_kind("lost"), *LOST_ROLES.subquery().c, NOTHING),
    sa.select(_kind("refused"), NOTHING, NOTHING, NOTHING).where(REFUSAL_UNTOLD.exists()),
    sa.select(_kind("team"), *TEAM_ROLES.subquery().c, NOTHING),
    sa.select(_kind("stay"), _STAY.c.team_id, NOTHING, _STAY.c.also_id),
)
"""What is new about a member who comes by, and the teams that decide where they belong, as parts of a union."""
_NEWS = sa.union_all(*NEWS)
_NAMES = sa.select(members.c.member_id, members.c.name).where(
    members.c.guild_id == sa.bindparam("guild_id"), members.c.member_id.in_(_IDS)
)
_BOARD_NAMES = _NAMES.where(~members.c.off_boards)
_SET_OFF_BOARDS = members.update().where(*_KEY).values(off_boards=sa.bindparam("off"))
_BOARD_READER = sa.select(
    servers.c.zone, sa.select(members.c.off_boards).where(*_KEY).scalar_subquery().label("off")
).where(servers.c.guild_id == sa.bindparam("key_guild_id"))


def _row(guild_id: int, member_id: int, name: str, at: datetime) -> dict[str, object]:
    return {
        "guild_id": guild_id,
        "member_id": member_id,
        "name": name[:NAME_KEPT],
        "seen_at": at,
        "ask_at": ask_after(at),
    }


def record(
    conn: Connection, guild_id: int, member_id: int, name: str, at: datetime, *, stand_in: bool = False
) -> None:
    """Stores the name under which a member was last seen, so that boards never ask Discord for it.

    Whoever had left and is seen after that is there again.

    Args:
        stand_in: the name is not known to be the one shown in this server, so it gives way to any that is.
    """
    conn.execute(_RECORD_STAND_IN if stand_in else _RECORD, _row(guild_id, member_id, name, at))


def record_known(conn: Connection, guild_id: int, member_id: int, name: str, at: datetime) -> None:
    """Stores the newer name of a member who is known, and that they are there; others stay unknown."""
    conn.execute(
        _RECORD_KNOWN,
        {
            "key_guild_id": guild_id,
            "key_member_id": member_id,
            "new_name": name[:NAME_KEPT],
            "at_seen": at,
            "at_ask": ask_after(at),
        },
    )


class MemberNews(NamedTuple):
    """What a look at a member who comes by has found.

    Attributes:
        renamed: they are known, by another name or as somebody who has left.
        lost: roles of milestones that they may have to be given again.
        reminders_refused: Discord refused their reminders, and nobody has told them yet.
        team_roles: the roles of the server's teams that have one, by the team's id, oldest team first.
        here: the team in which they are.
    """

    renamed: bool
    lost: Sequence[LostRole]
    reminders_refused: bool
    team_roles: Mapping[int, int]
    here: Placement


def news_of(conn: Connection, actor: Actor) -> MemberNews:
    """What is new about a member who comes by."""
    return news_in(conn.execute(_NEWS, asked_of(actor)))


def asked_of(actor: Actor) -> dict[str, object]:
    """The parameters of `NEWS`."""
    return {
        "key_guild_id": actor.guild_id,
        "key_member_id": actor.member_id,
        "new_name": actor.name[:NAME_KEPT],
        "at_seen": actor.now,
        "guild_id": actor.guild_id,
        "member_id": actor.member_id,
        "joined_at": actor.joined_at,
        "whose": actor.member_id,
    }


def news_in(rows: Iterable[Any]) -> MemberNews:
    """What is new about a member, from the rows that `NEWS` gives."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.kind].append(row)
    return MemberNews(
        "renamed" in found,
        [LostRole(row.number, row.role_id) for row in found["lost"]],
        "refused" in found,
        {row.number: row.role_id for row in sorted(found["team"], key=lambda row: row.number)},
        next((Placement(row.number, row.also_id) for row in found["stay"]), Placement(None)),
    )


def names(conn: Connection, guild_id: int, member_ids: Sequence[int]) -> dict[int, str]:
    """Last seen names of these members."""
    found = conn.execute(_NAMES, {"guild_id": guild_id, "member_ids": member_ids})
    return {row.member_id: row.name for row in found}


def board_names(conn: Connection, guild_id: int, member_ids: Sequence[int]) -> dict[int, str]:
    """Last seen names of those of these members who do not stay off boards."""
    found = conn.execute(_BOARD_NAMES, {"guild_id": guild_id, "member_ids": member_ids})
    return {row.member_id: row.name for row in found}


def set_off_boards(conn: Connection, guild_id: int, member_id: int, *, off: bool) -> None:
    """Keeps a known member off public boards, or shows them again."""
    conn.execute(_SET_OFF_BOARDS, {"key_guild_id": guild_id, "key_member_id": member_id, "off": off})


class BoardReader(NamedTuple):
    """Who asks for a board: their server's zone (UTC before its first track), and whether they stay off boards."""

    zone: str
    off: bool


def board_reader(conn: Connection, guild_id: int, member_id: int) -> BoardReader:
    """What a board needs to know of the member who asks for it."""
    row = conn.execute(_BOARD_READER, {"key_guild_id": guild_id, "key_member_id": member_id}).first()
    return BoardReader(FIRST_ZONE, False) if row is None else BoardReader(row.zone or FIRST_ZONE, bool(row.off))
