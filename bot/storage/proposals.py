"""What `/setup` was told while it asks whether to move the track or to add a second one."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.drills import Mode
from bot.domain.selection import Order
from bot.domain.tracks import PlanChange
from bot.storage.schema import proposals

_WITHDRAW = proposals.delete().where(proposals.c.guild_id == sa.bindparam("of_guild"))
_PROPOSE = proposals.insert().returning(proposals.c.id)
_TAKE = (
    proposals.delete()
    .where(proposals.c.id == sa.bindparam("proposal_id"), proposals.c.guild_id == sa.bindparam("of_guild"))
    .returning(proposals.c.channel_id, proposals.c.options)
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A channel that is to get the server's only track, or a second one, with what was named for it."""

    channel_id: int
    change: PlanChange


def _to_json(change: PlanChange) -> dict[str, object]:
    values: dict[str, object] = {
        "zone": change.zone,
        "at": None if change.at is None else change.at.isoformat(),
        "days": None if change.days is None else sorted(change.days),
        "topics": None if change.topics is None else list(change.topics),
        "packs": None if change.packs is None else list(change.packs),
        "hints": change.hints,
        "last_call": change.last_call,
        "order": change.order,
        "mode": change.mode,
        "ping_role_id": change.ping_role_id,
        "log_channel_id": change.log_channel_id,
    }
    return {name: value for name, value in values.items() if value is not None}


def _from_json(stored: dict[str, Any]) -> PlanChange:
    return PlanChange(
        zone=stored.get("zone"),
        at=time.fromisoformat(stored["at"]) if "at" in stored else None,
        days=frozenset(stored["days"]) if "days" in stored else None,
        topics=tuple(stored["topics"]) if "topics" in stored else None,
        packs=tuple(stored["packs"]) if "packs" in stored else None,
        hints=stored.get("hints"),
        last_call=stored.get("last_call"),
        order=Order(stored["order"]) if "order" in stored else None,
        mode=Mode(stored["mode"]) if "mode" in stored else None,
        ping_role_id=stored.get("ping_role_id"),
        log_channel_id=stored.get("log_channel_id"),
    )


def propose(conn: Connection, guild_id: int, channel_id: int, change: PlanChange, at: datetime) -> int:
    """Stores what `/setup` was told while it asks; a server has one such question at a time."""
    conn.execute(_WITHDRAW, {"of_guild": guild_id})
    values = {"guild_id": guild_id, "channel_id": channel_id, "options": _to_json(change), "made_at": at}
    return conn.execute(_PROPOSE, values).one().id


def take(conn: Connection, guild_id: int, proposal_id: int) -> Proposal | None:
    """Takes a proposal out, so that it is decided once; None when that has happened."""
    row = conn.execute(_TAKE, {"proposal_id": proposal_id, "of_guild": guild_id}).first()
    return None if row is None else Proposal(row.channel_id, _from_json(row.options))
