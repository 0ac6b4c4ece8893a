"""How a live quiz moves on: the bell of each round, its reveal, the end, and what an outage does to it.

The database decides when; the quizmaster brings it to the channel and records here what stands there.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain import live_quizzes as rules
from bot.domain.bank import Bank
from bot.domain.live_quizzes import LiveQuiz, LiveRound, LiveState
from bot.domain.points import Reason, live_prefix
from bot.services.reviews import ReviewService
from bot.storage import ledger, live_quizzes
from bot.storage.database import Database
from bot.storage.sent_messages import Owner, OwnerKind

PATIENCE = 12
"""After this many failures in a row of bringing something to Discord a quiz ends."""
LAST_PATIENCE = 60 * PATIENCE
"""After this many its end is not brought there either."""


def finish(conn: Connection, cards: ReviewService, live: LiveQuiz, state: LiveState, at: datetime) -> None:
    """Ends a quiz, books its points, and makes cards of what was missed."""
    live_quizzes.change(conn, live.id, state=state, next_at=None, finished_at=at)
    rounds = live_quizzes.rounds_of(conn, live.id)
    opened = rules.opened(rounds)
    choices = live_quizzes.choices_of(conn, live.id)
    asked = {r.position: r.question_id for r in rounds}
    # Hundreds may have played: as one statement for each of them, this would hold up everybody else's presses.
    wrong = {(c.member_id, asked[c.position]) for c in choices if c.position in opened and not c.right}
    cards.missed(conn, live.guild_id, wrong, at)
    places = rules.ranking(choices, opened, live.seconds)
    earned = {p.member_id: rules.live_points(p.score, p.answered, len(rounds), len(places)) for p in places}
    ledger.enter_all(
        conn,
        guild_id=live.guild_id,
        reason=Reason.LIVE,
        prefix=live_prefix(live.id),
        earned={member_id: points for member_id, points in earned.items() if points},
        at=at,
    )


def owner(live: LiveQuiz) -> Owner:
    """The quiz as the owner of its cards."""
    return Owner(OwnerKind.LIVE_QUIZ, live.id, live.guild_id, live.made_at.isoformat())


def mark_lobby_posted(conn: Connection, live_id: int, *, message_id: int, at: datetime) -> None:
    """Records the lobby's card."""
    live_quizzes.change(conn, live_id, message_id=message_id, attempts=0)


def mark_asked(conn: Connection, live_id: int, *, position: int, message_id: int, at: datetime) -> None:
    """Records a round's card; the round began when the card appeared in the channel."""
    live_quizzes.change_round(conn, live_id, position, message_id=message_id, opened_at=at)
    live = live_quizzes.get(conn, live_id)
    assert live is not None
    asking = (live.state, live.position) == (LiveState.ASKING, position)
    over = at + timedelta(seconds=live.seconds) + rules.ON_THE_WAY
    live_quizzes.change(conn, live_id, attempts=0, next_at=over if asking else live.next_at)


def mark_result_posted(conn: Connection, live_id: int, *, message_id: int, at: datetime) -> None:
    """Records the podium; nothing is owed any more."""
    live_quizzes.change(conn, live_id, settled=True, result_id=message_id, attempts=0)


class LiveRoundService:
    """Takes live quizzes from their lobby through their rounds to their end."""

    def __init__(self, database: Database, bank: Bank, cards: ReviewService) -> None:
        self._db = database
        self._bank = bank
        self._cards = cards

    async def advance(self, live_id: int, now: datetime) -> bool:
        """Takes the next step if it is due, once; returns whether it was."""

        def work(conn: Connection) -> bool:
            live = live_quizzes.get(conn, live_id)
            if live is None or not live.due(now):
                return False
            if live.state is LiveState.ASKING:
                live_quizzes.change_round(conn, live_id, live.position, closed_at=now)
                live_quizzes.change(conn, live_id, state=LiveState.SHOWING, next_at=now + rules.PAUSE)
            elif live.state is LiveState.LOBBY and not live_quizzes.players(conn, live_id):
                finish(conn, self._cards, live, LiveState.EMPTY, now)
            else:
                # As of the instant at which it was due: a late bot moves nobody's points into another week.
                self._go_on(conn, live, live.next_at or now)
            return True

        return await self._db.write(work)

    async def pass_over(self, live_id: int, position: int, now: datetime) -> None:
        """The item of the open round left the bank: the round does not count, and the next one comes."""

        def work(conn: Connection) -> None:
            live = live_quizzes.get(conn, live_id)
            if live is not None and (live.state, live.position) == (LiveState.ASKING, position):
                live_quizzes.change_round(conn, live_id, position, opened_at=None, closed_at=now)
                live_quizzes.change(conn, live_id, state=LiveState.SHOWING, next_at=now)

        await self._db.write(work)

    async def forget(self, live_id: int, now: datetime) -> None:
        """Ends a quiz that stood still until its players were gone, as of the instant at which it stood still."""

        def work(conn: Connection) -> None:
            live = live_quizzes.get(conn, live_id)
            rounds = live_quizzes.rounds_of(conn, live_id)
            if live is None or not live.forgotten(rounds, now):
                return
            since = live.waits_since(rounds)
            if live.state is LiveState.ASKING and live.next_at is not None:
                live_quizzes.change_round(conn, live_id, live.position, closed_at=since)
            finish(conn, self._cards, live, LiveState.STOPPED, since)

        await self._db.write(work)

    def _go_on(self, conn: Connection, live: LiveQuiz, at: datetime) -> None:
        """The next round; or the end, after the last one or when nobody is there."""
        following: LiveRound | None = None
        closed: list[int] = []
        for r in live_quizzes.rounds_of(conn, live.id):
            if r.closed_at is not None:
                closed.append(r.position)
            elif self._bank.item(r.item_id) is None:
                live_quizzes.drop_round(conn, live.id, r.position)
            elif following is None:
                following = r
        choices = live_quizzes.choices_of(conn, live.id)
        if rules.nobody_there([sum(c.position == position for c in choices) for position in closed]):
            finish(conn, self._cards, live, LiveState.EMPTY, at)
        elif following is None:
            finish(conn, self._cards, live, LiveState.DONE, at)
        else:
            live_quizzes.change(
                conn, live.id, state=LiveState.ASKING, position=following.position, next_at=None, shown=0
            )

    # What of it stands in its channel.

    async def due(self, now: datetime) -> list[int]:
        """Quizzes whose next step is due."""
        return await self._db.read(lambda conn: live_quizzes.due(conn, now))

    async def unsettled(self) -> list[int]:
        """Quizzes that run, or whose end Discord does not show yet."""
        return await self._db.read(live_quizzes.unsettled)

    async def next_at(self, after: datetime) -> datetime | None:
        """The earliest instant after this one at which a step is due."""
        return await self._db.read(lambda conn: live_quizzes.next_at(conn, after))

    async def by_cards(self, message_ids: Collection[int]) -> list[int]:
        """Running quizzes whose present card is one of these messages."""
        return await self._db.read(lambda conn: live_quizzes.by_cards(conn, message_ids))

    async def trying(self, live: LiveQuiz) -> None:
        """Records before a send that it may have happened: the next try looks first."""
        await self._db.write(lambda conn: live_quizzes.change(conn, live.id, attempts=max(live.attempts, 1)))

    async def lobby_closed(self, live_id: int) -> None:
        """Records that the lobby's card no longer invites."""
        await self._db.write(lambda conn: live_quizzes.change(conn, live_id, lobby_open=False, attempts=0))

    async def counted(self, live_id: int, count: int) -> None:
        """Records the count that the present card says."""
        await self._db.write(lambda conn: live_quizzes.change(conn, live_id, shown=count, attempts=0))

    async def revealed(self, live_id: int, position: int) -> None:
        """Records that a round's card says how it ended."""

        def work(conn: Connection) -> None:
            live_quizzes.change_round(conn, live_id, position, shown=True)
            live_quizzes.change(conn, live_id, attempts=0)

        await self._db.write(work)

    async def settled(self, live_id: int) -> None:
        """Records that nothing is owed any more."""
        await self._db.write(lambda conn: live_quizzes.change(conn, live_id, settled=True, attempts=0))

    async def give_up(self, live_id: int, now: datetime) -> None:
        """Discord refuses: channel, card or permission are gone. The quiz ends quietly, with what was scored."""

        def work(conn: Connection) -> None:
            live = live_quizzes.get(conn, live_id)
            if live is None:
                return
            if live.running:
                finish(conn, self._cards, live, LiveState.GONE, now)
            live_quizzes.change(conn, live_id, settled=True)

        await self._db.write(work)

    async def failed(self, live_id: int, now: datetime, *, ours: bool = False) -> None:
        """Something is out of order: the next heartbeat tries again, and after about a minute the quiz ends.

        Its end is brought to Discord for about an hour more, so that nobody is left with a card that does nothing.

        Args:
            ours: the mistake is the bot's own, and will be the same in an hour.
        """

        def work(conn: Connection) -> None:
            live = live_quizzes.get(conn, live_id)
            if live is None:
                return
            tries = live.attempts + 1
            live_quizzes.change(conn, live_id, attempts=tries)
            if tries >= PATIENCE and live.running:
                finish(conn, self._cards, live, LiveState.STOPPED, now)
            if tries >= (PATIENCE if ours else LAST_PATIENCE):
                live_quizzes.change(conn, live_id, settled=True)

        await self._db.write(work)
