"""Queries on files of questions that somebody brought: to be imported, or to be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.schema import bank_imports, drills, interview_questions, live_rounds, rounds

_MINE = (
    bank_imports.c.id == sa.bindparam("import_id"),
    bank_imports.c.guild_id == sa.bindparam("of_guild"),
    bank_imports.c.member_id == sa.bindparam("of_member"),
)
_GET = sa.select(bank_imports).where(*_MINE)
_ADD = bank_imports.insert().returning(bank_imports.c.id)
_MARK = (
    bank_imports.update()
    .where(*_MINE)
    .values(text=None, added=sa.bindparam("numbers", type_=bank_imports.c.added.type))
)
_DELETE = bank_imports.delete().where(*_MINE)
_DELETE_WAITING = bank_imports.delete().where(
    bank_imports.c.guild_id == sa.bindparam("of_guild"),
    bank_imports.c.member_id == sa.bindparam("of_member"),
    bank_imports.c.text.is_not(None),
)
_DELETE_OLD = bank_imports.delete().where(
    bank_imports.c.guild_id == sa.bindparam("of_guild"), bank_imports.c.made_at < sa.bindparam("before")
)
_ASKED = [
    sa.select(table.c.question_id).where(
        table.c.guild_id == sa.bindparam("of_guild"), table.c.question_id.startswith(sa.bindparam("beginning"))
    )
    for table in (drills, rounds, live_rounds, interview_questions)
]


@dataclass(frozen=True, slots=True)
class BankImport:
    """A file that a member brought.

    Attributes:
        pack: the pack into which its questions go.
        text: what was found, as it was stored; None once it was imported.
        added: the numbers of the questions that it brought; None before, and once they were taken back.
    """

    id: int
    guild_id: int
    member_id: int
    pack: str
    file: str
    text: str | None
    added: tuple[int, ...] | None


def get(conn: Connection, import_id: int, guild_id: int, member_id: int) -> BankImport | None:
    """A member's own import."""
    row = conn.execute(_GET, {"import_id": import_id, "of_guild": guild_id, "of_member": member_id}).first()
    if row is None:
        return None
    added = None if row.added is None else tuple(row.added)
    return BankImport(row.id, row.guild_id, row.member_id, row.pack, row.file, row.text, added)


def add(conn: Connection, guild_id: int, member_id: int, pack: str, file: str, text: str, at: datetime) -> int:
    """Stores what was found in a file in place of what else the member has not imported, and returns its id."""
    conn.execute(_DELETE_WAITING, {"of_guild": guild_id, "of_member": member_id})
    values = {
        "guild_id": guild_id,
        "member_id": member_id,
        "pack": pack,
        "file": file,
        "text": text,
        "added": None,
        "made_at": at,
    }
    return conn.execute(_ADD, values).scalar_one()


def mark(conn: Connection, one: BankImport, added: Sequence[int] | None) -> None:
    """Records what an import has brought; None where that was taken back."""
    conn.execute(_MARK, {**_key(one), "numbers": None if added is None else list(added)})


def delete(conn: Connection, one: BankImport) -> None:
    """Throws away what was found in a file."""
    conn.execute(_DELETE, _key(one))


def delete_older(conn: Connection, guild_id: int, before: datetime) -> None:
    """Throws away a server's imports that nobody came back to."""
    conn.execute(_DELETE_OLD, {"of_guild": guild_id, "before": before})


def asked_of(conn: Connection, guild_id: int, pack: str) -> set[str]:
    """The ids of all questions of a pack that anybody in a server was ever asked."""
    values = {"of_guild": guild_id, "beginning": f"{pack}-"}
    return {question_id for asked in _ASKED for question_id in conn.execute(asked, values).scalars()}


def _key(one: BankImport) -> dict[str, object]:
    return {"import_id": one.id, "of_guild": one.guild_id, "of_member": one.member_id}
