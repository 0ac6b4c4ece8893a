"""What there is to do for all that runs by itself, found in one read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.backoff import LONGEST
from bot.domain.drills import LIFETIME
from bot.domain.interviews import EXPIRES
from bot.storage import (
    alerts,
    answers,
    departures,
    digests,
    drills,
    interviews,
    live_quizzes,
    milestones,
    mistakes,
    privacy_deletions,
    reminders,
    schema,
    votes,
)
from bot.storage.drills import PendingDrills
from bot.storage.rows import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What each worker has to do at an instant: ids where they are all it needs, else whether there is anything.

    Attributes:
        drills: everything about tracks and drills.
        answers: drills with answers that Discord shows in an old state.
        live_quizzes: those that run, or whose end Discord does not show yet.
        votes: votes to tally, or best answers to show.
        digests: digests to claim, to send or to give up.
        interviews: questions or interviews that have to end, or threads that show an old state.
        milestones: milestones to tell, or roles to give or to take back.
        reminders: reminders to send or to call off.
        alerts: tracks whose managers have to be told of a question that did not come.
        departures: members to ask Discord about.
        old_texts: texts that have been kept for long enough.
        erasures: messages of the bot about people who had their data deleted.
    """

    drills: PendingDrills
    answers: list[int]
    live_quizzes: list[int]
    votes: bool
    digests: bool
    interviews: bool
    milestones: bool
    reminders: bool
    alerts: bool
    departures: bool
    old_texts: bool
    erasures: bool


_ANY = sa.select(
    votes.ANY_DUE.label("votes"),
    digests.ANY_DUE.label("digests"),
    interviews.ANY_DUE.label("interviews"),
    milestones.ANY_DUE.label("milestones"),
    reminders.ANY_DUE.label("reminders"),
    alerts.ANY_DUE.label("alerts"),
    departures.ANY_DUE.label("departures"),
    privacy_deletions.ANY_DUE.label("erasures"),
    sa.or_(answers.ANY_OLD, interviews.ANY_OLD, mistakes.ANY_OLD).label("old_texts"),
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
        drills=drills.pending(conn, now, late_limit=late_limit, card_refresh=card_refresh),
        answers=answers.pending_drills(conn, now),
        live_quizzes=live_quizzes.unfinished(conn),
    )


def _ends_pauses(table: sa.Table) -> sa.Update:
    waits = table.c.retry_at.between(sa.bindparam("now"), sa.bindparam("until"))
    return table.update().where(waits).values(retry_at=None)


_END_PAUSES = (
    *map(_ends_pauses, (schema.drills, schema.digests, schema.interviews, schema.role_grants)),
    schema.reminded.update()
    .where(
        schema.reminded.c.at.is_(None),
        schema.reminded.c.attempts > 0,
        schema.reminded.c.due_at.between(sa.bindparam("now"), sa.bindparam("until")),
    )
    .values(due_at=sa.bindparam("now")),
    schema.tracks.update()
    .where(schema.tracks.c.alert_due_utc.between(sa.bindparam("now"), sa.bindparam("until")))
    .values(alert_due_utc=sa.bindparam("now")),
)


def end_pauses(conn: Connection, now: datetime) -> None:
    """Lets all that failed be tried at once; what rests for longer than the longest pause has other reasons."""
    for statement in _END_PAUSES:
        conn.execute(statement, {"now": now, "until": now + LONGEST})
