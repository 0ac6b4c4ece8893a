"""Use cases of setting up and finding tracks."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import BadInput
from bot.domain.schedule import WEEKDAYS
from bot.domain.selection import Order
from bot.domain.tracks import Mode, Track
from bot.services.drills import reschedule
from bot.storage import servers, tracks
from bot.storage.engine import Database

NEEDS_ZONE = "Tell me your time zone for the first question: `/setup timezone:Europe/Berlin`."


@dataclass(frozen=True, slots=True)
class Plan:
    """What `/setup` was told; None keeps what is there."""

    zone: str | None = None
    at: time | None = None
    days: frozenset[int] | None = None
    topics: tuple[str, ...] | None = None
    order: Order | None = None
    mode: Mode | None = None
    ping_role_id: int | None = None


class TrackService:
    """Makes, changes and finds tracks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def set_up(self, guild_id: int, channel_id: int, plan: Plan, now: datetime) -> Track:
        """Makes a channel's track or changes it; the next post is the first scheduled instant after `now`.

        Raises:
            BadInput: a first track without a zone.
        """

        async def work(conn: AsyncConnection) -> Track:
            given: dict[str, Any] = {
                "zone": plan.zone,
                "at": plan.at,
                "days": plan.days,
                "topics": plan.topics,
                "order": plan.order,
                "mode": plan.mode,
                "ping_role_id": plan.ping_role_id,
            }
            values = {name: value for name, value in given.items() if value is not None}
            track = await tracks.in_channel(conn, channel_id)
            if track is None:
                if plan.zone is None:
                    raise BadInput(NEEDS_ZONE)
                defaults: dict[str, Any] = {
                    "guild_id": guild_id,
                    "channel_id": channel_id,
                    "at": time(9),
                    "days": WEEKDAYS,
                    "topics": (),
                    "order": Order.CURRICULUM,
                    "mode": Mode.OPEN,
                    "active": True,
                    "paused": False,
                    "refill": 0,
                    "created_at": now,
                }
                await servers.touch(conn, guild_id)
                row = await servers.get(conn, guild_id)
                if row.zone is None:
                    await servers.touch(conn, guild_id, zone=plan.zone)
                track_id = await tracks.add(conn, defaults | values)
            else:
                track_id = track.id
                await tracks.change(conn, track_id, **values, active=True)
            stored = await tracks.get(conn, track_id)
            assert stored is not None
            await reschedule(conn, stored, now)
            final = await tracks.get(conn, track_id)
            assert final is not None
            return final

        return await self._db.write(work)

    async def find(self, guild_id: int, channel_id: int) -> Track:
        """The track of a channel, else the server's only one; raises BadInput that says what to do."""

        async def work(conn: AsyncConnection) -> Track:
            here = await tracks.in_channel(conn, channel_id)
            if here is not None and here.active:
                return here
            known = await tracks.of_server(conn, guild_id)
            if len(known) == 1:
                return known[0]
            if not known:
                raise BadInput("There is no practice channel here yet. A manager can make one with `/setup`.")
            listing = ", ".join(f"<#{track.channel_id}>" for track in known)
            raise BadInput(f"Which track do you mean? Name its channel: {listing}.")

        return await self._db.read(work)

    async def get(self, track_id: int) -> Track | None:
        """The track with this id."""
        return await self._db.read(lambda conn: tracks.get(conn, track_id))
