"""Use cases of reviewing: what becomes a card, which one comes next, rating it, and taking a rating back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.bank import Bank, Banks, Question
from bot.domain.errors import Refusal
from bot.domain.reviews import Card, Rating, comes_again, queue, rate
from bot.domain.schedule import day_begins, local_date
from bot.services.spoilers import check, hidden
from bot.services.use_cases import Service
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


@dataclass(frozen=True, slots=True, kw_only=True)
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


def collect_missed(conn: Connection, guild_id: int, member_id: int, now: datetime) -> None:
    """Makes cards of the drills that a member missed: only now, so that a closing drill writes for nobody."""
    reviews.add(conn, guild_id, member_id, quiz_results.missed_drills(conn, guild_id, member_id), now)


def due_cards(conn: Connection, guild_id: int, member_id: int, now: datetime) -> list[Card]:
    """A member's cards that are due, the one due longest first."""
    collect_missed(conn, guild_id, member_id, now)
    return [card for card in reviews.of_member(conn, guild_id, member_id) if card.due_at <= now]


def is_collected(conn: Connection, guild_id: int, member_id: int) -> bool:
    """Whether there are cards of all drills that a member missed, so that nothing has to be written."""
    return not quiz_results.missed_drills(conn, guild_id, member_id)


def review_queue(conn: Connection, bank: Bank, guild_id: int, member_id: int, now: datetime) -> ReviewQueue:
    """A member's reviews as they stand, with what they missed."""
    collect_missed(conn, guild_id, member_id, now)
    return queue_of(conn, bank, reviews.of_member(conn, guild_id, member_id), guild_id, member_id, now)


def queue_of(
    conn: Connection, bank: Bank, cards: Sequence[Card], guild_id: int, member_id: int, now: datetime
) -> ReviewQueue:
    """A member's reviews by all their cards. Questions that left the bank, or are open, are passed over."""
    zone = servers.server_zone(conn, guild_id)
    midnight = day_begins(local_date(now, zone), zone)
    day = reviews.day(conn, guild_id, member_id, midnight)
    last = reviews.last_review(conn, guild_id, member_id)
    known = [(card, question) for card in cards if (question := bank.find(card.question_id)) is not None]
    questions = {card.question_id: question for card, question in known}
    due = [card for card, _ in known if card.due_at <= now]
    kept_back = hidden(conn, guild_id, member_id) if due else ()
    today, later = queue([card for card in due if card.question_id not in kept_back], day)
    first = today[0] if today else None
    return ReviewQueue(
        asked=None if first is None else _asked(first, questions[first.question_id], zone, now),
        left=len(today),
        later=later,
        done=len(day.reviewed),
        cards=len(known),
        next_at=min((card.due_at for card, _ in known if card.due_at > now), default=None),
        last_review=last.id if last is not None and last.reviewed_at >= midnight else None,
        now=now,
    )


def _asked(card: Card, question: Question, zone: str, now: datetime) -> CardAnswer:
    return CardAnswer(card, question, comes_again(card.memory, now, zone), now, zone)


def asked_card(
    conn: Connection, question: Question, guild_id: int, member_id: int, times: int, now: datetime
) -> CardAnswer | None:
    """The card of a question that was rated `times` times; None when it was rated since.

    Raises:
        Refusal: `spoilers.open` while the question is open.
    """
    check(conn, question, guild_id, member_id, now)
    card = reviews.get(conn, guild_id, member_id, question.id)
    if card is None or card.times != times:
        return None
    return _asked(card, question, servers.server_zone(conn, guild_id), now)


def rate_card(
    conn: Connection,
    guild_id: int,
    member_id: int,
    name: str,
    question_id: str,
    times: int,
    rating: Rating,
    now: datetime,
) -> None:
    """Stores a rating of a card that was rated `times` times before; a second press changes nothing."""
    card = reviews.get(conn, guild_id, member_id, question_id)
    if card is None or card.times != times:
        return
    servers.ensure(conn, guild_id)
    members.record(conn, guild_id, member_id, name, now)
    memory, due_at = rate(card.memory, rating, now, servers.server_zone(conn, guild_id))
    reviews.rate(conn, guild_id, member_id, card, rating, memory, due_at, now)


def undo(conn: Connection, guild_id: int, member_id: int, review_id: int) -> None:
    """Takes the newest rating back; a second time changes nothing.

    Raises:
        Refusal: `reviews.not_last` when a newer rating was given since.
    """
    last = reviews.last_review(conn, guild_id, member_id)
    if last is not None and last.id > review_id:
        raise Refusal("reviews.not_last")
    if last is not None and last.id == review_id:
        reviews.take_back(conn, last)


class ReviewService(Service):
    """Keeps members' cards."""

    def __init__(self, database: Database, banks: Banks) -> None:
        super().__init__(database)
        self._banks = banks

    async def look(self, guild_id: int, member_id: int, now: datetime) -> ReviewQueue:
        """The member's reviews as they stand."""
        return await self.write(review_queue, self._banks.of(guild_id), guild_id, member_id, now)

    async def asked(
        self, guild_id: int, member_id: int, question_id: str, times: int, now: datetime
    ) -> CardAnswer | None:
        """The card that a button names; None when it was rated since, or its question left the bank."""
        question = self._banks.of(guild_id).find(question_id)
        if question is None:
            return None
        return await self.read(asked_card, question, guild_id, member_id, times, now)

    async def rate(
        self, guild_id: int, member_id: int, name: str, question_id: str, times: int, rating: Rating, now: datetime
    ) -> ReviewQueue:
        """Stores a rating of a card that was rated `times` times before; a second press changes nothing."""

        def work(conn: Connection) -> ReviewQueue:
            rate_card(conn, guild_id, member_id, name, question_id, times, rating, now)
            return review_queue(conn, self._banks.of(guild_id), guild_id, member_id, now)

        return await self.write(work)

    async def undo(self, guild_id: int, member_id: int, review_id: int, now: datetime) -> ReviewQueue:
        """Takes the newest rating back; pressed twice, it changes nothing.

        Raises:
            Refusal: `reviews.not_last` when a newer rating was given since.
        """

        def work(conn: Connection) -> ReviewQueue:
            undo(conn, guild_id, member_id, review_id)
            return review_queue(conn, self._banks.of(guild_id), guild_id, member_id, now)

        return await self.write(work)
