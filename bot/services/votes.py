"""Use cases of voting: a 👍 becomes a vote and its author's point, votes end, the best answer is found."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.drills import LIFETIME, Drill, DrillState
from bot.domain.points import BEST_POINTS, VOTE_POINTS, Reason, best_reference, vote_reference, votes_prefix
from bot.domain.text import NOBODY, link_to
from bot.domain.votes import best, paid, takes_votes, votes_end
from bot.storage import answers, drills, ledger, members, votes
from bot.storage.answers import Answer
from bot.storage.database import Database
from bot.storage.drills import DrillDelivery
from bot.storage.votes import Ballot, VotableMessage

BEST_POST = "best:0"
"""The key of the message that tells a blind drill's best answer."""
"""The key of the post that names a blind drill's best answer."""


@dataclass(frozen=True, slots=True)
class BestAnswer:
    """A drill's best answer as it is shown: whose, how many votes, and where it can be read, if it still can."""

    name: str
    votes: int
    link: str | None


def book(conn: Connection, answer: Answer) -> None:
    """Makes the ledger hold what an answer's votes are worth; a vote on one too short waits until it counts."""
    given = dict(votes.voters(conn, answer.id)) if answer.counted_at is not None else {}
    worth = paid(list(given))
    booked = ledger.references(conn, answer.guild_id, Reason.VOTE, votes_prefix(answer.id))
    wanted = {vote_reference(answer.id, voter): given[voter] for voter in worth}
    for reference in booked - wanted.keys():
        ledger.withdraw(conn, guild_id=answer.guild_id, reference=reference)
    for reference in wanted.keys() - booked:
        ledger.enter(
            conn,
            guild_id=answer.guild_id,
            track_id=answer.track_id,
            member_id=answer.member_id,
            reason=Reason.VOTE,
            points=VOTE_POINTS,
            reference=reference,
            at=wanted[reference],
        )


def show_best(conn: Connection, guild_id: int, answer_id: int, count: int) -> BestAnswer | None:
    """An answer as the best one; its name stays away where a member wants that, its link once it is deleted."""
    answer = answers.get(conn, answer_id)
    if answer is None:
        return None
    name = members.board_names(conn, guild_id, [answer.member_id]).get(answer.member_id, NOBODY)
    here = (place for place in votes.places(conn, answer.drill_id) if place.answer_id == answer_id)
    place = next(here, None)
    link = link_to(guild_id, place.channel_id, place.message_id) if place else None
    return BestAnswer(name, count, link)


class VoteService:
    """Counts votes and finds best answers; says nothing to Discord itself."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def _votable(self, conn: Connection, message_id: int, at: datetime) -> Answer | None:
        """The answer on which a 👍 on this message counts now."""
        answer_id = votes.answer_of(conn, message_id)
        answer = None if answer_id is None else answers.get(conn, answer_id)
        drill = None if answer is None else drills.get(conn, answer.drill_id)
        if answer is None or drill is None:
            return None
        return answer if takes_votes(drill, at, votes.next_closed(conn, drill)) else None

    async def give(self, message_id: int, voter_id: int, thumb: str, at: datetime) -> bool:
        """Takes a 👍; returns False where it is no vote: another message, one's own answer, votes have ended."""

        def work(conn: Connection) -> bool:
            answer = self._votable(conn, message_id, at)
            if answer is None or answer.member_id == voter_id:
                return False
            votes.put(
                conn,
                guild_id=answer.guild_id,
                answer_id=answer.id,
                message_id=message_id,
                voter_id=voter_id,
                thumb=thumb,
                at=at,
            )
            book(conn, answer)
            return True

        return await self._db.write(work)

    async def take_back(
        self, message_id: int, at: datetime, *, voter_id: int | None = None, thumbs: Collection[str] = ()
    ) -> None:
        """Takes 👍 off a message: those of one voter or of all, the named ones or every one."""

        def work(conn: Connection) -> None:
            answer = self._votable(conn, message_id, at)
            if answer is not None:
                votes.drop(conn, answer.id, message_id, voter_id=voter_id, thumbs=thumbs)
                book(conn, answer)

        await self._db.write(work)

    async def open_to_votes(self, guild_ids: Collection[int]) -> list[Drill]:
        """Drills of some servers whose votes are not counted out, also those that have just ended."""
        return await self._db.read(lambda conn: votes.voting(conn, list(guild_ids)))

    async def places(self, drill: Drill) -> list[VotableMessage]:
        """The messages of a drill's answers."""
        return await self._db.read(lambda conn: votes.places(conn, drill.id))

    async def differs(self, place: VotableMessage, shown: Counter[str]) -> bool:
        """Whether a message shows other numbers of 👍 than are stored."""
        stored = await self._db.read(lambda conn: votes.on_message(conn, place.answer_id, place.message_id))
        return Counter(thumb for _, thumb in stored) != shown

    async def correct(self, drill: Drill, place: VotableMessage, present: Collection[Ballot], at: datetime) -> None:
        """Makes the votes of a message those that stand on it now; when they were given is when they are seen.

        Used for what happened while the bot was away, so also just after the end, until they are counted out.
        """

        def work(conn: Connection) -> None:
            answer = answers.get(conn, place.answer_id)
            current = drills.get(conn, drill.id)
            if answer is None or current is None or current.voted_until is not None:
                return
            wanted = {ballot for ballot in present if ballot[0] != answer.member_id}
            stored = votes.on_message(conn, answer.id, place.message_id)
            for voter_id, thumb in stored - wanted:
                votes.drop(conn, answer.id, place.message_id, voter_id=voter_id, thumbs=[thumb])
            for voter_id, thumb in wanted - stored:
                votes.put(
                    conn,
                    guild_id=answer.guild_id,
                    answer_id=answer.id,
                    message_id=place.message_id,
                    voter_id=voter_id,
                    thumb=thumb,
                    at=at,
                )
            book(conn, answer)

        await self._db.write(work)

    async def undecided(self, now: datetime) -> list[Drill]:
        """Revealed blind drills whose votes have ended and are not counted out."""

        def work(conn: Connection) -> list[Drill]:
            found: list[Drill] = []
            for drill in votes.blind_undecided(conn):
                end = votes_end(drill, votes.next_closed(conn, drill))
                if end is not None and end <= now:
                    found.append(drill)
            return found

        return await self._db.read(work)

    async def decide(self, drill: Drill) -> BestAnswer | None:
        """Counts a closed drill's votes out, once, and returns its best answer; None where nobody voted."""

        def work(conn: Connection) -> BestAnswer | None:
            current = drills.get(conn, drill.id)
            if current is None or current.state is not DrillState.CLOSED:
                return None
            if current.voted_until is None:
                self._count_out(conn, current)
                current = drills.get(conn, drill.id) or current
            if current.best_answer_id is None or current.voted_until is None:
                return None
            counted = dict(votes.counts(conn, drill.id, current.voted_until))
            number = counted.get(current.best_answer_id, 0)
            return show_best(conn, drill.guild_id, current.best_answer_id, number)

        return await self._db.write(work)

    def _count_out(self, conn: Connection, drill: Drill) -> None:
        end = votes_end(drill, votes.next_closed(conn, drill))
        assert end is not None
        winner = best(votes.counts(conn, drill.id, end))
        best_id = None if winner is None else winner[0]
        drills.mark_tallied(conn, drill.id, voted_until=end, best_answer_id=best_id)
        answer = None if best_id is None else answers.get(conn, best_id)
        if answer is not None:
            ledger.enter(
                conn,
                guild_id=drill.guild_id,
                track_id=drill.track_id,
                member_id=answer.member_id,
                reason=Reason.BEST,
                points=BEST_POINTS,
                reference=best_reference(drill.id),
                at=end,
            )

    async def unshown(self, now: datetime) -> list[DrillDelivery]:
        """Blind drills whose best answer is found and not shown; after a week it is old news."""
        return await self._db.read(lambda conn: votes.blind_unshown(conn, BEST_POST, now - LIFETIME, now))
