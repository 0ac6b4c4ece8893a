"""Solo quizzes over the bank's items. Every round is stored, so a restart loses nothing and cards can be built."""

import random
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.domain.bank import Bank, Difficulty, Item, Option, Question
from bot.domain.errors import BadInput
from bot.domain.mastery import by_topic, weak_topics
from bot.domain.points import SOLO_DAILY_BOUND, SOLO_POINTS, Reason, item_reference, items_prefix
from bot.domain.quizzes import Candidate, nothing_fits, pick
from bot.domain.schedule import local_date
from bot.services.reviews import ReviewService
from bot.storage import ledger, members, quiz_results, quizzes, servers
from bot.storage.database import Database

RUNNING, DONE, STOPPED = "running", "done", "stopped"
ENDED = "This quiz was ended when you started another one. `/quiz solo` goes on with that one or begins anew."


@dataclass(frozen=True, slots=True)
class Round:
    """One item of a quiz; `chosen` is the index of the member's choice, None until then."""

    quiz_id: int
    position: int
    of: int
    item: Item
    question: Question
    options: tuple[Option, ...]
    chosen: int | None
    right: bool | None


@dataclass(frozen=True, slots=True)
class Quiz:
    """A member's quiz. `waiting` is the round to answer next, None at the end."""

    id: int
    topic: str | None
    difficulty: Difficulty | None
    rounds: tuple[Round, ...]
    running: bool

    @property
    def waiting(self) -> Round | None:
        """The first round without a choice."""
        return next((r for r in self.rounds if r.chosen is None), None)

    @property
    def begun(self) -> bool:
        """Whether something was answered."""
        return any(r.chosen is not None for r in self.rounds)

    def at(self, position: int) -> Round | None:
        """The round at a position; None when its item has left the bank."""
        return next((r for r in self.rounds if r.position == position), None)

    @property
    def score(self) -> int:
        """How many rounds were right."""
        return sum(bool(r.right) for r in self.rounds)

    @property
    def missed(self) -> list[Round]:
        """Rounds answered wrong."""
        return [r for r in self.rounds if r.right is False]


class QuizService:
    """Starts, continues and scores solo quizzes."""

    def __init__(
        self, database: Database, bank: Bank, cards: ReviewService, chance: random.Random | None = None
    ) -> None:
        self._db = database
        self._bank = bank
        self._cards = cards
        self._chance = chance or random.Random()

    def _load(self, conn: Connection, quiz: Any) -> Quiz:
        rows = quizzes.rounds_of(conn, quiz.id)
        found = [(r, *found) for r in rows if (found := self._bank.item(r.item_id)) is not None]
        return Quiz(
            quiz.id,
            quiz.topic,
            Difficulty(quiz.difficulty) if quiz.difficulty else None,
            tuple(
                Round(
                    quiz.id, r.position, len(found), item, question, item.options(f"{quiz.id}"), r.chosen, r.right
                )
                for r, item, question in found
            ),
            quiz.state == RUNNING,
        )

    async def running(self, guild_id: int, member_id: int) -> Quiz | None:
        """The member's running quiz in a server."""

        def work(conn: Connection) -> Quiz | None:
            row = quizzes.running(conn, guild_id, member_id)
            return None if row is None else self._load(conn, row)

        return await self._db.read(work)

    async def start(
        self,
        guild_id: int,
        member_id: int,
        name: str,
        now: datetime,
        *,
        topic: str | None,
        count: int,
        difficulty: Difficulty | None,
    ) -> Quiz:
        """Ends a running quiz and starts one: due cards first, then the member's weak topics, then new items.

        A due card whose question a quiz has asked since, and heard the right answer, waits for its review only:
        else the same few questions would come first in each quiz.

        Raises:
            BadInput: no item fits.
        """

        def work(conn: Connection) -> Quiz:
            fitting = [
                Candidate(item.id, question.id, question.topic)
                for item, question in self._bank.items(topic, difficulty)
            ]
            if not fitting:
                ready = (q.topic for _, q in self._bank.items(None, difficulty))
                raise BadInput(nothing_fits(ready, topic, difficulty))
            results = quiz_results.of_member(conn, guild_id, member_id)
            last = quizzes.last_answers(conn, guild_id, member_id)
            due = self._cards.due(conn, guild_id, member_id, now)
            chosen = pick(
                fitting,
                count,
                due=[
                    c.question_id
                    for c in due
                    if not (c.question_id in last and last[c.question_id].settle(c.due_at))
                ],
                weak=weak_topics(by_topic(self._bank.questions, results)),
                seen=quizzes.last_seen(conn, guild_id, member_id),
                chance=self._chance,
            )
            servers.ensure(conn, guild_id)
            members.record(conn, guild_id, member_id, name, now)
            before = quizzes.running(conn, guild_id, member_id)
            if before is not None:
                quizzes.finish(conn, before.id, STOPPED, now)
            quiz_id = quizzes.start(
                conn,
                guild_id=guild_id,
                member_id=member_id,
                topic=topic,
                difficulty=difficulty,
                items=[(candidate.item_id, candidate.question_id) for candidate in chosen],
                at=now,
            )
            return self._load(conn, quizzes.get(conn, quiz_id))

        return await self._db.write(work)

    async def get(self, quiz_id: int, guild_id: int, member_id: int) -> Quiz:
        """A member's own quiz; raises BadInput for somebody else's or one that is gone."""
        return await self._db.read(lambda conn: self._own(conn, quiz_id, guild_id, member_id))

    def _own(self, conn: Connection, quiz_id: int, guild_id: int, member_id: int) -> Quiz:
        row = quizzes.get(conn, quiz_id)
        if row is None or (row.guild_id, row.member_id) != (guild_id, member_id):
            raise BadInput("This quiz is not yours. `/quiz solo` starts your own.")
        return self._load(conn, row)

    async def choose(
        self, quiz_id: int, position: int, choice: int, guild_id: int, member_id: int, now: datetime
    ) -> tuple[Quiz, Round, int | None]:
        """Stores a choice, once, and books its points: (quiz, round, points booked). A miss makes a card.

        Points are None where the day's bound is reached.

        A second press on the same round changes nothing and shows the first.

        Raises:
            BadInput: somebody else's quiz, or one that was ended.
        """

        def work(conn: Connection) -> tuple[Quiz, Round, int | None]:
            quiz = self._own(conn, quiz_id, guild_id, member_id)
            asked = quiz.at(position)
            if asked is None or not 0 <= choice < len(asked.options):
                raise BadInput("This round is no longer in the bank. `/quiz solo` goes on.")
            if asked.chosen is not None:
                return quiz, asked, 0
            if not quiz.running:
                raise BadInput(ENDED)
            right = asked.options[choice].why is None
            points: int | None = 0
            quizzes.answer(conn, quiz_id, position, choice, right, now)
            if right:
                points = self._book(conn, asked, guild_id, member_id, now)
            else:
                self._cards.missed(conn, guild_id, [(member_id, asked.question.id)], now)
            quiz = self._own(conn, quiz_id, guild_id, member_id)
            if quiz.waiting is None:
                quizzes.finish(conn, quiz_id, DONE, now)
            return quiz, replace(asked, chosen=choice, right=right), points

        return await self._db.write(work)

    def _book(self, conn: Connection, asked: Round, guild_id: int, member_id: int, now: datetime) -> int | None:
        day = local_date(now, servers.server_zone(conn, guild_id))
        before = ledger.earned_on(conn, guild_id, member_id, Reason.ITEM, items_prefix(member_id, day))
        points = min(SOLO_POINTS[asked.question.difficulty], SOLO_DAILY_BOUND - before)
        if points <= 0:
            return None
        booked = ledger.enter(
            conn,
            guild_id=guild_id,
            track_id=None,
            member_id=member_id,
            reason=Reason.ITEM,
            points=points,
            reference=item_reference(member_id, asked.item.id, day),
            at=now,
        )
        return points if booked else 0
