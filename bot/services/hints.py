"""Use cases of hints: what a member wrote, for the one who wrote it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.drills import Drill
from bot.services.answers import CardKey
from bot.services.use_cases import Service, reads
from bot.storage import drills, hints
from bot.storage.hints import AnswerText


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A drill, and the asking member's answer to it; None where there is none."""

    drill: Drill
    answer: AnswerText | None


def to_drill(conn: Connection, guild_id: int, drill_id: int, member_id: int) -> OwnAnswer | None:
    """A member's answer to a drill; None for one that this server does not know."""
    drill = drills.get(conn, drill_id)
    if drill is None or drill.guild_id != guild_id:
        return None
    return OwnAnswer(drill, hints.of_member(conn, drill.id, member_id))


def to_card(conn: Connection, guild_id: int, card: CardKey, member_id: int) -> OwnAnswer | None:
    """A member's answer to the drill of a card; None for a card that this server does not know."""
    drill = drills.by_message(conn, card.message_id)
    drill = drill or drills.by_key(conn, card.channel_id, card.date, card.question_id)
    if drill is None or drill.guild_id != guild_id:
        return None
    return OwnAnswer(drill, hints.of_member(conn, drill.id, member_id))


class HintService(Service):
    """Reads answers for those who wrote them."""

    to_drill = reads(to_drill)
    to_card = reads(to_card)
