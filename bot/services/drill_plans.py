"""What a track posts next, and when, as things stand."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain import schedule
from bot.domain.bank import Banks, Question
from bot.domain.drills import LIFETIME, Drill
from bot.domain.mastery import by_topic, weakness
from bot.domain.selection import Order, SelectedQuestion, upcoming
from bot.domain.tracks import Track
from bot.services import last_calls, reminders
from bot.storage import drills, question_queue, quiz_results, tracks
from bot.storage.tracks import NextPost


class QuestionChoice:
    """Chooses a track's questions.

    Args:
        banks: where they come from.
    """

    def __init__(self, banks: Banks) -> None:
        self._banks = banks

    def questions_of(self, track: Track) -> list[Question]:
        """The questions of a track's packs and topics, in the order of the packs and of their numbers."""
        return self._banks.of(track.guild_id).drawn(track.packs, track.topics)

    def knows(self, track: Track, question_id: str, at: datetime) -> bool:
        """Whether a question was in the banks of a track's server at an instant."""
        return self._banks.of(track.guild_id).asked(question_id, at) is not None

    def next(self, conn: Connection, track: Track) -> SelectedQuestion | None:
        """The question that a track posts next, or None when its topics hold none."""
        return next(self.upcoming(conn, track), None)

    def upcoming(self, conn: Connection, track: Track) -> Iterator[SelectedQuestion]:
        """The questions that a track posts one after the other, as things stand."""
        questions = self.questions_of(track)
        return upcoming(
            track.order,
            [question.id for question in questions],
            drills.used_since_refill(conn, track.id, track.refill),
            question_queue.queued(conn, track.id),
            str(track.id),
            track.refill,
            self._weakness(conn, track, questions) if track.order is Order.ADAPTIVE else None,
        )

    def left(self, conn: Connection, track: Track) -> tuple[int, int]:
        """(questions not used since the last refill, all questions) of a track's topics."""
        used = set(drills.used_since_refill(conn, track.id, track.refill))
        ids = [question.id for question in self.questions_of(track)]
        return sum(question_id not in used for question_id in ids), len(ids)

    def _weakness(self, conn: Connection, track: Track, questions: Sequence[Question]) -> dict[str, float]:
        """How weak the topic of each question is in the quiz answers of the track's members."""
        results = quiz_results.of_track(conn, track.guild_id, track.id)
        weak = weakness(by_topic(self._banks.of(track.guild_id).questions, results))
        return {question.id: weak[question.topic] for question in questions if question.topic in weak}


def following(
    conn: Connection, track: Track, now: datetime, skipped: Collection[date] | None = None
) -> NextPost | None:
    """A track's first scheduled post after `now`; a pause without an end has none.

    Args:
        skipped: the dates that it skips, where they are known.
    """
    if track.rests:
        return None
    if skipped is None:
        skipped = tracks.skipped(conn, track.id)
    day, at = schedule.next_post(
        track.plan, now, after=track.last_date, skipped=skipped, not_before=track.not_before
    )
    return NextPost(day, at)


def announce(conn: Connection, track: Track, now: datetime) -> None:
    """The open drill's card says when the next one comes, so it is brought up to date, as is what is planned."""
    drill = drills.outdate_card(conn, track.id)
    if drill is not None:
        reminders.plan(conn, track, drill, now)
        last_calls.plan(conn, track, drill, now)


def reschedule(conn: Connection, track: Track, now: datetime) -> Track:
    """Sets the next post to the first scheduled instant after `now`, and returns the track as it is then."""
    track = tracks.schedule(conn, track.id, following(conn, track, now))
    announce(conn, track, now)
    return track


def closing(conn: Connection, drill: Drill, now: datetime, track: Track | None) -> datetime:
    """When an open drill closes as things stand: with its track's next one, or seven days after it opened."""
    latest = drill.closes_at or now + LIFETIME
    if track is None:
        return latest
    used = replace(track, last_date=max(drill.date, track.last_date or drill.date))
    post = following(conn, used, now)
    return latest if post is None else min(latest, post.at)
