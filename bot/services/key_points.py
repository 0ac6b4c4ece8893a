"""Use cases of ticking: which key points a member says an answer had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.bank import Question
from bot.domain.drills import Drill
from bot.domain.reviews import known, missing
from bot.services.use_cases import Service, reads
from bot.storage import drills, hints, key_points, reviews
from bot.storage.hints import AnswerText


@dataclass(frozen=True, slots=True)
class KeyPointForm:
    """What a ticking form starts from: the member's answer, and what was ticked before, if anything was."""

    drill: Drill
    answer: AnswerText | None
    ticked: list[int] | None


def drill_reference(drill: Drill) -> str:
    """What the ticks of a drill are filed under."""
    return f"drill:{drill.id}"


def store_ticks(
    conn: Connection,
    guild_id: int,
    member_id: int,
    question: Question,
    reference: str,
    ticked: Sequence[int],
    now: datetime,
) -> list[int]:
    """Stores which key points an answer had, and returns the positions of those that were missing.

    One that was missing makes the question a card; the same form sent twice makes no card due a second time.
    """
    points = known(ticked, len(question.key_points))
    lacking = missing(len(question.key_points), points)
    before = key_points.of(conn, guild_id, member_id, reference)
    key_points.store(conn, guild_id, member_id, question.id, reference, points, now)
    if lacking and before != points:
        reviews.recall_now(conn, guild_id, [(member_id, question.id)], now)
    return lacking


def key_point_form(
    conn: Connection, thread_id: int, channel_id: int, day: date, question_id: str, member_id: int
) -> KeyPointForm | None:
    """What the form of a reveal's button starts from; None for a drill that nobody knows any more.

    Two drills of a channel may share the key that buttons carry, since a track can move away and another begin
    there; a reveal stands in its own drill's thread, and where there is none the key decides.
    """
    drill = drills.by_thread(conn, thread_id)
    if drill is None or drill.question_id != question_id:
        drill = drills.by_key(conn, channel_id, day, question_id)
    if drill is None:
        return None
    ticked = key_points.of(conn, drill.guild_id, member_id, drill_reference(drill))
    return KeyPointForm(drill, hints.of_member(conn, drill.id, member_id), ticked)


class KeyPointService(Service):
    """Keeps what members ticked at the reveals of drills."""

    form = reads(key_point_form)

    async def store(
        self, drill: Drill, member_id: int, question: Question, ticked: list[int], now: datetime
    ) -> list[int]:
        """Stores what was ticked for a drill, and returns the positions of the key points that were not."""
        place = (drill.guild_id, member_id, question, drill_reference(drill))
        return await self.write(store_ticks, *place, ticked, now)
