"""Queries on answers and the messages and forms that they consist of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from bot.domain.answers import AnswerStatus
from bot.domain.drills import Drill, DrillState
from bot.domain.streaks import Outcome
from bot.storage.drills import collecting
from bot.storage.schema import answers, aways, drills, freezes_told, parts, repairs

REPAIRED = "done"
"""The state of a repair that succeeded."""


class PastDrill(NamedTuple):
    """What one posted drill was for one member; `status` is None without an answer."""

    drill_id: int
    state: str
    status: str | None
    date: date
    away: bool
    repaired: bool

    @property
    def outcome(self) -> Outcome:
        """What it means for the streak: an on-time answer counts on every day, then comes a repair, then away."""
        if self.status == AnswerStatus.ON_TIME:
            return Outcome.ANSWERED
        if self.repaired:
            return Outcome.NEUTRAL
        if self.away:
            return Outcome.AWAY
        return Outcome.OPEN if self.state == DrillState.OPEN else Outcome.MISSED


def outcomes_of(drills: Sequence[PastDrill]) -> list[Outcome]:
    """What each posted drill means for the streak."""
    return [drill.outcome for drill in drills]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one member said to one drill. Discord shows an old state while `shown_version` is behind `version`."""

    id: int
    guild_id: int
    track_id: int
    drill_id: int
    member_id: int
    status: AnswerStatus
    counted_at: datetime | None
    version: int
    shown_version: int
    attempts: int


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One message or form of an answer. `mark` is the reaction the bot has put on it; `gone` means deleted."""

    id: int
    guild_id: int
    answer_id: int
    source: str
    message_id: int | None
    channel_id: int | None
    text: str
    has_file: bool
    withheld: bool
    sent_at: datetime
    mark: str | None
    gone: bool


def _answer(row: Any) -> Answer:
    values = dict(row._mapping)
    values["status"] = AnswerStatus(values["status"])
    return Answer(**values)


def _part(row: Any) -> AnswerPart:
    return AnswerPart(**row._mapping)


def of_member(conn: Connection, drill_id: int, member_id: int) -> Answer | None:
    """A member's answer to a drill."""
    query = sa.select(answers).where(answers.c.drill_id == drill_id, answers.c.member_id == member_id)
    row = conn.execute(query).first()
    return None if row is None else _answer(row)


def get(conn: Connection, answer_id: int) -> Answer | None:
    """The answer with this id."""
    row = conn.execute(sa.select(answers).where(answers.c.id == answer_id)).first()
    return None if row is None else _answer(row)


def of_drill(conn: Connection, drill_id: int) -> list[Answer]:
    """Answers that count, in the order in which they came."""
    query = (
        sa.select(answers)
        .where(answers.c.drill_id == drill_id, answers.c.counted_at.is_not(None))
        .order_by(answers.c.counted_at, answers.c.id)
    )
    return [_answer(row) for row in conn.execute(query)]


def count_on_time(conn: Connection, drill_id: int) -> int:
    """How many members answered on time."""
    query = sa.select(sa.func.count()).where(
        answers.c.drill_id == drill_id, answers.c.status == AnswerStatus.ON_TIME
    )
    return conn.execute(query).scalar_one()


def on_time_of_member(conn: Connection, track_id: int, member_id: int) -> int:
    """How many of a track's drills a member answered on time."""
    query = sa.select(sa.func.count()).where(
        answers.c.track_id == track_id, answers.c.member_id == member_id, answers.c.status == AnswerStatus.ON_TIME
    )
    return conn.execute(query).scalar_one()


def add(conn: Connection, drill: Drill, member_id: int) -> Answer:
    """Stores an answer that does not count yet."""
    row = conn.execute(
        answers.insert()
        .values(
            guild_id=drill.guild_id,
            track_id=drill.track_id,
            drill_id=drill.id,
            member_id=member_id,
            status=AnswerStatus.SHORT,
        )
        .returning(*answers.c)
    )
    return _answer(row.one())


def credit(conn: Connection, answer_id: int, status: AnswerStatus, at: datetime) -> None:
    """Records that an answer counts, and since when."""
    conn.execute(answers.update().where(answers.c.id == answer_id).values(status=status, counted_at=at))


def parts_of(conn: Connection, answer_id: int) -> list[AnswerPart]:
    """An answer's messages and form in order."""
    query = sa.select(parts).where(parts.c.answer_id == answer_id).order_by(parts.c.sent_at, parts.c.id)
    return [_part(row) for row in conn.execute(query)]


def part_by_message(conn: Connection, message_id: int) -> AnswerPart | None:
    """The part that a message is."""
    row = conn.execute(sa.select(parts).where(parts.c.message_id == message_id)).first()
    return None if row is None else _part(row)


def add_part(conn: Connection, values: dict[str, Any]) -> int:
    """Stores a part and returns its id."""
    return conn.execute(parts.insert().values(**values).returning(parts.c.id)).one().id


def change_part(conn: Connection, part_id: int, **values: Any) -> None:
    """Changes the named columns of a part."""
    conn.execute(parts.update().where(parts.c.id == part_id).values(**values))


def erase_part(conn: Connection, part_id: int) -> None:
    """Erases a deleted part's text; the row stays, so that a message that arrives twice does not come back."""
    change_part(conn, part_id, text="", has_file=False, withheld=False, gone=True)


def erase_older(conn: Connection, than: datetime) -> int:
    """Erases the texts of messages and forms sent before an instant, and returns how many there were."""
    old = parts.update().where(parts.c.sent_at < than, parts.c.text != "").values(text="")
    return conn.execute(old).rowcount


def touch(conn: Connection, answer_id: int) -> None:
    """Notes that Discord has to show something else than it does."""
    conn.execute(answers.update().where(answers.c.id == answer_id).values(version=answers.c.version + 1))


def touch_drill(conn: Connection, drill_id: int) -> None:
    """Notes that Discord has to show all answers of a drill anew: where they are shown has changed."""
    conn.execute(answers.update().where(answers.c.drill_id == drill_id).values(version=answers.c.version + 1))


def tried(conn: Connection, answer_id: int) -> None:
    """Notes before sending that it may have happened: the next try looks first."""
    conn.execute(answers.update().where(answers.c.id == answer_id).values(attempts=answers.c.attempts + 1))


def shown(conn: Connection, answer_id: int, version: int) -> None:
    """Notes that Discord shows a version."""
    conn.execute(answers.update().where(answers.c.id == answer_id).values(shown_version=version, attempts=0))


def owed_drills(conn: Connection) -> list[int]:
    """Posted drills with answers whose newest version Discord does not show yet."""
    posted = sa.exists().where(drills.c.id == answers.c.drill_id, drills.c.state.in_(("open", "closed")))
    query = sa.select(answers.c.drill_id).distinct().where(answers.c.version > answers.c.shown_version, posted)
    return list(conn.execute(query).scalars())


def owed(conn: Connection, drill_id: int) -> list[int]:
    """A drill's answers whose newest version Discord does not show yet, least tried first."""
    query = (
        sa.select(answers.c.id)
        .where(answers.c.drill_id == drill_id, answers.c.version > answers.c.shown_version)
        .order_by(answers.c.attempts, answers.c.id)
    )
    return list(conn.execute(query).scalars())


def short_messages(conn: Connection, since: datetime) -> list[AnswerPart]:
    """All messages of answers too short to count, to drills that are open or closed after `since`."""
    query = (
        sa.select(parts)
        .join(answers, answers.c.id == parts.c.answer_id)
        .join(drills, drills.c.id == answers.c.drill_id)
        .where(answers.c.status == AnswerStatus.SHORT, parts.c.message_id.is_not(None), parts.c.gone.is_(False))
        .where(collecting(since))
    )
    return [_part(row) for row in conn.execute(query)]


def _history_query() -> sa.Select[*tuple[Any, ...]]:
    track_id, member_id = sa.bindparam("track_id", type_=sa.Integer), sa.bindparam("member_id", type_=sa.BigInteger)
    away = sa.exists().where(
        aways.c.guild_id == drills.c.guild_id,
        aways.c.member_id == member_id,
        aways.c.first <= drills.c.date,
        aways.c.last >= drills.c.date,
    )
    repaired = sa.exists().where(
        repairs.c.drill_id == drills.c.id, repairs.c.member_id == member_id, repairs.c.state == REPAIRED
    )
    theirs = sa.and_(
        answers.c.track_id == track_id, answers.c.member_id == member_id, answers.c.drill_id == drills.c.id
    )
    return (
        sa.select(drills.c.id, drills.c.state, answers.c.status, drills.c.date, away, repaired)
        .select_from(drills.outerjoin(answers, theirs))
        .where(drills.c.track_id == track_id, drills.c.state.in_(("open", "closed")))
        .order_by(drills.c.opened_at, drills.c.id)
    )


_HISTORY = _history_query()
"""Built once: to build it takes as long as to run it."""


def history(conn: Connection, track_id: int, member_id: int) -> list[PastDrill]:
    """A track's posted drills as they were for a member, in the order in which they opened."""
    found = conn.execute(_HISTORY, {"track_id": track_id, "member_id": member_id})
    return [PastDrill(*row) for row in found]


def freeze_told(conn: Connection, track_id: int, member_id: int) -> int:
    """The newest drill whose spent freeze a member was told about, or 0."""
    query = sa.select(freezes_told.c.drill_id).where(
        freezes_told.c.track_id == track_id, freezes_told.c.member_id == member_id
    )
    return conn.execute(query).scalar() or 0


def tell_freeze(conn: Connection, guild_id: int, track_id: int, member_id: int, drill_id: int) -> None:
    """Notes that a member was told."""
    row = insert(freezes_told).values(guild_id=guild_id, track_id=track_id, member_id=member_id, drill_id=drill_id)
    conn.execute(row.on_conflict_do_update(index_elements=["track_id", "member_id"], set_={"drill_id": drill_id}))


def all_credited(conn: Connection) -> list[Any]:
    """Every answer that counts, with its drill's date: what the ledger must agree with."""
    query = (
        sa.select(answers, drills.c.date)
        .join(drills, drills.c.id == answers.c.drill_id)
        .where(answers.c.counted_at.is_not(None))
    )
    return list(conn.execute(query).all())
