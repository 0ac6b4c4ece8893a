"""Use cases of bringing a file of questions: read it, look at what is in it, import it, take that back."""

import asyncio
from dataclasses import dataclass
from functools import partial

import msgspec
from sqlalchemy import Connection

from bot.domain.bank import Pack, Question
from bot.domain.bank_imports import ReadFile, same_key, taken
from bot.domain.errors import Refusal
from bot.domain.members import Actor
from bot.services.bank import KEPT_DRAFTS, BankService
from bot.services.bank_reader import FileToRead, read_apart
from bot.services.use_cases import Service, writes
from bot.storage import bank, bank_imports, members, servers
from bot.storage.bank_imports import BankImport
from bot.storage.bank_numbers import QuestionNumbers
from bot.storage.database import Database

NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class ImportView:
    """A file as it can be imported.

    Attributes:
        number: the number that its first question will have.
        near: those of the server's questions that one of the file comes close to.
    """

    id: int
    pack: str
    file: str
    read: ReadFile
    number: int
    near: dict[str, Question]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has brought into a pack.

    Attributes:
        questions: the new ones.
        changed: those that say what the file says now.
    """

    id: int
    pack: str
    questions: list[Question]
    changed: list[Question]


def keep(conn: Connection, actor: Actor, pack: str, file: str, text: str) -> int:
    """Stores what was found in a file until it is imported, and returns its id."""
    servers.ensure(conn, actor.guild_id)
    members.record(conn, actor.guild_id, actor.member_id, actor.name, actor.now)
    bank_imports.delete_older(conn, actor.guild_id, actor.now - KEPT_DRAFTS)
    return bank_imports.add(conn, actor.guild_id, actor.member_id, pack, file, text, actor.now)


def find(conn: Connection, actor: Actor, import_id: int) -> BankImport:
    """A member's import that is still to be decided. Raises Refusal (`bank.import_gone`, `bank.import_done`)."""
    found = bank_imports.get(conn, import_id, actor.guild_id, actor.member_id)
    if found is not None and found.added is not None:
        raise Refusal("bank.import_done")
    if found is None or found.text is None:
        raise Refusal("bank.import_gone")
    return found


def _editions(pack: Pack) -> dict[str, Question]:
    """The questions of a pack by what each of their editions has in common with itself in another import."""
    now = {question.id: question for question in pack.questions}
    then = [edition.question for edition in pack.editions if edition.question.id in now]
    return {same_key(one): now[one.id] for one in (*then, *pack.questions)}


def bring(conn: Connection, numbers: QuestionNumbers, actor: Actor, import_id: int, *, take: bool) -> Imported:
    """Imports a file: all of it that is not in its pack by now, or nothing.

    Args:
        take: questions that the pack says otherwise become what the file says; else they stay.

    Raises:
        Refusal: as `find`, or `bank.import_nothing`.
    """
    one = find(conn, actor, import_id)
    own = bank.of_server(conn, actor.guild_id)[actor.guild_id]
    pack = next((pack for pack in own if pack.id == one.pack), None)
    there = {} if pack is None else _editions(pack)
    now = {} if pack is None else {question.id: question for question in pack.questions}
    read = msgspec.json.decode(one.text or "", type=ReadFile)
    new = [question for question in read.questions if same_key(question) not in there]
    taking = [taken(now[it.question_id], it.found) for it in read.changed if take and it.question_id in now]
    if not new and not taking:
        raise Refusal("bank.import_nothing", pack=one.pack)
    stored = bank.add(conn, numbers, actor.guild_id, one.pack, new, None, actor.now)
    changed = [bank.edit(conn, actor.guild_id, one.pack, question, actor.now) for question in taking]
    bank_imports.mark(conn, one, [question.number for question in stored])
    return Imported(one.id, one.pack, stored, [question for question in changed if question is not None])


def discard(conn: Connection, actor: Actor, import_id: int) -> None:
    """Throws away what was found in a file. Raises Refusal as `find`."""
    bank_imports.delete(conn, find(conn, actor, import_id))


def take_back(conn: Connection, actor: Actor, import_id: int) -> BankImport:
    """Retires exactly what an import has brought and is not retired yet, while none of it was asked.

    Raises:
        Refusal: `bank.import_undone`, or `bank.import_asked` with the first question that was.
    """
    one = bank_imports.get(conn, import_id, actor.guild_id, actor.member_id)
    if one is None or one.added is None:
        raise Refusal("bank.import_undone")
    ids = {number: f"{one.pack}-{number:03}" for number in one.added}
    asked = bank_imports.asked_of(conn, actor.guild_id, one.pack)
    if found := next((question_id for question_id in ids.values() if question_id in asked), None):
        raise Refusal("bank.import_asked", question_id=found)
    bank.retire_all(conn, actor.guild_id, one.pack, ids, actor.now)
    bank_imports.mark(conn, one, None)
    return one


class BankUploadService(Service):
    """Brings files of questions into servers' own packs. One file is read at a time; others wait in line."""

    discard = writes(discard)

    def __init__(self, database: Database, bank_service: BankService) -> None:
        super().__init__(database)
        self._bank = bank_service
        self._turn = asyncio.Semaphore(1)

    async def read_in(self, actor: Actor, pack: str, file: str, data: bytes) -> ImportView:
        """Reads a file and keeps what was found until it is imported.

        Raises:
            Refusal: as `read_apart`, or `bank.import_nothing` where all of it is in the pack already.
        """
        known = self._bank.of(actor.guild_id)
        own = next((found for found in known.packs if found.id == pack), None)
        there = {} if own is None else _editions(own)
        wordings = {question.id: question.wording for question in known.questions}
        async with self._turn:
            text = await read_apart(FileToRead(data, file, there, wordings))
        read = msgspec.json.decode(text, type=ReadFile)
        if not read.questions and not read.changed:
            raise Refusal("bank.import_nothing", pack=pack)
        name = file[:NAME_CHARS]
        made = await self.write(keep, actor, pack, name, text.decode())
        return self._view(actor, made, pack, name, read)

    async def look(self, actor: Actor, import_id: int) -> ImportView:
        """What was found in a file. Raises Refusal (`bank.import_gone`, `bank.import_done`)."""
        one = await self.read(find, actor, import_id)
        read = msgspec.json.decode(one.text or "", type=ReadFile)
        return self._view(actor, one.id, one.pack, one.file, read)

    async def bring(self, actor: Actor, import_id: int, *, take: bool) -> Imported:
        """Imports a file. Raises Refusal as `bring` says; nothing is stored then."""
        work = partial(bring, numbers=self._bank.numbers, actor=actor, import_id=import_id, take=take)
        return await self._bank.changing(actor.guild_id, work)

    async def take_back(self, actor: Actor, import_id: int) -> BankImport:
        """Retires what an import has brought. Raises Refusal as `take_back` says; nothing is retired then."""
        return await self._bank.changing(actor.guild_id, lambda conn: take_back(conn, actor, import_id))

    def _view(self, actor: Actor, import_id: int, pack: str, file: str, read: ReadFile) -> ImportView:
        known = self._bank.of(actor.guild_id)
        number = self._bank.next_number(actor.guild_id, pack)
        near = {one.question_id: found for one in read.near if (found := known.find(one.question_id))}
        return ImportView(import_id, pack, file, read, number, near)
