"""Use cases of voting: a 👍 becomes a vote and its author's point, votes end, the best answer is found."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.drills import Drill, DrillState
from bot.domain.errors import Refusal
from bot.domain.points import BEST_POINTS, VOTE_POINTS, Reason, best_reference, vote_reference, votes_prefix
from bot.domain.text import link_to
from bot.domain.votes import best, paid, takes_votes, votes_end
from bot.services.use_cases import Service, reads, writes
from bot.storage import answers, drills, ledger, members, votes
from bot.storage.answers import Answer
from bot.storage.database import Database
from bot.storage.privacy_log import DeletionLog
from bot.storage.votes import BEST_POST as BEST_POST
from bot.storage.votes import Ballot, VotableMessage, VoteChoice


@dataclass(frozen=True, slots=True)
class BestAnswer:
    """A drill's best answer as it is shown: whose, how many votes, and where it can be read, if it still can."""

    name: str
    votes: int
    link: str | None


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """What a member may vote for in private: others' answers to a drill, and the one they chose before."""

    drill_id: int
    choices: Sequence[VoteChoice]
    picked: int | None


def book_votes(conn: Connection, answer: Answer) -> None:
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


def _votable(conn: Connection, answer_id: int, at: datetime) -> Answer | None:
    """The answer, if a 👍 on it counts now."""
    answer = answers.get(conn, answer_id)
    drill = None if answer is None else drills.get(conn, answer.drill_id)
    if answer is None or drill is None:
        return None
    return answer if takes_votes(drill, at, votes.next_closed(conn, drill)) else None


def _put(conn: Connection, answer: Answer, message_id: int, ballot: Ballot, at: datetime) -> bool:
    voter_id, thumb = ballot
    return votes.put(
        conn,
        guild_id=answer.guild_id,
        answer_id=answer.id,
        message_id=message_id,
        voter_id=voter_id,
        thumb=thumb,
        at=at,
    )


def give(conn: Connection, answer_id: int, message_id: int, ballot: Ballot, at: datetime) -> bool:
    """Stores a 👍 on a message of an answer; False where it is no vote: one's own answer, or votes have ended."""
    answer = _votable(conn, answer_id, at)
    if answer is None or answer.member_id == ballot[0]:
        return False
    if _put(conn, answer, message_id, ballot, at):
        book_votes(conn, answer)
    return True


def ballot(conn: Connection, drill_id: int, member_id: int, now: datetime) -> BallotPaper:
    """What a member may vote for in private.

    Raises:
        Refusal: votes have ended, or nobody else has answered.
    """
    drill = drills.get(conn, drill_id)
    if drill is None or not takes_votes(drill, now, votes.next_closed(conn, drill)):
        raise Refusal("votes.over")
    others = [choice for choice in votes.choices(conn, drill_id) if choice.member_id != member_id]
    if not others:
        raise Refusal("votes.nobody_else")
    return BallotPaper(drill_id, others, votes.picked(conn, drill_id, member_id))


def pick(conn: Connection, drill_id: int, answer_id: int, member_id: int, now: datetime) -> BallotPaper:
    """Stores a member's private vote, which takes the place of an earlier one of theirs.

    Raises:
        Refusal: like `ballot`, and where it is no answer that they may vote for.
    """
    paper = ballot(conn, drill_id, member_id, now)
    if answer_id not in [choice.answer_id for choice in paper.choices]:
        raise Refusal("votes.answer_gone")
    votes.drop_picks(conn, drill_id, member_id)
    for changed in dict.fromkeys((answer_id, paper.picked or answer_id)):
        answer = answers.get(conn, changed)
        assert answer is not None
        if changed == answer_id:
            _put(conn, answer, votes.PICKED, (member_id, votes.PICK), now)
        book_votes(conn, answer)
    return replace(paper, picked=answer_id)


def take_back(
    conn: Connection,
    answer_id: int,
    message_id: int,
    at: datetime,
    *,
    voter_id: int | None = None,
    thumbs: Collection[str] = (),
) -> None:
    """Takes 👍 off a message: those of one voter or of all, the named ones or every one."""
    answer = _votable(conn, answer_id, at)
    if answer is not None and votes.drop(conn, answer.id, message_id, voter_id=voter_id, thumbs=thumbs):
        book_votes(conn, answer)


def correct(
    conn: Connection, deletions: DeletionLog, message: VotableMessage, present: Collection[Ballot], at: datetime
) -> None:
    """Makes the votes of a message those that stand on it now; when they were given is when they are seen.

    Used for what happened while the bot was away, so also just after the end, until they are tallied. A 👍 of
    somebody who had their data deleted since the question came counts already, as nobody's.
    """
    answer = answers.get(conn, message.answer_id)
    drill = None if answer is None else drills.get(conn, answer.drill_id)
    if answer is None or drill is None or drill.voted_until is not None:
        return
    since = drill.opened_at or drill.claimed_at
    stored = {ballot for ballot in votes.on_message(conn, answer.id, message.message_id) if ballot[0] > 0}
    wanted = {
        ballot
        for ballot in present
        if ballot[0] != answer.member_id
        and (ballot in stored or not deletions.covers(drill.guild_id, ballot[0], since))
    }
    for voter_id, thumb in stored - wanted:
        votes.drop(conn, answer.id, message.message_id, voter_id=voter_id, thumbs=[thumb])
    for ballot in wanted - stored:
        _put(conn, answer, message.message_id, ballot, at)
    if wanted != stored:
        book_votes(conn, answer)


def tally(conn: Connection, drill_id: int) -> BestAnswer | None:
    """Tallies a closed drill's votes, once, and returns its best answer; None where nobody voted."""
    drill = drills.get(conn, drill_id)
    if drill is None or drill.state is not DrillState.CLOSED:
        return None
    if drill.voted_until is None:
        drill = _tally(conn, drill)
    return _best_of(conn, drill)


def last_best(conn: Connection, drill: Drill) -> BestAnswer | None:
    """The best answer to the drill before this one, or before that, whose votes are the last that were tallied."""
    before = votes.tallied_before(conn, drill)
    return None if before is None else _best_of(conn, before)


def _best_of(conn: Connection, drill: Drill) -> BestAnswer | None:
    if drill.best_answer_id is None or drill.voted_until is None:
        return None
    number = dict(votes.counts(conn, drill.id, drill.voted_until)).get(drill.best_answer_id, 0)
    return show_best(conn, drill.guild_id, drill.best_answer_id, number)


def _tally(conn: Connection, drill: Drill) -> Drill:
    end = votes_end(drill, votes.next_closed(conn, drill))
    assert end is not None
    winner = best(votes.counts(conn, drill.id, end))
    best_id = None if winner is None else winner[0]
    votes.mark_tallied(conn, drill.id, until=end, best_answer_id=best_id)
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
        drills.outdate_card(conn, drill.track_id)
    return replace(drill, voted_until=end, best_answer_id=best_id)


def to_seed(conn: Connection, drill_id: int, now: datetime) -> dict[int, VotableMessage | None]:
    """A drill's answers that lack the bot's first 👍, each with the message that takes it; None where none does."""
    drill, lacking = drills.get(conn, drill_id), votes.unseeded(conn, drill_id)
    found: dict[int, VotableMessage | None] = dict.fromkeys(lacking)
    if drill is not None and takes_votes(drill, now, votes.next_closed(conn, drill)):
        for message in votes.messages(conn, drill_id):
            if message.answer_id in found:
                found[message.answer_id] = found[message.answer_id] or message
    return found


def show_best(conn: Connection, guild_id: int, answer_id: int, count: int) -> BestAnswer | None:
    """An answer as the best one; its name stays away where a member wants that, its link once it is deleted."""
    answer = answers.get(conn, answer_id)
    if answer is None:
        return None
    name = members.board_names(conn, guild_id, [answer.member_id]).get(answer.member_id, "")
    here = (message for message in votes.messages(conn, answer.drill_id) if message.answer_id == answer_id)
    message = next(here, None)
    link = link_to(guild_id, message.channel_id, message.message_id) if message else None
    return BestAnswer(name, count, link)


def mark_best_shown(conn: Connection, drill_id: int) -> None:
    """Records that a blind drill's best answer is shown."""
    votes.mark_best_shown(conn, drill_id)


class VoteService(Service):
    """Counts votes and finds best answers; says nothing to Discord itself."""

    to_tally = reads(votes.to_tally)
    unshown = reads(votes.blind_unshown)
    last_best = reads(last_best)
    ballot = reads(ballot)
    pick = writes(pick)
    unseeded_drills = reads(votes.unseeded_drills)
    to_seed = reads(to_seed)
    mark_seeded = writes(votes.mark_seeded)
    open_to_votes = reads(votes.voting)
    messages = reads(votes.messages)
    tally = writes(tally)

    def __init__(self, database: Database, deletions: DeletionLog) -> None:
        super().__init__(database)
        self._deletions = deletions

    async def correct(self, message: VotableMessage, present: Collection[Ballot], at: datetime) -> None:
        """Makes the votes of a message those that stand on it now; see `correct`."""
        await self.write(correct, self._deletions, message, present, at)

    async def give(self, message_id: int, voter_id: int, thumb: str, at: datetime) -> bool:
        """Takes a 👍; returns False where it is no vote: another message, one's own answer, votes have ended."""
        answer_id = await self.read(votes.answer_of, message_id)
        if answer_id is None:
            return False
        return await self.write(give, answer_id, message_id, (voter_id, thumb), at)

    async def take_back(
        self, message_id: int, at: datetime, *, voter_id: int | None = None, thumbs: Collection[str] = ()
    ) -> None:
        """Takes 👍 off a message: those of one voter or of all, the named ones or every one."""
        answer_id = await self.read(votes.answer_of, message_id)
        if answer_id is not None:
            await self.write(take_back, answer_id, message_id, at, voter_id=voter_id, thumbs=thumbs)

    async def differs(self, message: VotableMessage, shown: Counter[str]) -> bool:
        """Whether a message shows other numbers of 👍 than are stored."""
        stored = await self.read(votes.on_message, message.answer_id, message.message_id)
        return Counter(thumb for _, thumb in stored) != shown
