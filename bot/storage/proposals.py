"""What `/setup` was told while it asks whether to move the track or to add a second one."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.schema import proposals


def propose(conn: Connection, guild_id: int, channel_id: int, options: dict[str, Any], at: datetime) -> int:
    """Stores what `/setup` was told while it asks; a server has one such question at a time."""
    conn.execute(proposals.delete().where(proposals.c.guild_id == guild_id))
    values = {"guild_id": guild_id, "channel_id": channel_id, "options": options, "made_at": at}
    return conn.execute(proposals.insert().values(**values).returning(proposals.c.id)).one().id


def take_proposal(conn: Connection, guild_id: int, proposal_id: int) -> Any:
    """Takes a proposal out, so that it is decided once; None when it is gone."""
    where = (proposals.c.id == proposal_id, proposals.c.guild_id == guild_id)
    row = conn.execute(sa.select(proposals).where(*where)).first()
    conn.execute(proposals.delete().where(*where))
    return row
