"""Repairs: a single miss that ended a run becomes neutral by its answer and three right items of its topic."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.bank import Banks, Question
from bot.domain.drills import Drill
from bot.domain.errors import Refusal
from bot.domain.quizzes import QuizState
from bot.domain.streaks import Streak, fold
from bot.services import milestones
from bot.services.quizzes import Quiz, QuizService, Round
from bot.services.spoilers import hidden
from bot.services.use_cases import Service, reads
from bot.storage import answers, drills, quizzes, repairs
from bot.storage.answers import REPAIRED, PastDrill, outcomes_of
from bot.storage.database import Database
from bot.storage.repairs import RepairTry

OPEN_FOR = timedelta(hours=48)
ONCE_IN = timedelta(days=30)
ITEMS = 3


@dataclass(frozen=True, slots=True)
class RepairOffer:
    """A miss that its member may repair now: its drill, the run that it ended, until when, the quiz once begun."""

    drill: Drill
    run: int
    until: datetime
    quiz_id: int | None


@dataclass(frozen=True, slots=True)
class RepairEnding:
    """How a repair ended, with the streak as it is now."""

    repaired: bool
    track_id: int
    streak: Streak


def offer(
    conn: Connection, track_id: int, member_id: int, rows: Sequence[PastDrill], streak: Streak, now: datetime
) -> RepairOffer | None:
    """What a member may repair in a track now: for 48 hours, with one try, once in 30 days."""
    if streak.repairable is None:
        return None
    drill = drills.get(conn, rows[streak.repairable].drill_id)
    if drill is None or drill.closed_at is None or now >= drill.closed_at + OPEN_FOR:
        return None
    tries = repairs.of_member(conn, track_id, member_id)
    tried = next((one for one in tries if one.drill_id == drill.id), None)
    if tried is not None and tried.state != repairs.RUNNING:
        return None
    if any(one.state == REPAIRED and one.finished_at and now < one.finished_at + ONCE_IN for one in tries):
        return None
    return RepairOffer(
        drill, streak.broken_run, drill.closed_at + OPEN_FOR, None if tried is None else tried.quiz_id
    )


def offered(conn: Connection, guild_id: int, member_id: int, drill_id: int, now: datetime) -> RepairOffer:
    """What a member may repair with this drill; raises Refusal when the time or the try is over."""
    drill = drills.get(conn, drill_id)
    if drill is None or drill.guild_id != guild_id:
        raise Refusal("repairs.over")
    rows = answers.history(conn, drill.track_id, member_id)
    found = offer(conn, drill.track_id, member_id, rows, fold(outcomes_of(rows)), now)
    if found is None or found.drill.id != drill_id:
        raise Refusal("repairs.over")
    return found


class RepairService(Service):
    """Begins repairs and decides them. A repair's quiz books no points."""

    look = reads(offered)

    def __init__(
        self, database: Database, banks: Banks, quiz_service: QuizService, chance: random.Random | None = None
    ) -> None:
        super().__init__(database)
        self._banks = banks
        self._quizzes = quiz_service
        self._chance = chance or random.Random()

    def question(self, drill: Drill) -> Question:
        """The missed question; raises Refusal when it left the bank."""
        question = self._banks.of(drill.guild_id).asked(drill.question_id, drill.claimed_at)
        if question is None:
            raise Refusal("repairs.question_gone")
        return question

    async def begin(self, guild_id: int, member_id: int, drill_id: int, now: datetime) -> int:
        """Begins a repair, once, and returns the id of its quiz; raises Refusal when it is over or has no items."""
        return await self.write(self._begin, guild_id, member_id, drill_id, now)

    def _begin(self, conn: Connection, guild_id: int, member_id: int, drill_id: int, now: datetime) -> int:
        found = offered(conn, guild_id, member_id, drill_id, now)
        if found.quiz_id is not None:
            return found.quiz_id
        topic = self.question(found.drill).topic
        kept_back = hidden(conn, guild_id, member_id)
        items = self._banks.of(guild_id).items(topic)
        pool = [(item.id, question.id) for item, question in items if question.id not in kept_back]
        if not pool:
            raise Refusal("repairs.no_items")
        quiz = quizzes.start(
            conn,
            guild_id=guild_id,
            member_id=member_id,
            topic=topic,
            difficulty=None,
            items=self._chance.sample(pool, min(ITEMS, len(pool))),
            at=now,
            state=QuizState.REPAIR,
        )
        repairs.add(conn, found.drill, member_id, quiz.id, now)
        return quiz.id

    async def quiz(self, quiz_id: int, guild_id: int, member_id: int) -> Quiz:
        """A member's own quiz of a repair; raises Refusal for somebody else's."""
        return await self._quizzes.get(quiz_id, guild_id, member_id)

    async def choose(
        self, quiz_id: int, position: int, choice: int, guild_id: int, member_id: int, now: datetime
    ) -> tuple[Quiz, Round]:
        """Stores a choice, once, and decides the repair with the last one.

        Raises:
            Refusal: like `quiz`, and once the time is over.
        """
        asked = next(
            (r for r in (await self.quiz(quiz_id, guild_id, member_id)).rounds if r.position == position), None
        )
        if asked is None or not 0 <= choice < len(asked.options):
            raise Refusal("repairs.round_gone")
        right = asked.options[choice].why is None
        await self.write(self._choose, quiz_id, position, choice, right, now)
        quiz = await self.quiz(quiz_id, guild_id, member_id)
        return quiz, next(r for r in quiz.rounds if r.position == position)

    def _choose(
        self, conn: Connection, quiz_id: int, position: int, choice: int, right: bool, now: datetime
    ) -> None:
        repair = repairs.of_quiz(conn, quiz_id)
        drill = None if repair is None else drills.get(conn, repair.drill_id)
        if repair is None or drill is None or drill.closed_at is None or now >= drill.closed_at + OPEN_FOR:
            raise Refusal("repairs.closed")
        if quizzes.answer(conn, quiz_id, position, choice, right, now):
            self._decide(conn, repair, quiz_id, now)

    def _decide(self, conn: Connection, repair: RepairTry, quiz_id: int, now: datetime) -> bool:
        """Ends a running try once all of its items are answered; returns whether the drill is repaired."""
        if repair.state != repairs.RUNNING:
            return repair.state == REPAIRED
        rows = quizzes.rounds_of(conn, quiz_id)
        asked = [row for row in rows if row.chosen is not None or self._banks.of(repair.guild_id).item(row.item_id)]
        if any(row.chosen is None for row in asked):
            return False
        quizzes.finish(conn, quiz_id, QuizState.DONE, now)
        repaired = all(row.right for row in asked)
        repairs.finish(conn, repair.id, now, repaired=repaired)
        if repaired:
            where = repair.drill_id, repair.guild_id, repair.track_id
            milestones.check(conn, *where, repair.member_id, now)
        return repaired

    async def ending(self, quiz_id: int, guild_id: int, member_id: int, now: datetime) -> RepairEnding:
        """How the repair of a finished quiz ended (also one whose last item left the bank). Raises Refusal."""
        await self.quiz(quiz_id, guild_id, member_id)
        return await self.write(self._ending, quiz_id, member_id, now)

    def _ending(self, conn: Connection, quiz_id: int, member_id: int, now: datetime) -> RepairEnding:
        repair = repairs.of_quiz(conn, quiz_id)
        if repair is None:
            raise Refusal("repairs.over")
        repaired = self._decide(conn, repair, quiz_id, now)
        rows = answers.history(conn, repair.track_id, member_id)
        return RepairEnding(repaired, repair.track_id, fold(outcomes_of(rows)))
