"""Last calls: which threads are told that their question closes soon, once each, where a manager wants that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from bot.domain.drills import Drill, DrillState, Mode
from bot.domain.last_calls import due_at, is_quiet
from bot.domain.tracks import Track
from bot.services.reminders import window
from bot.services.use_cases import Service, reads, writes
from bot.storage import last_calls, tracks
from bot.storage.participation import Turnout, turnout

AT_ONCE = 200
"""How many are handed out at a beat: more would keep everybody else from the database."""


class LastCall(NamedTuple):
    """What a question's thread is to be told: when the question closes, and how many have answered it."""

    drill: Drill
    thread_id: int
    closes: datetime
    turnout: Turnout


@dataclass(frozen=True, slots=True)
class DueLastCalls:
    """Last calls that are due: those to send, and the drills whose threads need none."""

    wanted: Sequence[LastCall]
    unwanted: Sequence[Drill]


def plan(conn: Connection, track: Track, drill: Drill, now: datetime) -> None:
    """Plans the last call of a track's open drill, or plans it anew when its closing has moved.

    What would have been due before now is not made up for.
    """
    due = due_at(*window(drill, track)) if track.last_call else None
    if due is not None and due > now:
        last_calls.plan(conn, drill.id, due)


def _wanted(conn: Connection, drill: Drill, now: datetime) -> LastCall | None:
    """What to say in a drill's thread: nothing once it is over, and where most have answered."""
    track = tracks.get(conn, drill.track_id)
    if track is None or not track.last_call or not track.active:
        return None
    _, closes = window(drill, track)
    open_still = drill.state is DrillState.OPEN and now < closes
    if not open_still or drill.mode is not Mode.OPEN or drill.thread_id is None:
        return None
    found = turnout(conn, drill)
    return LastCall(drill, drill.thread_id, closes, found) if is_quiet(found.answered, found.members) else None


def due(conn: Connection, now: datetime) -> DueLastCalls:
    """The last calls that are due now."""
    found = [(drill, _wanted(conn, drill, now)) for drill in last_calls.due(conn, now, AT_ONCE)]
    wanted = [call for _, call in found if call is not None]
    return DueLastCalls(wanted, [drill for drill, call in found if call is None])


def finish(conn: Connection, drill_id: int) -> None:
    """Records that a drill's last call was sent, or is not wanted."""
    last_calls.finish(conn, drill_id)


class LastCallService(Service):
    """Hands out last calls."""

    due = reads(due)
    finish = writes(finish)
