"""Queries on servers' own questions: each has editions, of which none is ever changed."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import groupby

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.bank import Edition, Module, OwnQuestion, Pack, Question, Topic
from bot.storage.bank_numbers import QuestionNumbers
from bot.storage.schema import editions, questions, queue

_CONTENT = [field.name for field in fields(Question)]
"""What an edition says. Who suggested a question stands in its own row alone, where a deletion finds it."""
_ALL = (
    sa.select(
        questions.c.guild_id,
        questions.c.pack,
        questions.c.number,
        questions.c.member_id,
        questions.c.retired_at,
        editions.c.number.label("edition"),
        editions.c.content,
        editions.c.made_at,
    )
    .join(editions, editions.c.question_key == questions.c.id)
    .order_by(questions.c.guild_id, questions.c.pack, questions.c.number, editions.c.number)
)
_OF_SERVER = _ALL.where(questions.c.guild_id == sa.bindparam("of_guild"))
_LAST = sa.select(sa.func.max(questions.c.number)).where(
    questions.c.guild_id == sa.bindparam("of_guild"), questions.c.pack == sa.bindparam("of_pack")
)
_ADD = questions.insert().returning(questions.c.id, sort_by_parameter_order=True)
_ADD_EDITION = editions.insert()
_THIS = (
    questions.c.guild_id == sa.bindparam("of_guild"),
    questions.c.pack == sa.bindparam("of_pack"),
    questions.c.number == sa.bindparam("numbered"),
    questions.c.retired_at.is_(None),
)
_NEWEST = (
    sa.select(questions.c.id, sa.func.max(editions.c.number).label("edition"))
    .join(editions, editions.c.question_key == questions.c.id)
    .where(*_THIS)
    .group_by(questions.c.id)
)
_RETIRE = questions.update().where(*_THIS).values(retired_at=sa.bindparam("at"))
_UNQUEUE = queue.delete().where(
    queue.c.guild_id == sa.bindparam("of_guild"), queue.c.question_id == sa.bindparam("gone")
)


def _pack(pack_id: str, rows: Sequence[sa.Row[*tuple[object, ...]]]) -> Pack:
    """A pack of its rows: all editions, and the newest of each question that was not retired."""
    ever: list[Edition] = []
    current: dict[int, OwnQuestion] = {}
    for row in rows:
        found = msgspec.convert(row.content, Question)
        known = {field.name: getattr(found, field.name) for field in fields(found)}
        question = OwnQuestion(**known, edition=row.edition, author_id=row.member_id)
        ever.append(Edition(row.made_at, question))
        if row.retired_at is None:
            current[row.number] = question
    titles = dict.fromkeys(question.topic for question in current.values())
    topics = tuple(Topic(number, title, 1) for number, title in enumerate(titles, start=1))
    return Pack(pack_id, pack_id, (Module(1, pack_id),), topics, tuple(current.values()), tuple(ever))


def everywhere(conn: Connection) -> dict[int, list[Pack]]:
    """All servers' own packs, by server."""
    return _by_server(list(conn.execute(_ALL)))


def of_server(conn: Connection, guild_id: int) -> dict[int, list[Pack]]:
    """One server's own packs, by server."""
    return {guild_id: [], **_by_server(list(conn.execute(_OF_SERVER, {"of_guild": guild_id})))}


def _by_server(rows: Sequence[sa.Row[*tuple[object, ...]]]) -> dict[int, list[Pack]]:
    return {
        guild_id: [_pack(pack, list(own)) for pack, own in groupby(whole, key=lambda row: row.pack)]
        for guild_id, whole in groupby(rows, key=lambda row: row.guild_id)
    }


def _numbered(question: Question, pack: str, number: int, edition: int) -> Question:
    """A question with the ids that it has in a pack; items that came with this edition get theirs."""
    question_id = f"{pack}-{number:03}"
    items = tuple(
        item if item.id.startswith(f"{question_id}-") else replace(item, id=f"{question_id}-{edition}.{at}")
        for at, item in enumerate(question.items, start=1)
    )
    return replace(question, id=question_id, number=number, module=1, items=items)


def _edition(guild_id: int, key: int, number: int, question: Question, at: datetime) -> dict[str, object]:
    said = msgspec.to_builtins(question)
    content = {name: said[name] for name in _CONTENT}
    return {"guild_id": guild_id, "question_key": key, "number": number, "content": content, "made_at": at}


def add(
    conn: Connection,
    numbers: QuestionNumbers,
    guild_id: int,
    pack: str,
    new: Sequence[Question],
    member_id: int | None,
    at: datetime,
) -> list[Question]:
    """Stores new questions behind the last one that a pack ever had, and returns them with their ids."""
    if not new:
        return []
    last = conn.execute(_LAST, {"of_guild": guild_id, "of_pack": pack}).scalar() or 0
    first = 1 + max(last, numbers.last(guild_id, pack))
    numbers.give([(guild_id, pack, first + len(new) - 1)])
    stored = [_numbered(question, pack, number, 1) for number, question in enumerate(new, start=first)]
    row = {"guild_id": guild_id, "pack": pack, "member_id": member_id, "retired_at": None}
    keys = conn.execute(_ADD, [{**row, "number": question.number} for question in stored]).scalars()
    editions_of = zip(keys, stored, strict=True)
    conn.execute(_ADD_EDITION, [_edition(guild_id, key, 1, question, at) for key, question in editions_of])
    return stored


def edit(conn: Connection, guild_id: int, pack: str, question: Question, at: datetime) -> Question | None:
    """Stores another edition of a question; None when it was retired."""
    this = {"of_guild": guild_id, "of_pack": pack, "numbered": question.number}
    row = conn.execute(_NEWEST, this).first()
    if row is None:
        return None
    stored = _numbered(question, pack, question.number, row.edition + 1)
    conn.execute(_ADD_EDITION, _edition(guild_id, row.id, row.edition + 1, stored, at))
    return stored


def retire(conn: Connection, guild_id: int, pack: str, number: int, question_id: str, at: datetime) -> bool:
    """Takes a question out of what is asked, and out of queues; returns whether it was there."""
    this = {"of_guild": guild_id, "of_pack": pack, "numbered": number}
    conn.execute(_UNQUEUE, {"of_guild": guild_id, "gone": question_id})
    return conn.execute(_RETIRE, {**this, "at": at}).rowcount > 0


def retire_all(conn: Connection, guild_id: int, pack: str, ids: Mapping[int, str], at: datetime) -> None:
    """Takes several questions of a pack, ids by number, out of what is asked and out of queues."""
    server = {"of_guild": guild_id, "of_pack": pack}
    conn.execute(_UNQUEUE, [{"of_guild": guild_id, "gone": question_id} for question_id in ids.values()])
    conn.execute(_RETIRE, [{**server, "numbered": number, "at": at} for number in ids])
