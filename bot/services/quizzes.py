"""Solo quizzes over the bank's items. Every round is stored, so a restart loses nothing and cards can be built."""

import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.bank import Bank, Banks, Difficulty, Item, Option, Question
from bot.domain.errors import Refusal
from bot.domain.mastery import by_topic, weak_topics
from bot.domain.points import SOLO_DAILY_BOUND, SOLO_POINTS, Reason, item_reference, items_prefix
from bot.domain.quizzes import Candidate, QuizState, pick
from bot.domain.schedule import local_date
from bot.services.reviews import due_cards
from bot.services.spoilers import hidden
from bot.services.use_cases import Service
from bot.storage import ledger, members, quiz_results, quizzes, reviews, servers
from bot.storage.database import Database
from bot.storage.quizzes import StoredQuiz


@dataclass(frozen=True, slots=True)
class NewQuiz:
    """What a member asks for: `topic` is a title, or None for all."""

    topic: str | None
    count: int
    difficulty: Difficulty | None


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


@dataclass(frozen=True, slots=True)
class ChosenRound:
    """A round that a member answered, in its quiz, and the points that it brought.

    Attributes:
        points: None where the day's bound is reached.
    """

    quiz: Quiz
    round: Round
    points: int | None


def load(conn: Connection, bank: Bank, quiz: StoredQuiz) -> Quiz:
    """A quiz with its rounds; those whose item left the bank, or whose question opened since, are left out."""
    rows = quizzes.rounds_of(conn, quiz.id)
    found = [(row, *pair) for row in rows if (pair := bank.item(row.item_id)) is not None]
    if quiz.state is QuizState.RUNNING:
        kept_back = hidden(conn, quiz.guild_id, quiz.member_id)
        found = [one for one in found if one[0].chosen is not None or one[2].id not in kept_back]
    rounds = tuple(
        Round(
            quiz_id=quiz.id,
            position=row.position,
            of=len(found),
            item=item,
            question=question,
            options=item.options(f"{quiz.id}"),
            chosen=row.chosen,
            right=row.right,
        )
        for row, item, question in found
    )
    return Quiz(quiz.id, quiz.topic, quiz.difficulty, rounds, quiz.state is QuizState.RUNNING)


def own_quiz(conn: Connection, bank: Bank, quiz_id: int, guild_id: int, member_id: int) -> Quiz:
    """A member's own quiz.

    Raises:
        Refusal: `quizzes.not_yours` for somebody else's or one that is gone.
    """
    quiz = quizzes.get(conn, quiz_id)
    if quiz is None or (quiz.guild_id, quiz.member_id) != (guild_id, member_id):
        raise Refusal("quizzes.not_yours")
    return load(conn, bank, quiz)


def running_quiz(conn: Connection, bank: Bank, guild_id: int, member_id: int) -> Quiz | None:
    """A member's running quiz in a server."""
    quiz = quizzes.running(conn, guild_id, member_id)
    return None if quiz is None else load(conn, bank, quiz)


def fitting_items(
    bank: Bank,
    topic: str | None,
    difficulty: Difficulty | None,
    hidden: Collection[str],
    *,
    sums: bool = True,
) -> list[Candidate]:
    """The items that a quiz may ask; `hidden` are questions that are open still.

    Raises:
        Refusal: `quizzes.nothing_fits`, with the topics that have items of this difficulty, or `quizzes.only_open`.
    """
    found = bank.items(topic, difficulty, sums=sums)
    if not found:
        ready = tuple(dict.fromkeys(question.topic for _, question in bank.items(None, difficulty, sums=sums)))
        raise Refusal("quizzes.nothing_fits", topics=ready, topic=topic, difficulty=difficulty)
    kept = [
        Candidate(item.id, question.id, question.topic) for item, question in found if question.id not in hidden
    ]
    if not kept:
        raise Refusal("quizzes.only_open")
    return kept


def start(
    conn: Connection,
    bank: Bank,
    chance: random.Random,
    wish: NewQuiz,
    guild_id: int,
    member_id: int,
    name: str,
    now: datetime,
) -> Quiz:
    """Ends a running quiz and starts one: due cards first, then the member's weak topics, then new items.

    A due card whose question a quiz has asked since, and heard the right answer, waits for its review only:
    else the same few questions would come first in each quiz.

    Raises:
        Refusal: `quizzes.nothing_fits`, `quizzes.only_open`.
    """
    fitting = fitting_items(bank, wish.topic, wish.difficulty, hidden(conn, guild_id, member_id))
    results = quiz_results.of_member(conn, guild_id, member_id)
    last = quizzes.last_answers(conn, guild_id, member_id)
    due = due_cards(conn, guild_id, member_id, now)
    chosen = pick(
        fitting,
        wish.count,
        due=[
            card.question_id
            for card in due
            if not (card.question_id in last and last[card.question_id].satisfy(card.due_at))
        ],
        weak=weak_topics(by_topic(bank.questions, results)),
        seen=quizzes.last_seen(conn, guild_id, member_id),
        chance=chance,
    )
    servers.ensure(conn, guild_id)
    members.record(conn, guild_id, member_id, name, now)
    before = quizzes.running(conn, guild_id, member_id)
    if before is not None:
        quizzes.finish(conn, before.id, QuizState.STOPPED, now)
    quiz = quizzes.start(
        conn,
        guild_id=guild_id,
        member_id=member_id,
        topic=wish.topic,
        difficulty=wish.difficulty,
        items=[(candidate.item_id, candidate.question_id) for candidate in chosen],
        at=now,
    )
    return load(conn, bank, quiz)


def choose(
    conn: Connection,
    bank: Bank,
    quiz_id: int,
    position: int,
    choice: int,
    guild_id: int,
    member_id: int,
    now: datetime,
) -> ChosenRound:
    """Stores a choice, once, and books its points; a miss makes a card.

    A second press on the same round changes nothing and shows the first.

    Raises:
        Refusal: `quizzes.not_yours`, `quizzes.round_gone`, or `quizzes.ended`.
    """
    quiz = own_quiz(conn, bank, quiz_id, guild_id, member_id)
    asked = quiz.at(position)
    if asked is None or not 0 <= choice < len(asked.options):
        raise Refusal("quizzes.round_gone")
    if asked.chosen is not None:
        return ChosenRound(quiz, asked, 0)
    if not quiz.running:
        raise Refusal("quizzes.ended")
    answered = replace(asked, chosen=choice, right=asked.options[choice].why is None)
    points: int | None = 0
    quizzes.answer(conn, quiz_id, position, choice, bool(answered.right), now)
    if answered.right:
        points = _book(conn, asked, guild_id, member_id, now)
    else:
        reviews.recall_now(conn, guild_id, [(member_id, asked.question.id)], now)
    quiz = replace(quiz, rounds=tuple(answered if one is asked else one for one in quiz.rounds))
    if quiz.waiting is None:
        quizzes.finish(conn, quiz_id, QuizState.DONE, now)
    return ChosenRound(quiz, answered, points)


def _book(conn: Connection, asked: Round, guild_id: int, member_id: int, now: datetime) -> int | None:
    """Books the points of a right answer: how many there were, or None where the day's bound is reached."""
    day = local_date(now, servers.server_zone(conn, guild_id))
    before = ledger.earned_on(conn, guild_id, member_id, Reason.ITEM, items_prefix(member_id, day))
    points = min(SOLO_POINTS[asked.question.difficulty_of(asked.item)], SOLO_DAILY_BOUND - before)
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


class QuizService(Service):
    """Starts, continues and scores solo quizzes."""

    def __init__(self, database: Database, banks: Banks, chance: random.Random | None = None) -> None:
        super().__init__(database)
        self._banks = banks
        self._chance = chance or random.Random()

    async def running(self, guild_id: int, member_id: int) -> Quiz | None:
        """The member's running quiz in a server."""
        return await self.read(running_quiz, self._banks.of(guild_id), guild_id, member_id)

    async def start(self, guild_id: int, member_id: int, name: str, wish: NewQuiz, now: datetime) -> Quiz:
        """Ends a running quiz and starts one. Raises Refusal (`quizzes.nothing_fits`)."""
        return await self.write(start, self._banks.of(guild_id), self._chance, wish, guild_id, member_id, name, now)

    async def get(self, quiz_id: int, guild_id: int, member_id: int) -> Quiz:
        """A member's own quiz. Raises Refusal (`quizzes.not_yours`) for somebody else's or one that is gone."""
        return await self.read(own_quiz, self._banks.of(guild_id), quiz_id, guild_id, member_id)

    async def choose(
        self, quiz_id: int, position: int, choice: int, guild_id: int, member_id: int, now: datetime
    ) -> ChosenRound:
        """Stores a choice, once, and books its points; a miss makes a card.

        Raises:
            Refusal: `quizzes.not_yours`, `quizzes.round_gone`, or `quizzes.ended`.
        """
        return await self.write(
            choose, self._banks.of(guild_id), quiz_id, position, choice, guild_id, member_id, now
        )
