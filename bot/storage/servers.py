"""Queries on the servers that the bot is in, or was in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.servers import NamedThing, Thing
from bot.storage.dialects import insert
from bot.storage.schema import Instant, metadata, servers, tracks
from bot.storage.shards import is_ours

_NEW = insert(servers)
_ENSURE = _NEW.on_conflict_do_nothing()
_SET_ZONE = _NEW.on_conflict_do_update(index_elements=["guild_id"], set_={"zone": _NEW.excluded.zone})
_SET_REMOVED = _NEW.on_conflict_do_update(
    index_elements=["guild_id"], set_={"removed_at": _NEW.excluded.removed_at}
)
_MARK_GREETED = _NEW.on_conflict_do_update(
    index_elements=["guild_id"],
    set_={"greeted_at": _NEW.excluded.greeted_at},
    where=servers.c.greeted_at.is_(None),
)
_ZONE = sa.select(servers.c.zone).where(servers.c.guild_id == sa.bindparam("guild_id"))
_ZONES = sa.select(servers.c.guild_id, servers.c.zone)

_OWNERS = {
    kind: sa.select(table.c.guild_id).where(table.c.id == sa.bindparam("thing_id"))
    for kind in Thing
    if (table := metadata.tables.get(kind)) is not None
} | {Thing.CHANNEL: sa.select(tracks.c.guild_id).where(tracks.c.channel_id == sa.bindparam("thing_id"))}

_PRESENCE = sa.select(servers.c.guild_id, servers.c.removed_at)
_BEFORE = sa.bindparam("before", type_=Instant)
_REMOVED_BEFORE = sa.select(servers.c.guild_id).where(servers.c.removed_at <= _BEFORE, is_ours(servers.c.guild_id))
_LONG_GONE = sa.and_(servers.c.guild_id == sa.bindparam("guild"), servers.c.removed_at <= _BEFORE)
_ERASE = {
    table.name: sa.delete(table).where(table.c.guild_id == sa.bindparam("guild"), sa.exists().where(_LONG_GONE))
    for table in reversed(metadata.sorted_tables)
    if "guild_id" in table.c and table is not servers
} | {servers.name: sa.delete(servers).where(_LONG_GONE)}
"""By table, what depends on others first; the server itself comes last."""
TABLES = tuple(_ERASE)

FIRST_ZONE = "UTC"
"""The zone of a server until its first track is made."""


def is_elsewhere(conn: Connection, guild_id: int, thing: NamedThing) -> bool:
    """Whether something exists, in another server only."""
    owners = conn.execute(_OWNERS[thing.kind], {"thing_id": thing.id}).scalars().all()
    return bool(owners) and guild_id not in owners


def ensure(conn: Connection, guild_id: int) -> None:
    """Makes sure that the server is known."""
    conn.execute(_ENSURE, {"guild_id": guild_id})


def set_zone(conn: Connection, guild_id: int, zone: str) -> None:
    """Sets the zone in which a server's weeks and months begin."""
    conn.execute(_SET_ZONE, {"guild_id": guild_id, "zone": zone})


def mark_present(conn: Connection, guild_id: int) -> None:
    """Records that the bot is in a server."""
    conn.execute(_SET_REMOVED, {"guild_id": guild_id, "removed_at": None})


def mark_removed(conn: Connection, guild_id: int, at: datetime) -> None:
    """Records that the bot was removed from a server."""
    conn.execute(_SET_REMOVED, {"guild_id": guild_id, "removed_at": at})


def presence(conn: Connection) -> dict[int, datetime | None]:
    """Every known server, with the instant since which the bot is known to be gone from it."""
    return {row.guild_id: row.removed_at for row in conn.execute(_PRESENCE)}


def removed_before(conn: Connection, before: datetime) -> list[int]:
    """The servers that the bot was removed from before an instant."""
    return list(conn.execute(_REMOVED_BEFORE, {"before": before}).scalars())


def erase_from(conn: Connection, table: str, guild_id: int, before: datetime) -> int:
    """Erases what one of TABLES holds of a server that the bot was removed from before an instant.

    Returns how many rows that were; of a server that the bot is in again it erases nothing.
    """
    return conn.execute(_ERASE[table], {"guild": guild_id, "before": before}).rowcount


def mark_greeted(conn: Connection, guild_id: int, at: datetime) -> bool:
    """Records that a server was greeted; returns False when it was greeted before."""
    return conn.execute(_MARK_GREETED, {"guild_id": guild_id, "greeted_at": at}).rowcount > 0


def chosen_zone(conn: Connection, guild_id: int) -> str | None:
    """The zone that a server's first track brought; None before it."""
    return conn.execute(_ZONE, {"guild_id": guild_id}).scalar()


def server_zone(conn: Connection, guild_id: int) -> str:
    """The zone in which a server's weeks and months begin: UTC until its first track is made."""
    return chosen_zone(conn, guild_id) or FIRST_ZONE


def zones(conn: Connection) -> dict[int, str]:
    """The zone of each known server."""
    return {row.guild_id: row.zone or FIRST_ZONE for row in conn.execute(_ZONES)}
