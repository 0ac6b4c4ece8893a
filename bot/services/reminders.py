"""Reminders: who wants them, and which are due. The database decides; members who want none cost nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.drills import LIFETIME, Drill
from bot.domain.reminders import due_at
from bot.domain.tracks import Track
from bot.storage import drills, members, reminders, tracks
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind

AT_ONCE = 50
FAILED_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder to send now; `attempts` tells that an earlier try may have sent it."""

    drill: Drill
    member_id: int
    attempts: int

    @property
    def owner(self) -> Owner:
        """The reminder as the owner of its message."""
        return Owner(OwnerKind.REMINDER, self.drill.id, self.drill.guild_id)


def _window(drill: Drill, track: Track | None) -> tuple[datetime, datetime]:
    """When an open drill opened, and when it closes as things stand."""
    opened = drill.opened_at or drill.claimed_at
    latest = drill.closes_at or opened + LIFETIME
    following = track.next_due_utc if track is not None else None
    return opened, latest if following is None or following <= opened else min(latest, following)


def plan(conn: Connection, track: Track, drill: Drill, now: datetime) -> None:
    """Plans the reminders of a track's open drill, or plans them anew when its closing has moved.

    What would have been due before now, and was not planned, is not made up for.
    """
    opened, closes = _window(drill, track)
    wishes = reminders.wishes(conn, drill.guild_id)
    when = {hour: due_at(opened, closes, drill.zone, hour) for hour in set(wishes.values())}
    due = {member_id: when[hour] for member_id, hour in wishes.items()}
    reminders.plan(conn, drill.guild_id, drill.id, {who: at for who, at in due.items() if at > now})
    reminders.move(conn, drill.id, {who: at for who, at in due.items() if at <= now})


class ReminderService:
    """Switches reminders on and off, and hands out those that are due."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def turn_on(
        self, guild_id: int | None, member_id: int, name: str, hour: int | None, now: datetime
    ) -> bool:
        """Stores the wish and plans reminders of what is open; returns whether any practice server knows them.

        What would have been due before now is not made up for.
        """

        def work(conn: Connection) -> bool:
            if guild_id is not None:
                members.record(conn, guild_id, member_id, name, now)
            reminders.turn_on(conn, member_id, hour)
            for drill_id, _ in reminders.open_for(conn, member_id):
                drill = drills.get(conn, drill_id)
                assert drill is not None
                due = due_at(*_window(drill, tracks.get(conn, drill.track_id)), drill.zone, hour)
                if due > now:
                    reminders.plan(conn, drill.guild_id, drill.id, {member_id: due})
                else:
                    reminders.unplan(conn, member_id, drill.id)
            return reminders.known(conn, member_id)

        return await self._db.write(work)

    async def turn_off(self, member_id: int) -> bool:
        """Ends reminders; returns whether they were on."""

        def work(conn: Connection) -> bool:
            wish = reminders.get(conn, member_id)
            reminders.change(conn, member_id, active=False)
            reminders.unplan(conn, member_id)
            return wish is not None and wish.active

        return await self._db.write(work)

    async def tell_closed(self, member_id: int) -> bool:
        """Whether a member is to be told that Discord refused their reminders; from now on they are."""
        if not await self._db.read(lambda conn: reminders.closed_untold(conn, member_id)):
            return False
        await self._db.write(lambda conn: reminders.change(conn, member_id, closed_told=True))
        return True

    async def due(self, now: datetime) -> list[DueReminder]:
        """Reminders to send now; those that are not wanted any more are settled."""

        def sort(conn: Connection) -> list[DueReminder]:
            found: list[DueReminder] = []
            for row in reminders.due(conn, now, AT_ONCE):
                if not row.wanted:
                    reminders.settle(conn, row.drill_id, row.member_id, now)
                    continue
                drill = drills.get(conn, row.drill_id)
                assert drill is not None
                found.append(DueReminder(drill, row.member_id, row.attempts))
            return found

        if not await self._db.read(lambda conn: reminders.due(conn, now, 1)):
            return []
        return await self._db.write(sort)

    async def take(self, due: DueReminder, now: datetime) -> bool:
        """Takes a reminder on, before it is sent; False when it was taken or called off meanwhile."""
        return await self._db.write(lambda conn: reminders.settle(conn, due.drill.id, due.member_id, now))

    async def failed(self, due: DueReminder, now: datetime) -> None:
        """Owes a reminder again, in a minute."""
        await self._db.write(lambda conn: reminders.put_off(conn, due.drill.id, due.member_id, now + FAILED_PAUSE))

    async def refused(self, member_id: int, now: datetime) -> None:
        """Switches reminders off for a member whom Discord does not let the bot write to; they are told once."""

        def work(conn: Connection) -> None:
            reminders.change(conn, member_id, active=False, closed_at=now, closed_told=False)
            reminders.unplan(conn, member_id)

        await self._db.write(work)
