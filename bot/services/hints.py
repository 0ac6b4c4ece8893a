"""Use cases of hints: what a member wrote, for the one who wrote it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.drills import Drill, Mode
from bot.domain.opinions import Consent
from bot.domain.streaks import fold
from bot.services.answers import CardKey, Turnout, turnout_of
from bot.services.opinions import ModelTerms, consent
from bot.services.spoilers import hidden
from bot.services.use_cases import Service
from bot.storage import drills, hints
from bot.storage.answers import history, outcomes_of
from bot.storage.database import Database
from bot.storage.hints import AnswerText


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A drill, and the asking member's answer to it; None where there is none.

    Attributes:
        revealed: its key points may be named to the member.
        streak: theirs in the track now; None without an answer or once the drill is closed.
        turnout: how many have answered, likewise.
        consent: what they said to a model that reads their answer; None where none may: there is no model, nothing
            to read, hints are off for the track, or the answer is to stay hidden until the reveal.
    """

    drill: Drill
    answer: AnswerText | None
    revealed: bool
    consent: Consent | None
    streak: int | None
    turnout: Turnout | None


def to_drill(
    conn: Connection, terms: ModelTerms | None, guild_id: int, drill_id: int, member_id: int
) -> OwnAnswer | None:
    """A member's answer to a drill; None for one that this server does not know."""
    drill = drills.get(conn, drill_id)
    if drill is None or drill.guild_id != guild_id:
        return None
    return _own(conn, terms, drill, member_id)


def to_card(
    conn: Connection, terms: ModelTerms | None, guild_id: int, card: CardKey, member_id: int
) -> OwnAnswer | None:
    """A member's answer to the drill of a card; None for a card that this server does not know."""
    drill = drills.by_message(conn, card.message_id)
    drill = drill or drills.by_key(conn, card.channel_id, card.date, card.question_id)
    if drill is None or drill.guild_id != guild_id:
        return None
    return _own(conn, terms, drill, member_id)


def _own(conn: Connection, terms: ModelTerms | None, drill: Drill, member_id: int) -> OwnAnswer:
    revealed = drill.closed_at is not None and drill.question_id not in hidden(conn, drill.guild_id, member_id)
    answer = hints.of_member(conn, drill.id, member_id)
    may_leave = answer is not None and answer.hints and answer.text and (revealed or drill.mode is not Mode.BLIND)
    word = consent(conn, terms, drill.guild_id, member_id) if terms is not None and may_leave else None
    streak = turnout = None
    if answer is not None and drill.closed_at is None:
        streak = fold(outcomes_of(history(conn, drill.track_id, member_id))).current
        turnout = turnout_of(conn, drill)
    return OwnAnswer(drill, answer, revealed, word, streak, turnout)


class HintService(Service):
    """Reads answers for those who wrote them.

    Args:
        terms: None where the operator has set up no model.
    """

    def __init__(self, database: Database, terms: ModelTerms | None) -> None:
        super().__init__(database)
        self._terms = terms

    async def to_drill(self, guild_id: int, drill_id: int, member_id: int) -> OwnAnswer | None:
        """A member's answer to a drill; None for one that this server does not know."""
        return await self.read(to_drill, self._terms, guild_id, drill_id, member_id)

    async def to_card(self, guild_id: int, card: CardKey, member_id: int) -> OwnAnswer | None:
        """A member's answer to the drill of a card; None for a card that this server does not know."""
        return await self.read(to_card, self._terms, guild_id, card, member_id)
