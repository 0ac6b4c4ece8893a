"""What `/help` has to know of a server and of who asks."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.drills import Drill, DrillState
from bot.domain.tracks import Track
from bot.services.use_cases import Service, reads
from bot.storage import answers, drills, tracks


@dataclass(frozen=True, slots=True)
class HelpState:
    """Where a member stands.

    Attributes:
        track: the one of the channel, else the server's first; None before one is set up.
        open: its open question, which the member has not answered.
        regular: they have answered a question in this server.
    """

    track: Track | None
    open: Drill | None
    regular: bool


def state(conn: Connection, guild_id: int, channel_id: int, member_id: int) -> HelpState:
    """Where a member stands in a server, as seen from one of its channels."""
    known = tracks.of_server(conn, guild_id)
    track = next((track for track in known if track.channel_id == channel_id), known[0] if known else None)
    drill = None if track is None else drills.newest(conn, track.id)
    if drill is not None:
        answer = answers.of_member(conn, drill.id, member_id)
        if drill.state is not DrillState.OPEN or (answer is not None and answer.counted_at is not None):
            drill = None
    return HelpState(track, drill, answers.has_answered(conn, guild_id, member_id))


class HelpService(Service):
    """Reads what `/help` begins with."""

    state = reads(state)
