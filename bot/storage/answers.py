"""Queries on answers and the messages and forms that they consist of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus
from bot.domain.drills import Drill, DrillState
from bot.domain.interviews import InterviewState
from bot.domain.streaks import Outcome, current_run
from bot.storage.dialects import among, each, insert
from bot.storage.drills import POSTED, collecting
from bot.storage.rows import load, many, one
from bot.storage.schema import (
    ID,
    answers,
    aways,
    drills,
    freezes_told,
    interview_parts,
    interviews,
    members,
    parts,
    repairs,
    tracks,
)
from bot.storage.shards import is_ours

FORM = "form"
"""The source of what was sent by form."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one member said to one drill. Discord shows an old state while `shown_version` is behind `version`.

    `attempts` counts the tries to show it since it was last shown as it is.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
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


class Standing(NamedTuple):
    """How a member stands in a drill: their answer, and the name under which they were last seen, and when."""

    answer: Answer | None
    name: str | None
    seen_at: datetime | None


class CreditedAnswer(NamedTuple):
    """An answer that counts, with its drill's date."""

    guild_id: int
    track_id: int
    member_id: int
    status: AnswerStatus
    counted_at: datetime
    date: date


class MessageOwner(StrEnum):
    """What a message of a person belongs to."""

    DRILL = "drill"
    CARD = "card"
    INTERVIEW = "interview"


class OwnedMessage(NamedTuple):
    """Whose a message is: the drill or interview of a new one, the answer, drill or question of a known one."""

    owner: MessageOwner
    id: int


def _owner(
    owner: MessageOwner, number: sa.ColumnElement[int], *where: sa.ColumnElement[bool]
) -> sa.Select[str, int]:
    name = sa.literal_column(f"'{owner}'", sa.String)
    return sa.select(name.label("owner"), number.label("number")).where(*where)


_CHANNEL_ID = sa.bindparam("channel_id", type_=sa.BigInteger)
_REPLIES_TO = sa.bindparam("replies_to", type_=sa.BigInteger)
WHOSE_MESSAGE = (
    _owner(MessageOwner.DRILL, drills.c.id, drills.c.thread_id == _CHANNEL_ID),
    _owner(MessageOwner.DRILL, drills.c.id, drills.c.forum_post_id == _CHANNEL_ID),
    _owner(
        MessageOwner.INTERVIEW,
        interviews.c.id,
        interviews.c.thread_id == _CHANNEL_ID,
        interviews.c.state == InterviewState.RUNNING,
    ),
    _owner(MessageOwner.CARD, drills.c.id, drills.c.message_id == _REPLIES_TO),
)
"""Whose a new message is that stands in `channel_id` and replies to `replies_to`, as parts of a union."""
_WHOSE_MESSAGE = sa.union_all(*WHOSE_MESSAGE)


def whose_message(conn: Connection, channel_id: int, replies_to: int | None) -> OwnedMessage | None:
    """Whose a person's new message is, by where it stands and to what it replies; None for ordinary talk.

    A reply to a drill's card is the card's, unless it stands where every message is the drill's.
    """
    return owner_in(conn.execute(_WHOSE_MESSAGE, {"channel_id": channel_id, "replies_to": replies_to}))


def owner_in(rows: Iterable[Any]) -> OwnedMessage | None:
    """The same from the rows that `WHOSE_MESSAGE` gives."""
    owned = [OwnedMessage(MessageOwner(owner), number) for owner, number in rows]
    rank = list(MessageOwner)
    return min(owned, key=lambda one: (one.owner is MessageOwner.CARD, rank.index(one.owner)), default=None)


_IDS = sa.bindparam("message_ids", type_=sa.BigInteger, expanding=True)
_WHOSE_MESSAGES = sa.union_all(
    _owner(MessageOwner.DRILL, parts.c.answer_id, parts.c.message_id.in_(_IDS)).add_columns(parts.c.message_id),
    _owner(MessageOwner.CARD, drills.c.id, drills.c.message_id.in_(_IDS)).add_columns(drills.c.message_id),
    _owner(MessageOwner.INTERVIEW, interview_parts.c.asked_id, interview_parts.c.message_id.in_(_IDS)).add_columns(
        interview_parts.c.message_id
    ),
)


def whose_messages(conn: Connection, message_ids: Collection[int]) -> dict[int, OwnedMessage]:
    """Which of these messages are known, as parts of answers, cards of drills or parts of interviews."""
    found = conn.execute(_WHOSE_MESSAGES, {"message_ids": list(message_ids)})
    return {row.message_id: OwnedMessage(MessageOwner(row.owner), row.number) for row in found}


_GET = sa.select(answers).where(answers.c.id == sa.bindparam("answer_id"))
_OF_MEMBER = sa.select(answers).where(
    answers.c.drill_id == sa.bindparam("drill_id"), answers.c.member_id == sa.bindparam("member_id")
)
_OF_DRILL = (
    sa.select(answers)
    .where(answers.c.drill_id == sa.bindparam("drill_id"), answers.c.counted_at.is_not(None))
    .order_by(answers.c.counted_at, answers.c.id)
)


def get(conn: Connection, answer_id: int) -> Answer | None:
    """The answer with this id."""
    return one(conn, Answer, _GET, answer_id=answer_id)


def of_member(conn: Connection, drill_id: int, member_id: int) -> Answer | None:
    """A member's answer to a drill."""
    return one(conn, Answer, _OF_MEMBER, drill_id=drill_id, member_id=member_id)


def of_drill(conn: Connection, drill_id: int) -> list[Answer]:
    """Answers that count, in the order in which they came."""
    return many(conn, Answer, _OF_DRILL, drill_id=drill_id)


_MEMBER_ID = sa.bindparam("member_id", type_=sa.BigInteger)
_ANY_ANSWER = (
    sa.select(answers.c.id)
    .join(tracks, tracks.c.id == answers.c.track_id)
    .where(
        tracks.c.guild_id == sa.bindparam("guild_id", type_=sa.BigInteger),
        answers.c.member_id == _MEMBER_ID,
        answers.c.counted_at.is_not(None),
    )
    .limit(1)
)


def has_answered(conn: Connection, guild_id: int, member_id: int) -> bool:
    """Whether any answer of a member counts in a server."""
    return conn.execute(_ANY_ANSWER, {"guild_id": guild_id, "member_id": member_id}).first() is not None


_STANDING = (
    sa.select(answers, members.c.name, members.c.seen_at)
    .select_from(
        drills.outerjoin(
            answers, sa.and_(answers.c.drill_id == drills.c.id, answers.c.member_id == _MEMBER_ID)
        ).outerjoin(members, sa.and_(members.c.guild_id == drills.c.guild_id, members.c.member_id == _MEMBER_ID))
    )
    .where(drills.c.id == sa.bindparam("drill_id"))
)


def standing(conn: Connection, drill_id: int, member_id: int) -> Standing:
    """How a member stands in a drill, who may never have been seen."""
    row = conn.execute(_STANDING, {"drill_id": drill_id, "member_id": member_id}).first()
    if row is None:
        return Standing(None, None, None)
    return Standing(None if row.id is None else load(Answer, row), row.name, row.seen_at)


_ON_TIME = sa.select(sa.func.count()).where(answers.c.status == AnswerStatus.ON_TIME)
_COUNT_ON_TIME = _ON_TIME.where(answers.c.drill_id == sa.bindparam("drill_id"))
_ON_TIME_OF_MEMBER = _ON_TIME.where(
    answers.c.track_id == sa.bindparam("track_id"), answers.c.member_id == sa.bindparam("member_id")
)


def count_on_time(conn: Connection, drill_id: int) -> int:
    """How many members answered on time."""
    return conn.execute(_COUNT_ON_TIME, {"drill_id": drill_id}).scalar_one()


def on_time_of_member(conn: Connection, track_id: int, member_id: int) -> int:
    """How many of a track's drills a member answered on time."""
    return conn.execute(_ON_TIME_OF_MEMBER, {"track_id": track_id, "member_id": member_id}).scalar_one()


_ADD = answers.insert().returning(answers)
_CHANGE = (
    answers.update()
    .where(answers.c.id == sa.bindparam("answer_id"))
    .values(
        status=sa.bindparam("to_status"),
        counted_at=sa.bindparam("counted"),
        version=answers.c.version + 1,
        attempts=answers.c.attempts + 1,
    )
    .returning(answers)
)


def add(
    conn: Connection,
    drill: Drill,
    member_id: int,
    *,
    status: AnswerStatus = AnswerStatus.SHORT,
    counted_at: datetime | None = None,
) -> Answer:
    """Stores a member's answer to a drill, and books that it is shown now."""
    values = {
        "guild_id": drill.guild_id,
        "track_id": drill.track_id,
        "drill_id": drill.id,
        "member_id": member_id,
        "status": status,
        "counted_at": counted_at,
        "version": 1,
        "attempts": 1,
    }
    return load(Answer, conn.execute(_ADD, values).one())


def change(conn: Connection, answer_id: int, *, status: AnswerStatus, counted_at: datetime | None) -> Answer:
    """Stores how a changed answer counts, since when, and that it is shown anew now."""
    values = {"answer_id": answer_id, "to_status": status, "counted": counted_at}
    return load(Answer, conn.execute(_CHANGE, values).one())


_PARTS_OF = (
    sa.select(parts).where(parts.c.answer_id == sa.bindparam("answer_id")).order_by(parts.c.sent_at, parts.c.id)
)
_PART_BY_MESSAGE = sa.select(parts).where(parts.c.message_id == sa.bindparam("message_id"))
_ADD_PART = parts.insert().returning(parts)


def parts_of(conn: Connection, answer_id: int) -> list[AnswerPart]:
    """An answer's messages and form in order."""
    return many(conn, AnswerPart, _PARTS_OF, answer_id=answer_id)


def part_by_message(conn: Connection, message_id: int) -> AnswerPart | None:
    """The part that a message is."""
    return one(conn, AnswerPart, _PART_BY_MESSAGE, message_id=message_id)


def add_part(
    conn: Connection,
    answer: Answer,
    *,
    source: str,
    text: str,
    sent_at: datetime,
    message_id: int | None = None,
    channel_id: int | None = None,
    has_file: bool = False,
    withheld: bool = False,
) -> AnswerPart:
    """Stores a message or form of an answer."""
    values = {
        "guild_id": answer.guild_id,
        "answer_id": answer.id,
        "source": source,
        "message_id": message_id,
        "channel_id": channel_id,
        "text": text,
        "has_file": has_file,
        "withheld": withheld,
        "sent_at": sent_at,
    }
    return load(AnswerPart, conn.execute(_ADD_PART, values).one())


_OF_PART = parts.update().where(parts.c.id == sa.bindparam("part_id"))
_REPLACE_FORM = _OF_PART.values(text=sa.bindparam("to_text"), sent_at=sa.bindparam("at"), gone=False)
_EDIT_PART = _OF_PART.values(text=sa.bindparam("to_text"), has_file=sa.bindparam("files"), withheld=False)
_ERASE_PART = _OF_PART.values(text="", has_file=False, withheld=False, gone=True)
_ERASE_IN = (
    parts.update()
    .where(
        parts.c.channel_id == sa.bindparam("place_id", type_=sa.BigInteger),
        parts.c.answer_id.in_(sa.select(answers.c.id).where(answers.c.drill_id == sa.bindparam("of_drill_id"))),
    )
    .values(text="", has_file=False, withheld=False, gone=True)
)
_OLD = (parts.c.sent_at < sa.bindparam("kept_since"), parts.c.text != "")
_ERASE_OLDER = parts.update().where(*_OLD).values(text="")
ANY_OLD = sa.exists().where(*_OLD)
"""Whether there are texts of messages or forms sent before `kept_since`."""


def replace_form(conn: Connection, part_id: int, *, text: str, at: datetime) -> None:
    """Puts a form in place of the earlier one."""
    conn.execute(_REPLACE_FORM, {"part_id": part_id, "to_text": text, "at": at})


def edit_part(conn: Connection, part_id: int, *, text: str, has_file: bool) -> None:
    """Stores what a message says now."""
    conn.execute(_EDIT_PART, {"part_id": part_id, "to_text": text, "files": has_file})


def erase_part(conn: Connection, part_id: int) -> None:
    """Erases a deleted part's text; the row stays, so that a message that arrives twice does not come back."""
    conn.execute(_ERASE_PART, {"part_id": part_id})


def erase_in_place(conn: Connection, drill_id: int, place_id: int) -> None:
    """Erases the texts of a drill's messages in a channel or thread that was deleted with them."""
    conn.execute(_ERASE_IN, {"of_drill_id": drill_id, "place_id": place_id})


def erase_older(conn: Connection, than: datetime) -> int:
    """Erases the texts of messages and forms sent before an instant, and returns how many there were."""
    return conn.execute(_ERASE_OLDER, {"kept_since": than}).rowcount


_CHANGED = answers.update().values(version=answers.c.version + 1)
_MARK_DRILL_CHANGED = _CHANGED.where(answers.c.drill_id == sa.bindparam("of_drill_id"))
_BOOK_SHOWING = (
    answers.update()
    .where(answers.c.id == sa.bindparam("answer_id"))
    .values(attempts=answers.c.attempts + 1)
    .returning(answers)
)
_MARK_SHOWN = (
    answers.update()
    .where(answers.c.id == sa.bindparam("answer_id"))
    .values(
        shown_version=sa.bindparam("at_version"),
        # A newer version is being shown, or waits: its tries go on counting.
        attempts=sa.case((answers.c.version == sa.bindparam("at_version"), 0), else_=answers.c.attempts),
        retry_at=None,
        # The first 👍 under it comes once everyone reads it and it counts, and only once.
        seeded=sa.case(
            (
                sa.and_(
                    answers.c.seeded.is_(None),
                    answers.c.counted_at.is_not(None),
                    sa.bindparam("is_readable", type_=sa.Boolean),
                ),
                sa.false(),
            ),
            else_=answers.c.seeded,
        ),
    )
)
_MARK_PART = _OF_PART.values(mark=sa.bindparam("reaction"))


def mark_drill_changed(conn: Connection, drill_id: int) -> None:
    """Records that Discord has to show all answers of a drill anew: where they are shown has changed."""
    conn.execute(_MARK_DRILL_CHANGED, {"of_drill_id": drill_id})


def book_showing(conn: Connection, answer_id: int) -> Answer:
    """Records before an answer is shown that it may have been: the next try looks first."""
    return load(Answer, conn.execute(_BOOK_SHOWING, {"answer_id": answer_id}).one())


def mark_shown(conn: Connection, answer_id: int, version: int, marks: Mapping[int, str], *, readable: bool) -> None:
    """Records that Discord shows a version.

    Args:
        marks: the reactions that were put on parts, by the part's id.
        readable: everyone reads it there; one that counts takes votes, and is owed the bot's first 👍.
    """
    if marks:
        conn.execute(_MARK_PART, [{"part_id": part_id, "reaction": mark} for part_id, mark in marks.items()])
    conn.execute(_MARK_SHOWN, {"answer_id": answer_id, "at_version": version, "is_readable": readable})


_BEHIND = answers.c.version > answers.c.shown_version
_HAS_RESTED = sa.or_(answers.c.retry_at.is_(None), answers.c.retry_at <= sa.bindparam("now"))
_PENDING_DRILLS = (
    sa.select(answers.c.drill_id)
    .distinct()
    .where(
        _BEHIND,
        _HAS_RESTED,
        is_ours(answers.c.guild_id),
        sa.exists().where(drills.c.id == answers.c.drill_id, drills.c.state.in_(POSTED)),
    )
)
_PENDING = (
    sa.select(answers.c.id)
    .where(answers.c.drill_id == sa.bindparam("drill_id"), _BEHIND, _HAS_RESTED)
    .order_by(answers.c.attempts, answers.c.id)
)


def pending_drills(conn: Connection, now: datetime) -> list[int]:
    """Posted drills with answers whose newest version Discord does not show yet, and may be shown now."""
    return list(conn.execute(_PENDING_DRILLS, {"now": now}).scalars())


def pending(conn: Connection, drill_id: int, now: datetime) -> list[int]:
    """A drill's answers whose newest version Discord does not show yet, least tried first."""
    return list(conn.execute(_PENDING, {"drill_id": drill_id, "now": now}).scalars())


_RESTS = sa.and_(_BEHIND, answers.c.retry_at.is_not(None))
_ANY_RESTS = sa.select(answers.c.id).where(answers.c.drill_id == sa.bindparam("drill_id"), _RESTS).limit(1)
_WAKE = answers.update().where(_RESTS).values(retry_at=None)
_REST = (
    answers.update().where(answers.c.id == sa.bindparam("answer_id")).values(retry_at=sa.bindparam("rests_until"))
)
_WAKE_DRILL = _WAKE.where(answers.c.drill_id == sa.bindparam("of_drill_id"))
_WAKE_SERVERS = _WAKE.where(among("guild_ids", answers.c.guild_id))


def rest(conn: Connection, answer_id: int, until: datetime) -> None:
    """Puts off the next try to show an answer."""
    conn.execute(_REST, {"answer_id": answer_id, "rests_until": until})


def any_rests(conn: Connection, drill_id: int) -> bool:
    """Whether the next try to show one of a drill's answers was put off."""
    return conn.execute(_ANY_RESTS, {"drill_id": drill_id}).first() is not None


def wake_drill(conn: Connection, drill_id: int) -> None:
    """Lets what was put off of a drill's answers be shown now."""
    conn.execute(_WAKE_DRILL, {"of_drill_id": drill_id})


def wake_servers(conn: Connection, guild_ids: Collection[int]) -> None:
    """Lets what was put off of all answers in servers be shown now."""
    conn.execute(_WAKE_SERVERS, {"guild_ids": guild_ids})


_KNOWN_MESSAGES = (
    sa.select(drills.c.guild_id, drills.c.channel_id, parts.c.channel_id.label("place_id"), parts.c.message_id)
    .select_from(
        parts.join(answers, answers.c.id == parts.c.answer_id).join(drills, drills.c.id == answers.c.drill_id)
    )
    .where(collecting(sa.bindparam("since")), among("guild_ids", drills.c.guild_id))
    .where(parts.c.message_id.is_not(None), parts.c.gone.is_(False))
    .order_by(parts.c.message_id)
)


class KnownMessages(NamedTuple):
    """Messages of one channel or thread that are stored, oldest first; `channel_id` shows or hides the place."""

    guild_id: int
    channel_id: int
    place_id: int
    message_ids: list[int]


def known_messages(conn: Connection, guild_ids: Collection[int], since: datetime) -> list[KnownMessages]:
    """The messages of servers' answers to drills that are open or closed after `since`, by where they stand."""
    return by_place(conn.execute(_KNOWN_MESSAGES, {"guild_ids": guild_ids, "since": since}))


def by_place(rows: Iterable[Any]) -> list[KnownMessages]:
    """Messages by where they stand."""
    found: dict[int, KnownMessages] = {}
    for row in rows:
        place = found.setdefault(row.place_id, KnownMessages(row.guild_id, row.channel_id, row.place_id, []))
        place.message_ids.append(row.message_id)
    return list(found.values())


def _history_query() -> sa.Select[*tuple[Any, ...]]:
    track_id, member_id = sa.bindparam("track_id", type_=ID), sa.bindparam("member_id", type_=sa.BigInteger)
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


_TRACK = sa.bindparam("track_id", type_=ID)
_POSTED = (
    sa.select(drills.c.id, (drills.c.state == DrillState.OPEN).label("open"))
    .where(drills.c.track_id == _TRACK, drills.c.state.in_(POSTED))
    .order_by(drills.c.opened_at, drills.c.id)
)


_EACH = each("member_ids")


def _in_one_text(drill_id: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[str]:
    """The ids of drills in one text: a row for each takes several times as long."""
    ids: sa.ColumnElement[str] = sa.func.aggregate_strings(sa.cast(drill_id, sa.String), ",")
    return sa.select(ids).where(*where).correlate(_EACH).scalar_subquery()


def _of_each(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[str]:
    return _in_one_text(table.c.drill_id, table.c.track_id == _TRACK, table.c.member_id == _EACH.c.value, *where)


_DAYS = sa.select(
    _EACH.c.value,
    _of_each(answers, answers.c.status == AnswerStatus.ON_TIME),
    _of_each(repairs, repairs.c.state == REPAIRED),
    _in_one_text(
        drills.c.id,
        aways.c.guild_id == sa.select(tracks.c.guild_id).where(tracks.c.id == _TRACK).scalar_subquery(),
        aways.c.member_id == _EACH.c.value,
        drills.c.track_id == _TRACK,
        drills.c.date.between(aways.c.first, aways.c.last),
        drills.c.state != sa.literal_column("'void'"),  # as the index on dates has it
    ),
)
"""Which drills each of several members answered on time, repaired, and was away at."""


def runs(conn: Connection, track_id: int, member_ids: Collection[int]) -> dict[int, int]:
    """The streaks of some members in a track, read by what they did not answer on time."""
    posted = conn.execute(_POSTED, {"track_id": track_id}).all()
    # By their places: names of columns take three times as long, and there are hundreds of rows.
    positions = {str(drill[0]): position for position, drill in enumerate(posted)}
    not_over = [position for position, drill in enumerate(posted) if drill[1]]

    def run(answered: str | None, *rested: str | None) -> int:
        unanswered = positions.keys() - _split(answered)
        rests = chain.from_iterable(map(_split, rested))
        harmless = {*not_over, *(positions[drill_id] for drill_id in rests if drill_id in positions)}
        return current_run(len(posted), sorted(map(positions.__getitem__, unanswered)), harmless)

    days = conn.execute(_DAYS, {"track_id": track_id, "member_ids": member_ids})
    return {member_id: run(*drill_ids) for member_id, *drill_ids in days}


def _split(drill_ids: str | None) -> list[str]:
    return drill_ids.split(",") if drill_ids else []


def history(conn: Connection, track_id: int, member_id: int) -> list[PastDrill]:
    """A track's posted drills as they were for a member, in the order in which they opened."""
    found = conn.execute(_HISTORY, {"track_id": track_id, "member_id": member_id})
    return [PastDrill(*row) for row in found]


_FREEZE_ANNOUNCED = sa.select(freezes_told.c.drill_id).where(
    freezes_told.c.track_id == sa.bindparam("track_id"), freezes_told.c.member_id == sa.bindparam("member_id")
)
_INSERT_FREEZE = insert(freezes_told)
_ANNOUNCE_FREEZE = _INSERT_FREEZE.on_conflict_do_update(
    index_elements=["track_id", "member_id"], set_={"drill_id": _INSERT_FREEZE.excluded.drill_id}
)


def freeze_announced(conn: Connection, track_id: int, member_id: int) -> int:
    """The newest drill whose spent freeze a member was told about, or 0."""
    return conn.execute(_FREEZE_ANNOUNCED, {"track_id": track_id, "member_id": member_id}).scalar() or 0


def announce_freeze(conn: Connection, guild_id: int, track_id: int, member_id: int, drill_id: int) -> None:
    """Records that a member was told of a spent freeze."""
    values = {"guild_id": guild_id, "track_id": track_id, "member_id": member_id, "drill_id": drill_id}
    conn.execute(_ANNOUNCE_FREEZE, values)


_ALL_CREDITED = (
    sa.select(answers, drills.c.date)
    .join(drills, drills.c.id == answers.c.drill_id)
    .where(answers.c.counted_at.is_not(None))
)


def all_credited(conn: Connection) -> list[CreditedAnswer]:
    """Every answer that counts, with its drill's date: what the ledger must agree with."""
    return many(conn, CreditedAnswer, _ALL_CREDITED)
