"""What there is to do for all that runs by itself, found in one read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.backoff import LONGEST
from bot.domain.drills import LIFETIME, DrillState, Reveal
from bot.domain.interviews import EXPIRES
from bot.storage import (
    alerts,
    answers,
    departures,
    digests,
    drill_deliveries,
    interviews,
    last_calls,
    live_quiz_plans,
    live_quizzes,
    milestones,
    mistakes,
    privacy_deletions,
    reminders,
    schema,
    seasons,
    votes,
)
from bot.storage.drill_deliveries import PendingDrills
from bot.storage.rows import load
from bot.storage.shards import is_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What each worker has to do at an instant: ids where they are all it needs, else whether there is anything.

    Attributes:
        drills: everything about tracks and drills.
        answers: drills with answers that Discord shows in an old state.
        live_quizzes: those that run, or whose end Discord does not show yet.
        live_quiz_plans: weekly quizzes to open or to remind of, or their events.
        votes: votes to tally, or best answers to show.
        digests: digests to claim, to send or to give up.
        seasons: months that have turned, or champions to tell.
        interviews: questions or interviews that have to end, or threads that show an old state.
        milestones: milestones to tell, or roles to give or to take back.
        reminders: reminders to send or to call off.
        last_calls: last calls to send or to call off.
        alerts: tracks whose managers have to be told of a question that did not come.
        departures: members to ask Discord about.
        old_texts: texts that have been kept for long enough.
        erasures: messages of the bot about people who had their data deleted.
    """

    drills: PendingDrills
    answers: list[int]
    live_quizzes: list[int]
    live_quiz_plans: bool
    votes: bool
    digests: bool
    seasons: bool
    interviews: bool
    milestones: bool
    reminders: bool
    last_calls: bool
    alerts: bool
    departures: bool
    old_texts: bool
    erasures: bool


_ANY = sa.select(
    votes.ANY_DUE.label("votes"),
    live_quiz_plans.ANY_DUE.label("live_quiz_plans"),
    digests.ANY_DUE.label("digests"),
    seasons.ANY_DUE.label("seasons"),
    interviews.ANY_DUE.label("interviews"),
    milestones.ANY_DUE.label("milestones"),
    reminders.ANY_DUE.label("reminders"),
    last_calls.ANY_DUE.label("last_calls"),
    alerts.ANY_DUE.label("alerts"),
    departures.ANY_DUE.label("departures"),
    privacy_deletions.ANY_DUE.label("erasures"),
    # Old texts of all servers are one process's.
    sa.and_(is_ours(sa.literal_column("0")), sa.or_(answers.ANY_OLD, interviews.ANY_OLD, mistakes.ANY_OLD)).label(
        "old_texts"
    ),
)


def agenda(
    conn: Connection, now: datetime, *, late_limit: timedelta, card_refresh: timedelta, keep_texts: timedelta
) -> Agenda:
    """What there is to do now.

    Args:
        late_limit: how late a scheduled drill or digest may be posted.
        card_refresh: how long a card stays as it is although people answer.
        keep_texts: how long the texts of answers stay stored.
    """
    instants = {
        "now": now,
        "week_ago": now - LIFETIME,
        "late_before": now - late_limit,
        "started_before": now - EXPIRES,
        "kept_since": now - keep_texts,
    }
    found = conn.execute(_ANY, instants).one()
    return load(
        Agenda,
        found,
        drills=drill_deliveries.pending(conn, now, late_limit=late_limit, card_refresh=card_refresh),
        answers=answers.pending_drills(conn, now),
        live_quizzes=live_quizzes.unfinished(conn),
    )


@dataclass(frozen=True, slots=True)
class Owed:
    """How much of a kind is owed: what may be tried now, and what failed and rests until it is tried again."""

    waiting: int
    resting: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is owed to Discord at an instant.

    Attributes:
        lag: for how long the most overdue question has been due; zero where none is.
        owed: by kind.
    """

    lag: timedelta
    owed: dict[str, Owed]


_NOW = sa.bindparam("now", type_=schema.Instant)


def _counts(kind: str, retry_at: sa.Column[datetime], *owed: sa.ColumnElement[bool]) -> list[sa.ColumnElement[int]]:
    table = retry_at.table
    at_all = sa.select(sa.func.count()).select_from(table).where(*owed, is_ours(table.c.guild_id))
    resting = at_all.where(retry_at > _NOW)
    return [at_all.scalar_subquery().label(f"{kind}_all"), resting.scalar_subquery().label(f"{kind}_resting")]


_KINDS: dict[str, tuple[sa.Column[datetime], *tuple[sa.ColumnElement[bool], ...]]] = {
    "drill": (schema.drills.c.retry_at, schema.drills.c.state == DrillState.CLAIMED),
    "reveal": (schema.drills.c.retry_at, schema.drills.c.reveal.in_((Reveal.DUE, Reveal.CARD))),
    "digest": (schema.digests.c.retry_at, schema.digests.c.state == digests.DigestState.PENDING),
    "season": (schema.seasons.c.retry_at, schema.seasons.c.state == seasons.SeasonState.PENDING),
    "role": (schema.role_grants.c.retry_at, milestones.PENDING),
    "erasure": (schema.erasures.c.retry_at, schema.erasures.c.retry_at.is_not(None)),
    "reminder": (
        schema.reminded.c.due_at,
        schema.reminded.c.at.is_(None),
        schema.reminded.c.due_at <= _NOW,
    ),
}
_BACKLOG = sa.select(
    sa.select(sa.func.min(schema.tracks.c.next_due_utc))
    .where(schema.tracks.c.next_due_utc <= _NOW, schema.tracks.c.active, is_ours(schema.tracks.c.guild_id))
    .scalar_subquery()
    .label("due_since"),
    sa.select(sa.func.min(schema.drills.c.claimed_at))
    .where(schema.drills.c.state == DrillState.CLAIMED, is_ours(schema.drills.c.guild_id))
    .scalar_subquery()
    .label("claimed_since"),
    *(count for kind, owed in _KINDS.items() for count in _counts(kind, *owed)),
)


def backlog(conn: Connection, now: datetime) -> Backlog:
    """What is owed to Discord now, counted for those who watch the bot."""
    row = conn.execute(_BACKLOG, {"now": now}).mappings().one()
    since = min(at for at in (row["due_since"], row["claimed_since"], now) if at is not None)
    owed = {kind: Owed(row[f"{kind}_all"] - row[f"{kind}_resting"], row[f"{kind}_resting"]) for kind in _KINDS}
    return Backlog(now - since, owed)


def _ends_pauses(table: sa.Table) -> sa.Update:
    waits = table.c.retry_at.between(sa.bindparam("now"), sa.bindparam("until"))
    return table.update().where(waits, is_ours(table.c.guild_id)).values(retry_at=None)


_END_PAUSES = (
    *map(_ends_pauses, (schema.drills, schema.digests, schema.seasons, schema.interviews, schema.role_grants)),
    schema.reminded.update()
    .where(
        schema.reminded.c.at.is_(None),
        schema.reminded.c.attempts > 0,
        schema.reminded.c.due_at.between(sa.bindparam("now"), sa.bindparam("until")),
        is_ours(schema.reminded.c.guild_id),
    )
    .values(due_at=sa.bindparam("now")),
    schema.tracks.update()
    .where(
        schema.tracks.c.alert_due_utc.between(sa.bindparam("now"), sa.bindparam("until")),
        is_ours(schema.tracks.c.guild_id),
    )
    .values(alert_due_utc=sa.bindparam("now")),
)


def end_pauses(conn: Connection, now: datetime) -> None:
    """Lets all that failed be tried at once; what rests for longer than the longest pause has other reasons."""
    for statement in _END_PAUSES:
        conn.execute(statement, {"now": now, "until": now + LONGEST})
