"""The one reading behind a hint: a member's answer to a drill as it stands, and whether its track gives hints."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.domain.answers import AnswerStatus, join
from bot.storage.answers import FORM
from bot.storage.schema import answers, parts, tracks

_OF_MEMBER = (
    sa.select(answers.c.status, answers.c.counted_at, tracks.c.hints, parts.c.text, parts.c.gone, parts.c.source)
    .select_from(
        answers.join(tracks, tracks.c.id == answers.c.track_id).outerjoin(parts, parts.c.answer_id == answers.c.id)
    )
    .where(answers.c.drill_id == sa.bindparam("drill_id"), answers.c.member_id == sa.bindparam("member_id"))
    .order_by(parts.c.sent_at, parts.c.id)
)


@dataclass(frozen=True, slots=True)
class AnswerText:
    """What a member wrote to a drill.

    Attributes:
        hints: the track gives hints on it.
        by_form: a part of it was sent by form, so the member cannot delete it in Discord.
    """

    status: AnswerStatus
    counted: bool
    hints: bool
    text: str
    by_form: bool


def of_member(conn: Connection, drill_id: int, member_id: int) -> AnswerText | None:
    """A member's answer to a drill; None before they answered it."""
    rows = conn.execute(_OF_MEMBER, {"drill_id": drill_id, "member_id": member_id}).all()
    if not rows:
        return None
    first = rows[0]
    text = join([row.text for row in rows if row.text and not row.gone])
    by_form = any(row.text and not row.gone and row.source == FORM for row in rows)
    return AnswerText(first.status, first.counted_at is not None, first.hints, text, by_form)
