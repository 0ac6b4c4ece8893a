"""Use cases of progress: mastery by topic, what to practice next, and a member's own earlier answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.answers import join
from bot.domain.bank import Bank, Banks, Question
from bot.domain.mastery import TopicMastery, mastery, practice_next
from bot.domain.reviews import Card
from bot.services.reviews import ReviewQueue, collect_missed, is_collected, queue_of
from bot.services.spoilers import hidden
from bot.services.use_cases import Service
from bot.storage import answers, quiz_results, reviews
from bot.storage.database import Database
from bot.storage.quiz_results import AnsweredDrill


@dataclass(frozen=True, slots=True)
class Progress:
    """A member's mastery of each topic, and the topic that a quiz should be about next."""

    topics: list[TopicMastery]
    following: TopicMastery | None

    @property
    def practiced(self) -> int:
        """How many questions were practiced in any way."""
        return sum(topic.practiced for topic in self.topics)

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return sum(topic.questions for topic in self.topics)

    @property
    def overall(self) -> float:
        """Mastery of the whole bank (0 to 1): every question weighs the same."""
        weighed = sum(topic.mastery * topic.questions for topic in self.topics)
        return weighed / self.questions if self.questions else 0.0


@dataclass(frozen=True, slots=True)
class ProgressView:
    """One of a member's own answers with its neighbours' ids, and what is left of its text.

    Attributes:
        text: what the member wrote; empty when it was erased, deleted, withheld by Discord, or only a file.
        only_file: the answer was a file without words.
        withheld: Discord never gave the bot the text.
        question: None when it left the bank.
        shown: whether the model answer may stand beside it: the question is open no more, nor open again.
    """

    answer: AnsweredDrill
    number: int
    of: int
    newer: int | None
    older: int | None
    text: str
    only_file: bool
    withheld: bool
    question: Question | None
    shown: bool


@dataclass(frozen=True, slots=True)
class OwnProgress:
    """A member's progress with what only they see: their reviews as they stand."""

    progress: Progress
    queue: ReviewQueue


def progress_of(
    conn: Connection,
    questions: Sequence[Question],
    cards: Sequence[Card],
    guild_id: int,
    member_id: int,
    now: datetime,
) -> Progress:
    """A member's progress in a server, by all their cards."""
    known = {card.question_id: card for card in cards}
    results = quiz_results.of_member(conn, guild_id, member_id)
    answered = {answer.question_id for answer in quiz_results.answered(conn, guild_id, member_id)}
    answered |= quiz_results.interviewed(conn, guild_id, member_id)
    topics = mastery(questions, known, results, answered, now)
    return Progress(topics, practice_next(topics, {question.topic for question in questions if question.items}))


def own_progress(conn: Connection, bank: Bank, guild_id: int, member_id: int, now: datetime) -> OwnProgress:
    """What a member's own page shows, once there are cards of what they missed."""
    cards = reviews.of_member(conn, guild_id, member_id)
    progress = progress_of(conn, bank.questions, cards, guild_id, member_id, now)
    return OwnProgress(progress, queue_of(conn, bank, cards, guild_id, member_id, now))


def collect_and_show(conn: Connection, bank: Bank, guild_id: int, member_id: int, now: datetime) -> OwnProgress:
    """Makes cards of the drills that a member missed, and reads their own page."""
    collect_missed(conn, guild_id, member_id, now)
    return own_progress(conn, bank, guild_id, member_id, now)


def own_answer(conn: Connection, bank: Bank, guild_id: int, member_id: int, answer_id: int) -> ProgressView | None:
    """One of a member's own answers, the newest for id 0; None when there is none."""
    found = quiz_results.answered(conn, guild_id, member_id)
    if not found:
        return None
    at = next((at for at, answer in enumerate(found) if answer.id == answer_id), 0)
    parts = answers.parts_of(conn, found[at].id)
    return ProgressView(
        answer=found[at],
        number=at + 1,
        of=len(found),
        newer=found[at - 1].id if at else None,
        older=found[at + 1].id if at + 1 < len(found) else None,
        text=join([part.text for part in parts]),
        only_file=any(part.has_file for part in parts),
        withheld=any(part.withheld for part in parts),
        question=bank.asked(found[at].question_id, found[at].claimed_at),
        shown=found[at].closed and found[at].question_id not in hidden(conn, guild_id, member_id),
    )


class ProgressService(Service):
    """Reads what members have practiced."""

    def __init__(self, database: Database, banks: Banks) -> None:
        super().__init__(database)
        self._banks = banks

    async def of(self, guild_id: int, member_id: int, now: datetime) -> Progress:
        """A member's progress in a server."""

        def work(conn: Connection) -> Progress:
            cards = reviews.of_member(conn, guild_id, member_id)
            return progress_of(conn, self._banks.of(guild_id).questions, cards, guild_id, member_id, now)

        return await self.read(work)

    async def own(self, guild_id: int, member_id: int, now: datetime) -> OwnProgress:
        """A member's progress as they see it themselves; it writes only where they have missed drills since."""

        def work(conn: Connection) -> OwnProgress | None:
            if not is_collected(conn, guild_id, member_id):
                return None
            return own_progress(conn, self._banks.of(guild_id), guild_id, member_id, now)

        found = await self.read(work)
        return found or await self.write(collect_and_show, self._banks.of(guild_id), guild_id, member_id, now)

    async def answer(self, guild_id: int, member_id: int, answer_id: int) -> ProgressView | None:
        """One of the member's own answers, the newest for id 0; None when there is none."""
        return await self.read(own_answer, self._banks.of(guild_id), guild_id, member_id, answer_id)
