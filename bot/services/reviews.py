"""Use cases of reviewing: what becomes a card, which one comes next, rating it, and taking a rating back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.bank import Bank, Question
from bot.domain.errors import BadInput
from bot.domain.reviews import Card, Rating, comes_again, queue, rate
from bot.domain.schedule import day_begins, local_date
from bot.storage import members, quiz_results, reviews, servers
from bot.storage.database import Database

SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """A card with its question, and when it would come again after each rating; days are those of the zone."""

    card: Card
    question: Question
    again: dict[Rating, datetime]
    now: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """A member's reviews as they stand now.

    Attributes:
        asked: the first card of today's queue; None when there is nothing (more) to review today.
        left: how many cards of today's queue are left.
        later: how many due cards wait for another day because of the daily bounds.
        done: how many cards were reviewed today.
        cards: how many cards the member has.
        next_at: when the next card is due that is not due yet.
        last_review: the newest rating, if it was given today; it can be taken back.
        now: when this was so.
    """

    asked: CardAnswer | None
    left: int
    later: int
    done: int
    cards: int
    next_at: datetime | None
    last_review: int | None
    now: datetime

    @property
    def soon(self) -> bool:
        """Whether a card comes again within the hour: one that was not known does, also on a day that is full."""
        return self.next_at is not None and self.next_at - self.now < SOON


class ReviewService:
    """Keeps members' cards. Cards of questions that left the bank are passed over."""

    def __init__(self, database: Database, bank: Bank) -> None:
        self._db = database
        self._bank = bank

    def missed(self, conn: Connection, guild_id: int, missed: Collection[tuple[int, str]], now: datetime) -> None:
        """Makes cards of what was got wrong, (member, question id) each; one that exists is due now.

        Runs inside the caller's transaction.
        """
        reviews.recall_now(conn, guild_id, missed, now)

    def due(self, conn: Connection, guild_id: int, member_id: int, now: datetime) -> list[Card]:
        """Cards that are due, the one due longest first. Runs inside the caller's transaction."""
        self._collect(conn, guild_id, member_id, now)
        found = reviews.of_member(conn, guild_id, member_id)
        return [card for card in found if card.due_at <= now]

    def _collect(self, conn: Connection, guild_id: int, member_id: int, now: datetime) -> None:
        """Makes cards of the drills that the member missed: only now, so that a closing drill writes for nobody."""
        reviews.add(conn, guild_id, member_id, quiz_results.missed_drills(conn, guild_id, member_id), now)

    async def look(self, guild_id: int, member_id: int, now: datetime) -> ReviewQueue:
        """The member's reviews as they stand."""
        return await self._db.write(lambda conn: self._look(conn, guild_id, member_id, now))

    def _look(self, conn: Connection, guild_id: int, member_id: int, now: datetime) -> ReviewQueue:
        self._collect(conn, guild_id, member_id, now)
        zone = servers.server_zone(conn, guild_id)
        midnight = day_begins(local_date(now, zone), zone)
        day = reviews.day(conn, guild_id, member_id, midnight)
        last = reviews.last_review(conn, guild_id, member_id)
        bank = {question.id: question for question in self._bank.questions}
        known = [c for c in reviews.of_member(conn, guild_id, member_id) if c.question_id in bank]
        today, later = queue([card for card in known if card.due_at <= now], day)
        asked = None
        if today:
            first = today[0]
            asked = CardAnswer(first, bank[first.question_id], comes_again(first.memory, now, zone), now, zone)
        return ReviewQueue(
            asked,
            len(today),
            later,
            len(day.reviewed),
            len(known),
            min((card.due_at for card in known if card.due_at > now), default=None),
            last.id if last is not None and last.reviewed_at >= midnight else None,
            now,
        )

    async def asked(
        self, guild_id: int, member_id: int, question_id: str, times: int, now: datetime
    ) -> CardAnswer | None:
        """The card that a button names; None when it was rated since, or its question left the bank."""
        question = self._bank.find(question_id)

        def work(conn: Connection) -> CardAnswer | None:
            card = reviews.get(conn, guild_id, member_id, question_id)
            if card is None or card.times != times or question is None:
                return None
            zone = servers.server_zone(conn, guild_id)
            return CardAnswer(card, question, comes_again(card.memory, now, zone), now, zone)

        return await self._db.read(work)

    async def rate(
        self, guild_id: int, member_id: int, name: str, question_id: str, times: int, rating: Rating, now: datetime
    ) -> ReviewQueue:
        """Stores a rating of a card that was rated `times` times before; a second press changes nothing."""

        def work(conn: Connection) -> ReviewQueue:
            card = reviews.get(conn, guild_id, member_id, question_id)
            if card is not None and card.times == times:
                servers.ensure(conn, guild_id)
                members.record(conn, guild_id, member_id, name, now)
                memory, due_at = rate(card.memory, rating, now, servers.server_zone(conn, guild_id))
                reviews.rate(conn, guild_id, member_id, card, rating, memory, due_at, now)
            return self._look(conn, guild_id, member_id, now)

        return await self._db.write(work)

    async def undo(self, guild_id: int, member_id: int, review_id: int, now: datetime) -> ReviewQueue:
        """Takes the newest rating back; pressed twice, it changes nothing.

        Raises:
            BadInput: a newer rating was given since.
        """

        def work(conn: Connection) -> ReviewQueue:
            last = reviews.last_review(conn, guild_id, member_id)
            if last is not None and last.id == review_id:
                reviews.take_back(conn, last)
            elif last is not None and last.id > review_id:
                raise BadInput("Only your last rating can be taken back. `/quiz review` goes on.")
            return self._look(conn, guild_id, member_id, now)

        return await self._db.write(work)
