"""Reminders: who wants them, and which are due. The database decides; members who want none cost nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.backoff import pause
from bot.domain.drills import LIFETIME, Drill
from bot.domain.reminders import due_at
from bot.domain.tracks import Track
from bot.services.use_cases import Service, writes
from bot.storage import drills, members, reminders, tracks
from bot.storage.reminders import PlannedReminder
from bot.storage.sent_messages import Owner, OwnerKind

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder to send now; `attempts` tells that an earlier try may have sent it."""

    drill: Drill
    member_id: int
    attempts: int

    @property
    def owner(self) -> Owner:
        """The reminder as the owner of its message."""
        return Owner(OwnerKind.REMINDER, self.drill.id, self.drill.guild_id, str(self.drill.message_id))


def window(drill: Drill, track: Track | None) -> tuple[datetime, datetime]:
    """When an open drill opened, and when it closes as things stand."""
    opened = drill.opened_at or drill.claimed_at
    latest = drill.closes_at or opened + LIFETIME
    following = track.next_due_utc if track is not None else None
    return opened, latest if following is None or following <= opened else min(latest, following)


def plan(conn: Connection, track: Track, drill: Drill, now: datetime) -> None:
    """Plans the reminders of a track's open drill, or plans them anew when its closing has moved.

    What would have been due before now, and was not planned, is not made up for.
    """
    wishes = reminders.wishes(conn, drill.guild_id)
    if not wishes:
        return
    opened, closes = window(drill, track)
    when = {hour: due_at(opened, closes, drill.zone, hour) for hour in set(wishes.values())}
    due = {member_id: when[hour] for member_id, hour in wishes.items()}
    reminders.plan(conn, drill.guild_id, drill.id, {who: at for who, at in due.items() if at > now})
    reminders.move(conn, drill.id, {who: at for who, at in due.items() if at <= now})


def turn_on(
    conn: Connection, guild_id: int | None, member_id: int, name: str, hour: int | None, now: datetime
) -> bool:
    """Stores the wish and plans reminders of what is open; returns whether any practice server knows the member.

    What would have been due before now is not made up for.

    Args:
        guild_id: the server in which they asked for it; None in direct messages.
        hour: 0 to 23, in each channel's zone; None means the usual time.
    """
    if guild_id is not None:
        members.record(conn, guild_id, member_id, name, now)
    reminders.turn_on(conn, member_id, hour)
    for drill_id in reminders.open_for(conn, member_id):
        drill = drills.get(conn, drill_id)
        assert drill is not None
        due = due_at(*window(drill, tracks.get(conn, drill.track_id)), drill.zone, hour)
        if due > now:
            reminders.plan(conn, drill.guild_id, drill.id, {member_id: due})
        else:
            reminders.unplan(conn, drill.id, member_id)
    return reminders.is_known(conn, member_id)


def turn_off(conn: Connection, member_id: int) -> None:
    """Ends a member's reminders; those that are planned are called off."""
    reminders.turn_off(conn, member_id)
    reminders.unplan_all(conn, member_id)


def refuse(conn: Connection, member_id: int, now: datetime) -> None:
    """Ends the reminders of a member whom Discord does not let the bot write to; they are told once."""
    reminders.mark_refused(conn, member_id, now)
    reminders.unplan_all(conn, member_id)


def due_now(conn: Connection, now: datetime) -> tuple[list[DueReminder], list[PlannedReminder]]:
    """(reminders to send now, those that are due and not wanted any more)."""
    found: list[DueReminder] = []
    unwanted: list[PlannedReminder] = []
    known: dict[int, Drill] = {}
    for planned in reminders.due(conn, now, AT_ONCE):
        if not planned.wanted:
            unwanted.append(planned)
            continue
        drill = known.get(planned.drill_id) or drills.get(conn, planned.drill_id)
        assert drill is not None
        known[drill.id] = drill
        found.append(DueReminder(drill, planned.member_id, planned.attempts))
    return found, unwanted


def mark_sent(conn: Connection, due: DueReminder, now: datetime) -> None:
    """Ends a reminder: there is one a question and member."""
    reminders.finish(conn, due.drill.id, due.member_id, now)


class ReminderService(Service):
    """Switches reminders on and off, and hands out those that are due."""

    turn_on = writes(turn_on)
    refused = writes(refuse)

    async def turn_off(self, member_id: int) -> bool:
        """Ends reminders; returns whether they were on."""
        if not await self.read(reminders.is_on, member_id):
            return False
        await self.write(turn_off, member_id)
        return True

    async def tell_refusal(self, member_id: int) -> bool:
        """Whether a member is to be told that Discord refused their reminders; from now on they are."""
        if not await self.read(reminders.refusal_untold, member_id):
            return False
        await self.write(reminders.mark_refusal_told, member_id)
        return True

    async def due(self, now: datetime) -> list[DueReminder]:
        """Reminders to send now; those that are not wanted any more are called off."""
        found, unwanted = await self.read(due_now, now)
        if unwanted:
            await self.write(reminders.call_off, unwanted, now)
        return found

    async def book_try(self, due: DueReminder) -> bool:
        """Records before a reminder is sent that it may have been; False when it was called off meanwhile."""
        return await self.write(reminders.book_try, due.drill.id, due.member_id)

    finish = writes(mark_sent)

    async def failed(self, due: DueReminder, now: datetime) -> datetime:
        """A reminder is due again in a while; returns when."""
        until = now + pause(due.attempts)
        await self.write(reminders.put_off, due.drill.id, due.member_id, until)
        return until
