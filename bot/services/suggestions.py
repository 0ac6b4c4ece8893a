"""Use cases of suggesting questions: send, review, accept, decline, and tell the author."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.domain.bank import OWN_PACK, Bank, Question
from bot.domain.bank_drafts import Purpose, near, written
from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.domain.schedule import day_begins, local_date
from bot.services.bank import BankService, begin
from bot.services.use_cases import Service, reads, writes
from bot.storage import bank, bank_drafts, servers, suggestions
from bot.storage.bank_drafts import BankDraft
from bot.storage.bank_numbers import QuestionNumbers
from bot.storage.database import Database
from bot.storage.suggestions import Suggestion

A_DAY = 5


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A suggestion to decide, the question that it makes, and those that ask much the same.

    Attributes:
        at, of: which of the waiting ones it is, from 1 on.
        number: the number that it will have.
    """

    suggestion: Suggestion
    question: Question
    near: list[Question]
    at: int
    of: int
    number: int


def check_quota(conn: Connection, guild_id: int, member_id: int, now: datetime) -> None:
    """Raises Refusal (`suggestions.too_many`) for who has sent enough today."""
    zone = servers.server_zone(conn, guild_id)
    since = day_begins(local_date(now, zone), zone)
    if suggestions.count_since(conn, guild_id, member_id, since) >= A_DAY:
        raise Refusal("suggestions.too_many", most=A_DAY)


def send(conn: Connection, actor: Actor, draft_id: int) -> int:
    """Makes a draft a suggestion, and returns how many are waiting.

    Raises:
        Refusal: `bank.draft_gone`, `suggestions.too_many`, or what keeps it from being stored.
    """
    draft = bank_drafts.get(conn, draft_id, actor.guild_id, actor.member_id)
    if draft is None:
        raise Refusal("bank.draft_gone")
    written(draft.fields)
    check_quota(conn, actor.guild_id, actor.member_id, actor.now)
    bank_drafts.delete(conn, draft)
    suggestions.add(conn, actor.guild_id, actor.member_id, draft.fields, actor.now)
    return len(suggestions.open_in(conn, actor.guild_id))


def still_open(conn: Connection, guild_id: int, suggestion_id: int) -> Suggestion:
    """A suggestion to decide. Raises Refusal (`suggestions.decided`)."""
    found = suggestions.open_one(conn, guild_id, suggestion_id)
    if found is None:
        raise Refusal("suggestions.decided")
    return found


def accept(
    conn: Connection, numbers: QuestionNumbers, actor: Actor, suggestion_id: int
) -> tuple[Suggestion, Question]:
    """Makes a suggestion a question of the server's own. Raises Refusal (`suggestions.decided`)."""
    found = still_open(conn, actor.guild_id, suggestion_id)
    question = written(found.fields)
    stored = bank.add(conn, numbers, actor.guild_id, OWN_PACK, [question], found.member_id, actor.now)[0]
    suggestions.decide(conn, found.id, actor.now, question_id=stored.id, reason=None)
    return replace(found, question_id=stored.id), stored


def decline(conn: Connection, actor: Actor, suggestion_id: int, reason: str) -> Suggestion:
    """Turns a suggestion down. Raises Refusal (`suggestions.decided`, `suggestions.no_reason`)."""
    found = still_open(conn, actor.guild_id, suggestion_id)
    if not reason.strip():
        raise Refusal("suggestions.no_reason")
    suggestions.decide(conn, found.id, actor.now, question_id=None, reason=reason.strip())
    return replace(found, reason=reason.strip())


def edit(conn: Connection, actor: Actor, suggestion_id: int) -> BankDraft:
    """Begins a draft of a suggestion. Raises Refusal (`suggestions.decided`)."""
    found = still_open(conn, actor.guild_id, suggestion_id)
    return begin(conn, actor, Purpose.ADD, found.fields, pack=OWN_PACK, suggestion_id=found.id)


def mark_told(conn: Connection, told: list[Suggestion]) -> None:
    """Records that authors know what became of these."""
    for one in told:
        suggestions.mark_told(conn, one.id)


class SuggestionService(Service):
    """Takes suggestions and decides them."""

    still_open = reads(still_open)
    send = writes(send)
    edit = writes(edit)

    def __init__(self, database: Database, bank_service: BankService) -> None:
        super().__init__(database)
        self._bank = bank_service
        self._waiting: set[tuple[int, int]] = set()

    async def load(self) -> None:
        """Reads who is to be told of a decision still: once, before anybody asks."""
        self._waiting |= await self.read(suggestions.waiting)

    async def check_quota(self, actor: Actor) -> None:
        """Raises Refusal (`suggestions.too_many`) for who has sent enough today."""
        await self.read(check_quota, actor.guild_id, actor.member_id, actor.now)

    async def count(self, guild_id: int) -> int:
        """How many suggestions are waiting."""
        return len(await self.read(suggestions.open_in, guild_id))

    async def look(self, guild_id: int, wanted: int) -> SuggestionView | None:
        """The first waiting suggestion from an id on, else the oldest; None where none is waiting."""
        waiting = await self.read(suggestions.open_in, guild_id)
        at = next((at for at, one in enumerate(waiting) if one.id >= wanted), 0)
        number = self._bank.next_number(guild_id, OWN_PACK)
        return _view(self._bank.of(guild_id), number, waiting[at], at + 1, len(waiting)) if waiting else None

    async def accept(self, actor: Actor, suggestion_id: int) -> tuple[Suggestion, Question]:
        """Makes a suggestion a question. Raises Refusal (`suggestions.decided`)."""
        work = partial(accept, numbers=self._bank.numbers, actor=actor, suggestion_id=suggestion_id)
        decided, stored = await self._bank.changing(actor.guild_id, work)
        self._waiting.add((actor.guild_id, decided.member_id))
        return decided, stored

    async def decline(self, actor: Actor, suggestion_id: int, reason: str) -> Suggestion:
        """Turns a suggestion down. Raises Refusal (`suggestions.decided`, `suggestions.no_reason`)."""
        decided = await self.write(decline, actor, suggestion_id, reason)
        self._waiting.add((actor.guild_id, decided.member_id))
        return decided

    async def untold(self, guild_id: int, member_id: int) -> list[Suggestion]:
        """A member's decided suggestions of which they were not told; asks nothing where there can be none."""
        if (guild_id, member_id) not in self._waiting:
            return []
        return await self.read(suggestions.untold, guild_id, member_id)

    async def authors_to_tell(self, guild_id: int) -> list[int]:
        """Members of a server who are to be told what became of their suggestions."""
        self._waiting |= await self.read(suggestions.waiting)
        return [member_id for at, member_id in self._waiting if at == guild_id]

    async def mark_told(self, guild_id: int, member_id: int, told: list[Suggestion]) -> None:
        """Records that a member knows what became of these."""
        await self.write(mark_told, told)
        self._waiting.discard((guild_id, member_id))


def _view(known: Bank, number: int, suggestion: Suggestion, at: int, of: int) -> SuggestionView:
    question = written(suggestion.fields)
    return SuggestionView(suggestion, question, near(question.wording, known.questions), at, of, number)
