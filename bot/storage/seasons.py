"""Queries on seasons: the months of servers' boards that are over, and who won them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.seasons import CHAMPION, MADE_UP
from bot.storage.dialects import insert
from bot.storage.milestones import GIVING, TAKING
from bot.storage.rows import load, many
from bot.storage.schema import members, role_grants, season_winners, seasons, servers, teams, tracks
from bot.storage.shards import is_ours


class SeasonState(StrEnum):
    """How a season's message stands: to be sent, sent, given up, or none was due."""

    PENDING = "pending"
    SENT = "sent"
    MISSED = "missed"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonDelivery:
    """How the telling of a season stands.

    Attributes:
        month: such as `2026-11`.
        track_id: in whose channel it is told; None where nobody is told.
        since: when it was due; from there its lateness counts.
        attempts: tries so far; each may have sent it.
    """

    id: int
    guild_id: int
    month: str
    track_id: int | None
    state: SeasonState
    since: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class SeasonWinner:
    """A champion of a season, or one of those who share it.

    Attributes:
        member_id: None where it is a team.
        name: the team's, or the member's as last seen; empty for one who is not known or stays off boards.
        points: of a team those of all who count.
        counted: by how many members a team's points are divided; 1 for a member.
    """

    month: str
    member_id: int | None
    name: str
    points: int
    counted: int

    @property
    def score(self) -> float:
        """What ranks are made of."""
        return self.points / self.counted


_GUILD = sa.bindparam("key_guild_id", type_=sa.BigInteger)
_IS_DUE = (
    servers.c.season_due_utc <= sa.bindparam("now"),
    servers.c.removed_at.is_(None),
    is_ours(servers.c.guild_id),
)
_DUE = sa.select(servers.c.guild_id).where(*_IS_DUE).order_by(servers.c.season_due_utc)
_DUE_AT = sa.select(servers.c.season_due_utc).where(servers.c.guild_id == _GUILD)
_SCHEDULE = servers.update().where(servers.c.guild_id == _GUILD).values(season_due_utc=sa.bindparam("due_at"))

_ADD = insert(seasons).on_conflict_do_nothing(index_elements=["guild_id", "month"]).returning(seasons)
_ADD_WINNER = season_winners.insert()
_IS_PENDING = sa.and_(seasons.c.state == SeasonState.PENDING, is_ours(seasons.c.guild_id))
_PENDING = sa.select(seasons).where(
    _IS_PENDING, sa.or_(seasons.c.retry_at.is_(None), seasons.c.retry_at <= sa.bindparam("now"))
)
_PENDING_IN_ORDER = _PENDING.order_by(seasons.c.id)
ANY_DUE = sa.or_(sa.exists().where(*_IS_DUE), _PENDING.exists())
"""Whether a month has turned somewhere, or a champion is to be told at `now`."""
_THIS = seasons.c.id == sa.bindparam("season_id")
_MARK_TRIED = seasons.update().where(_THIS).values(attempts=sa.bindparam("tries"))
_MARK_SENT = (
    seasons.update().where(_THIS).values(state=SeasonState.SENT, message_id=sa.bindparam("sent_as"), retry_at=None)
)
_PUT_OFF = seasons.update().where(_THIS).values(attempts=sa.bindparam("tries"), retry_at=sa.bindparam("until"))
_HAS_PLACE = sa.exists().where(tracks.c.id == seasons.c.track_id, tracks.c.active)
_GIVE_UP = (
    seasons.update()
    .where(_IS_PENDING, sa.or_(seasons.c.turned_at < sa.bindparam("late_before"), ~_HAS_PLACE))
    .values(state=SeasonState.MISSED, retry_at=None)
)

_IS_WON = sa.exists().where(season_winners.c.season_id == seasons.c.id)
_WON = sa.select(seasons.c.id).where(seasons.c.guild_id == _GUILD, _IS_WON)
_HOW_MANY = sa.select(sa.func.count()).select_from(_WON.subquery())
_WON_PAGE = _WON.order_by(seasons.c.month.desc()).limit(sa.bindparam("most")).offset(sa.bindparam("first"))
_IDS: sa.BindParameter[int] = sa.bindparam("season_ids", expanding=True)
_ON_BOARDS = sa.and_(
    members.c.guild_id == season_winners.c.guild_id,
    members.c.member_id == season_winners.c.member_id,
    members.c.off_boards.is_(False),
)
_WINNERS = (
    sa.select(
        seasons.c.month,
        season_winners.c.member_id,
        sa.func.coalesce(teams.c.name, members.c.name, "").label("name"),
        season_winners.c.points,
        season_winners.c.counted,
    )
    .join(seasons, seasons.c.id == season_winners.c.season_id)
    .outerjoin(members, _ON_BOARDS)
    .outerjoin(teams, teams.c.id == season_winners.c.team_id)
    .where(season_winners.c.season_id.in_(_IDS))
    .order_by(seasons.c.month.desc(), season_winners.c.id)
)
_NEWEST = sa.select(seasons.c.id).where(seasons.c.guild_id == _GUILD).order_by(seasons.c.month.desc()).limit(1)
_CHAMPIONS = sa.select(season_winners.c.member_id).where(
    season_winners.c.season_id == _NEWEST.scalar_subquery(), season_winners.c.member_id > 0
)

_GRANTED = (role_grants.c.guild_id == _GUILD, role_grants.c.days == CHAMPION)
_HEIRS: sa.BindParameter[int] = sa.bindparam("heirs", expanding=True)
_CALL_OFF = role_grants.delete().where(
    *_GRANTED, role_grants.c.state == GIVING, role_grants.c.member_id.not_in(_HEIRS)
)
_TAKE_BACK = (
    role_grants.update()
    .where(*_GRANTED, role_grants.c.member_id.not_in(_HEIRS))
    .values(state=TAKING, retry_at=None)
)
_GIVE = insert(role_grants).on_conflict_do_update(
    index_elements=["guild_id", "days", "member_id", "role_id"], set_={"state": GIVING, "retry_at": None}
)


def _delivery(row: sa.Row[Any]) -> SeasonDelivery:
    return load(SeasonDelivery, row, state=SeasonState(row.state), since=row.turned_at)


def due(conn: Connection, now: datetime) -> list[int]:
    """Ids of the servers whose month has turned, most overdue first."""
    return list(conn.execute(_DUE, {"now": now}).scalars())


def due_at(conn: Connection, guild_id: int) -> datetime | None:
    """When a server's month turns next; None before its first track."""
    return conn.execute(_DUE_AT, {"key_guild_id": guild_id}).scalar()


def schedule(conn: Connection, guild_id: int, at: datetime) -> None:
    """Sets when a server's month turns next."""
    conn.execute(_SCHEDULE, {"key_guild_id": guild_id, "due_at": at})


def add(
    conn: Connection, guild_id: int, month: str, since: datetime, track_id: int | None, attempts: int
) -> SeasonDelivery | None:
    """Records that a month is over; None where it was recorded before.

    Args:
        track_id: in whose channel it is told; None for nowhere.
    """
    values: dict[str, object] = {
        "guild_id": guild_id,
        "month": month,
        "track_id": track_id,
        "state": SeasonState.QUIET if track_id is None else SeasonState.PENDING,
        "turned_at": since,
        "attempts": attempts,
    }
    row = conn.execute(_ADD, values).first()
    return None if row is None else _delivery(row)


def add_winner(
    conn: Connection,
    season: SeasonDelivery,
    *,
    points: int,
    member_id: int | None = None,
    team_id: int | None = None,
    counted: int = 1,
) -> None:
    """Records who won a season: a member, or a team."""
    won = {"guild_id": season.guild_id, "season_id": season.id, "points": points, "counted": counted}
    conn.execute(_ADD_WINNER, {**won, "member_id": member_id, "team_id": team_id})


def pending(conn: Connection, now: datetime) -> list[SeasonDelivery]:
    """Seasons that are to be told and whose next try is due."""
    return [_delivery(row) for row in conn.execute(_PENDING_IN_ORDER, {"now": now})]


def mark_tried(conn: Connection, season_id: int, attempts: int) -> None:
    """A season may have been told, in this many tries."""
    conn.execute(_MARK_TRIED, {"season_id": season_id, "tries": attempts})


def mark_sent(conn: Connection, season_id: int, message_id: int) -> None:
    """A season was told by this message."""
    conn.execute(_MARK_SENT, {"season_id": season_id, "sent_as": message_id})


def put_off(conn: Connection, season_id: int, attempts: int, until: datetime) -> None:
    """A season could not be told in this many tries, and is not tried again before an instant."""
    conn.execute(_PUT_OFF, {"season_id": season_id, "tries": attempts, "until": until})


def give_up(conn: Connection, now: datetime) -> None:
    """Gives up telling what turned too long ago, or where nobody practices any more."""
    conn.execute(_GIVE_UP, {"late_before": now - MADE_UP})


def how_many(conn: Connection, guild_id: int) -> int:
    """How many seasons of a server somebody has won."""
    return conn.execute(_HOW_MANY, {"key_guild_id": guild_id}).scalar_one()


def won(conn: Connection, guild_id: int, limit: int, offset: int) -> list[SeasonWinner]:
    """Who won a server's seasons, newest first: those of so many seasons."""
    ids = conn.execute(_WON_PAGE, {"key_guild_id": guild_id, "most": limit, "first": offset}).scalars().all()
    return winners(conn, ids)


def winners(conn: Connection, season_ids: Sequence[int]) -> list[SeasonWinner]:
    """Who won these seasons: those of the newest first, and members before teams."""
    return many(conn, SeasonWinner, _WINNERS, season_ids=list(season_ids))


def champions(conn: Connection, guild_id: int) -> list[int]:
    """The members who won a server's newest season."""
    return list(conn.execute(_CHAMPIONS, {"key_guild_id": guild_id}).scalars())


def pass_on(conn: Connection, guild_id: int, heirs: Collection[int], role_id: int | None) -> None:
    """Owes the champion's role to these members, and its return from everybody else.

    Args:
        role_id: None where champions get none.
    """
    key = {"key_guild_id": guild_id, "heirs": list(heirs)}
    conn.execute(_CALL_OFF, key)
    conn.execute(_TAKE_BACK, key)
    for member_id in heirs if role_id is not None else ():
        given = {"guild_id": guild_id, "days": CHAMPION, "member_id": member_id, "role_id": role_id}
        conn.execute(_GIVE, {**given, "state": GIVING})
