"""Where the database holds something of a member, said once for what takes it out and what erases it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage import schema
from bot.storage.schema import (
    answers,
    drills,
    interview_questions,
    interviews,
    parts,
    sent_messages,
    teams,
    tracks,
)
from bot.storage.sent_messages import OwnerKind

MEMBER = sa.bindparam("whose_id", type_=sa.BigInteger)
NOBODY = sa.bindparam("nobody_id", type_=sa.BigInteger)
"""The id that takes a member's place in rows that stay after a deletion."""
GUILD = sa.bindparam("here_id", type_=sa.BigInteger)


PEOPLE = ("member_id", "voter_id", "host_id", "manager_id")
"""The names of columns with a member's id."""


class Whose(NamedTuple):
    """A member, in one server or (None) everywhere."""

    member_id: int
    guild_id: int | None


Here = Callable[[sa.Table], tuple[sa.ColumnElement[bool], ...]]
"""Which rows of a table belong to where the member is meant."""
Theirs = Callable[[Here], sa.ColumnElement[bool]]


def everywhere(_: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    """Rows of all servers."""
    return ()


def in_server(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    """Rows of the server that is meant."""
    return (table.c.guild_id == GUILD,) if "guild_id" in table.c else ()


@dataclass(frozen=True, slots=True)
class Holding:
    """A table that holds something of members.

    A deletion leaves the rows on which others' totals, ranks, votes and teams rest, and makes them nobody's.

    Attributes:
        name: what a person calls it; the file in an export is called so.
        theirs: which of its rows are a member's.
        left: what a deletion puts into the rows that it leaves; none where they go.
        hidden: columns that no export shows, since they hold what other people did, or repeat what is shown.
    """

    name: str
    table: sa.Table
    theirs: Theirs
    left: Mapping[str, object] = field(default_factory=dict[str, object])
    hidden: frozenset[str] = frozenset()

    @property
    def goes(self) -> bool:
        """Whether a deletion takes the rows away."""
        return not self.left

    @property
    def member(self) -> sa.Column[Any] | None:
        """The column with the member's id; None where other rows say whose these are."""
        return next((self.table.c[name] for name in PEOPLE if name in self.table.c), None)

    @property
    def is_everywhere(self) -> bool:
        """Whether its rows belong to no one server."""
        return "guild_id" not in self.table.c


def _by(column: sa.Column[int]) -> Theirs:
    table = column.table
    assert isinstance(table, sa.Table)
    return lambda here: sa.and_(column == MEMBER, *here(table))


def own_answers(here: Here) -> sa.Select[int]:
    """The ids of a member's answers, found track by track: that is what an index knows."""
    here_tracks = sa.select(tracks.c.id).where(*here(tracks))
    return sa.select(answers.c.id).where(answers.c.track_id.in_(here_tracks), answers.c.member_id == MEMBER)


def _own_interviews(here: Here) -> sa.Select[int]:
    return sa.select(interviews.c.id).where(interviews.c.member_id == MEMBER, *here(interviews))


def _own_asked(here: Here) -> sa.Select[int]:
    return sa.select(interview_questions.c.id).where(interview_questions.c.interview_id.in_(_own_interviews(here)))


def about(here: Here) -> sa.ColumnElement[bool]:
    """Which of the bot's messages are about one member: they carry their words, or tell of them alone."""
    kind, owner, key, whose = (
        sent_messages.c.owner_kind,
        sent_messages.c.owner_id,
        sent_messages.c.key,
        sa.cast(MEMBER, sa.String),
    )
    return sa.and_(
        sa.or_(
            sa.and_(kind == OwnerKind.ANSWER, owner.in_(own_answers(here))),
            sa.and_(kind == OwnerKind.INTERVIEW, owner.in_(_own_interviews(here))),
            sa.and_(
                kind == OwnerKind.DRILL,
                sa.or_(key.like("blind:" + whose + ":%"), key.like("milestone:" + whose + ":%")),
            ),
            sa.and_(kind == OwnerKind.REMINDER, key == "member:" + whose),
            sa.and_(kind == OwnerKind.TRACK, key.like("%:" + whose)),
        ),
        *here(sent_messages),
    )


def _kept(name: str, column: sa.Column[int], /, *hidden: str, **left: object) -> Holding:
    table = column.table
    assert isinstance(table, sa.Table)
    return Holding(name, table, _by(column), {column.name: NOBODY, **left}, frozenset(hidden))


def _gone(name: str, table: sa.Table) -> Holding:
    return Holding(name, table, _by(table.c.member_id))


_AT = sa.bindparam("deleted_at", type_=schema.members.c.gone_at.type)
_BEING_SHOWN = sa.or_(answers.c.attempts > 0, answers.c.version > answers.c.shown_version)
HOLDINGS: tuple[Holding, ...] = (
    _kept("profile", schema.members.c.member_id, name="", seen_at=_AT, ask_at=None, gone_at=_AT),
    Holding(
        "answers",
        answers,
        lambda here: answers.c.id.in_(own_answers(here)),
        # What is being shown at this moment is looked at again: a post sent just now must not stay.
        {"member_id": NOBODY, "version": answers.c.version + sa.case((_BEING_SHOWN, 1), else_=0)},
    ),
    Holding(
        "answer_messages",
        parts,
        lambda here: parts.c.answer_id.in_(own_answers(here)),
        {"text": "", "message_id": None, "channel_id": None, "has_file": False, "withheld": False, "gone": True},
    ),
    _kept("votes_given", schema.votes.c.voter_id),
    _kept("points", schema.ledger.c.member_id, "reference"),
    _kept("standings", schema.standings.c.member_id),
    _kept("team_standings", schema.team_standings.c.member_id),
    _kept(
        "team_stays",
        schema.team_members.c.member_id,
        left_at=sa.func.coalesce(schema.team_members.c.left_at, _AT),
        also_id=None,
    ),
    _kept("seasons_won", schema.season_winners.c.member_id),
    _kept("away_days", schema.aways.c.member_id),
    _kept("repairs", schema.repairs.c.member_id, quiz_id=None),
    _kept("live_quizzes_hosted", schema.lives.c.host_id),
    _kept("weekly_quizzes_planned", schema.quiz_plans.c.host_id),
    _kept("live_quizzes_joined", schema.live_players.c.member_id),
    _kept("live_quiz_choices", schema.live_choices.c.member_id),
    _gone("freezes_told", schema.freezes_told),
    _gone("milestones", schema.milestones),
    _gone("milestone_roles", schema.role_grants),
    _gone("quiz_rounds", schema.rounds),
    _gone("quizzes", schema.quizzes),
    _gone("review_cards", schema.cards),
    _gone("reviews", schema.reviews),
    _gone("ticked_key_points", schema.ticks),
    Holding(
        "interview_messages",
        schema.interview_parts,
        lambda here: schema.interview_parts.c.asked_id.in_(_own_asked(here)),
    ),
    Holding(
        "interview_questions", interview_questions, lambda here: interview_questions.c.id.in_(_own_asked(here))
    ),
    _gone("interviews", interviews),
    _gone("mistakes_reported", schema.reports),
    _gone("question_drafts", schema.bank_drafts),
    _gone("question_imports", schema.bank_imports),
    _gone("suggestions", schema.suggestions),
    Holding("questions_by_me", schema.questions, _by(schema.questions.c.member_id), {"member_id": None}),
    _kept("model_opinions", schema.opinions.c.member_id, host="", agreed=False),
    Holding("practice_channels_set_up", tracks, _by(tracks.c.manager_id), {"manager_id": None}),
    _gone("reminders_sent", schema.reminded),
    _gone("reminder_wishes", schema.reminders),
    Holding("messages_of_the_bot", sent_messages, about, hidden=frozenset({"fingerprint"})),
)
"""Every table that holds a member's words or ids. Whose a row is may be said by rows of tables before its own."""


def _shown(holding: Holding, here: Here) -> sa.Select[*tuple[Any, ...]]:
    """A member's rows, with what makes them readable: the drill's date and question, the month, the team's name."""
    table, rows = holding.table, sa.select(*(c for c in holding.table.c if c.name not in holding.hidden))
    source: sa.FromClause = table
    if "drill_id" not in table.c and "answer_id" in table.c:
        source = source.outerjoin(answers, answers.c.id == table.c.answer_id)
    if "drill_id" in table.c or "answer_id" in table.c:
        drill_id = table.c.drill_id if "drill_id" in table.c else answers.c.drill_id
        source = source.outerjoin(drills, drills.c.id == drill_id)
        rows = rows.add_columns(drills.c.date.label("drill_date"), drills.c.question_id)
    if "season_id" in table.c:
        source = source.outerjoin(schema.seasons, schema.seasons.c.id == table.c.season_id)
        rows = rows.add_columns(schema.seasons.c.month)
    if "team_id" in table.c:
        source = source.outerjoin(teams, teams.c.id == table.c.team_id)
        rows = rows.add_columns(teams.c.name.label("team"))
    return rows.select_from(source).where(holding.theirs(here)).order_by(*table.primary_key.columns)


_SHOWN = {
    wide: {one.name: _shown(one, everywhere if wide else in_server) for one in HOLDINGS} for wide in (True, False)
}


def rows_of(conn: Connection, whose: Whose) -> dict[str, list[dict[str, Any]]]:
    """Everything that is stored about a member, table by table, in the order of `HOLDINGS`."""
    values = _values(whose)
    return {
        name: [dict(row) for row in conn.execute(statement, values).mappings()]
        for name, statement in _SHOWN[whose.guild_id is None].items()
    }


def _values(whose: Whose) -> dict[str, int]:
    found = {"whose_id": whose.member_id}
    return found if whose.guild_id is None else found | {"here_id": whose.guild_id}
