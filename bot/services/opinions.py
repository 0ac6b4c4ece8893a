"""Use cases of a model's opinion: who lets it read their answers, how often it may be asked, and about what."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.domain.bank import Banks, Question
from bot.domain.opinions import Consent
from bot.services.interviews import asked_question, own_interview
from bot.services.use_cases import Service
from bot.storage import interview_parts, opinions
from bot.storage.database import Database
from bot.storage.interview_parts import text_of


@dataclass(frozen=True, slots=True)
class ModelTerms:
    """The model that may be asked: its name and host, and how often a day (UTC) for a member and for a server."""

    model: str
    host: str
    per_member: int
    per_server: int


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """What was said to the open question of an interview so far."""

    question: Question
    text: str


def consent(conn: Connection, terms: ModelTerms, guild_id: int, member_id: int) -> Consent:
    """What a member said to this host; a word about another one does not count."""
    found = opinions.wish(conn, guild_id, member_id)
    if found is None or found.host != terms.host:
        return Consent.UNASKED
    return Consent.GIVEN if found.agreed else Consent.REFUSED


def may_ask(conn: Connection, terms: ModelTerms, guild_id: int, member_id: int, now: datetime) -> bool:
    """Whether the model may be asked about a member's answer now."""
    if consent(conn, terms, guild_id, member_id) is not Consent.GIVEN:
        return False
    count = opinions.count(conn, guild_id, member_id, now.astimezone(UTC).date())
    return count.member < terms.per_member and count.server < terms.per_server


def claim(conn: Connection, terms: ModelTerms, guild_id: int, member_id: int, now: datetime) -> bool:
    """Counts a request about a member's answer before it is made; False where there can be none."""
    if not may_ask(conn, terms, guild_id, member_id, now):
        return False
    opinions.mark_asked(conn, guild_id, member_id, now.astimezone(UTC).date())
    return True


def open_answer(
    conn: Connection, banks: Banks, interview_id: int, position: int, member_id: int
) -> OpenAnswer | None:
    """What a model would ask a follow-up to: an answer to the open question at a position, which is none itself.

    Raises:
        Refusal: `interviews.not_yours`.
    """
    interview = own_interview(conn, interview_id, member_id)
    current = interview.current
    if current is None or current.position != position or current.asked_at is None or not interview.hints:
        return None
    question = asked_question(banks, interview, current)
    if question is None or current.follow_up is not None:
        return None
    text = text_of(interview_parts.of_question(conn, current.id))
    return OpenAnswer(question, text) if text.strip() else None


class OpinionService(Service):
    """Keeps what members said to a model that reads their answers, and counts how often it was asked.

    Args:
        terms: None where the operator has set up no model.
    """

    def __init__(self, database: Database, banks: Banks, terms: ModelTerms | None) -> None:
        super().__init__(database)
        self._banks = banks
        self.terms = terms

    async def consent(self, guild_id: int, member_id: int) -> Consent | None:
        """What a member said; None where there is no model."""
        return None if self.terms is None else await self.read(consent, self.terms, guild_id, member_id)

    async def decide(self, guild_id: int, member_id: int, *, agreed: bool, at: datetime) -> None:
        """Stores whether the model may read a member's answers in a server."""
        if self.terms is not None:
            await self.write(opinions.decide, guild_id, member_id, self.terms.host, agreed=agreed, at=at)

    async def claim(self, guild_id: int, member_id: int, now: datetime) -> bool:
        """Counts a request about a member's answer before it is made; False where there can be none."""
        terms = self.terms
        if terms is None or not await self.read(may_ask, terms, guild_id, member_id, now):
            return False
        return await self.write(claim, terms, guild_id, member_id, now)

    async def open_answer(self, interview_id: int, position: int, member_id: int) -> OpenAnswer | None:
        """What a model would ask a follow-up to; raises Refusal: `interviews.not_yours`."""
        return await self.read(open_answer, self._banks, interview_id, position, member_id)
