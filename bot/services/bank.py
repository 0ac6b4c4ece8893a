"""Use cases of a server's own questions: write, edit, retire them, and see how they did."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.domain.bank import OWN_PACK, Bank, Banks, OwnQuestion, Pack, Question, can_name_pack
from bot.domain.bank_drafts import ItemFields, Purpose, QuestionFields, near, with_item, written
from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.services.spoilers import hidden
from bot.services.use_cases import Service, T, reads
from bot.storage import bank, bank_drafts, bank_results, members, servers, suggestions
from bot.storage.bank_drafts import BankDraft
from bot.storage.bank_numbers import QuestionNumbers
from bot.storage.bank_results import BankResults
from bot.storage.database import Database
from bot.storage.dialects import tell

KEPT_DRAFTS = timedelta(days=30)
NEWS = "bank"
"""What processes tell one another of a server's questions begins so."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it stands, the question that it makes, and those that ask much the same.

    Attributes:
        number: the number that it has, or will have.
        wrong: why it cannot be stored as it is.
    """

    draft: BankDraft
    question: Question | None
    near: list[Question]
    number: int
    wrong: Refusal | None


def parse_pack(known: Bank, text: str | None) -> str:
    """The id of a server's own pack, also of one that begins now.

    Raises:
        Refusal: `bank.pack_shipped` for a pack that nobody can change here, `bank.pack_name` for what is no id.
    """
    pack = (text or OWN_PACK).strip().lower()
    if any(pack == found.id and not found.editions for found in known.packs):
        raise Refusal("bank.pack_shipped", pack=pack)
    if not can_name_pack(pack):
        raise Refusal("bank.pack_name", text=pack)
    return pack


def own_question(known: Bank, question: Question) -> OwnQuestion:
    """A question of the server's own.

    Raises:
        Refusal: `bank.question_shipped` for one that nobody can change here.
    """
    if not isinstance(question, OwnQuestion):
        raise Refusal("bank.question_shipped", question=question)
    return question


def next_number(pack: Pack | None, given: int = 0) -> int:
    """The number that the next question of a server's own pack gets, None for one that begins now.

    Args:
        given: the last number that it has given, also to a question that is gone.
    """
    there = [edition.question.number for edition in pack.editions] if pack else []
    return 1 + max([given, *there])


def _draft(conn: Connection, draft_id: int, actor: Actor) -> BankDraft:
    found = bank_drafts.get(conn, draft_id, actor.guild_id, actor.member_id)
    if found is None:
        raise Refusal("bank.draft_gone")
    return found


def begin(
    conn: Connection,
    actor: Actor,
    purpose: Purpose,
    fields: QuestionFields,
    *,
    pack: str,
    question_id: str | None = None,
    suggestion_id: int | None = None,
) -> BankDraft:
    """Stores what somebody has begun to write."""
    servers.ensure(conn, actor.guild_id)
    members.record(conn, actor.guild_id, actor.member_id, actor.name, actor.now)
    bank_drafts.delete_older(conn, actor.guild_id, actor.now - KEPT_DRAFTS)
    made = bank_drafts.add(
        conn,
        actor.guild_id,
        actor.member_id,
        purpose,
        fields,
        actor.now,
        pack=pack,
        question_id=question_id,
        suggestion_id=suggestion_id,
    )
    return _draft(conn, made, actor)


def rewrite(
    conn: Connection, actor: Actor, draft_id: int, change: Callable[[QuestionFields], QuestionFields]
) -> BankDraft:
    """Changes what a draft says.

    Raises:
        Refusal: `bank.draft_gone` where it was stored or thrown away.
    """
    draft = _draft(conn, draft_id, actor)
    fields = change(draft.fields)
    bank_drafts.rewrite(conn, draft, fields)
    return replace(draft, fields=fields)


def store(conn: Connection, numbers: QuestionNumbers, known: Bank, actor: Actor, draft_id: int) -> Question:
    """Stores a draft as a question, or as another edition of one.

    Raises:
        Refusal: `bank.draft_gone`, `bank.question_retired`, or what keeps it from being stored.
    """
    draft = _draft(conn, draft_id, actor)
    before = None if draft.question_id is None else known.find(draft.question_id)
    if draft.question_id is not None and before is None:
        raise Refusal("bank.question_retired", question_id=draft.question_id)
    question = written(draft.fields, before)
    bank_drafts.delete(conn, draft)
    if before is not None:
        edited = bank.edit(conn, actor.guild_id, draft.pack, question, actor.now)
        if edited is None:
            raise Refusal("bank.question_retired", question_id=before.id)
        return edited
    author = None
    if draft.suggestion_id is not None:
        suggestion = suggestions.open_one(conn, actor.guild_id, draft.suggestion_id)
        if suggestion is None:
            raise Refusal("suggestions.decided")
        author = suggestion.member_id
    stored = bank.add(conn, numbers, actor.guild_id, draft.pack, [question], author, actor.now)[0]
    if draft.suggestion_id is not None:
        suggestions.decide(conn, draft.suggestion_id, actor.now, question_id=stored.id, reason=None)
    return stored


def results(conn: Connection, guild_id: int, member_id: int) -> BankResults:
    """How a server's questions did; details of those that are open stay back from who has not answered them."""
    return replace(bank_results.of_server(conn, guild_id), hidden=hidden(conn, guild_id, member_id))


class BankService(Service):
    """Keeps servers' own questions, and the banks up to date with them.

    Args:
        banks: what everybody asks for questions.
        numbers: those that were given to servers' own questions.
    """

    results = reads(results)

    def __init__(self, database: Database, banks: Banks, numbers: QuestionNumbers) -> None:
        super().__init__(database)
        self._banks = banks
        self.numbers = numbers

    async def load(self) -> None:
        """Reads all servers' own packs: once, before anything is asked."""
        found = await self.read(bank.everywhere)
        self._banks.put(found)
        given = [(guild_id, pack.id, next_number(pack) - 1) for guild_id, own in found.items() for pack in own]
        await asyncio.to_thread(self.numbers.give, given)

    async def follow(self, guild_id: int) -> None:
        """Another process has changed a server's questions."""
        self._banks.put(await self.read(bank.of_server, guild_id))

    async def changing(self, guild_id: int, work: Callable[[Connection], T]) -> T:
        """Runs what changes a server's questions, and lets its bank follow, whoever stops waiting meanwhile."""

        def whole(conn: Connection) -> tuple[T, dict[int, list[Pack]]]:
            done = work(conn)
            tell(conn, f"{NEWS} {guild_id}")
            return done, bank.of_server(conn, guild_id)

        async def change() -> T:
            done, packs = await self._db.write(whole)
            self._banks.put(packs)
            return done

        return await asyncio.shield(asyncio.create_task(change()))

    def of(self, guild_id: int) -> Bank:
        """The questions that a server knows."""
        return self._banks.of(guild_id)

    def next_number(self, guild_id: int, pack_id: str) -> int:
        """The number that the next question of a server's own pack gets."""
        own = next((pack for pack in self.of(guild_id).own.packs if pack.id == pack_id), None)
        return next_number(own, self.numbers.last(guild_id, pack_id))

    async def begin(
        self, actor: Actor, purpose: Purpose, fields: QuestionFields, pack: str, question_id: str | None = None
    ) -> DraftView:
        """Stores what somebody has begun to write, and shows it."""
        known = self.of(actor.guild_id)
        if question_id is not None:
            fields = replace(fields, items=self.own(actor.guild_id, question_id).items)
        draft = await self.write(begin, actor, purpose, fields, pack=pack, question_id=question_id)
        return self._view(known, draft)

    def own(self, guild_id: int, question_id: str) -> OwnQuestion:
        """A server's own question by its id.

        Raises:
            Refusal: `bank.question_retired` where it is not asked any more, `bank.question_shipped`.
        """
        known = self.of(guild_id)
        found = known.find(question_id)
        if found is None:
            raise Refusal("bank.question_retired", question_id=question_id)
        return own_question(known, found)

    async def draft(self, actor: Actor, draft_id: int) -> DraftView:
        """A draft as it stands. Raises Refusal (`bank.draft_gone`)."""
        return self._view(self.of(actor.guild_id), await self.read(_draft, draft_id, actor))

    async def retype(self, actor: Actor, draft_id: int, fields: QuestionFields) -> DraftView:
        """Stores what was typed anew; quiz items stay. Raises Refusal (`bank.draft_gone`)."""
        draft = await self.write(rewrite, actor, draft_id, lambda old: replace(fields, items=old.items))
        return self._view(self.of(actor.guild_id), draft)

    async def add_item(self, actor: Actor, draft_id: int, typed: ItemFields) -> DraftView:
        """Adds a quiz item to a draft; one that cannot be asked is kept as it was typed, and `wrong` says why."""
        wrong: list[Refusal] = []

        def change(old: QuestionFields) -> QuestionFields:
            try:
                return with_item(old, typed)
            except Refusal as refusal:
                wrong.append(refusal)
                return replace(old, pending=typed)

        draft = await self.write(rewrite, actor, draft_id, change)
        view = self._view(self.of(actor.guild_id), draft)
        return replace(view, wrong=wrong[0]) if wrong else view

    async def drop_item(self, actor: Actor, draft_id: int) -> DraftView:
        """Takes a draft's last quiz item out."""
        draft = await self.write(rewrite, actor, draft_id, lambda old: replace(old, items=old.items[:-1]))
        return self._view(self.of(actor.guild_id), draft)

    async def discard(self, actor: Actor, draft_id: int) -> None:
        """Throws a draft away."""
        await self._db.write(lambda conn: bank_drafts.delete(conn, _draft(conn, draft_id, actor)))

    async def store(self, actor: Actor, draft_id: int) -> Question:
        """Stores a draft as a question, or as another edition of one; raises Refusal as `store` says."""
        known = self.of(actor.guild_id)
        return await self.changing(actor.guild_id, lambda conn: store(conn, self.numbers, known, actor, draft_id))

    async def retire(self, actor: Actor, question_id: str) -> Question:
        """Takes a question out of what is asked; its history stays. Raises Refusal as `own` says."""
        question = self.own(actor.guild_id, question_id)
        pack, number = question.id.rsplit("-", 1)[0], question.number
        await self.changing(
            actor.guild_id,
            lambda conn: bank.retire(conn, actor.guild_id, pack, number, question.id, actor.now),
        )
        return question

    def _view(self, known: Bank, draft: BankDraft) -> DraftView:
        before = None if draft.question_id is None else known.find(draft.question_id)
        others = [question for question in known.questions if question.id != draft.question_id]
        try:
            question = written(draft.fields, before)
        except Refusal as refusal:
            return DraftView(draft, None, [], 0, refusal)
        number = question.number or self.next_number(draft.guild_id, draft.pack)
        return DraftView(draft, question, near(question.wording, others), number, None)
