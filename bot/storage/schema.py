"""The schema, for SQLite and PostgreSQL. Instants are UTC, dates are local with their zone beside."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.domain.answers import AnswerStatus
from bot.domain.bank import Difficulty
from bot.domain.bank_drafts import Purpose
from bot.domain.drills import DrillState, Mode, Reveal
from bot.domain.errors import Problem
from bot.domain.interviews import InterviewState, InterviewWay, QuestionEnd
from bot.domain.live_quiz_plans import Missed
from bot.domain.live_quizzes import LiveState
from bot.domain.quizzes import QuizState
from bot.domain.reviews import Memory
from bot.domain.selection import Order

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite gives ids of 64 bits to a column that is called INTEGER, and to no other."""


class Text(TypeDecorator[str]):
    """Compared and sorted by code points on both engines, whatever the language of a server's database."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The engine's own type."""
        return dialect.type_descriptor(sa.String(collation="C") if dialect.name == "postgresql" else sa.String())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        # PostgreSQL has no place for this character, which nobody sees.
        return value.replace("\0", "") if value and "\0" in value and dialect.name == "postgresql" else value


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored without its offset."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        """For SQLite, where an instant is text, one step in place of three."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """As for writing."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class StoredProblem(TypeDecorator[Problem]):
    """A problem, stored as JSON with its code and values."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Problem | None, dialect: Dialect) -> str | None:
        return None if value is None else value.stored()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Problem | None:
        return None if value is None else Problem.read(value)


E = TypeVar("E", bound=StrEnum)


class Coded(TypeDecorator[E]):
    """A member of an enumeration, stored by its value."""

    impl = sa.String
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.kind(value)


class Weekdays(TypeDecorator[frozenset[int]]):
    """Weekdays from 0, Monday, stored as `0,1,2`."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(map(str, sorted(value)))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[int] | None:
        return None if value is None else frozenset(map(int, value.split(",")))


class Texts(TypeDecorator[tuple[str, ...]]):
    """Texts in their order, stored as JSON."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else list(value)

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)


class StoredMemory(TypeDecorator[Memory]):
    """What FSRS keeps of a card, stored as JSON."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Memory | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else value.stored()

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Memory | None:
        return None if value is None else Memory.read(value)


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True, autoincrement=True)


def _guild() -> sa.Column[int]:
    return sa.Column("guild_id", sa.BigInteger, nullable=False)


def _partial(
    name: str, where: sa.ColumnElement[bool], *columns: sa.ColumnElement[Any], unique: bool = False
) -> None:
    """Makes an index of some rows only; `bot.storage.dialects` says so to PostgreSQL, too."""
    sa.Index(name, *columns, unique=unique, sqlite_where=where)


def _to(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(target, ondelete="CASCADE"), nullable=nullable)


servers = sa.Table(
    "servers",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("zone", Text, nullable=True),
    sa.Column("greeted_at", Instant, nullable=True),
    sa.Column("removed_at", Instant, nullable=True),
    sa.Column("season_due_utc", Instant, nullable=True, index=True),
)
"""`season_due_utc` is when the champions of the running month are crowned."""

members = sa.Table(
    "members",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("off_boards", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("ask_at", Instant, nullable=True),
    sa.Column("gone_at", Instant, nullable=True),
    sa.Index("ix_members_member_id", "member_id"),
)
_partial("ix_members_off_boards", members.c.off_boards == sa.true(), members.c.guild_id, members.c.member_id)
_partial("ix_members_ask_at", members.c.gone_at.is_(None), members.c.ask_at)
_partial("ix_members_gone", members.c.gone_at.is_not(None), members.c.guild_id, members.c.member_id)
"""`ask_at` is when Discord is asked next whether a silent member is still there; `gone_at` is since when they are
known to have left, until they come by again."""

tracks = sa.Table(
    "tracks",
    metadata,
    _id(),
    _guild(),
    sa.Column("channel_id", sa.BigInteger, nullable=False, unique=True),
    sa.Column("zone", Text, nullable=False),
    sa.Column("at", sa.Time, nullable=False),
    sa.Column("days", Weekdays, nullable=False),
    sa.Column("topics", Texts, nullable=False),
    sa.Column("packs", Texts, nullable=False, server_default='["genai"]'),
    sa.Column("order", Coded(Order), nullable=False),
    sa.Column("mode", Coded(Mode), nullable=False),
    sa.Column("ping_role_id", sa.BigInteger, nullable=True),
    sa.Column("hints", sa.Boolean, nullable=False, server_default="1"),
    sa.Column("last_call", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("log_channel_id", sa.BigInteger, nullable=True),
    sa.Column("manager_id", sa.BigInteger, nullable=True),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("paused_until", sa.Date, nullable=True),
    sa.Column("next_date", sa.Date, nullable=True),
    sa.Column("next_due_utc", Instant, nullable=True, index=True),
    sa.Column("last_date", sa.Date, nullable=True),
    sa.Column("refill", sa.Integer, nullable=False),
    sa.Column("problem", StoredProblem, nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("digest_day", sa.Integer, nullable=True),
    sa.Column("digest_hour", sa.Integer, nullable=True),
    sa.Column("digest_due_utc", Instant, nullable=True, index=True),
    sa.Column("alert_since", Instant, nullable=True),
    sa.Column("alert_due_utc", Instant, nullable=True, index=True),
    sa.Column("alerted_for", Text, nullable=True),
    sa.Column("missed_from", sa.Date, nullable=True),
    sa.Index("ix_tracks_guild_id", "guild_id"),
)

skips = sa.Table(
    "skips",
    metadata,
    _guild(),
    sa.Column("track_id", ID, sa.ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
)

queue = sa.Table(
    "queue",
    metadata,
    _id(),
    _guild(),
    _to("track_id", "tracks.id"),
    sa.Column("question_id", Text, nullable=False),
    sa.Index("ix_queue_track_id", "track_id"),
)

drills = sa.Table(
    "drills",
    metadata,
    _id(),
    _guild(),
    _to("track_id", "tracks.id"),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("zone", Text, nullable=False),
    sa.Column("question_id", Text, nullable=True),
    sa.Column("refill", sa.Integer, nullable=False),
    sa.Column("mode", Coded(Mode), nullable=False),
    sa.Column("state", Coded(DrillState), nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("claimed_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("retry_at", Instant, nullable=True),
    sa.Column("message_id", sa.BigInteger, nullable=True, unique=True),
    sa.Column("thread_id", sa.BigInteger, nullable=True, unique=True),
    sa.Column("thread_note", StoredProblem, nullable=True),
    sa.Column("opened_at", Instant, nullable=True),
    sa.Column("closes_at", Instant, nullable=True),
    sa.Column("closed_at", Instant, nullable=True),
    sa.Column("reveal", Coded(Reveal), nullable=False),
    sa.Column("cursor", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("shown_answers", sa.Integer, nullable=False, server_default="0"),
    sa.Column("shown_at", Instant, nullable=True),
    sa.Column("best_answer_id", ID, nullable=True),
    sa.Column("voted_until", Instant, nullable=True),
    sa.Column("best_shown", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("forum_post_id", sa.BigInteger, nullable=True, index=True),
    sa.Column("last_call_at", Instant, nullable=True),
    sa.Column("last_called", sa.Boolean, nullable=False, server_default="0"),
    sa.Index("ix_drills_track_id_opened_at", "track_id", "opened_at"),
    sa.Index("ix_drills_state_closed_at", "state", "closed_at"),
    sa.Index("ix_drills_channel_id_date", "channel_id", "date"),
    sa.Index("ix_drills_reveal", "reveal"),
    sa.Index("ix_drills_voted_until_state", "voted_until", "state"),
)
_partial("uq_drills_track_id_date", drills.c.state != "void", drills.c.track_id, drills.c.date, unique=True)
_OPEN = drills.c.state == "open"
_partial("ix_drills_open_in", _OPEN, drills.c.guild_id)
_BLIND = sa.and_(drills.c.state == "closed", drills.c.mode == "blind")
_PENDING = {
    "ix_drills_open_until": (["state", "closes_at"], _OPEN),
    "ix_drills_card_old": (["state", "shown_answers", "shown_at"], sa.and_(_OPEN, drills.c.shown_answers == -1)),
    "ix_drills_threadless": (
        ["state", "mode", "retry_at"],
        # Not IS NULL: SQLite would take the index of threads, in which every missed drill of all years is NULL.
        sa.and_(
            _OPEN,
            drills.c.mode == "open",
            sa.func.coalesce(drills.c.thread_id, 0) == 0,
            drills.c.thread_note.is_(None),
        ),
    ),
    "ix_drills_untallied": (
        ["state", "mode", "reveal", "voted_until"],
        sa.and_(_BLIND, drills.c.reveal == "done", drills.c.voted_until.is_(None)),
    ),
    "ix_drills_last_call": (
        ["last_called", "last_call_at"],
        sa.and_(drills.c.last_call_at.is_not(None), drills.c.last_called.is_(False)),
    ),
    "ix_drills_best_unshown": (
        ["state", "mode", "best_shown", "voted_until"],
        sa.and_(_BLIND, drills.c.best_answer_id.is_not(None), drills.c.best_shown.is_(False)),
    ),
}
for _name, (_columns, _where) in _PENDING.items():
    _partial(_name, _where, *(drills.c[name] for name in _columns))
"""What each beat of the heartbeat asks for: indexes that hold nothing else, however many drills there are. They
begin with what is the same in all of their rows, or else SQLite would take one that holds years of drills."""

# One row for each message that the bot sent for something it owed: a drill's card and reveal, answers carried into
# its thread, digests, interviews, live quizzes, reminders. `fingerprint` tells whether it is up to date.
sent_messages = sa.Table(
    "sent_messages",
    metadata,
    _id(),
    _guild(),
    sa.Column("owner_kind", Text, nullable=False),
    sa.Column("owner_id", sa.BigInteger, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("message_id", sa.BigInteger, nullable=False),
    sa.Column("fingerprint", Text, nullable=False),
    sa.UniqueConstraint("owner_kind", "owner_id", "key"),
    sa.Index("ix_sent_messages_message_id", "message_id"),
)

erasures = sa.Table(
    "erasures",
    metadata,
    _id(),
    _guild(),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("message_id", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", Instant, nullable=False, index=True),
)
"""Messages of the bot that have to go, since they were about somebody who had their data deleted."""

answers = sa.Table(
    "answers",
    metadata,
    _id(),
    _guild(),
    _to("track_id", "tracks.id"),
    _to("drill_id", "drills.id"),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("status", Coded(AnswerStatus), nullable=False),
    sa.Column("counted_at", Instant, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("shown_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", Instant, nullable=True),
    sa.Column("seeded", sa.Boolean, nullable=True),
    sa.UniqueConstraint("drill_id", "member_id"),
    sa.Index("ix_answers_track_id_member_id_counted_at", "track_id", "member_id", "counted_at"),
    # All that a member's history reads, side by side.
    sa.Index("ix_answers_track_id_member_id_drill_id_status", "track_id", "member_id", "drill_id", "status"),
)
_partial("ix_answers_owed", answers.c.version > answers.c.shown_version, answers.c.drill_id)
_partial("ix_answers_unseeded", answers.c.seeded.is_(False), answers.c.drill_id)
"""`version` grows with each change; Discord shows `shown_version`: marks, carried texts, notices. `seeded` tells
whether the bot has put the first 👍 under a shown answer that counts: false while it still has to."""

parts = sa.Table(
    "parts",
    metadata,
    _id(),
    _guild(),
    _to("answer_id", "answers.id"),
    sa.Column("source", Text, nullable=False),
    sa.Column("message_id", sa.BigInteger, nullable=True, unique=True),
    sa.Column("channel_id", sa.BigInteger, nullable=True),
    sa.Column("text", Text, nullable=False),
    sa.Column("has_file", sa.Boolean, nullable=False),
    sa.Column("withheld", sa.Boolean, nullable=False),
    sa.Column("sent_at", Instant, nullable=False),
    sa.Column("mark", Text, nullable=True),
    sa.Column("gone", sa.Boolean, nullable=False, server_default="0"),
    sa.Index("ix_parts_answer_id", "answer_id"),
)
_partial("ix_parts_kept", parts.c.text != "", parts.c.sent_at)

freezes_told = sa.Table(
    "freezes_told",
    metadata,
    _guild(),
    sa.Column("track_id", ID, sa.ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("drill_id", ID, nullable=False),
)
"""The newest drill whose spent freeze a member was told about."""

ledger = sa.Table(
    "ledger",
    metadata,
    _id(),
    _guild(),
    _to("track_id", "tracks.id", nullable=True),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("reference", Text, nullable=False),
    sa.Column("happened_at", Instant, nullable=False),
    sa.Column("team_id", ID, nullable=True),
    sa.UniqueConstraint("guild_id", "reference"),
    sa.Index("ix_ledger_guild_id_happened_at", "guild_id", "happened_at"),
    sa.Index("ix_ledger_guild_id_member_id", "guild_id", "member_id"),
)

standings = sa.Table(
    "standings",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("track_id", ID, primary_key=True, autoincrement=False),
    sa.Column("period", Text, primary_key=True),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("reached_at", Instant, nullable=False),
    sa.Index(
        "ix_standings_board", "guild_id", "track_id", "period", sa.text("points DESC"), "reached_at", "member_id"
    ),
)
"""Sums of ledger rows per board and period; track 0 is the whole server. `verify` recomputes them."""

quizzes = sa.Table(
    "quizzes",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("state", Coded(QuizState), nullable=False),
    sa.Column("topic", Text, nullable=True),
    sa.Column("difficulty", Coded(Difficulty), nullable=True),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant, nullable=True),
)
_partial("uq_quizzes_running", quizzes.c.state == "running", quizzes.c.guild_id, quizzes.c.member_id, unique=True)

rounds = sa.Table(
    "rounds",
    metadata,
    _id(),
    _guild(),
    _to("quiz_id", "quizzes.id"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("item_id", Text, nullable=False),
    sa.Column("question_id", Text, nullable=False),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("chosen", sa.Integer, nullable=True),
    sa.Column("right", sa.Boolean, nullable=True),
    sa.Column("answered_at", Instant, nullable=True),
    sa.UniqueConstraint("quiz_id", "position"),
    sa.Index("ix_rounds_guild_id_member_id_item_id", "guild_id", "member_id", "item_id"),
)

proposals = sa.Table(
    "proposals",
    metadata,
    _id(),
    _guild(),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)
"""What `/setup` was told while it asks whether to move the track or to add a second one."""

cards = sa.Table(
    "cards",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("question_id", Text, primary_key=True),
    sa.Column("memory", StoredMemory, nullable=True),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("times", sa.Integer, nullable=False, server_default="0"),
    sa.Column("added_at", Instant, nullable=False),
    sa.Index("ix_cards_due", "guild_id", "member_id", "due_at"),
)
"""A member's review state for one question; `memory` is what FSRS keeps of it, nothing until the first review."""

reviews = sa.Table(
    "reviews",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("question_id", Text, nullable=False),
    sa.Column("rating", sa.Integer, nullable=False),
    sa.Column("memory_before", StoredMemory, nullable=True),
    sa.Column("due_before", Instant, nullable=False),
    sa.Column("reviewed_at", Instant, nullable=False),
    sa.Index("ix_reviews_guild_id_member_id_reviewed_at", "guild_id", "member_id", "reviewed_at"),
)
"""Every rating, with what the card was before it, so that the last one can be taken back."""

ticks = sa.Table(
    "ticks",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("question_id", Text, nullable=False),
    sa.Column("reference", Text, nullable=False),
    sa.Column("points", sa.JSON, nullable=False),
    sa.Column("ticked_at", Instant, nullable=False),
    sa.UniqueConstraint("guild_id", "member_id", "reference"),
)
"""Which key points a member says their answer had (positions from 0); `reference` is the drill or interview."""

lives = sa.Table(
    "lives",
    metadata,
    _id(),
    _guild(),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("place_id", sa.BigInteger, nullable=True),
    sa.Column("host_id", sa.BigInteger, nullable=False),
    sa.Column("state", Coded(LiveState), nullable=False),
    sa.Column("topic", Text, nullable=True),
    sa.Column("difficulty", Coded(Difficulty), nullable=True),
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Column("sums", sa.Boolean, nullable=False, server_default="1"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("next_at", Instant, nullable=True, index=True),
    sa.Column("message_id", sa.BigInteger, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lobby_open", sa.Boolean, nullable=False, server_default="1"),
    sa.Column("result_id", sa.BigInteger, nullable=True),
    sa.Column("settled", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("finished_at", Instant, nullable=True),
)
_partial("uq_lives_channel_id", lives.c.state.in_(("lobby", "asking", "showing")), lives.c.channel_id, unique=True)
_partial("ix_lives_unsettled", lives.c.settled.is_(False), lives.c.id)
sa.Index("ix_lives_asked_in", lives.c.guild_id, lives.c.channel_id)
"""Live quizzes, one at a time in a channel. `next_at` is when the lobby, the round or the pause is over.

`place_id` is where rounds come: a thread, or the channel; NULL until that is decided.
`seconds` is 0 where every round has the time that its item needs.
"""

live_rounds = sa.Table(
    "live_rounds",
    metadata,
    _guild(),
    sa.Column("live_id", ID, sa.ForeignKey("lives.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("item_id", Text, nullable=False),
    sa.Column("question_id", Text, nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False, server_default="20"),
    sa.Column("opened_at", Instant, nullable=True),
    sa.Column("closed_at", Instant, nullable=True),
    sa.Column("message_id", sa.BigInteger, nullable=True, unique=True),
    sa.Column("shown", sa.Boolean, nullable=False, server_default="0"),
)

live_players = sa.Table(
    "live_players",
    metadata,
    _guild(),
    sa.Column("live_id", ID, sa.ForeignKey("lives.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("joined_at", Instant, nullable=False),
)

live_choices = sa.Table(
    "live_choices",
    metadata,
    _guild(),
    sa.Column("live_id", ID, sa.ForeignKey("lives.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chosen", sa.Integer, nullable=False),
    sa.Column("chosen_at", Instant, nullable=False),
    sa.Column("changed", sa.Boolean, nullable=False),
    sa.Column("right", sa.Boolean, nullable=False),
    sa.Index("ix_live_choices_guild_id_member_id", "guild_id", "member_id"),
)

interviews = sa.Table(
    "interviews",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("thread_id", sa.BigInteger, nullable=True, unique=True),
    sa.Column("way", Coded(InterviewWay), nullable=False),
    sa.Column("state", Coded(InterviewState), nullable=False),
    sa.Column("topic", Text, nullable=True),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("next_at", Instant, nullable=True, index=True),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("shown_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", Instant, nullable=True),
    sa.Index("ix_interviews_guild_id_member_id", "guild_id", "member_id"),
)
_partial(
    "uq_interviews_running",
    interviews.c.state == "running",
    interviews.c.guild_id,
    interviews.c.member_id,
    unique=True,
)
_partial("ix_interviews_owed", interviews.c.version > interviews.c.shown_version, interviews.c.id)
"""`version` grows with each change; the thread shows `shown_version`. The open question ends at `next_at`."""

interview_questions = sa.Table(
    "interview_questions",
    metadata,
    _id(),
    _guild(),
    _to("interview_id", "interviews.id"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("question_id", Text, nullable=False),
    sa.Column("follow_up", sa.Integer, nullable=True),
    sa.Column("asked_at", Instant, nullable=True),
    sa.Column("closed_at", Instant, nullable=True),
    sa.Column("ended", Coded(QuestionEnd), nullable=True),
    sa.Column("answered", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("text", Text, nullable=False, server_default=""),
    sa.Column("wording", Text, nullable=True),
    sa.UniqueConstraint("interview_id", "position"),
)
_partial("ix_interview_questions_kept", interview_questions.c.text != "", interview_questions.c.closed_at)
_partial("ix_interview_questions_asked", interview_questions.c.wording != "", interview_questions.c.closed_at)
"""What an interview asks, in order: questions at even positions, the follow-up of each after it, where `follow_up`
is its number, or `wording` what a model asks. `text` is the member's answer once the question has closed."""

interview_parts = sa.Table(
    "interview_parts",
    metadata,
    _id(),
    _guild(),
    _to("asked_id", "interview_questions.id"),
    sa.Column("message_id", sa.BigInteger, nullable=True, unique=True),
    sa.Column("text", Text, nullable=False),
    sa.Column("has_file", sa.Boolean, nullable=False),
    sa.Column("withheld", sa.Boolean, nullable=False),
    sa.Column("gone", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("sent_at", Instant, nullable=False),
    sa.Index("ix_interview_parts_asked_id", "asked_id"),
)
"""The messages and forms of the answer to a question; when it closes they become its text, and they go when that is
erased for its age."""

reports = sa.Table(
    "reports",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("question_id", Text, nullable=False),
    sa.Column("item_id", Text, nullable=True),
    sa.Column("text", Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("settled_at", Instant, nullable=True),
    sa.Index("ix_reports_guild_id_settled_at", "guild_id", "settled_at"),
    sa.Index("ix_reports_made_at", "made_at"),
)
"""What members say is wrong in the bank."""

teams = sa.Table(
    "teams",
    metadata,
    _id(),
    _guild(),
    sa.Column("name", Text, nullable=False),
    sa.Column("folded", Text, nullable=False),
    sa.Column("role_id", sa.BigInteger, nullable=True),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("deleted_at", Instant, nullable=True),
)
for _name, _column in (("uq_teams_name", teams.c.folded), ("uq_teams_role", teams.c.role_id)):
    _partial(_name, teams.c.deleted_at.is_(None), teams.c.guild_id, _column, unique=True)
"""`folded` is the name as it is compared: two teams of a server differ in more than capitals."""

team_members = sa.Table(
    "team_members",
    metadata,
    _id(),
    _guild(),
    _to("team_id", "teams.id"),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("joined_at", Instant, nullable=False),
    sa.Column("left_at", Instant, nullable=True),
    sa.Column("also_id", ID, nullable=True),
    sa.Index("ix_team_members_guild_id_member_id", "guild_id", "member_id"),
    sa.Index("ix_team_members_team_id", "team_id"),
)
_partial(
    "uq_team_members_now",
    team_members.c.left_at.is_(None),
    team_members.c.guild_id,
    team_members.c.member_id,
    unique=True,
)
"""Who was in which team from when to when: points stay with the team in which they were earned.
`also_id` is a second team whose role the member has."""

team_standings = sa.Table(
    "team_standings",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("track_id", ID, primary_key=True, autoincrement=False),
    sa.Column("period", Text, primary_key=True),
    sa.Column("team_id", ID, primary_key=True, autoincrement=False),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("reached_at", Instant, nullable=False),
)
"""Like `standings`, of what members earned while they were in a team."""

aways = sa.Table(
    "aways",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Index("ix_aways_guild_id_member_id", "guild_id", "member_id"),
)
"""Days on which a member's streaks rest; both ends count."""

repairs = sa.Table(
    "repairs",
    metadata,
    _id(),
    _guild(),
    _to("track_id", "tracks.id"),
    _to("drill_id", "drills.id"),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("quiz_id", ID, nullable=True),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant, nullable=True),
    sa.UniqueConstraint("drill_id", "member_id"),
    sa.Index("ix_repairs_track_id_member_id", "track_id", "member_id"),
)
"""Tries to make a missed drill neutral: one a drill and member."""

milestones = sa.Table(
    "milestones",
    metadata,
    _guild(),
    sa.Column("track_id", ID, sa.ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("days", sa.Integer, primary_key=True),
    _to("drill_id", "drills.id"),
    sa.Column("reached_at", Instant, nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),
    sa.Index("ix_milestones_guild_id_days", "guild_id", "days"),
)
_partial("ix_milestones_untold", milestones.c.told.is_(False), milestones.c.drill_id)
"""Runs of so many answers that a member has reached in a track, each once; `told` in the thread of its drill."""

milestone_roles = sa.Table(
    "milestone_roles",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("days", sa.Integer, primary_key=True),
    sa.Column("role_id", sa.BigInteger, nullable=False),
    sa.Column("problem", StoredProblem, nullable=True),
)
"""The role that a server gives for a milestone, or (`days` 0) to a month's champions; `problem` is why it cannot be
given now."""

role_grants = sa.Table(
    "role_grants",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("days", sa.Integer, primary_key=True),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("role_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("retry_at", Instant, nullable=True),
)
_partial("ix_role_grants_owed", role_grants.c.state != "given", role_grants.c.guild_id, role_grants.c.role_id)
"""Roles of milestones and champions that were given, or are owed: to give (`giving`) or to take back (`taking`)."""

votes = sa.Table(
    "votes",
    metadata,
    _guild(),
    sa.Column("answer_id", ID, sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("voter_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("thumb", Text, primary_key=True),
    sa.Column("given_at", Instant, nullable=False),
    sa.Index("ix_votes_guild_id_given_at", "guild_id", "given_at"),
)
"""One row for each 👍 on a message of an answer; a voter counts once an answer, on however many messages.
`thumb` tells apart what one voter may put on one message: a 👍 of each skin tone, and super reactions."""

digests = sa.Table(
    "digests",
    metadata,
    _id(),
    _guild(),
    _to("track_id", "tracks.id"),
    sa.Column("week", Text, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("claimed_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", Instant, nullable=True),
    sa.Column("message_id", sa.BigInteger, nullable=True),
    sa.UniqueConstraint("track_id", "week"),
    sa.Index("ix_digests_state", "state"),
)
"""Weekly digests, one a track and ISO week, each a delivery of its own."""

seasons = sa.Table(
    "seasons",
    metadata,
    _id(),
    _guild(),
    sa.Column("month", Text, nullable=False),
    sa.Column("track_id", ID, nullable=True),
    sa.Column("state", Text, nullable=False),
    sa.Column("turned_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", Instant, nullable=True),
    sa.Column("message_id", sa.BigInteger, nullable=True),
    sa.UniqueConstraint("guild_id", "month"),
    sa.Index("ix_seasons_state", "state"),
)
"""Months of a server's board that are over, each told at most once, in the channel of `track_id`."""

season_winners = sa.Table(
    "season_winners",
    metadata,
    _id(),
    _guild(),
    _to("season_id", "seasons.id"),
    sa.Column("member_id", sa.BigInteger, nullable=True),
    sa.Column("team_id", ID, nullable=True),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("counted", sa.Integer, nullable=False),
    sa.Index("ix_season_winners_season_id", "season_id"),
)
"""Who won a season, as it was told: members and teams, several of a kind where they share it. A team's points are
divided by how many of its members count."""

quiz_plans = sa.Table(
    "quiz_plans",
    metadata,
    _id(),
    _guild(),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("host_id", sa.BigInteger, nullable=False),
    sa.Column("zone", Text, nullable=False),
    sa.Column("day", sa.Integer, nullable=False),
    sa.Column("at", sa.Time, nullable=False),
    sa.Column("topic", Text, nullable=True),
    sa.Column("questions", sa.Integer, nullable=False),
    sa.Column("due_utc", Instant, nullable=True),
    sa.Column("remind_utc", Instant, nullable=True),
    sa.Column("event_utc", Instant, nullable=True),
    sa.Column("event_id", sa.BigInteger, nullable=True),
    sa.Column("tell_utc", Instant, nullable=True),
    sa.Column("missed_utc", Instant, nullable=True),
    sa.Column("missed", Coded(Missed), nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_utc", Instant, nullable=False, index=True),
    sa.Index("ix_quiz_plans_guild_id", "guild_id"),
)
_partial("uq_quiz_plans_channel_id", quiz_plans.c.due_utc.is_not(None), quiz_plans.c.channel_id, unique=True)
"""Live quizzes that come every week, one a channel; `next_utc` is when one has something to do next."""

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("hour", sa.Integer, nullable=True),
    sa.Column("closed_at", Instant, nullable=True),
    sa.Column("closed_told", sa.Boolean, nullable=False, server_default="0"),
)
"""Who wants to be reminded privately; `closed_at` is when Discord refused a direct message."""

opinions = sa.Table(
    "opinions",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("host", Text, nullable=False),
    sa.Column("agreed", sa.Boolean, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("day", sa.Date, nullable=True),
    sa.Column("asked", sa.Integer, nullable=False, server_default="0"),
)
"""Whose answers may go to the model at `host`, and how often one was asked about them on `day`, in UTC."""

reminded = sa.Table(
    "reminded",
    metadata,
    _guild(),
    sa.Column("drill_id", ID, sa.ForeignKey("drills.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("at", Instant, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
)
_partial("ix_reminded_due", reminded.c.at.is_(None), reminded.c.due_at)
"""One reminder a drill and member: when it is due, and since when it is settled (sent, tried or not needed)."""

questions = sa.Table(
    "questions",
    metadata,
    _id(),
    _guild(),
    sa.Column("pack", Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("member_id", sa.BigInteger, nullable=True),
    sa.Column("retired_at", Instant, nullable=True),
    sa.UniqueConstraint("guild_id", "pack", "number"),
)
"""A server's own questions, by pack and number; `member_id` is who suggested one."""

editions = sa.Table(
    "editions",
    metadata,
    _id(),
    _guild(),
    _to("question_key", "questions.id"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.UniqueConstraint("question_key", "number"),
    sa.Index("ix_editions_guild_id", "guild_id"),
)
"""What a server's own questions said, from when on; none is ever changed."""

bank_drafts = sa.Table(
    "bank_drafts",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("purpose", Coded(Purpose), nullable=False),
    sa.Column("pack", Text, nullable=False),
    sa.Column("question_id", Text, nullable=True),
    sa.Column("suggestion_id", ID, nullable=True),
    sa.Column("text", Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Index("ix_bank_drafts_guild_id_member_id", "guild_id", "member_id"),
)
"""Questions that somebody is writing, as they were typed: `text` is JSON."""

bank_imports = sa.Table(
    "bank_imports",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("pack", Text, nullable=False),
    sa.Column("file", Text, nullable=False),
    sa.Column("text", Text, nullable=True),
    sa.Column("added", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("made_at", Instant, nullable=False),
    sa.Index("ix_bank_imports_guild_id_member_id", "guild_id", "member_id"),
)
"""Files of questions that somebody brought: `text` is JSON of what was found while it can be imported, `added` the
numbers of what was imported while it can be taken back. With neither it was taken back."""

suggestions = sa.Table(
    "suggestions",
    metadata,
    _id(),
    _guild(),
    sa.Column("member_id", sa.BigInteger, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("decided_at", Instant, nullable=True),
    sa.Column("question_id", Text, nullable=True),
    sa.Column("reason", Text, nullable=True),
    sa.Column("told", sa.Boolean, nullable=False, server_default="0"),
    sa.Index("ix_suggestions_guild_id_decided_at", "guild_id", "decided_at"),
    sa.Index("ix_suggestions_guild_id_member_id", "guild_id", "member_id"),
)
"""What members suggest, as they typed it (`text` is JSON), and what became of it: a question, or a reason why not.
`told` is whether the author was told."""

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", Text, primary_key=True),
    sa.Column("value", Text, nullable=False),
)

for _table in metadata.tables.values():
    if "id" in _table.c:
        # Buttons carry ids for months: an id that was deleted must never name another row.
        _table.dialect_options["sqlite"]["autoincrement"] = True
