"""How a live quiz moves on: the bell of each round, its reveal, the end, and what an outage does to it.

The database decides when; the runner brings it to the channel and records here what stands there.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain import live_quizzes as rules
from bot.domain.bank import Banks
from bot.domain.live_quizzes import LiveQuiz, LiveRound, LiveState
from bot.domain.points import Reason, live_prefix
from bot.services.use_cases import Service, reads, writes
from bot.storage import ledger, live_choices, live_deliveries, live_quizzes, reviews
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind

PATIENCE = 12
"""After this many failures in a row of bringing something to Discord a quiz ends."""
LAST_PATIENCE = 60 * PATIENCE
"""After this many its end is not brought there either."""


def finish(conn: Connection, live: LiveQuiz, state: LiveState, at: datetime) -> None:
    """Ends a quiz, books its points, and makes cards of what was missed."""
    live_quizzes.end(conn, live.id, state, at)
    rounds = live_quizzes.rounds_of(conn, live.id)
    opened = rules.opened(rounds)
    choices = live_choices.choices_of(conn, live.id)
    asked = {r.position: r.question_id for r in rounds}
    # Hundreds may have played: as one statement for each of them, this would hold up everybody else's presses.
    wrong = {(c.member_id, asked[c.position]) for c in choices if c.position in opened and not c.right}
    reviews.recall_now(conn, live.guild_id, wrong, at)
    places = rules.ranking(choices, opened)
    earned = {p.member_id: rules.live_points(p.score, p.answered, len(rounds), len(places)) for p in places}
    ledger.enter_all(
        conn,
        guild_id=live.guild_id,
        reason=Reason.LIVE,
        prefix=live_prefix(live.id),
        earned={member_id: points for member_id, points in earned.items() if points},
        at=at,
    )


def advance(conn: Connection, banks: Banks, live_id: int, now: datetime) -> bool:
    """Takes a quiz's next step if it is due, once; returns whether it was."""
    live = live_quizzes.get(conn, live_id)
    if live is None or not live.due(now):
        return False
    if live.state is LiveState.ASKING:
        live_quizzes.close_round(conn, live_id, live.position, now)
        live_quizzes.show(conn, live_id, now + rules.PAUSE)
    elif live.state is LiveState.LOBBY and not live_choices.players(conn, live_id):
        finish(conn, live, LiveState.EMPTY, now)
    else:
        # As of the instant at which it was due: a late bot moves nobody's points into another week.
        _go_on(conn, banks, live, live.next_at or now)
    return True


def _go_on(conn: Connection, banks: Banks, live: LiveQuiz, at: datetime) -> None:
    """The next round; or the end, after the last one or when nobody is there."""
    following: LiveRound | None = None
    closed: list[int] = []
    for r in live_quizzes.rounds_of(conn, live.id):
        if r.closed_at is not None:
            closed.append(r.position)
        elif banks.of(live.guild_id).item(r.item_id) is None:
            live_quizzes.drop_round(conn, live.id, r.position)
        elif following is None:
            following = r
    choices = live_choices.choices_of(conn, live.id)
    if rules.nobody_there([sum(c.position == position for c in choices) for position in closed]):
        finish(conn, live, LiveState.EMPTY, at)
    elif following is None:
        finish(conn, live, LiveState.DONE, at)
    else:
        live_quizzes.ask(conn, live.id, following.position)


def pass_over(conn: Connection, live_id: int, position: int, now: datetime) -> None:
    """The item of the open round left the bank: the round does not count, and the next one comes."""
    live = live_quizzes.get(conn, live_id)
    if live is not None and (live.state, live.position) == (LiveState.ASKING, position):
        live_quizzes.void_round(conn, live_id, position, now)
        live_quizzes.show(conn, live_id, now)


def end_forgotten(conn: Connection, live_id: int, now: datetime) -> None:
    """Ends a quiz that stood still until its players were gone, as of the instant at which it stood still."""
    found = live_quizzes.whole(conn, live_id)
    if found is None or not found.live.forgotten(found.rounds, now):
        return
    live, since = found.live, found.live.waits_since(found.rounds)
    if live.state is LiveState.ASKING and live.next_at is not None:
        live_quizzes.close_round(conn, live_id, live.position, since)
    finish(conn, live, LiveState.STOPPED, since)


def give_up(conn: Connection, live_id: int, now: datetime) -> LiveQuiz | None:
    """Discord refuses: channel, card or permission are gone. The quiz ends quietly, with what was scored.

    Returns the quiz as it was.
    """
    live = live_quizzes.get(conn, live_id)
    if live is None:
        return None
    if live.running:
        finish(conn, live, LiveState.GONE, now)
    live_deliveries.mark_finished(conn, live_id)
    return live


def mark_failed(conn: Connection, live_id: int, now: datetime, *, ours: bool) -> LiveQuiz | None:
    """Something is out of order: the next heartbeat tries again, and after about a minute the quiz ends.

    Its end is brought to Discord for about an hour more, so that nobody is left with a card that does nothing.
    Returns the quiz as it was.

    Args:
        ours: the mistake is the bot's own, and will be the same in an hour.
    """
    live = live_quizzes.get(conn, live_id)
    if live is None:
        return None
    tries = live_deliveries.mark_failed(conn, live_id)
    if tries >= PATIENCE and live.running:
        finish(conn, live, LiveState.STOPPED, now)
    if tries >= (PATIENCE if ours else LAST_PATIENCE):
        live_deliveries.mark_finished(conn, live_id)
    return live


def owner(live: LiveQuiz) -> Owner:
    """The quiz as the owner of its cards."""
    return Owner(OwnerKind.LIVE_QUIZ, live.id, live.guild_id, f"{live.channel_id}:{live.made_at.isoformat()}")


def mark_lobby_posted(conn: Connection, live_id: int, *, message_id: int, at: datetime) -> None:
    """Records the lobby's card."""
    live_deliveries.mark_lobby_posted(conn, live_id, message_id)


def mark_asked(conn: Connection, live_id: int, *, position: int, message_id: int, at: datetime) -> None:
    """Records a round's card; the round began when the card appeared in the channel."""
    seconds = live_deliveries.mark_round_posted(conn, live_id, position, message_id, at)
    live = live_quizzes.get(conn, live_id)
    assert live is not None
    if (live.state, live.position) == (LiveState.ASKING, position):
        live_quizzes.set_next_at(conn, live_id, at + timedelta(seconds=seconds) + rules.ON_THE_WAY)


def mark_result_posted(conn: Connection, live_id: int, *, message_id: int, at: datetime) -> None:
    """Records the podium; nothing is owed any more."""
    live_deliveries.mark_result_posted(conn, live_id, message_id)


class LiveRoundService(Service):
    """Takes live quizzes from their lobby through their rounds to their end."""

    pass_over = writes(pass_over)
    end_forgotten = writes(end_forgotten)
    give_up = writes(give_up)
    due = reads(live_quizzes.due)
    unfinished = reads(live_quizzes.unfinished)
    next_at = reads(live_quizzes.next_at)
    by_cards = reads(live_quizzes.by_cards)
    mark_tried = writes(live_deliveries.mark_tried)
    mark_placed = writes(live_deliveries.mark_placed)
    mark_lobby_closed = writes(live_deliveries.mark_lobby_closed)
    mark_counted = writes(live_deliveries.mark_counted)
    mark_revealed = writes(live_deliveries.mark_revealed)
    mark_finished = writes(live_deliveries.mark_finished)
    mark_failed = writes(mark_failed)

    def __init__(self, database: Database, banks: Banks) -> None:
        super().__init__(database)
        self._banks = banks

    async def advance(self, live_id: int, now: datetime) -> bool:
        """Takes the next step if it is due, once; returns whether it was."""
        if not await self.read(live_quizzes.is_due, live_id, now):
            return False
        return await self.write(advance, self._banks, live_id, now)

    # What of it stands in its channel.
