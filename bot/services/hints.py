"""Use cases of hints: what a member wrote, for the one who wrote it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.drills import Drill
from bot.services.answers import CardKey
from bot.services.spoilers import hidden
from bot.services.use_cases import Service, reads
from bot.storage import drills, hints
from bot.storage.hints import AnswerText


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A drill, and the asking member's answer to it; None where there is none.

    Attributes:
        revealed: its key points may be named to the member.
    """

    drill: Drill
    answer: AnswerText | None
    revealed: bool


def to_drill(conn: Connection, guild_id: int, drill_id: int, member_id: int) -> OwnAnswer | None:
    """A member's answer to a drill; None for one that this server does not know."""
    drill = drills.get(conn, drill_id)
    if drill is None or drill.guild_id != guild_id:
        return None
    return _own(conn, drill, member_id)


def to_card(conn: Connection, guild_id: int, card: CardKey, member_id: int) -> OwnAnswer | None:
    """A member's answer to the drill of a card; None for a card that this server does not know."""
    drill = drills.by_message(conn, card.message_id)
    drill = drill or drills.by_key(conn, card.channel_id, card.date, card.question_id)
    if drill is None or drill.guild_id != guild_id:
        return None
    return _own(conn, drill, member_id)


def _own(conn: Connection, drill: Drill, member_id: int) -> OwnAnswer:
    revealed = drill.closed_at is not None and drill.question_id not in hidden(conn, drill.guild_id, member_id)
    return OwnAnswer(drill, hints.of_member(conn, drill.id, member_id), revealed)


class HintService(Service):
    """Reads answers for those who wrote them."""

    to_drill = reads(to_drill)
    to_card = reads(to_card)
